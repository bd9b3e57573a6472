// The plugin with each version of the SDK in the folder `SDKS`, each in its own bundle.
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, test } from 'node:test'

import { answerWith, waitUntil } from './event-api'
import { startRig } from './setup'

const folder = process.env.SDKS ?? ''
const versions = readdirSync(folder).map((file) => file.replace('.cjs', ''))

/** Middleware that marks what is sent, and counts the batches that it has seen begin and end. */
function buildMiddleware(sdk: any, seen: { begun: number; ended: number }) {
  const mark = (event: any) => ({ ...event, data: { marked: event.data } })
  if (sdk.InngestMiddleware) {
    return new sdk.InngestMiddleware({
      name: 'mark',
      init: () => ({
        onSendEvent: () => ({
          transformInput: ({ payloads }: any) => ({ payloads: payloads.map(mark) }),
        }),
      }),
    })
  }
  return class extends sdk.Middleware.BaseMiddleware {
    readonly id = 'mark'
    transformSendEvent(input: any) {
      return { ...input, events: input.events.map(mark) }
    }
    async wrapSendEvent({ next }: any) {
      seen.begun += 1
      try {
        return await next()
      } finally {
        seen.ended += 1
      }
    }
  }
}

describe('each version of the SDK', { concurrency: 8 }, () => {
  for (const version of versions) {
    test(`${version}: every batch goes through send, middleware and fetch of the app`, async () => {
      const sdk = createRequire(join(folder, 'here.js'))(`./${version}.cjs`)
      const seen = { begun: 0, ended: 0 }
      let posts = 0
      let wrapped = 0
      let client: any
      const rig = await startRig({
        buildOwn: (url: string) => {
          client = new sdk.Inngest({
            id: 'app',
            baseUrl: url,
            eventKey: 'key',
            isDev: false,
            logger: { debug() {}, info() {}, warn() {}, error() {} },
            middleware: [buildMiddleware(sdk, seen)],
            fetch: (input: any, init: any) => {
              posts += init?.method === 'POST' ? 1 : 0
              return fetch(input, init)
            },
          })
          // As a spy does, or a patch that reports what is sent.
          const send = client.send
          client.send = function (this: unknown, events: any) {
            wrapped += events.length
            return send.call(this, events)
          }
          return client
        },
      })
      for (const count of [1, 2, 3]) {
        await rig.fetch({ query: `query Hello${count} { hello }` })
        await waitUntil(() => rig.api.events.length === count, 20_000)
      }
      assert.deepEqual(
        rig.api.events.map((event) => event.data.marked.operation.name),
        ['Hello1', 'Hello2', 'Hello3']
      )
      assert.equal(wrapped, 3)
      assert.equal(posts, 3)

      // A bad event among others: Inngest takes those before it and refuses the request.
      rig.api.answer = (response, events, attempt) => {
        const bad = events.findIndex((event) => event.data.marked.operation.name === 'Bad')
        if (bad >= 0) {
          rig.api.events.push(...events.slice(0, bad))
          return answerWith(400)(response, events, attempt)
        }
      }
      const names = ['Good1', 'Bad', 'Good2', 'Good3']
      await Promise.all(names.map((name) => rig.fetch({ query: `query ${name} { hello }` })))
      const arrived = () => new Set(rig.api.events.map((event) => event.data.marked.operation.name))
      await waitUntil(() => arrived().has('Good1') && arrived().has('Good2') && arrived().has('Good3'), 30_000)
      assert.ok(!arrived().has('Bad'))
      await waitUntil(() => seen.begun === seen.ended, 10_000)
      assert.equal(seen.begun > 0, version.startsWith('4'))
      await rig.stop()
    })
  }
})
