// An event API that takes 20 ms, in a process of its own. It counts events by
// id, and answers GET with what it has counted.
import { createServer } from 'node:http'

const DELAY = Number(process.env.DELAY ?? 20)
const ids = new Set()
let arrived = 0
let requests = 0

const server = createServer(async (request, response) => {
  const chunks = []
  for await (const chunk of request) {
    chunks.push(chunk)
  }
  if (request.method === 'DELETE') {
    ids.clear()
    arrived = 0
    requests = 0
  }
  if (request.method !== 'POST') {
    response.end(JSON.stringify({ arrived, different: ids.size, requests }))
    return
  }
  const events = JSON.parse(Buffer.concat(chunks).toString())
  requests += 1
  arrived += events.length
  events.forEach((event) => ids.add(event.id))
  setTimeout(() => {
    response.setHeader('content-type', 'application/json')
    const answer = { ids: events.map((event) => event.id ?? "new"), status: 200 }
    response.end(JSON.stringify(answer))
  }, DELAY)
})
server.listen(0, '127.0.0.1', () => process.send(server.address().port))
