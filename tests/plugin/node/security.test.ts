// What docs/security.md says of events, whose path is in `SECURITY_PAGE`.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { startRig } from './setup'

const page = readFileSync(process.env.SECURITY_PAGE ?? '', 'utf8')
const [, table = ''] = page.split("In an event's `data`")
const cells = table.split('\n\n', 1).join().split('\n').map((row) => row.split('|')[1] ?? '')
const named = cells.slice(1).join().match(/\w+/g) ?? []

test('an event has the fields of the page, and nothing else of the request', async () => {
  const rig = await startRig({
    buildUserContextFunction: ({ params }: any) => ({ id: params.args.contextValue.currentUser.id }),
  })
  const query = `query FindIt($id: ID, $password: String) {
    post(id: $id) { id title author { id name password } }
    any(token: $password)
  }`
  const context = {
    currentUser: { id: 5, email: 'ann@secret.example' },
    event: { headers: { cookie: 'session=secret-cookie', authorization: 'Bearer secret-token' } },
    db: { url: 'postgres://secret-host' },
  }
  const variables = { id: '1', password: 'secret-variable' }
  await rig.fetch({ query, variables }, context)
  const [event] = await rig.api.waitFor(1)
  assert.deepEqual(Object.keys(event!.data).sort(), named.sort())
  assert.deepEqual(Object.keys(event!).sort(), ['data', 'id', 'name', 'ts'])
  assert.deepEqual(event!.data.user, { id: 5 })
  assert.deepEqual(event!.data.result, {})
  assert.deepEqual(event!.data.variables, { id: '1', password: '[REDACTED]' })
  assert.deepEqual(Object.keys(event!.data.operation).sort(), ['fields', 'id', 'name', 'type'])
  const text = JSON.stringify(event)
  for (const kept of ['secret', 'hunter2', 'Ann', 'title', 'cookie']) {
    assert.ok(!text.includes(kept), kept)
  }
  await rig.stop()
})
