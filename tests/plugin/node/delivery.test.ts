import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'

import { answerWith, sleep, startEventApi, waitUntil } from './event-api'
import type { Answer, ArrivedEvent } from './event-api'
import { buildTestLogger, startRig } from './setup'
import type { Rig } from './setup'
import { flushInngest } from './src/inngest/useInngest'
import type { OperationParams } from './src/inngest/useInngest'

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
test('an event API in trouble changes no response, and gets the events later', async () => {
  // All at the same time, since the SDK tries each batch five times.
  await Promise.all(
    Object.entries(troubles).map(async ([name, trouble]) => {
      const deliveryOptions = { requestTimeout: name === 'hangs' ? 300 : 10_000 }
      const rig = await startRig({ answer: trouble, deliveryOptions })
      const start = performance.now()
      for (let index = 0; index < 20; index += 1) {
        assert.equal(await rig.fetch(hello), answered, name)
      }
      const took = performance.now() - start
      assert.ok(took < 4000, `20 responses took ${took} ms while the event API ${name}`)
      await waitUntil(() => rig.logger.lines.length > 0)
      assert.match(rig.logger.lines[0].message, /^Events could not be sent, and wait/)
      rig.api.answer = undefined
      const arrived = () => new Set(rig.api.events.map((event) => event.id))
      await waitUntil(() => arrived().size === 20, 15_000)
      assert.equal(rig.logger.lines.length, 1, JSON.stringify(rig.logger.lines))
      await rig.stop()
    })
  )
})

/** A client that does as it is told, where the SDK's own retries would take long. */
function buildStub(answer: (events: ArrivedEvent[]) => unknown) {
  const stub = {
    batches: [] as ArrivedEvent[][],
    sent: [] as ArrivedEvent[],
    async send(events: ArrivedEvent[]) {
      stub.batches.push(events)
      await answer(events)
      stub.sent.push(...events)
    },
    names: () => stub.sent.map((event) => event.data.operation.name),
  }
  return stub
}

const fail = () => {
  throw new Error('not now')
}

async function execute(rig: Rig, ...names: string[]) {
  await Promise.all(names.map((name) => rig.fetch({ query: `query ${name} { hello }` })))
}

test('one bad event of a batch costs no other event', async () => {
  // As Inngest does: it takes the events before the bad one, and refuses the request.
  const taken: string[] = []
  const stub = buildStub((events) => {
    for (const event of events) {
      if (/Bad/.test(event.data.operation.name)) {
        fail()
      }
      taken.push(event.data.operation.name)
    }
  })
  const names = Array.from({ length: 30 }, (_, index) => (index % 13 === 5 ? `Bad${index}` : `N${index}`))
  const rig = await startRig({ inngestClient: stub })
  await execute(rig, ...names)
  const good = names.filter((name) => !name.startsWith('Bad'))
  await waitUntil(() => new Set(stub.names()).size === good.length)
  assert.deepEqual([...new Set(taken)].sort(), [...good].sort())
  await waitUntil(() => rig.logger.lines.some((line) => line.level === 'error'), 10_000)
  // Where there is no other event to tell by, the last one waits for one.
  await execute(rig, 'After')
  await flushInngest()
  const before = stub.batches.length
  await execute(rig, 'AndAfter')
  await flushInngest()
  assert.equal(stub.batches.length, before + 1)
  const refused = rig.logger.lines.find((line) => line.level === 'error')
  assert.equal(refused?.message, 'The event API refused an event for good')
  await rig.stop()
})

test('a batch that fails is sent as it was once more, and then in parts', async () => {
  const stub = buildStub(() => stub.batches.length <= 2 && fail())
  const rig = await startRig({ inngestClient: stub })
  await execute(rig, ...Array.from({ length: 20 }, (_, index) => `N${index}`))
  assert.equal(await flushInngest(), true)
  const ids = stub.batches.map((batch) => batch.map((event) => event.id))
  assert.deepEqual(ids[1], ids[0])
  assert.deepEqual(ids.slice(2).map((part) => part.length), Array(10).fill(2))
  assert.deepEqual(ids.slice(2).flat(), ids[0])
  await rig.stop()
})

test('an outage costs no event, however long it is', async () => {
  let isDown = true
  const stub = buildStub(() => isDown && fail())
  const rig = await startRig({ inngestClient: stub })
  const names = Array.from({ length: 40 }, (_, index) => `N${index}`)
  await execute(rig, ...names)
  // More attempts than it takes to come down to single events, and some more.
  await waitUntil(() => stub.batches.length > 20)
  assert.deepEqual(new Set(rig.logger.lines.map((line) => line.level)), new Set(['warn']))
  isDown = false
  assert.equal(await flushInngest(), true)
  assert.deepEqual(new Set(stub.names()), new Set(names))
  assert.equal(stub.sent.length, names.length)
  await rig.stop()
})

test('what a client changes in the events that it is given does not show at a retry', async () => {
  const stub = buildStub((events) => {
    const isFirst = stub.batches.length === 1
    for (const event of events) {
      assert.equal(event.data.encrypted, undefined)
      event.data.encrypted = true
      event.name = 'changed'
    }
    return isFirst && fail()
  })
  const rig = await startRig({ inngestClient: stub })
  await execute(rig, 'A', 'B')
  assert.equal(await flushInngest(), true)
  assert.equal(stub.sent.length, 2)
  await rig.stop()
})

