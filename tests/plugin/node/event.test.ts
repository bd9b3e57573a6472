import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { useDeferStream } from '@graphql-yoga/plugin-defer-stream'
import { usePersistedOperations } from '@graphql-yoga/plugin-persisted-operations'
import { isObjectType, parse } from 'graphql'

import { sleep, startEventApi, waitUntil } from './event-api'
import { buildClient, buildTestLogger, startRig, typeDefs } from './setup'
import type { Rig } from './setup'
import { flushInngest, useInngest } from './src/inngest/useInngest'

let rig: Rig
before(async () => {
  rig = await startRig({ sendOperations: ['query', 'mutation', 'subscription'] })
})
after(() => rig.stop())

/** Executes in a rig of its own, and gives the events that came. */
async function eventsOf(
  options: Parameters<typeof startRig>[0],
  ...bodies: object[]
): Promise<Record<string, any>[]> {
  const own = await startRig(options)
  try {
    for (const body of bodies) {
      await own.fetch(body)
    }
    await own.fetch({ query: 'query TheLast { hello }' })
    await waitUntil(() => own.api.events.some((event) => event.name.includes('the-last')))
    return own.api.events.filter((event) => !event.name.includes('the-last'))
  } finally {
    await own.stop()
  }
}

test('an event says which operation it was, and what it found', async () => {
  const start = Date.now()
  const event = await rig.getEvent('query FindPost($id: ID) { post(id: $id) { id title } }', {
    id: '1',
  })
  assert.equal(event.name, 'graphql/find-post.query')
  assert.match(event.id, /^[0-9a-f-]{36}$/)
  assert.ok(event.ts >= start && event.ts <= Date.now())
  assert.deepEqual(event.data, {
    variables: { id: '1' },
    identifiers: [{ typename: 'Post', id: '1' }],
    types: ['Post'],
    result: {},
    operation: { id: 'find-post', name: 'FindPost', type: 'query', fields: ['post'] },
    user: {},
  })
  assert.deepEqual(Object.keys(event).sort(), ['data', 'id', 'name', 'ts'].sort())
})

test('a mutation is one too', async () => {
  const event = await rig.getEvent('mutation UpdatePost { updatePost(id: 7, title: "x") { id } }')
  assert.equal(event.name, 'graphql/update-post.mutation')
  assert.deepEqual(event.data.identifiers, [{ typename: 'Post', id: '7' }])
})

const names = {
  FindPost: 'find-post',
  find_post: 'find-post',
  findPost: 'find-post',
  TestQuery2: 'test-query2',
  FIND_MULTI_VIEW_EVENT_BY_CODE: 'find-multi-view-event-by-code',
  __REDWOOD__AUTH_GET_CURRENT_USER: 'redwood-auth-get-current-user',
  HTMLPage: 'htmlpage',
  a__B: 'a-b',
}
for (const [name, expected] of Object.entries(names)) {
  test(`the operation ${name} is ${expected}`, async () => {
    const event = await rig.getEvent(`query ${name} { hello }`)
    assert.equal(event.name, `graphql/${expected}.query`)
    assert.equal(event.data.operation.id, expected)
    assert.equal(event.data.operation.name, name)
  })
}

test('an operation without a name is named by its hash, in any order of variables', async () => {
  const query = 'query ($a: ID, $b: JSON) { post(id: $a) { id } any(filter: $b) }'
  const bodies = [
    { query, variables: { a: '1', b: { y: 1, x: [{ q: 1, p: 2 }] } } },
    { query, variables: { b: { x: [{ p: 2, q: 1 }], y: 1 }, a: '1' } },
  ]
  const events = await eventsOf({ sendAnonymousOperations: true }, ...bodies)
  const stable = '{"a":"1","b":{"x":[{"p":2,"q":1}],"y":1}}'
  const hash = createHash('sha256').update(`${query}||${stable}`).digest('hex')
  assert.equal(events.length, 2)
  for (const event of events) {
    assert.equal(event.name, `graphql/anonymous-${hash}.query`)
    assert.deepEqual(event.data.operation, {
      id: `anonymous-${hash}`,
      name: '',
      type: 'query',
      fields: ['post', 'any'],
    })
  }
})

