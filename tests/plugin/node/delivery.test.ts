import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'

import { answerWith, sleep, startEventApi, waitUntil } from './event-api'
import type { Answer } from './event-api'
import { buildTestLogger, startRig } from './setup'
import { flushInngest } from './src/inngest/useInngest'

const hello = { query: 'query Hello { hello }' }
const answered = '{"data":{"hello":"world"}}'

test('events of many operations go in few requests, in order, each once', async () => {
  const rig = await startRig({ deliveryOptions: { maxBatchDelay: 30 } })
  for (let index = 0; index < 50; index += 1) {
    await rig.fetch({ query: `query Hello${index} { hello }` })
  }
  await rig.api.waitFor(50)
  const names = rig.api.events.map((event) => event.name)
  assert.deepEqual(names, Array.from({ length: 50 }, (_, index) => `graphql/hello${index}.query`))
  assert.equal(new Set(rig.api.events.map((event) => event.id)).size, 50)
  assert.ok(rig.api.requests.length < 10, `${rig.api.requests.length} requests`)
  await rig.stop()
})

const troubles: Record<string, Answer> = {
  'refuses connections': (response) => {
    response.socket?.destroy()
    return true
  },
  'hangs': () => true,
  'answers 500': answerWith(500),
  'answers 503 and garbage': answerWith(503, '<html>'),
  'answers 200 and garbage': answerWith(200, '<html>Sign in</html>'),
  'answers 200 and nothing': answerWith(200, ''),
  'answers 200 and JSON that says 500': answerWith(200, '{"status":500,"error":"no"}'),
  'answers 429': answerWith(429),
  'answers half and breaks off': (response) => {
    response.writeHead(200, { 'content-length': '1000' })
    response.write('{"ids":')
    setTimeout(() => response.socket?.destroy(), 5)
    return true
  },
}
for (const [name, trouble] of Object.entries(troubles)) {
  test(`an event API that ${name} changes no response, and gets the events later`, async () => {
    const options = { requestTimeout: 60 }
    const rig = await startRig({ answer: trouble, deliveryOptions: options })
    const start = performance.now()
    for (let index = 0; index < 20; index += 1) {
      assert.equal(await rig.fetch(hello), answered)
    }
    const took = performance.now() - start
    await waitUntil(() => rig.api.requests.length >= 2)
    assert.ok(took < 2000, `20 responses took ${took} ms`)
    assert.equal(rig.logger.lines.length, 1, JSON.stringify(rig.logger.lines))
    assert.match(rig.logger.lines[0].message, /^The event API fails/)
    rig.api.answer = undefined
    await rig.api.waitFor(20)
    const ids = rig.api.events.map((event) => event.id)
    assert.equal(new Set(ids).size, 20)
    assert.equal(ids.length, 20)
    assert.deepEqual(rig.api.requests[0].ids, ids.slice(0, rig.api.requests[0].ids.length))
    await rig.stop()
  })
}

test('Retry-After is kept to', async () => {
  const inSeconds = () => '1'
  const asDate = () => new Date(Date.now() + 2000).toUTCString()
  for (const getHeader of [inSeconds, asDate]) {
    const answer = answerWith(429, '{}', { 'retry-after': getHeader() })
    const rig = await startRig({ answer })
    await rig.fetch(hello)
    await waitUntil(() => rig.api.requests.length === 1)
    const start = Date.now()
    rig.api.answer = undefined
    await sleep(200)
    assert.equal(rig.api.requests.length, 1)
    await rig.api.waitFor(1)
    assert.ok(Date.now() - start > 500)
    await rig.stop()
  }
})

test('retries come later and later, and not all at the same time', async () => {
  const times: number[] = []
  const rig = await startRig({
    answer: (response, events, attempt) => {
      times.push(performance.now())
      return answerWith(500)(response, events, attempt)
    },
    deliveryOptions: { retryDelay: 20, maxRetryDelay: 200 },
  })
  await rig.fetch(hello)
  await waitUntil(() => times.length >= 7)
  const waits = times.slice(1).map((time, index) => time - times[index])
  waits.forEach((wait, index) => {
    const most = Math.min(20 * 2 ** index, 200)
    assert.ok(wait > most * 0.5 - 5, `${waits}`)
    assert.ok(wait < most + 150, `${waits}`)
  })
  rig.api.answer = undefined
  await rig.api.waitFor(1)
  await rig.stop()
})