test('retries come later and later, and not all at the same time', async () => {
  const times: number[] = []
  let isDown = true
  const stub = buildStub(() => {
    times.push(performance.now())
    return isDown && fail()
  })
  const rig = await startRig({ inngestClient: stub, deliveryOptions: { maxRetryDelay: 700 } })
  await rig.fetch(hello)
  await waitUntil(() => times.length >= 5)
  const waits = times.slice(1).map((time, index) => time - times[index])
  waits.forEach((wait, index) => {
    const most = Math.min(200 * 2 ** index, 700)
    assert.ok(wait > most * 0.5 - 5, `${waits}`)
    assert.ok(wait < most + 200, `${waits}`)
  })
  isDown = false
  assert.equal(await flushInngest(), true)
  await rig.stop()
})

test('a full queue lets the oldest go, and says so once', async () => {
  let isDown = true
  const stub = buildStub(() => isDown && fail())
  const big = 'x'.repeat(200_000)
  for (const [bound, filter, kept] of [[10, '', 10], [1000, big, 83]] as const) {
    isDown = true
    stub.sent.length = 0
    const deliveryOptions = { maxQueueEvents: bound, maxBatchEvents: 5 }
    const rig = await startRig({ inngestClient: stub, deliveryOptions })
    for (let index = 0; index < 120; index += 1) {
      const query = `query N${index}($filter: JSON) { any(filter: $filter) }`
      await rig.fetch({ query, variables: { filter } })
    }
    await waitUntil(() => rig.logger.lines.length === 2)
    isDown = false
    await flushInngest()
    const numbers = stub.names().map((name) => Number(name.slice(1)))
    numbers.sort((a, b) => a - b)
    const expected = Array.from(numbers, (_, index) => 120 - numbers.length + index)
    assert.deepEqual(numbers, expected)
    // What is under way when the queue is full is not in it.
    assert.ok(numbers.length >= kept - 5 && numbers.length <= kept + 5, `${numbers.length}`)
    const messages = rig.logger.lines.map((line) => line.message.replace(/[:,].*/, '')).sort()
    assert.deepEqual(messages, ['Events could not be sent', 'The queue is full'])
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

test('at the end of the process, what was missed is logged at once', async () => {
  const { buildReport } = await import('./src/inngest/useInngest/report')
  const logger = buildTestLogger()
  const report = buildReport(logger)
  for (let index = 0; index < 100; index += 1) {
    report('full', 'warn', null, 2)
  }
  report('other', 'error')
  report.tellRest()
  assert.deepEqual(logger.lines.map((line) => line.count), [2, 1, 198])
})

test('batches are bounded in events and in bytes', async () => {
  const rig = await startRig({ deliveryOptions: { maxBatchEvents: 4, maxBatchDelay: 50 } })
  await Promise.all(Array.from({ length: 20 }, () => rig.fetch(hello)))
  await rig.api.waitFor(20)
  assert.ok(rig.api.requests.every((request) => request.ids.length <= 4))
  await rig.stop()
  const small = await startRig({ deliveryOptions: { maxBatchDelay: 50 } })
  const filter = 'x'.repeat(200_000)
  const query = 'query Big($filter: JSON) { any(filter: $filter) }'
  await Promise.all(Array.from({ length: 12 }, () => small.fetch({ query, variables: { filter } })))
  await small.api.waitFor(12)
  assert.ok(small.api.requests.every((request) => request.body.length <= 1024 * 1024 + 3000))
  assert.ok(small.api.requests.length <= 4)
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
  const platform = { waitUntil: (promise: Promise<unknown>) => void promises.push(promise) }
  const answer = async () => void (await sleep(100))
  const getWaitUntil = ({ args }: OperationParams) => args.contextValue.mine.waitUntil
  for (const delivery of ['await', 'auto'] as const) {
    const rig = await startRig({ answer, delivery, getWaitUntil })
    const start = performance.now()
    assert.equal(await rig.fetch(hello, { mine: platform }), answered)
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

test('the waitUntil that Yoga puts into the context by itself keeps nothing alive, and is not used', async () => {
  // As a bundler that minifies leaves it: nothing of its source tells.
  const answer: Answer = async () => {
    await sleep(80)
  }
  const rig = await startRig({ delivery: 'await', answer })
  await rig.fetch(hello)
  assert.equal(rig.api.events.length, 1)
  const waited: unknown[] = []
  const worker = { waitUntil: (promise: unknown) => void waited.push(promise) }
  Object.defineProperty(globalThis, 'navigator', {
    value: { userAgent: 'Cloudflare-Workers' },
    configurable: true,
  })
  await rig.fetch(hello, worker)
  Reflect.deleteProperty(globalThis, 'navigator')
  assert.equal(waited.length, 1)
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
  const rig = await startRig({ buildUserContextFunction: () => new Promise(() => {}) })
  context.mock.timers.enable({ apis: ['setTimeout'] })
  assert.equal(await rig.fetch(hello), answered)
  context.mock.timers.tick(5_000)
  context.mock.timers.reset()
  await waitUntil(() => rig.logger.lines.length === 1)
  assert.match(rig.logger.lines[0].message, /could not be built/)
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