test('what is not asked for is not sent', async () => {
  const bodies = [
    { query: '{ hello }' },
    { query: 'query Schema { __schema { queryType { name } } }' },
    { query: 'query Mixed { hello __type(name: "Post") { name } }' },
    { query: 'query Broken { fail { id } }' },
    { query: 'query Invalid { nothing }' },
    { query: 'query Unparsable {' },
  ]
  assert.deepEqual(await eventsOf({}, ...bodies), [])
  const events = await eventsOf(
    { sendAnonymousOperations: true, sendIntrospection: true, sendErrors: true },
    ...bodies
  )
  const sent = events.map((event) => event.name.replace(/-[0-9a-f]{64}/, ''))
  assert.deepEqual(sent, [
    'graphql/anonymous.query',
    'graphql/schema.query',
    'graphql/mixed.query',
    'graphql/broken.query',
  ])
})

test('only __typename is not introspection', async () => {
  const event = await rig.getEvent('query Names { __typename posts { __typename } }')
  assert.deepEqual(event.data.types, ['Post'])
})

test('sendOperations says which kinds are sent', async () => {
  const bodies = [
    { query: 'query A { hello }' },
    { query: 'mutation B { updatePost(id: 1) { id } }' },
  ]
  const own = await startRig({ sendOperations: ['mutation'] })
  for (const body of bodies) {
    await own.fetch(body)
  }
  await own.api.waitFor(1)
  await sleep(30)
  assert.deepEqual(
    own.api.events.map((event) => event.name),
    ['graphql/b.mutation']
  )
  await own.stop()
})

test('the denylist stops types and fields, behind interfaces and fragments too', async () => {
  const bodies = [
    { query: 'query A { posts { author { name } } }' },
    { query: 'query B { search { ... on User { name } } }' },
    { query: 'query C { node { id } }' },
    { query: 'query D { posts { ...F } } fragment F on Post { author { id } }' },
    { query: 'query E { posts { title } }' },
  ]
  const types = await eventsOf({ denylist: { types: ['User'] } }, ...bodies)
  assert.deepEqual(types.map((event) => event.name), ['graphql/e.query'])
  const denylist = { schemaCoordinates: ['User.name', 'Query.node'] }
  const fields = await eventsOf({ denylist }, ...bodies)
  assert.deepEqual(fields.map((event) => event.name), ['graphql/d.query', 'graphql/e.query'])
  const named = await eventsOf({ denylist: { schemaCoordinates: ['User.name'] } }, {
    query: 'query G { named { name } }',
  })
  assert.deepEqual(named, [])
})

const denied: Record<string, { keeps: string[]; sends?: string[] }> = {
  'User': { keeps: ['{ posts { author { id } } }', '{ search { ... on User { id } } }', '{ node { id } }'], sends: ['{ posts { id } }'] },
  // An interface and a union stand for all that they can be.
  'Node': { keeps: ['{ node { id } }', '{ posts { id } }', '{ posts { ... on Node { id } } }'], sends: ['{ hello }'] },
  'Found': { keeps: ['{ search { __typename } }', '{ posts { id } }'], sends: ['{ hello }'] },
  'Mutation': { keeps: ['mutation { login(input: {}) { id } }'], sends: ['{ hello }'] },
  'LoginInput': { keeps: ['mutation($i: LoginInput!) { login(input: $i) { id } }', 'mutation { login(input: {}) { id } }'], sends: ['mutation { updatePost(id: 1) { id } }'] },
  'Kind': { keeps: ['{ kinds(kind: NEW) }', 'query($k: Kind) { kinds(kind: $k) }', 'mutation($i: LoginInput!) { login(input: $i) { id } }'], sends: ['{ kinds }'] },
  'LoginInput.email': { keeps: ['mutation($i: LoginInput!) { login(input: $i) { id } }'], sends: ['{ posts { id } }'] },
  'Deep.note': { keeps: ['mutation($i: LoginInput!) { login(input: $i) { id } }'] },
  'Mutation.login(input:)': { keeps: ['mutation { login(input: {}) { id } }'] },
  'Query.any(token:)': { keeps: ['{ any(token: "1") }', 'query($t: String) { a: any(token: $t) }'], sends: ['{ any(value: 1) }'] },
  'Node.id': { keeps: ['{ posts { id } }', '{ node { id } }'], sends: ['{ posts { title } }'] },
  'Post.id': { keeps: ['{ node { id } }', '{ posts { id } }', '{ posts { ... on Node { key: id } } }'], sends: ['{ search { ... on User { id } } }'] },
}
for (const [name, { keeps, sends = [] }] of Object.entries(denied)) {
  test(`the denylist with ${name} keeps all that it takes part in home, and no more`, async () => {
    const key = /\W/.test(name) ? 'schemaCoordinates' : 'types'
    const own = await startRig({ sendAnonymousOperations: true, sendErrors: true, denylist: { [key]: [name] } })
    for (const query of [...keeps, ...sends]) {
      const text = await own.fetch({ query, variables: { i: { email: 'a' }, k: 'NEW', t: '1' } })
      assert.doesNotMatch(text, /Unknown|Expected|Cannot query/, text)
    }
    await flushInngest()
    assert.equal(own.api.events.length, sends.length)
    assert.deepEqual(own.logger.lines, [])
    await own.stop()
  })
}

