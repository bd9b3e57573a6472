// What the plugin costs: bare Yoga, ours, and a plugin that awaits the event
// API for each operation, in turns, in one run.
import { fork } from 'node:child_process'
import { once } from 'node:events'

import { createYoga } from 'graphql-yoga'
import { Inngest } from 'inngest4'

import { request, schema } from './posts.mjs'
import plugin from './src/inngest/useInngest.js'

const ROUNDS = Number(process.env.ROUNDS ?? 5)
const SECONDS = Number(process.env.SECONDS ?? 2)
const WARM_UP = Number(process.env.WARM_UP ?? 6)
const { flushInngest, useInngest } = plugin

const api = fork(new URL('./event-api.mjs', import.meta.url))
const [port] = await once(api, 'message')
const url = `http://127.0.0.1:${port}`
const inngestClient = new Inngest({ id: 'bench', baseUrl: url, eventKey: 'key' })

/** What the plugin before this one does: it awaits the event API. */
const useAwait = () => ({
  onExecute: ({ args }) => ({
    async onExecuteDone({ result }) {
      const identifiers = result.data.posts.flatMap((post) => [
        { typename: 'Post', id: post.id },
        { typename: 'Author', id: post.author.id },
      ])
      const data = { variables: args.variableValues ?? {}, identifiers }
      await inngestClient.send({ name: 'graphql/find-posts.query', data })
    },
  }),
})

const servers = {
  bare: createYoga({ schema, logging: false }),
  ours: createYoga({
    schema,
    logging: false,
    plugins: [useInngest({ inngestClient })],
  }),
  awaiting: createYoga({ schema, logging: false, plugins: [useAwait()] }),
}
const turnaround = () => new Promise((resolve) => setImmediate(resolve))

async function client(yoga, end, latencies) {
  while (performance.now() < end) {
    const start = performance.now()
    const response = await yoga.fetch('http://localhost/graphql', request)
    await response.text()
    latencies.push(performance.now() - start)
    // A real server reads the next request from a socket in between.
    await turnaround()
  }
}

async function measure(name, clients, seconds) {
  const latencies = []
  const cpu = process.cpuUsage()
  const start = performance.now()
  const end = start + seconds * 1000
  const all = Array.from({ length: clients }, () => {
    return client(servers[name], end, latencies)
  })
  await Promise.all(all)
  const rate = latencies.length / ((performance.now() - start) / 1000)
  const { user, system } = process.cpuUsage(cpu)
  latencies.sort((a, b) => a - b)
  const at = (part) => latencies[Math.floor(latencies.length * part)]
  const perOperation = (user + system) / latencies.length
  return { count: latencies.length, rate, cpu: perOperation, median: at(0.5), p99: at(0.99) }
}

const middle = (values) => values.sort((a, b) => a - b)[values.length >> 1]

// The engine takes seconds to compile what it runs often.
for (let round = 0; round < WARM_UP; round += 1) {
  for (const name of Object.keys(servers)) {
    await measure(name, 1 + 19 * (round % 2), 1)
  }
}
await flushInngest(60_000)
await fetch(url, { method: 'DELETE' })

let sent = 0
for (const clients of [1, 20]) {
  const rounds = { bare: [], ours: [], awaiting: [] }
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of Object.keys(servers)) {
      const figures = await measure(name, clients, SECONDS)
      sent += name === 'bare' ? 0 : figures.count
      rounds[name].push(figures)
      await flushInngest(60_000)
    }
  }
  // A busy machine takes time from one round and not from the next, so the
  // best round of each says most about the plugin, and the middle about the run.
  const lowest = (figures, key) => Math.min(...figures.map((each) => each[key]))
  const center = (figures, key) => middle(figures.map((each) => each[key]))
  const highest = (figures) => Math.max(...figures.map((each) => each.rate))
  console.log(`${clients} client(s), ${ROUNDS} rounds in turns:`)
  for (const [name, figures] of Object.entries(rounds)) {
    const cell = (key) => {
      const more = (of) => (of(figures, key) - of(rounds.bare, key)).toFixed(3)
      return `${key} +${more(lowest)} ms best, +${more(center)} middle`
    }
    const best = highest(figures) / highest(rounds.bare)
    const share = center(figures, 'rate') / center(rounds.bare, 'rate')
    const cpu = lowest(figures, 'cpu').toFixed(0)
    console.log(
      `  ${name.padEnd(9)} ${highest(figures).toFixed(0).padStart(6)} op/s best ` +
        `(${(best * 100).toFixed(0)}% of bare; middle ${(share * 100).toFixed(0)}%), ` +
        `${cell('median')}, ${cell('p99')}, cpu ${cpu} µs/op`
    )
  }
}
const counted = await (await fetch(url)).json()
console.log(
  `events: ${sent} operations, ${counted.arrived} arrived, ` +
    `${counted.different} different, in ${counted.requests} requests`
)
api.kill()
