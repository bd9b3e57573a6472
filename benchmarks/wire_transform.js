// The edit of `redwood-inngest wire` as a jscodeshift transform, for the shapes that most handlers
// have: options as an object literal, extraPlugins as an array or not there.
const isServer = (node) => /^@(redwoodjs|cedarjs)\/graphql-server$/.test(node.source.value)

module.exports = function transform({ source }, { j }) {
  const root = j(source)
  const imports = root.find(j.ImportDeclaration)
  if (!imports.some(({ node }) => isServer(node))) {
    return undefined
  }

  let changed = false
  root
    .find(j.CallExpression, { callee: { type: 'Identifier', name: 'createGraphQLHandler' } })
    .forEach(({ node }) => {
      const [options] = node.arguments
      const plugins = options.properties.find(
        ({ key }) => key && (key.name ?? key.value) === 'extraPlugins'
      )
      const isOurs = (element) => element && element.name === 'inngestPlugin'
      if (plugins && plugins.value.elements.some(isOurs)) {
        return
      }
      changed = true
      if (plugins) {
        plugins.value.elements.push(j.identifier('inngestPlugin'))
      } else {
        const value = j.arrayExpression([j.identifier('inngestPlugin')])
        options.properties.push(j.objectProperty(j.identifier('extraPlugins'), value))
      }
    })

  if (!changed) {
    return undefined
  }
  const name = j.importSpecifier(j.identifier('inngestPlugin'))
  const added = j.importDeclaration([name], j.stringLiteral('src/inngest/plugin'))
  const later = imports.filter(({ node }) => node.source.value > 'src/inngest/plugin')
  if (later.size()) {
    later.at(0).insertBefore(added)
  } else {
    imports.at(-1).insertAfter(added)
  }
  return root.toSource({ quote: 'single' })
}

// Run with `node`, this edits the handlers in a file of JSON in one process, and says how long a
// round over all of them took, in seconds by the clock and of the processor, after a round to warm up.
if (require.main === module) {
  const { readFileSync } = require('node:fs')

  const jscodeshift = require('jscodeshift').withParser('tsx')
  const sources = JSON.parse(readFileSync(process.argv[2], 'utf8'))
  const round = () => {
    const start = process.hrtime.bigint()
    const before = process.cpuUsage()
    for (const source of sources) {
      module.exports({ source }, { j: jscodeshift })
    }
    const { user, system } = process.cpuUsage(before)
    return [Number(process.hrtime.bigint() - start) / 1e9, (user + system) / 1e6]
  }
  round()
  const rounds = Number(process.argv[3])
  console.log(JSON.stringify(Array.from({ length: rounds }, round)))
}