test('a name in the denylist that the schema does not have is said once', async () => {
  const denylist = {
    types: ['Usr', 'User'],
    schemaCoordinates: ['Query.usrs', 'Mutation.login(inpt:)', 'a b', 'User.id'],
  }
  const own = await startRig({ denylist })
  await own.fetch({ query: 'query A { hello }' })
  await own.fetch({ query: 'query B { hello }' })
  const messages = own.logger.lines.map((line) => `${line.level}: ${line.message}`)
  const wrong = ['Usr', 'Query.usrs', 'Mutation.login(inpt:)', 'a b']
  const expected = wrong.map((name) => `warn: The denylist names ${name}: the schema has none: nothing stays home`)
  assert.deepEqual(messages, expected)
  await own.stop()
})

test('variables that the operation does not declare are not sent', async () => {
  const event = await rig.getEvent('query A($id: ID, $none: ID) { post(id: $id) { id } node(id: $none) { id } }', {
    id: '1',
    password: 'x',
    note: 'never checked',
  })
  assert.deepEqual(event.data.variables, { id: '1' })
})

test('data.operation.fields has the root fields that ran, without aliases, each once', async () => {
  const query = `query A($no: Boolean!) {
    b: posts { id } __typename a: posts { title } ...F hello @skip(if: $no)
    ... on Query { any @include(if: $no) }
  }
  fragment F on Query { node { id } hello @skip(if: $no) }`
  const fieldsOf = async (no: boolean) => (await rig.getEvent(query, { no })).data.operation.fields
  assert.deepEqual(await fieldsOf(true), ['posts', 'node', 'any'])
  assert.deepEqual(await fieldsOf(false), ['posts', 'node', 'hello'])
  const mutation = await rig.getEvent('mutation Anything { mine: updatePost(id: 1) { id } }')
  assert.deepEqual(mutation.data.operation.fields, ['updatePost'])
})

test('a name that Inngest does not take is the usual one instead, and is told', async () => {
  for (const [name, prefix, expected] of [
    ['', 'app', 'app/a.query'],
    ['  ', 'app', 'app/a.query'],
    [7, 'app', 'app/a.query'],
    ['inngest/x', 'app', 'app/a.query'],
    ['Inngest/x', 'INNGEST', 'graphql/a.query'],
    [undefined, 'inngest', 'graphql/a.query'],
    [undefined, '', 'graphql/a.query'],
    ['mine', 'app', 'mine'],
    ['x'.repeat(300), 'app', 'x'.repeat(256)],
  ] as [any, string, string][]) {
    const own = await startRig({
      buildEventNamePrefixFunction: () => prefix,
      buildEventNameFunction: () => name,
    })
    assert.equal((await own.getEvent('query A { hello }')).name, expected)
    const isTold = own.logger.lines.some((line) => /does not take a name/.test(line.message))
    assert.equal(isTold, !expected.startsWith('mine') && !expected.startsWith('x') && prefix !== '')
    await own.stop()
  }
})

