// node rounds.js TRANSFORM FILE ROUNDS
//
// Edits the modules in a file of JSON with a transform of jscodeshift, all in one process. It prints
// the seconds (clock and processor) that each round took, after a round to warm up, and what became
// of the first module.
const { readFileSync } = require('node:fs')

const jscodeshift = require('jscodeshift').withParser('tsx')

const [transformFile, file, rounds] = process.argv.slice(2)
const transform = require(transformFile)
const sources = JSON.parse(readFileSync(file, 'utf8'))
const round = () => {
  const start = process.hrtime.bigint()
  const before = process.cpuUsage()
  for (const source of sources) {
    transform({ source }, { j: jscodeshift })
  }
  const { user, system } = process.cpuUsage(before)
  return [Number(process.hrtime.bigint() - start) / 1e9, (user + system) / 1e6]
}
round()
const seconds = Array.from({ length: Number(rounds) }, round)
const first = transform({ source: sources[0] }, { j: jscodeshift })
console.log(JSON.stringify({ seconds, first }))
