// Reads calls, one JSON line each: [number, function, arguments]. Answers [number, error, result].
const readline = require('node:readline')

exports.serve = (functions) => {
  const lines = readline.createInterface({ input: process.stdin })
  let last = Promise.resolve()
  lines.on('line', (line) => {
    const [number, name, args] = JSON.parse(line)
    const answer = (error, result) =>
      process.stdout.write(JSON.stringify([number, error, result ?? null]) + '\n')
    last = last
      .then(() => functions[name](...args))
      .then((result) => answer(null, result))
      .catch((error) => answer(String(error.message), null))
  })
}