test('in development every operation that is not sent is told, with the reason', async () => {
  const bodies = [
    { query: '{ hello }' },
    { query: '{ hello again: hello }' },
    { query: 'query Schema { __schema { queryType { name } } }' },
    { query: 'query Broken { fail { id } }' },
    { query: 'mutation M { updatePost(id: 1) { id } }' },
    { query: 'query Denied { posts { author { id } } }' },
    { query: 'query Sent { hello }' },
  ]
  const options = { sendOperations: ['query'] as const, denylist: { types: ['User'] } }
  const development = await startRig({ ...options, client: { isDev: true }, isDev: true })
  const production = await startRig(options)
  for (const own of [development, production]) {
    for (const body of bodies) {
      await own.fetch(body)
    }
    await own.api.waitFor(1)
  }
  const anonymous = 'An operation without a name was not sent: name it, or set sendAnonymousOperations'
  assert.deepEqual(
    development.logger.lines.map(({ level, message }) => [level, message]),
    [
      ['info', anonymous],
      ['debug', anonymous],
      ['info', 'Introspection was not sent: set sendIntrospection'],
      ['info', 'An operation with errors was not sent: set sendErrors to send it'],
      ['info', 'A mutation was not sent: add it to sendOperations'],
      ['info', 'An operation was not sent: User is denied'],
    ]
  )
  assert.deepEqual(production.logger.lines, [])
  await development.stop()
  await production.stop()
})

test('the builder functions can be sync or async, and see the operation', async () => {
  const later = <T>(value: T) => new Promise<T>((resolve) => setTimeout(resolve, 5, value))
  for (const wrap of [<T>(value: T) => value, later]) {
    const own = await startRig({
      yoga: { context: { currentUser: { id: 5 } } },
      buildEventNamePrefixFunction: ({ params }) => {
        return wrap(`App${params.args.contextValue.currentUser.id}`)
      },
      buildEventNameFunction: ({ eventNamePrefix, documentString }) => {
        return wrap(`${eventNamePrefix}|${documentString}`)
      },
      buildUserContextFunction: ({ params }) => {
        return wrap({ id: params.args.contextValue.currentUser.id })
      },
    })
    const event = await own.getEvent('query A { hello }')
    assert.equal(event.name, 'App5|query A { hello }')
    assert.deepEqual(event.data.user, { id: 5 })
    await own.stop()
  }
})

test('a prefix goes in front, and the whole name is in lower case', async () => {
  const own = await startRig({ buildEventNamePrefixFunction: () => 'MyApp' })
  assert.equal((await own.getEvent('query FindPost { hello }')).name, 'myapp/find-post.query')
  await own.stop()
})

test('a builder function that throws loses the event and nothing else', async () => {
  for (const fail of [
    () => {
      throw new Error('no user')
    },
    () => Promise.reject(new Error('no user')),
  ]) {
    const own = await startRig({ buildUserContextFunction: fail as () => never })
    const text = await own.fetch({ query: 'query A { hello }' })
    assert.equal(text, '{"data":{"hello":"world"}}')
    await waitUntil(() => own.logger.lines.length > 0)
    assert.equal(own.logger.lines[0].message, 'An event could not be built')
    await own.stop()
  }
})

test('builder functions that fail at different times leave no rejection behind', async () => {
  const rejections: unknown[] = []
  const note = (error: unknown) => void rejections.push(error)
  process.on('unhandledRejection', note)
  const own = await startRig({
    buildEventNamePrefixFunction: async () => {
      await sleep(20)
      throw new Error('no prefix')
    },
    buildUserContextFunction: () => Promise.reject(new Error('no user')),
  })
  assert.equal(await own.fetch({ query: 'query A { hello }' }), '{"data":{"hello":"world"}}')
  await waitUntil(() => own.logger.lines.length === 1)
  await sleep(20)
  process.off('unhandledRejection', note)
  assert.deepEqual(rejections, [])
  await own.stop()
})

