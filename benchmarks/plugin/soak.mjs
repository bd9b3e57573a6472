// Steady load for a while: does memory stay flat? An hour, shortened to MINUTES.
import { fork } from 'node:child_process'
import { once } from 'node:events'

import { createYoga } from 'graphql-yoga'
import { Inngest } from 'inngest4'

import { request, schema } from './posts.mjs'
import plugin from './src/inngest/useInngest.js'

const MINUTES = Number(process.env.MINUTES ?? 2)
const api = fork(new URL('./event-api.mjs', import.meta.url))
const [port] = await once(api, 'message')
const baseUrl = `http://127.0.0.1:${port}`
const inngestClient = new Inngest({ id: 'bench', baseUrl, eventKey: 'key' })
const yoga = createYoga({
  schema,
  logging: false,
  plugins: [plugin.useInngest({ inngestClient, includeRawResult: true })],
})

let operations = 0
const end = performance.now() + MINUTES * 60_000
async function client() {
  while (performance.now() < end) {
    const response = await yoga.fetch('http://localhost/graphql', request)
    await response.text()
    operations += 1
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
const samples = []
const sampling = setInterval(() => {
  global.gc?.()
  const { heapUsed, rss } = process.memoryUsage()
  samples.push([heapUsed, rss].map((bytes) => (bytes / 1024 / 1024).toFixed(1)))
}, (MINUTES * 60_000) / 10)
await Promise.all(Array.from({ length: 20 }, client))
clearInterval(sampling)
await plugin.flushInngest()
const counted = await (await fetch(baseUrl)).json()
console.log(`${MINUTES} minutes, ${operations} operations, ${counted.different} events`)
console.log(`heap in MB: ${samples.map(([heap]) => heap).join(' ')}`)
console.log(`rss in MB:  ${samples.map(([, rss]) => rss).join(' ')}`)
api.kill()
