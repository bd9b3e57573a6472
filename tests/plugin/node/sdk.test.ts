import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { test } from 'node:test'

import { answerWith, sleep, startEventApi, waitUntil } from './event-api'
import { buildClient, startRig } from './setup'
import { flushInngest, useInngest } from './src/inngest/useInngest'

const hello = { query: 'query Hello { hello }' }
const answered = '{"data":{"hello":"world"}}'

test('the client says where the event API is, its key and its headers', async () => {
  const rig = await startRig({ client: { env: 'my-branch' } })
  for (const count of [1, 2]) {
    await rig.fetch(hello)
    await rig.api.waitFor(count)
  }
  for (const request of rig.api.requests) {
    assert.equal(request.url, '/e/test-key')
    assert.equal(request.headers['x-inngest-env'], 'my-branch')
  }
  await rig.stop()
})

test('the client is left as it is', async () => {
  const api = await startEventApi()
  const client = await buildClient(api.url)
  const keys = Reflect.ownKeys(client)
  const send = client.send
  useInngest({ inngestClient: client })
  assert.deepEqual(Reflect.ownKeys(client), keys)
  assert.equal(client.send, send)
  await client.send({ name: 'own/event', data: { a: 1 } })
  assert.equal(api.events[0].name, 'own/event')
  await api.stop()
})

test('a client without an event key is said once, and changes nothing', async () => {
  const rig = await startRig({ client: { eventKey: undefined } })
  assert.equal(await rig.fetch(hello), answered)
  assert.equal(await rig.fetch(hello), answered)
  await waitUntil(() => rig.logger.lines.length === 1)
  assert.match(rig.logger.lines[0].message, /^Events could not be sent, and wait/)
  assert.match(String(rig.logger.lines[0].error), /event key/)
  await rig.stop()
})

test('what the event API refuses for now is sent when it takes it', async () => {
  // A key that is wrong, or has gone: the same as an outage, and bounded in the same way.
  await Promise.all(
    [401, 403, 404].map(async (status) => {
      const rig = await startRig({ answer: answerWith(status) })
      assert.equal(await rig.fetch(hello), answered)
      await waitUntil(() => rig.logger.lines.length > 0)
      assert.match(String(rig.logger.lines[0].error), new RegExp(`${status}`))
      rig.api.answer = undefined
      await rig.api.waitFor(1)
      await rig.stop()
    })
  )
})

test('sending runs in the context of no request', async () => {
  const storage = new AsyncLocalStorage<string>()
  const seen: unknown[] = []
  let isDown = true
  const inngestClient = {
    async send() {
      seen.push(storage.getStore())
      if (isDown) {
        throw new Error('not now')
      }
    },
  }
  const rig = await startRig({ inngestClient })
  for (const request of ['one', 'two', 'three']) {
    await storage.run(request, () => rig.fetch(hello))
    await sleep(20)
  }
  isDown = false
  await storage.run('four', () => rig.fetch(hello))
  await storage.run('five', () => flushInngest())
  assert.ok(seen.length >= 3)
  assert.deepEqual(new Set(seen), new Set([undefined]))
  await rig.stop()
})

test('builder functions run in the context of their request', async () => {
  const storage = new AsyncLocalStorage<string>()
  const rig = await startRig({
    buildEventNamePrefixFunction: async () => `${storage.getStore()}`,
    buildUserContextFunction: () => ({ id: storage.getStore() }),
  })
  await Promise.all(['a', 'b'].map((request) => storage.run(request, () => rig.fetch(hello))))
  await rig.api.waitFor(2)
  for (const event of rig.api.events) {
    assert.equal(event.name, `${event.data.user.id}/hello.query`)
  }
  await rig.stop()
})

test('a dev server that is off is said in one line, with what to do and no stack', async () => {
  const { NODE_ENV } = process.env
  process.env.NODE_ENV = 'development'
  const rig = await startRig({ client: { isDev: true } })
  await rig.api.stop()
  await rig.fetch(hello)
  await rig.fetch(hello)
  await waitUntil(() => rig.logger.lines.length > 0, 10_000)
  const start = performance.now()
  await rig.plugin.onDispose()
  assert.ok(performance.now() - start < 250)
  const [line, ...more] = rig.logger.lines
  assert.deepEqual(more, [])
  assert.equal(
    line.message,
    'The Inngest dev server is not running: start it with `npx inngest-cli@latest dev`'
  )
  assert.equal(line.error, undefined)
  process.env.NODE_ENV = NODE_ENV ?? ''
})