test('of several operations in one document the one that is named counts', async () => {
  const query = 'query A { hello } mutation B { updatePost(id: 4) { id } } query C { posts { id } }'
  const bodies = ['B', 'C', 'A'].map((operationName) => ({ query, operationName }))
  const events = await eventsOf({}, ...bodies)
  assert.deepEqual(
    events.map((event) => [event.name, event.data.identifiers.length]),
    [
      ['graphql/b.mutation', 1],
      ['graphql/c.query', 3],
      ['graphql/a.query', 0],
    ]
  )
})

const findings: Record<string, [string, object[], string[]]> = {
  'aliases of id, and other fields called id': [
    'query A { posts { key: id id: title } }',
    [1, 2, 3].map((id) => ({ typename: 'Post', id: `${id}` })),
    ['Post'],
  ],
  'aliases of fields': [
    'query A { first: post(id: 1) { id } second: post(id: 2) { id } again: post(id: 1) { id } }',
    [1, 2].map((id) => ({ typename: 'Post', id: `${id}` })),
    ['Post'],
  ],
  'one alias for two things in a union': [
    'query A { search { ... on Post { key: title postId: id } ... on User { key: name userId: id } ... on Tag { name } } }',
    [
      { typename: 'Post', id: '2' },
      { typename: 'User', id: 'u2' },
    ],
    ['Post', 'User', 'Tag'],
  ],
  'an interface with __typename': [
    'query A { nodes { kind: __typename id } }',
    [
      { typename: 'Post', id: '1' },
      { typename: 'User', id: 'u1' },
    ],
    ['Post', 'User'],
  ],
  'an interface without __typename, told apart by its fields': [
    'query A { nodes { id ... on Post { title } ... on User { name } } }',
    [
      { typename: 'Post', id: '1' },
      { typename: 'User', id: 'u1' },
    ],
    ['Post', 'User'],
  ],
  'an interface that nothing tells apart': [
    'query A { node { id } }',
    [{ typename: 'Node', id: '1' }],
    ['Node'],
  ],
  'fragments in fragments, on interfaces': [
    `query A { nodes { __typename ...N } }
     fragment N on Node { id ...P ... on User { name } }
     fragment P on Post { author { ...U } }
     fragment U on User { uid: id }`,
    [
      { typename: 'Post', id: '1' },
      { typename: 'User', id: 'u1' },
    ],
    ['Post', 'User'],
  ],
  'lists of lists and nulls': [
    'query A { grid { id rows { id } } post(id: 99) { id } }',
    ['1', '2', '3'].map((id) => ({ typename: 'Post', id })),
    ['Post'],
  ],
  'objects without an id': ['query A { posts { title } }', [], ['Post']],
  'nothing': ['query A { hello }', [], []],
}
for (const [name, [query, identifiers, types]] of Object.entries(findings)) {
  test(`identifiers: ${name}`, async () => {
    const { data } = await rig.getEvent(query)
    const byId = (list: any[]) => [...list].sort((a, b) => `${a.typename}${a.id}`.localeCompare(`${b.typename}${b.id}`))
    assert.deepEqual(byId(data.identifiers), byId(identifiers))
    assert.deepEqual(data.types, types)
  })
}

test('@skip and @include change what is there, request by request', async () => {
  const query =
    'query A($no: Boolean!) { posts { id @skip(if: $no) other: id @include(if: $no) author @skip(if: $no) { id } } }'
  const without = await rig.getEvent(query, { no: true })
  assert.deepEqual(without.data.types, ['Post'])
  assert.equal(without.data.identifiers.length, 3)
  const withAll = await rig.getEvent(query, { no: false })
  assert.equal(withAll.data.identifiers.length, 5)
})

test('each request of a batch is an event', async () => {
  const count = rig.api.events.length
  const body = [{ query: 'query One { hello }' }, { query: 'query Two { posts { id } }' }]
  await rig.fetch(body)
  const events = (await rig.api.waitFor(count + 2)).slice(count)
  assert.deepEqual(
    events.map((event) => event.name).sort(),
    ['graphql/one.query', 'graphql/two.query']
  )
})

