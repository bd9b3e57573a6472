// Lints GraphQL handlers as a Redwood app does: its ESLint configuration, Prettier included.
//
// Runs in the folder of an app. Reads one JSON object a line, {text, name}, and answers with one:
// {text, problems}: the text as `eslint --fix` leaves it, and the problems of the text as it came,
// each as `line:column rule message`.
const path = require('node:path')
const readline = require('node:readline')

const { ESLint } = require('eslint')

const cwd = process.cwd()
const judge = new ESLint({ cwd })
const fixer = new ESLint({ cwd, fix: true })

async function lint({ text, name }) {
  const filePath = path.join(cwd, 'api', 'src', 'functions', name)
  const [judged] = await judge.lintText(text, { filePath })
  const [fixed] = judged.messages.length ? await fixer.lintText(text, { filePath }) : [judged]
  return {
    text: fixed.output ?? text,
    problems: judged.messages.map(
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
