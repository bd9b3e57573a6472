// 100,000 operations with the event API down: what it costs in memory, and
// what arrives when it comes back.
import { createServer } from 'node:http'

import { createYoga } from 'graphql-yoga'
import { Inngest } from 'inngest4'

import { request, schema } from './posts.mjs'
import plugin from './src/inngest/useInngest.js'

const OPERATIONS = Number(process.env.OPERATIONS ?? 100_000)
const { flushInngest, useInngest } = plugin

let isDown = true
const ids = []
const server = createServer(async (incoming, response) => {
  const chunks = []
  for await (const chunk of incoming) {
    chunks.push(chunk)
  }
  if (isDown) {
    response.writeHead(503).end()
    return
  }
  const events = JSON.parse(Buffer.concat(chunks))
  ids.push(...events.map((event) => event.data.variables.number))
  response.end(JSON.stringify({ ids: events.map((event) => event.id), status: 200 }))
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const baseUrl = `http://127.0.0.1:${server.address().port}`
let lines = 0
const count = () => (lines += 1)
const logging = { trace: count, debug: count, info: count, warn: count, error: count }
const inngestClient = new Inngest({ id: 'bench', baseUrl, eventKey: 'key' })
const yoga = createYoga({
  schema,
  logging: false,
  plugins: [useInngest({ inngestClient, logging, deliveryOptions: { maxRetryDelay: 1000 } })],
})
const query = JSON.parse(request.body)
  .query.replace('FindPosts', 'FindPosts($number: Int)')
  .replace('posts', 'posts(number: $number)')
const heap = () => {
  global.gc?.()
  return Math.round(process.memoryUsage().heapUsed / 1024 / 1024)
}

let failed = 0
let highest = 0
async function client(first) {
  for (let number = first; number < OPERATIONS; number += 20) {
    const body = JSON.stringify({ query, variables: { number } })
    const response = await yoga.fetch('http://localhost/graphql', { ...request, body })
    const answer = await response.json()
    failed += answer.data.posts.length === 20 ? 0 : 1
    if (number % 5000 === 0) {
      highest = Math.max(highest, heap())
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
}

const before = heap()
await Promise.all(Array.from({ length: 20 }, (_, first) => client(first)))
console.log(`${OPERATIONS} operations with the event API down: ${failed} failed responses`)
console.log(`heap: ${before} MB before, ${highest} MB at most, ${heap()} MB after; ${lines} log lines`)
isDown = false
const isSent = await flushInngest(60_000)
// 20 clients are under way at a time, so numbers may stand up to 20 places off.
const inOrder = ids.every((id, index) => index === 0 || id > ids[index - 1] - 20)
console.log(
  `then it came back: ${ids.length} events arrived, ${new Set(ids).size} different, ` +
    `in order: ${inOrder}, the last ${Math.max(...ids)}, all sent: ${isSent}`
)
console.log(`heap: ${heap()} MB in the end`)
server.close()
server.closeAllConnections()
