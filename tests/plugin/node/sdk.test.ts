import assert from 'node:assert/strict'
import { test } from 'node:test'

import { answerWith, sleep, startEventApi, waitUntil } from './event-api'
import { buildClient, startRig } from './setup'
import { flushInngest, useInngest } from './src/inngest/useInngest'

const hello = { query: 'query Hello { hello }' }
const answered = '{"data":{"hello":"world"}}'

test('the client says where the event API is, its key and its headers', async () => {
  const rig = await startRig({ client: { env: 'my-branch' } })
  await rig.fetch(hello)
  await rig.api.waitFor(1)
  await rig.fetch(hello)
  await rig.api.waitFor(2)
  for (const request of rig.api.requests) {
    assert.equal(request.url, '/e/test-key')
    assert.equal(request.headers['x-inngest-env'], 'my-branch')
    assert.match(request.headers['content-type'] ?? '', /json/)
  }
  // The second batch is written by the plugin: it must not show.
  const [first, second] = rig.api.requests.map((request) => JSON.parse(request.body)[0])
  delete first.meta
  assert.deepEqual({ ...first, id: '', ts: 0 }, { ...second, id: '', ts: 0 })
  await rig.stop()
})

test("the client's own middleware sees every event", async () => {
  const isSdk3 = process.env.SDK === 'inngest3'
  const { InngestMiddleware, Middleware } = await import(process.env.SDK ?? 'inngest4')
  const mark = (event: any) => ({ ...event, data: { marked: event.data.operation.id } })
  const middleware = isSdk3
    ? new InngestMiddleware({
        name: 'mark',
        init: () => ({
          onSendEvent: () => ({
            transformInput: ({ payloads }: any) => ({ payloads: payloads.map(mark) }),
          }),
        }),
      })
    : class extends Middleware.BaseMiddleware {
        readonly id = 'mark'
        transformSendEvent(input: any) {
          return { ...input, events: input.events.map(mark) }
        }
      }
  const rig = await startRig({ client: { middleware: [middleware] } })
  for (const count of [1, 2, 3]) {
    await rig.fetch(hello)
    await rig.api.waitFor(count)
  }
  assert.deepEqual(
    rig.api.events.map((event) => event.data),
    [{ marked: 'hello' }, { marked: 'hello' }, { marked: 'hello' }]
  )
  await rig.stop()
})

test("a fetch of the client's own is used, and the client is left as it is", async () => {
  const calls: unknown[] = []
  const ownFetch: typeof fetch = (...args) => {
    calls.push(args[0])
    return fetch(...args)
  }
  const rig = await startRig({ client: { fetch: ownFetch } })
  await rig.fetch(hello)
  await rig.api.waitFor(1)
  assert.equal(calls.length, 1)
  await rig.stop()
  const api = await startEventApi()
  const client = await buildClient(api.url)
  useInngest({ inngestClient: client })
  await client.send({ name: 'own/event', data: { a: 1 } }).catch(() => {})
  await api.waitFor(1)
  assert.equal(api.events[0].name, 'own/event')
  await api.stop()
})

test('a client without a fetch of its own is used as it is', async () => {
  const sent: any[] = []
  let failures = 2
  const inngestClient = {
    async send(events: any[]) {
      failures -= 1
      if (failures >= 0) {
        throw new Error('not now')
      }
      sent.push(...events)
    },
  }
  const rig = await startRig({ inngestClient })
  await rig.fetch(hello)
  await rig.fetch(hello)
  await waitUntil(() => sent.length === 2)
  assert.equal(sent[1].data.operation.name, 'Hello')
  await rig.stop()
})

test('a client without an event key is said once, and changes nothing', async () => {
  const rig = await startRig({ client: { eventKey: undefined } })
  assert.equal(await rig.fetch(hello), answered)
  await waitUntil(() => rig.logger.lines.length === 1)
  assert.match(rig.logger.lines[0].message, /^The event API refused events/)
  assert.match(String(rig.logger.lines[0].error), /event key/)
  await rig.stop()
})

for (const status of [400, 401, 403, 404, 413]) {
  test(`an event API that answers ${status} is not asked again`, async () => {
    const rig = await startRig({ answer: answerWith(status) })
    assert.equal(await rig.fetch(hello), answered)
    await waitUntil(() => rig.logger.lines.length > 0)
    await sleep(150)
    assert.equal(rig.api.requests.length, 1)
    assert.match(rig.logger.lines[0].message, /^The event API refused events/)
    assert.match(String(rig.logger.lines[0].error), new RegExp(`${status}`))
    rig.api.answer = undefined
    await rig.fetch(hello)
    await rig.api.waitFor(1)
    await rig.stop()
  })
}

test('an answer that the client does not understand is not a reason to send twice', async () => {
  const rig = await startRig({ answer: answerWith(200, '{"status":200}') })
  await rig.fetch(hello)
  await flushInngest()
  await rig.fetch(hello)
  await flushInngest()
  assert.equal(rig.api.requests.length, 2)
  assert.deepEqual(rig.logger.lines, [])
  await rig.stop()
})


test('an answer of 200 that is not one of Inngest is not taken for success', async () => {
  const { buildSend } = await import('./src/inngest/useInngest/sender')
  for (const body of ['[]', '{}', 'null', '{"status":"ok"}', '{"ids":["1"]}', '"200"', '{"status":500}']) {
    const api = await startEventApi(answerWith(200, body))
    const send = buildSend(await buildClient(api.url), 1000)
    const outcome = await send(['{"id":"1","name":"a/b","ts":1,"data":{}}'])
    assert.deepEqual([outcome.sent, outcome.retry], [false, true], body)
    assert.equal(api.requests.length, 1)
    await api.stop()
  }
})