test('a full queue lets the oldest go, and says so once', async () => {
  for (const bound of [{ maxQueueEvents: 10 }, { maxQueueBytes: 10 * 300 }]) {
    const rig = await startRig({
      answer: answerWith(500),
      deliveryOptions: { ...bound, maxBatchEvents: 5, retryDelay: 50, maxRetryDelay: 50 },
    })
    for (let index = 0; index < 60; index += 1) {
      assert.equal(await rig.fetch({ query: `query N${index} { hello }` }), answered)
    }
    await waitUntil(() => rig.logger.lines.length === 2)
    rig.api.answer = undefined
    await waitUntil(() => rig.api.events.at(-1)?.name === 'graphql/n59.query')
    const numbers = rig.api.events.map((event) => Number(/n(\d+)/.exec(event.name)?.[1]))
    const expected = Array.from(numbers, (_, index) => 60 - numbers.length + index)
    assert.deepEqual(numbers, expected)
    assert.ok(numbers.length <= 15 && numbers.length >= 8, `${numbers.length}`)
    const messages = rig.logger.lines.map((line) => line.message.replace(/[;:].*/, '')).sort()
    assert.deepEqual(messages, ['The event API fails', 'The queue is full'])
    await rig.stop()
  }
})

test('a log line a minute says how many were lost', async (context) => {
  const { buildReport } = await import('./src/inngest/useInngest/report')
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const logger = buildTestLogger()
  const report = buildReport(logger)
  for (let index = 0; index < 100; index += 1) {
    report('full', 'warn', null, 2)
    report('other', 'error', new Error('no'))
  }
  assert.deepEqual(logger.lines.map((line) => [line.level, line.count]), [['warn', 2], ['error', 1]])
  context.mock.timers.tick(60_000)
  assert.deepEqual(logger.lines.slice(2).map((line) => line.count), [198, 99])
  context.mock.timers.tick(60_000)
  context.mock.timers.tick(60_000)
  assert.equal(logger.lines.length, 4)
  report('full', 'warn', null, 3)
  assert.equal(logger.lines[4].count, 3)
})

test('batches are bounded in events and in bytes', async () => {
  const rig = await startRig({ deliveryOptions: { maxBatchEvents: 4, maxBatchDelay: 50 } })
  await Promise.all(Array.from({ length: 20 }, () => rig.fetch(hello)))
  await rig.api.waitFor(20)
  assert.ok(rig.api.requests.every((request) => request.ids.length <= 4))
  await rig.stop()
  const small = await startRig({ deliveryOptions: { maxBatchBytes: 1000, maxBatchDelay: 50 } })
  await Promise.all(Array.from({ length: 20 }, () => small.fetch(hello)))
  await small.api.waitFor(20)
  assert.ok(small.api.requests.every((request) => request.body.length <= 1100))
  await small.stop()
})

test('an event that is alone does not wait for others for long', async () => {
  const rig = await startRig({ deliveryOptions: { maxBatchDelay: 50 } })
  const start = Date.now()
  await rig.fetch(hello)
  await rig.api.waitFor(1)
  assert.ok(Date.now() - start < 1000)
  await rig.stop()
})

test('flushInngest sends what is queued, and gives up in time', async () => {
  const rig = await startRig({ deliveryOptions: { maxBatchDelay: 60_000 } })
  await rig.fetch(hello)
  await sleep(20)
  assert.equal(rig.api.events.length, 0)
  assert.equal(await flushInngest(), true)
  assert.equal(rig.api.events.length, 1)
  rig.api.answer = troubles.hangs
  await rig.fetch(hello)
  const start = Date.now()
  assert.equal(await flushInngest(100), false)
  assert.ok(Date.now() - start < 1000)
  await rig.stop()
})

test('flushInngest waits for builder functions too', async () => {
  const rig = await startRig({
    buildUserContextFunction: () => new Promise((resolve) => setTimeout(resolve, 50, { id: 1 })),
  })
  await rig.fetch(hello)
  await flushInngest()
  assert.deepEqual(rig.api.events.map((event) => event.data.user), [{ id: 1 }])
  await rig.stop()
})

test("with delivery 'await' the event is there before the response is", async () => {
  const rig = await startRig({
    delivery: 'await',
    answer: async () => {
      await sleep(50)
    },
  })
  for (const count of [1, 2, 3]) {
    assert.equal(await rig.fetch(hello), answered)
    assert.equal(rig.api.events.length, count)
  }
  await rig.stop()
})

test("with delivery 'await' an event API that fails holds no response for long", async () => {
  for (const answer of [troubles.hangs, answerWith(500), answerWith(401)]) {
    const rig = await startRig({
      delivery: 'await',
      answer,
      deliveryOptions: { awaitTimeout: 300 },
    })
    const took: number[] = []
    for (let index = 0; index < 4; index += 1) {
      const start = performance.now()
      assert.equal(await rig.fetch(hello), answered)
      took.push(performance.now() - start)
    }
    assert.ok(took[0] < 600, `${took}`)
    assert.ok(took.slice(1).every((time) => time < 200), `${took}`)
    await rig.stop()
  }
})