test('persisted and cached documents are events like others', async () => {
  const document = parse('query Stored { posts { id } }', { noLocation: true })
  const stored = usePersistedOperations({
    getPersistedOperation: (key: string) => (key === 'k' ? document : null),
    allowArbitraryOperations: true,
  })
  const body = { extensions: { persistedQuery: { version: 1, sha256Hash: 'k' } } }
  const cached = { query: 'query Cached { posts { id } }' }
  const options = { yoga: { plugins: [stored] } }
  const events = await eventsOf(options, body, body, cached, cached)
  assert.deepEqual(
    events.map((event) => [event.name, event.data.identifiers.length]),
    [
      ['graphql/stored.query', 3],
      ['graphql/stored.query', 3],
      ['graphql/cached.query', 3],
      ['graphql/cached.query', 3],
    ]
  )
  assert.equal(new Set(events.map((event) => event.id)).size, 4)
})

test('BigInt, Date and what refers to itself can be in variables', async () => {
  const value: Record<string, unknown> = { big: 12345678901234567890n, date: new Date(0), bytes: new Uint8Array(3) }
  value.self = value
  const plugin = {
    onExecute({ args }: any) {
      args.variableValues = { value, nothing: undefined, not: NaN }
    },
  }
  const own = await startRig({ yoga: { plugins: [plugin] } })
  const event = await own.getEvent('query A($value: Any, $not: JSON) { any(value: $value, filter: $not) }')
  assert.deepEqual(event.data.variables, {
    value: {
      big: '12345678901234567890',
      date: '1970-01-01T00:00:00.000Z',
      bytes: '[3 bytes]',
      self: '[Circular]',
    },
    not: null,
  })
  await own.stop()
})

test('the raw result is sent where it is asked for, with data and errors', async () => {
  const events = await eventsOf(
    { includeRawResult: true, sendErrors: true },
    { query: 'query A { posts { id } }' },
    { query: 'query B { hello fail { id } }' }
  )
  assert.deepEqual(events[0].data.result, {
    data: { posts: [{ id: '1' }, { id: '2' }, { id: '3' }] },
  })
  assert.deepEqual(events[1].data.result.data, { hello: 'world', fail: null })
  assert.equal(events[1].data.result.errors[0].message, 'It failed')
  assert.deepEqual(events[1].data.result.errors[0].path, ['fail'])
})

test('a result that refers to itself is sent as far as it goes', async () => {
  // Yoga cannot answer it, but the plugin has seen it.
  const own = await startRig({ includeRawResult: true })
  await own.fetch({ query: 'query A { json }' })
  const [event] = await own.api.waitFor(1)
  assert.deepEqual(event.data.result.data.json, {
    name: 'around',
    list: ['1', '1970-01-01T00:00:00.000Z'],
    self: '[Circular]',
  })
  await own.stop()
})

test('what looks like a secret is redacted, at any depth, unless the app says otherwise', async () => {
  const query =
    'query A($token: String, $filter: JSON) { any(token: $token, filter: $filter) search { ... on User { name password } } }'
  const variables = {
    token: 'SECRET1',
    filter: [{ a: { 'API-Key': 'SECRET2', credit_card: { number: 'SECRET3' }, name: 'kept' } }],
  }
  const options = { includeRawResult: true, buildUserContextFunction: () => ({ id: 1, hashedPassword: 'SECRET4' }) }
  const [event] = await eventsOf(options, { query, variables })
  assert.deepEqual(event.data.variables, {
    token: '[REDACTED]',
    filter: [{ a: { 'API-Key': '[REDACTED]', credit_card: '[REDACTED]', name: 'kept' } }],
  })
  assert.ok(!JSON.stringify(event).includes('SECRET'))
  assert.ok(!JSON.stringify(event).includes('swordfish'))
  const [open] = await eventsOf({ ...options, redactSecrets: false }, { query, variables })
  assert.deepEqual(open.data.variables, variables)
  assert.deepEqual(open.data.user, { id: 1, hashedPassword: 'SECRET4' })
})

test('a secret does not show in the name of an operation without one either', async () => {
  const query = 'mutation ($p: String) { login(input: { password: $p }) { id } }'
  const nameOf = async (options: object) => {
    const bodies = ['1', '2'].map((p) => ({ query: query.replaceAll('$p', '$password'), variables: { password: p } }))
    const events = await eventsOf({ sendAnonymousOperations: true, ...options }, ...bodies)
    return events.map((event) => event.name)
  }
  const [one, two] = await nameOf({})
  assert.equal(one, two)
  const [first, second] = await nameOf({ redactSecrets: false })
  assert.notEqual(first, second)
})

