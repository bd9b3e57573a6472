import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'

import { sleep, startEventApi } from './event-api'
import type { Answer } from './event-api'

type Signal = 'SIGTERM' | 'SIGINT' | null

/** Runs the app until its end, and tells what it said and how long the end took. */
async function run(environment: Record<string, string>, ...signals: Signal[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'app.ts'], {
    env: { ...process.env, THEN: signals.length > 0 ? 'stay' : 'end', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stdout.on('data', (data) => (said += data))
  child.stderr.on('data', (data) => (said += data))
  const ended = once(child, 'exit')
  await once(child.stdout, 'data')
  const start = performance.now()
  for (const signal of signals) {
    child.kill(signal ?? undefined)
    await sleep(signals.length > 1 ? 100 : 0)
  }
  const timer = setTimeout(() => child.kill('SIGKILL'), 15_000)
  const [code, signal] = await ended
  clearTimeout(timer)
  return { code, signal, said, took: performance.now() - start }
}

for (const [name, signal, code] of [
  ['SIGTERM', 'SIGTERM', null],
  ['SIGINT', 'SIGINT', null],
  ['the end of the process', null, 0],
] as const) {
  test(`${name} sends what is queued`, async () => {
    const api = await startEventApi()
    const end = await run({ EVENT_API: api.url }, ...(signal ? [signal] : []))
    assert.deepEqual([end.code, end.signal], [code, signal])
    assert.equal(api.events.length, 1)
    await api.stop()
  })
}

for (const [name, delay, environment] of [
  ['sent, too', 20, {}],
  ['sent while something is logged', 0, { OPERATIONS: '2', UNBUILDABLE: '1' }],
] as const) {
  test(`what a server accepts while it ends is ${name}`, async () => {
    const api = await startEventApi(async () => void (await sleep(delay)))
    const end = await run({ EVENT_API: api.url, THEN: 'serve', ...environment }, 'SIGTERM')
    assert.equal(end.signal, 'SIGTERM')
    const arrived = new Set(api.events.map((event) => event.data.operation.name))
    const served = end.said.match(/Served\d+/g) ?? []
    assert.ok(served.length > 0)
    assert.deepEqual(served.filter((name) => !arrived.has(name)), [])
    await api.stop()
  })
}

for (const signal of ['SIGTERM', null] as const) {
  test(`an end (${signal}) in time for not all events says how many`, async () => {
    const api = await startEventApi(() => true)
    const few = { EVENT_API: api.url, FLUSH_TIMEOUT: '300', OPERATIONS: '3' }
    const end = await run(few, ...(signal ? [signal] : []))
    assert.match(end.said, /The process ends before all was sent \(3 events\)/)
    await api.stop()
  })

  test(`at an end (${signal}) lost events are counted though all others were sent`, async () => {
    const api = await startEventApi()
    const lost = { EVENT_API: api.url, OPERATIONS: '3', UNBUILDABLE: '3' }
    const end = await run(lost, ...(signal ? [signal] : []))
    assert.match(end.said, /An event could not be built .*\(2 events\)/s)
    await api.stop()
  })
}

const hangs: Answer = () => true

test('an event API that hangs does not keep a process from ending', async () => {
  const api = await startEventApi(hangs)
  const end = await run({ EVENT_API: api.url, FLUSH_TIMEOUT: '300' }, 'SIGTERM')
  assert.equal(end.signal, 'SIGTERM')
  assert.ok(end.took < 2000, `${end.took}`)
  await api.stop()
})

test('a second signal ends the process at once', async () => {
  const api = await startEventApi(hangs)
  const end = await run({ EVENT_API: api.url }, 'SIGTERM', 'SIGTERM')
  assert.equal(end.signal, 'SIGTERM')
  assert.ok(end.took < 2000, `${end.took}`)
  await api.stop()
})

for (const closer of ['once', 'on', 'yoga']) {
  test(`a process that somebody else is closing (${closer}) is not ended`, async () => {
    const api = await startEventApi()
    const end = await run({ EVENT_API: api.url, CLOSER: closer }, 'SIGTERM')
    assert.match(end.said, /closed/)
    assert.ok(end.took > 350, `${end.took}`)
    assert.equal(end.code, 3)
    assert.equal(api.events.length, 1)
    await api.stop()
  })
}

test('fifteen copies of the plugin listen once, and all of them are flushed', async () => {
  const api = await startEventApi(async () => void (await sleep(300)))
  const end = await run({ EVENT_API: api.url, COPIES: '15' }, 'SIGTERM')
  assert.equal(end.signal, 'SIGTERM')
  assert.match(end.said, /listeners: 1\n/)
  assert.doesNotMatch(end.said, /Warning/)
  const names = api.events.map((event) => event.data.operation.name)
  assert.deepEqual(names.sort(), Array.from({ length: 15 }, (_, copy) => `Hello${copy}`).sort())
  await api.stop()
})

test('in development no end waits for a dev server that is off', async () => {
  const api = await startEventApi()
  await api.stop()
  const development = { EVENT_API: api.url, IS_DEV: 'yes', NODE_ENV: 'development' }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const end = await run(development, signal)
    assert.equal(end.signal, signal)
    assert.ok(end.took < 1000, `${end.took}`)
  }
})
