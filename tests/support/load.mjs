// Operations at a server as fast as it answers; and an event API that refuses a third of requests.
// Prints its port. On SIGUSR2 the server is about to end: it gets operations for two more seconds.
// Prints what came of it at the end.
import { Agent, createServer, request } from 'node:http'

const CLIENTS = Number(process.env.CLIENTS)
const QUERY = 'query FindPost($id: Int!) { post(id: $id) { id } }'
const RIGHT = /^200 \{"data":\{"post":null\}(?!.*errors)/

const arrived = []
let last = 0
let refused = 0
const api = createServer(async (incoming, response) => {
  const chunks = []
  for await (const chunk of incoming) {
    chunks.push(chunk)
  }
  if (incoming.method !== 'POST') {
    response.end('{}')
  } else if (Math.random() < 1 / 3) {
    refused += 1
    refuse(response)
  } else {
    const events = JSON.parse(Buffer.concat(chunks))
    last = events.length
    arrived.push(...events.map(({ id, data }) => [id, data.variables.id]))
    response.end(JSON.stringify({ ids: events.map(({ id }) => id), status: 200 }))
  }
})

/** As services in trouble do: with a status of several kinds, or not at all. */
function refuse(response) {
  const status = [500, 503, 429, 0][Math.floor(Math.random() * 4)]
  if (status) {
    response.writeHead(status).end('{"error":"no"}')
  } else {
    response.destroy()
  }
}

let isEnding = false
let isOver = false
let before = 0
process.on('SIGUSR2', () => {
  isEnding = true
  setTimeout(() => (isOver = true), 2000)
  before = answered.length
})
let sent = 1000
const answered = []
const failures = []
const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS })

function post(url, number) {
  const body = JSON.stringify({ query: QUERY, variables: { id: number } })
  const headers = { 'content-type': 'application/json', 'content-length': body.length }
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', agent, headers }, async (response) => {
      let text = ''
      response.on('data', (chunk) => (text += chunk))
      response.on('error', reject)
      response.on('end', () => resolve(`${response.statusCode} ${text}`))
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

async function client(url) {
  while (!isOver) {
    const number = (sent += 1)
    const said = await post(url, number).catch(String)
    if (RIGHT.test(said)) {
      answered.push(number)
    } else if (isEnding && !/^\d/.test(said)) {
      return // The connection ends with the server.
    } else {
      failures.push(said)
    }
  }
}

await new Promise((resolve) => api.listen(0, '127.0.0.1', resolve))
console.log(api.address().port)
process.stdin.once('data', async (url) => {
  await Promise.all(Array.from({ length: CLIENTS }, () => client(String(url).trim())))
  // The server has ended, or is sending what it has left.
  process.stdin.once('data', () => {
    const told = JSON.stringify({ arrived, answered, before, failures, last, refused })
    process.stdout.write(`${told}\n`, () => process.exit())
  })
})