test('paths are redacted in the variables and in the result, as fast-redact does', async () => {
  const query = 'query A($filter: JSON) { posts { title author { name } } any(filter: $filter) }'
  const variables = { filter: { email: 'a@b.c', list: [{ phone: '1' }, { phone: '2' }], 'odd-key': 1 } }
  const paths = ['*.email', 'filter.list[*].phone', 'filter["odd-key"]', 'data.posts[*].author.name', 'data.posts[0].title']
  const [event] = await eventsOf(
    { includeRawResult: true, redactRawResultOptions: { paths, censor: '***' } },
    { query, variables }
  )
  assert.deepEqual(event.data.variables, {
    filter: { email: '***', list: [{ phone: '***' }, { phone: '***' }], 'odd-key': '***' },
  })
  assert.deepEqual(event.data.result.data.posts[0], { title: '***', author: { name: '***' } })
  assert.deepEqual(event.data.result.data.posts[1], { title: 'Two', author: { name: '***' } })
  const censor = (value: unknown, path: string[]) => `${path.join('/')}=${value}`
  const [own] = await eventsOf(
    { redactRawResultOptions: { paths: ['*.email'], censor } },
    { query, variables }
  )
  assert.equal(own.data.variables.filter.email, 'filter/email=a@b.c')
})

test('what is too large goes without the result, then without the variables', async () => {
  const query = 'query A($filter: JSON, $size: Int!) { any(filter: $filter) big(size: $size) { id title } }'
  const filter = 'x'.repeat(5_000)
  const options = { includeRawResult: true, maxEventBytes: 9_000 }
  const events = await eventsOf(
    options,
    { query, variables: { filter: 'small', size: 2 } },
    { query, variables: { filter, size: 100 } },
    { query, variables: { filter: filter + filter, size: 100 } },
    { query, variables: { filter: filter + filter, size: 5_000 } }
  )
  assert.equal(events.length, 4)
  for (const event of events) {
    assert.ok(Buffer.byteLength(JSON.stringify(event)) <= 9_000)
  }
  const [whole, noResult, noVariables, fewIds] = events.map((event) => event.data)
  assert.equal(whole.truncated, undefined)
  assert.equal(whole.result.data.big.length, 2)
  assert.deepEqual([noResult.truncated, noResult.result], [true, {}])
  assert.equal(noResult.variables.filter, filter)
  assert.equal(noResult.identifiers.length, 100)
  assert.deepEqual([noVariables.truncated, noVariables.result], [true, {}])
  assert.deepEqual(noVariables.variables, {})
  assert.equal(noVariables.identifiers.length, 100)
  assert.equal(fewIds.truncated, true)
  assert.ok(fewIds.identifiers.length > 50 && fewIds.identifiers.length < 5_000)
})

test('@defer and @stream are one event, with all of the result', async () => {
  const own = await startRig({ includeRawResult: true, yoga: { plugins: [useDeferStream()] } })
  const response = await own.yoga.fetch('http://localhost/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'multipart/mixed' },
    body: JSON.stringify({
      query: `query Later {
        post(id: 1) { title ... @defer { id slowTitle author { id } } ...C @defer }
        posts { comments @stream(initialCount: 1) }
      }
      fragment C on Post { author { name } }`,
    }),
  })
  const text = await response.text()
  assert.ok(text.includes('hasNext'), text)
  const events = await own.api.waitFor(1)
  await sleep(30)
  assert.equal(events.length, 1)
  const [event] = events
  assert.equal(event.name, 'graphql/later.query')
  assert.deepEqual(event.data.result, {
    data: {
      post: { title: 'One', id: '1', slowTitle: 'slow One', author: { id: 'u1', name: 'Ann' } },
      posts: [1, 2, 3].map((id) => ({ comments: [`first of ${id}`, `second of ${id}`] })),
    },
  })
  assert.deepEqual(event.data.identifiers, [
    { typename: 'Post', id: '1' },
    { typename: 'User', id: 'u1' },
  ])
  await own.stop()
})

