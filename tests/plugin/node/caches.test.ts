// What a response cache answers, and what a client cancels.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { useResponseCache as useEnvelopCache } from '@envelop/response-cache'
import { useResponseCache as useYogaCache } from '@graphql-yoga/plugin-response-cache'
import { createSchema, createYoga } from 'graphql-yoga'

import { sleep, startEventApi } from './event-api'
import { buildClient, resolvers, startRig, typeDefs } from './setup'
import { flushInngest, useInngest } from './src/inngest/useInngest'

/** How many events there are of three equal queries, with these plugins in this order. */
async function countEvents(order: 'cache first' | 'plugin first' | 'yoga') {
  const api = await startEventApi()
  const plugin = useInngest({ inngestClient: await buildClient(api.url), delivery: 'background' })
  const session = () => null
  const plugins = {
    'cache first': [useEnvelopCache({ session }), plugin],
    'plugin first': [plugin, useEnvelopCache({ session })],
    'yoga': [plugin, useYogaCache({ session })],
  }
  const schema = createSchema({ typeDefs, resolvers })
  const yoga = createYoga({ schema, logging: false, plugins: plugins[order] as never })
  for (let index = 0; index < 3; index += 1) {
    const response = await yoga.fetch('http://localhost/graphql?query=query+A+%7B+posts+%7B+id+%7D+%7D')
    assert.match(await response.text(), /"posts":\[/)
  }
  await flushInngest()
  await api.stop()
  return api.events.length
}

test('what the cache of Envelop answers is an event, and what the cache of Yoga answers is none', async () => {
  assert.equal(await countEvents('cache first'), 3)
  assert.equal(await countEvents('plugin first'), 3)
  assert.equal(await countEvents('yoga'), 1)
})

test('an operation that is cancelled while it runs sends no event', async () => {
  const schema = createSchema({
    typeDefs: 'type Query { slow: String quick: String }',
    resolvers: { Query: { slow: () => sleep(150).then(() => 'done'), quick: () => 'done' } },
  })
  const { useExecutionCancellation } = await import('graphql-yoga')
  const rig = await startRig({ yoga: { schema, plugins: [useExecutionCancellation()] } })
  const controller = new AbortController()
  const request = rig.yoga.fetch('http://localhost/graphql?query=query+Slow+%7B+slow+%7D', {
    signal: controller.signal,
  })
  await sleep(50)
  controller.abort()
  await Promise.resolve(request).catch(() => {})
  await sleep(200)
  await rig.fetch({ query: 'query Quick { quick }' })
  await flushInngest()
  assert.deepEqual(rig.api.events.map((event) => event.name), ['graphql/quick.query'])
  await rig.stop()
})