test("with delivery 'await' the waitUntil of the platform is used", async () => {
  const promises: Promise<unknown>[] = []
  const waitUntilOf = { waitUntil: (promise: Promise<unknown>) => void promises.push(promise) }
  const options = { answer: async () => void (await sleep(100)) }
  for (const delivery of ['await', 'auto'] as const) {
    const rig = await startRig({ ...options, delivery })
    const start = performance.now()
    assert.equal(await rig.fetch(hello, waitUntilOf), answered)
    assert.ok(performance.now() - start < 90)
    assert.equal(rig.api.events.length, 0)
    await promises.pop()
    assert.equal(rig.api.events.length, 1)
    await rig.stop()
  }
})

test('the waitUntil of Vercel and of Netlify are found', async () => {
  const platform = globalThis as any
  const vercel = Symbol.for('@vercel/request-context')
  const promises: Promise<unknown>[] = []
  const context = { waitUntil: (promise: Promise<unknown>) => void promises.push(promise) }
  const rig = await startRig({ delivery: 'await', deliveryOptions: { maxBatchDelay: 60_000 } })
  try {
    platform[vercel] = { get: () => context }
    await rig.fetch(hello)
    delete platform[vercel]
    platform.Netlify = { context }
    await rig.fetch(hello)
  } finally {
    delete platform[vercel]
    delete platform.Netlify
  }
  assert.equal(promises.length, 2)
  await Promise.all(promises)
  assert.equal(rig.api.events.length, 2)
  await rig.stop()
})

test("with delivery 'auto' functions wait, and servers do not", async () => {
  const answer: Answer = async () => {
    await sleep(80)
  }
  const names = ['AWS_LAMBDA_FUNCTION_NAME', 'VERCEL', 'NETLIFY', 'K_SERVICE', 'FUNCTION_TARGET']
  for (const name of names) {
    process.env[name] = 'here'
    const rig = await startRig({ delivery: 'auto', answer })
    await rig.fetch(hello)
    delete process.env[name]
    assert.equal(rig.api.events.length, 1, name)
    await rig.stop()
  }
  const rig = await startRig({ delivery: 'auto', answer })
  await rig.fetch(hello)
  assert.equal(rig.api.events.length, 0)
  await flushInngest()
  await rig.stop()
})

test('builder functions that never end are given up', async (context) => {
  const rig = await startRig({
    buildUserContextFunction: () => new Promise(() => {}),
    deliveryOptions: { maxQueueEvents: 5 },
  })
  context.mock.timers.enable({ apis: ['setTimeout'] })
  for (let index = 0; index < 8; index += 1) {
    assert.equal(await rig.fetch(hello), answered)
  }
  context.mock.timers.tick(5_000)
  context.mock.timers.reset()
  await waitUntil(() => rig.logger.lines.length === 2)
  const messages = rig.logger.lines.map((line) => line.message).sort()
  assert.match(messages[0], /could not be built/)
  assert.match(messages[1], /Too many events are being built/)
  await rig.stop()
})

test('a logger that throws changes no response', async () => {
  const fail = () => {
    throw new Error('no log')
  }
  const logging = { trace: fail, debug: fail, info: fail, warn: fail, error: fail }
  const rig = await startRig({ answer: answerWith(401), logging })
  assert.equal(await rig.fetch(hello), answered)
  await waitUntil(() => rig.api.requests.length === 1)
  assert.equal(await rig.fetch(hello), answered)
  await rig.stop()
})

for (const [name, signal, code] of [
  ['SIGTERM', 'SIGTERM', null],
  ['SIGINT', 'SIGINT', null],
  ['the end of the process', null, 0],
] as const) {
  test(`${name} sends what is queued`, async () => {
    const api = await startEventApi()
    const child = startApp(api.url, signal === null ? 'end' : 'stay')
    const [said] = await once(child.stdout, 'data')
    assert.equal(String(said), answered)
    assert.equal(api.events.length, 0)
    if (signal) {
      child.kill(signal)
    }
    const [exitCode, exitSignal] = await once(child, 'exit')
    assert.deepEqual([exitCode, exitSignal], [code, signal])
    assert.equal(api.events.length, 1)
    await api.stop()
  })
}

test('an event API that hangs does not keep a process from ending', async () => {
  const api = await startEventApi(troubles.hangs)
  const child = startApp(api.url, 'stay', '300')
  await once(child.stdout, 'data')
  const start = Date.now()
  child.kill('SIGTERM')
  const [, signal] = await once(child, 'exit')
  assert.equal(signal, 'SIGTERM')
  assert.ok(Date.now() - start < 2000)
  await api.stop()
})

function startApp(url: string, then: string, timeout = '5000') {
  const environment = { ...process.env, EVENT_API: url, THEN: then, FLUSH_TIMEOUT: timeout }
  return spawn(process.execPath, ['--import', 'tsx', 'app.ts'], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}