test('a subscription over a real connection is one event for each result', async () => {
  const server = createServer(rig.yoga)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const count = rig.api.events.length
  const query = encodeURIComponent('subscription OnTick { ticks(to: 3) { id count } }')
  const response = await fetch(`http://127.0.0.1:${port}/graphql?query=${query}`, {
    headers: { accept: 'text/event-stream' },
  })
  const text = await response.text()
  assert.equal(text.split('event: next').length - 1, 3)
  const events = (await rig.api.waitFor(count + 3)).slice(count)
  assert.deepEqual(
    events.map((event) => [event.name, event.data.identifiers]),
    [1, 2, 3].map((tick) => ['graphql/on-tick.subscription', [{ typename: 'Tick', id: `t${tick}` }]])
  )
  server.closeAllConnections()
  server.close()
})

test('subscriptions are not sent unless they are asked for', async () => {
  const own = await startRig({})
  const response = await own.yoga.fetch('http://localhost/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: 'subscription OnTick { ticks(to: 2) { id } }' }),
  })
  await response.text()
  await sleep(30)
  assert.deepEqual(own.api.events, [])
  await own.stop()
})

test('responses are the same with the plugin and without it', async () => {
  const { createYoga, createSchema } = await import('graphql-yoga')
  const { typeDefs, resolvers } = await import('./setup')
  const bare = createYoga({
    schema: createSchema({ typeDefs, resolvers }),
    logging: false,
    maskedErrors: false,
    batching: true,
  })
  const own = await startRig({
    includeRawResult: true,
    sendErrors: true,
    sendAnonymousOperations: true,
    sendIntrospection: true,
    redactRawResultOptions: { paths: ['data.*', 'data.posts[*].title'], censor: () => 'changed' },
  })
  for (const query of [
    ...Object.values(findings).map(([text]) => text),
    '{ fail { id } hello }',
    '{ __schema { types { name } } }',
    'query A { search { ... on User { password } } }',
    'query {',
  ]) {
    const response = await bare.fetch('http://localhost/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
    assert.equal(await own.fetch({ query }), await response.text())
  }
  await own.stop()
})

test('what only depends on the document is worked out once', async () => {
  const { getOperation } = await import('./src/inngest/useInngest/operation')
  const { createSchema } = await import('graphql-yoga')
  const { typeDefs } = await import('./setup')
  const schema = createSchema({ typeDefs })
  const document = parse('query A { hello } query B { posts { id } }')
  const first = getOperation({ schema, document, operationName: 'B' })
  assert.equal(first?.name, 'B')
  assert.equal(getOperation({ schema, document, operationName: 'B' }), first)
  assert.notEqual(getOperation({ schema, document, operationName: 'A' }), first)
  assert.equal(getOperation({ schema, document, operationName: 'C' }), undefined)
})

test('the schema may come from another copy of graphql', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'graphql-'))
  try {
    cpSync(realpathSync('node_modules/graphql'), join(folder, 'graphql'), { recursive: true })
    const other: typeof import('graphql') = createRequire(join(folder, 'here.js'))('./graphql')
    const schema = other.buildSchema(typeDefs)
    assert.throws(() => isObjectType(schema.getType('Post')), /another module or realm/)
    const api = await startEventApi()
    const plugin = useInngest({
      inngestClient: await buildClient(api.url),
      logging: buildTestLogger(),
      delivery: 'background',
    })
    const query = `query FindOthers {
      nodes { ... on Post { id author { name } } ... on User { id } }
    }`
    const args = { schema, document: other.parse(query), contextValue: {} } as any
    const hooks = plugin.onExecute({ args })
    const nodes = [{ id: '1', author: { name: 'Ann' } }, { id: 'u1' }]
    await hooks?.onExecuteDone({ result: { data: { nodes } } })
    await plugin.onDispose()
    const [event] = api.events
    await api.stop()
    assert.deepEqual([...event.data.types].sort(), ['Node', 'Post', 'User'])
    assert.deepEqual(event.data.identifiers[0], { typename: 'Post', id: '1' })
  } finally {
    rmSync(folder, { recursive: true })
  }
})
