// Lints GraphQL handlers as a Redwood app does: its ESLint configuration, Prettier included.
//
// Runs in the folder of an app. Reads one JSON object a line, {text, name, fix}, and answers with
// one: {text, problems}: the text, as `eslint --fix` leaves it where that is asked for, and the
// problems of that text, each as `line:column rule message`.
const path = require('node:path')
const readline = require('node:readline')

const { ESLint } = require('eslint')

const cwd = process.cwd()
const judge = new ESLint({ cwd })
const fixer = new ESLint({ cwd, fix: true })

async function lint({ text, name, fix }) {
  const filePath = path.join(cwd, 'api', 'src', 'functions', name)
  const [{ output, messages }] = await (fix ? fixer : judge).lintText(text, { filePath })
  return {
    text: output ?? text,
    problems: messages.map(
      ({ line, column, ruleId, message }) => `${line}:${column} ${ruleId} ${message}`
    ),
  }
}

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const answer = await lint(JSON.parse(line)).catch((error) => ({ error: `${error}` }))
    process.stdout.write(`${JSON.stringify(answer)}\n`)
  }
}

main()
