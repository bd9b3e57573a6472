// Compiles GraphQL handlers as the api side of Redwood 8 does, with the Babel plugin that lifts
// the options out of createGraphQLHandler(...).
//
// Reads one JSON object a line, {text, name}, and answers with one: {code} or {error}.
const path = require('node:path')
const readline = require('node:readline')

const babel = require('@babel/core')

// The package exports all of its plugins at once; this one alone is found by its file.
const plugins = path.join(process.env.NODE_PATH, '@redwoodjs', 'babel-config', 'dist', 'plugins')
const { default: lift } = require(
  path.join(plugins, 'babel-plugin-redwood-graphql-options-extract.js')
)

console.log = () => {} // The plugin says there when a module has several handlers.

function compile({ text, name }) {
  const { code } = babel.transformSync(text, {
    babelrc: false,
    configFile: false,
    filename: `/app/api/src/functions/${name}`,
    parserOpts: { plugins: ['jsx', ...(/\.[cm]?tsx?$/.test(name) ? ['typescript'] : [])] },
    plugins: [lift],
  })
  return { code }
}

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  let answer
  try {
    answer = compile(JSON.parse(line))
  } catch (error) {
    answer = { error: `${error}` }
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
})
