import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as fc from 'fast-check'
import { buildSchema, execute, parse } from 'graphql'

import type { EventData } from './src/inngest/useInngest/event'
import type { Operation } from './src/inngest/useInngest/operation'
import { buildDelivery } from './src/inngest/useInngest/delivery'
import { buildEventData, fitEvent, toEventName } from './src/inngest/useInngest/event'
import { buildMerger } from './src/inngest/useInngest/incremental'
import { getOperation } from './src/inngest/useInngest/operation'
import { buildCopy, isSecretKey } from './src/inngest/useInngest/redact'

const SECRET = 'S3CR3T'
const toJson = (value: unknown, copy = keepAll) => JSON.stringify(copy(value, Infinity))
const redactSecrets = buildCopy(true)
const keepAll = buildCopy(false)

function buildData(operation: Operation, variableValues: object, result: object, options: any) {
  const args = { schema: operation.schema, document: undefined as never, variableValues }
  return buildEventData({ operation, args: args as never, result }, options)
}

/** `[pass, word]` in the ways that people write it. */
const spellings = [
  (words: string[]) => words.join(''),
  (words: string[]) => words.join('_'),
  (words: string[]) => words.join('-'),
  (words: string[]) => words.join(' '),
  (words: string[]) => words.join('.'),
  (words: string[]) => words.join('').toUpperCase(),
  (words: string[]) => words[0] + words.slice(1).map((word) => word[0].toUpperCase() + word.slice(1)).join(''),
  (words: string[]) => `new_${words.join('_')}`,
  (words: string[]) => `${words.join('')}Confirmation`,
  (words: string[]) => `x-${words.join('-')}`,
]
const secretWords = [
  ['password'], ['pass', 'word'], ['passwd'], ['token'], ['access', 'token'], ['secret'],
  ['client', 'secret'], ['authorization'], ['api', 'key'], ['credit', 'card'],
  ['credit', 'card', 'number'], ['card', 'number'], ['private', 'key'],
]
const secretKey = fc
  .tuple(fc.constantFrom(...spellings), fc.constantFrom(...secretWords))
  .map(([spell, words]) => spell(words))
const plainKey = fc.string({ maxLength: 8 }).filter((key) => !isSecretKey(key) && key !== '__proto__')
const json = fc.jsonValue({ maxDepth: 4 })

test('every spelling of a secret is one, and ordinary names are not', () => {
  fc.assert(fc.property(secretKey, (key) => assert.ok(isSecretKey(key), key)))
  for (const key of ['cvv', 'CVC', 'pin', 'otp', 'ssn', 'jwt', 'pwd']) {
    assert.ok(isSecretKey(key), key)
  }
  for (const key of ['id', 'name', 'email', 'author', 'pinned', 'shipping', 'passenger', 'keyboard', 'title', 'card']) {
    assert.ok(!isSecretKey(key), key)
  }
})

test('a secret never leaks, at any depth', () => {
  // A tree in which the secret stands only under keys that say so.
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom<unknown>('text', 1, null, true),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(plainKey, tie('tree'), { maxKeys: 3 }),
      fc.dictionary(secretKey, tie('hidden'), { maxKeys: 3 })
    ),
    hidden: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom<unknown>(SECRET, { value: SECRET }, [SECRET, [SECRET]]),
      fc.dictionary(plainKey, tie('hidden'), { maxKeys: 2 })
    ),
  }))
  const check = (value: unknown) => {
    const before = JSON.stringify(value)
    const text = toJson(value, redactSecrets)
    assert.ok(!text.includes(SECRET), text)
    assert.equal(JSON.stringify(value), before)
    JSON.parse(text)
  }
  fc.assert(fc.property(tree, check), { numRuns: 500 })
})

test('what is no secret is written as JSON.stringify does', () => {
  const same = (value: unknown) => {
    assert.equal(toJson(value), JSON.stringify(value) ?? 'null')
  }
  fc.assert(fc.property(json, same), { numRuns: 500 })
  const odd = fc.anything({ withDate: true, withNullPrototype: true, withSparseArray: true })
  const isPlain = (value: unknown) => !/\[Circular]/.test(toJson(value))
  fc.assert(fc.property(odd.filter(isPlain), same), { numRuns: 500 })
})

test('anything at all is written, as JSON, and left as it is', () => {
  const anything = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withSparseArray: true,
    withNullPrototype: true,
    withObjectString: true,
  })
  const check = (value: unknown, limit: number) => {
    const text = toJson(value, redactSecrets)
    JSON.parse(text)
    const bounded = JSON.stringify(keepAll(value, limit)) ?? ''
    assert.ok(bounded.length <= limit * 8 + 32, bounded)
  }
  fc.assert(fc.property(anything, fc.nat(200), check), { numRuns: 1000 })
  const hostile = {
    get fails() {
      throw new Error('no')
    },
  }
  const badJson = { toJSON: () => badJson, nested: 1 }
  const worse = { toJSON: () => { throw new Error('no') } }
  assert.equal(toJson([hostile]), '"[Unreadable]"')
  assert.equal(toJson([worse]), '"[Unreadable]"')
  assert.equal(toJson([badJson]), '[{"nested":1}]')
  let deep: unknown = 'end'
  for (let index = 0; index < 100_000; index += 1) {
    deep = [deep]
  }
  assert.match(toJson(deep), /Too deep|Unreadable/)
})

test('a frozen result gives the same event as a thawed one', () => {
  const freeze = (value: any): any => {
    if (typeof value === 'object' && value !== null) {
      Object.values(value).forEach(freeze)
      Object.freeze(value)
    }
    return value
  }
  const schema = buildSchema('scalar JSON type Query { data: JSON }')
  const document = parse('query A($a: JSON, $b: JSON, $c: JSON) { data }')
  const operation = getOperation({ schema, document })
  assert.ok(operation)
  const options = {
    includeRawResult: true,
    maxEventBytes: 256 * 1024,
    copy: buildCopy(true, { paths: ['*.a', 'data.*', 'b[0].*'], censor: 'x' }),
  }
  const check = (data: unknown, variables: unknown) => {
    const thawed = structuredClone({ data, variables })
    const frozen = freeze({ data, variables })
    assert.deepEqual(
      buildData(operation, frozen.variables, { data: { data: frozen.data } }, options),
      buildData(operation, thawed.variables, { data: { data: thawed.data } }, options)
    )
  }
  fc.assert(fc.property(json, fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), json), check), { numRuns: 200 })
})

test('an event is never larger than it may be, whatever is in it', () => {
  const text = fc.string({ unit: 'binary', maxLength: 400 })
  const check = (variables: string, ids: string[], user: string, max: number) => {
    const data: EventData = {
      variables: { variables },
      identifiers: ids.map((id) => ({ typename: 'A', id })),
      types: ['A'],
      result: { data: { variables } },
      operation: { id: 'a', name: 'A', type: 'query', fields: ['a'] },
      user: { user },
    }
    const event = { id: 'id', name: 'graphql/a.query', ts: 1, data }
    const bytes = fitEvent(event, max)
    assert.equal(bytes, Buffer.byteLength(JSON.stringify(event)))
    assert.ok(bytes <= max)
    if (!data.truncated) {
      assert.deepEqual(data.user, { user })
      assert.equal(data.identifiers.length, ids.length)
    }
  }
  const ids = fc.array(text, { maxLength: 20 })
  fc.assert(fc.property(text, ids, text, fc.integer({ min: 300, max: 4000 }), check))
})

test('names are as in existing apps', () => {
  const name = fc.stringMatching(/^[_A-Za-z][_0-9A-Za-z]{0,30}$/).filter((text) => /[^_]/.test(text))
  const check = (text: string) => {
    const id = toEventName(text)
    assert.match(id, /^[0-9a-z-]+$/)
    assert.ok(!id.startsWith('-') && !id.includes('--'))
    const letters = (from: string) => from.replace(/[-_]/g, '').toLowerCase()
    assert.equal(letters(id), letters(text))
    const boundaries = text.replace(/^_+/, '').match(/_+|[a-z](?=[A-Z])/g) ?? []
    assert.equal(id.split('-').length - 1, boundaries.length)
  }
  fc.assert(fc.property(name, check), { numRuns: 500 })
})

test('every object with an id is found, however the fields are named and nested', async () => {
  const schema = buildSchema(`
    interface Node { id: ID }
    type A implements Node { id: ID a: A list: [[A]] other: Any }
    type B implements Node { id: ID a: A }
    union Any = A | B
    type Query { a: A any: [Any] node: Node }
  `)
  let next = 0
  const object = (depth: number): any => {
    const typename = depth % 2 ? 'A' : 'B'
    const value: any = { __typename: typename, id: `${typename}${next++}` }
    if (depth > 0) {
      value.a = { ...object(depth - 1), __typename: 'A' }
      value.list = [[{ ...object(depth - 1), __typename: 'A' }, null], null]
      value.other = object(depth - 1)
    }
    return value
  }
  const selection: fc.Memo<string> = fc.memo((depth) =>
    depth <= 1
      ? fc.constantFrom('id', 'x: id', '__typename', 'id t: __typename')
      : fc
          .tuple(fc.constantFrom('id', 'y: id'), selection(depth - 1), selection(depth - 1), fc.constantFrom('', 'k: '))
          .map(
            ([id, one, two, alias]) =>
              `__typename ... on A { ${id} ${alias}a { ${one} } l: list { ${two} } other { ... on Node { ${one} } } } ... on B { z: id a { ${two} } }`
          )
  )
  const check = async (text: string) => {
    const document = parse(`query A { a { ...F } any { ...F } node { ...F } } fragment F on Any { ... on Any { ${text.includes('... on A') ? text : '__typename'} } }`)
    const rootValue = { a: { ...object(3), __typename: 'A' }, any: [object(2), null, object(3)], node: object(2) }
    const result = await execute({ schema, document, rootValue })
    assert.equal(result.errors, undefined)
    const operation = getOperation({ schema, document })
    assert.ok(operation)
    const options = { includeRawResult: false, maxEventBytes: 1e9, copy: keepAll }
    const data = buildData(operation, {}, result, options)
    // Ids are unique and have the type in front, so the text shows them all.
    const expected = new Set(JSON.stringify(result.data).match(/"[AB]\d+"/g) ?? [])
    const found = data.identifiers
    assert.deepEqual(new Set(found.map(({ id }) => `"${id}"`)), expected)
    assert.equal(found.length, expected.size)
  }
  await fc.assert(fc.asyncProperty(selection(3), check), { numRuns: 60 })
})

test('parts of a result become the whole, and the parts stay as they are', () => {
  const part = fc.dictionary(plainKey, json, { maxKeys: 3 })
  const check = (first: object, parts: object[], items: unknown[]) => {
    const given = [
      { data: { at: first, list: [] }, hasNext: true },
      ...parts.map((data) => ({ incremental: [{ data, path: ['at'] }] })),
      ...items.map((item, index) => ({ incremental: [{ items: [item], path: ['list', index] }] })),
    ]
    const before = JSON.stringify(given)
    const merger = buildMerger()
    given.forEach((each) => merger.add(each as never))
    const { data } = merger.getResult() as any
    assert.equal(JSON.stringify(given), before)
    assert.deepEqual(data.list, items)
    for (const key of Object.keys(Object.assign({}, first, ...parts))) {
      assert.ok(key in data.at)
    }
  }
  fc.assert(fc.property(part, fc.array(part, { maxLength: 3 }), fc.array(json, { maxLength: 4 }), check))
})

test('parts that newer executors send are put together as well', () => {
  const merger = buildMerger()
  merger.add({
    data: { post: { id: 1 }, list: ['a'] },
    pending: [
      { id: '0', path: ['post'] },
      { id: '1', path: ['list'] },
    ],
  })
  merger.add({ incremental: [{ id: '0', data: { author: {} } }, { id: '1', items: ['b', 'c'] }] })
  merger.add({ incremental: [{ id: '0', subPath: ['author'], data: { name: 'Ann' } }] })
  assert.deepEqual(merger.getResult(), {
    data: { post: { id: 1, author: { name: 'Ann' } }, list: ['a', 'b', 'c'] },
  })
})

test('whatever the client does, each event is sent, waits, or is told to be given up', async () => {
  // The client takes a batch, refuses it, or refuses it for one of its events, by turns.
  const turn = fc.constantFrom('takes', 'fails', 'refuses the bad')
  const check = async (turns: string[], count: number, bad: number[]) => {
    const sent = new Set<string>()
    let given = 0
    const left = [...turns]
    const client = {
      async send(events: { id: string }[]) {
        const now = left.shift() ?? 'refuses the bad'
        if (now === 'fails' || (now !== 'takes' && events.some(({ id }) => bad.includes(Number(id))))) {
          throw new Error('no')
        }
        events.forEach(({ id }) => sent.add(id))
      },
    }
    const report = Object.assign(
      (_cause: string, level: string) => void (given += level === 'error' ? 1 : 0),
      { hasMissed: () => false, tellRest: () => false }
    )
    const options = { maxRetryDelay: 1, maxBatchDelay: 1, maxBatchEvents: 7 }
    const queue = buildDelivery(client, options, report as never, false)
    for (let id = 0; id < count; id += 1) {
      queue.add(Promise.resolve({ event: { id: String(id), data: {} }, bytes: 10 } as never))
    }
    // As long as others are sent, those that are refused are given up.
    for (let later = count; later < count + 40 && !(await queue.flush(30)); later += 1) {
      const event = { id: String(1000 + later), data: {} }
      queue.add(Promise.resolve({ event, bytes: 10 } as never))
    }
    const ids = Array.from({ length: count }, (_, index) => String(index))
    const lost = ids.filter((id) => !sent.has(id))
    assert.ok(lost.length <= given, `${lost.length} are lost, and ${given} were given up`)
    assert.ok(given <= turns.length + bad.length, `${given} were given up`)
  }
  const numbers = fc.uniqueArray(fc.nat(19), { maxLength: 3 })
  const property = fc.asyncProperty(fc.array(turn, { maxLength: 12 }), fc.integer({ min: 1, max: 20 }), numbers, check)
  await fc.assert(property, { numRuns: 40 })
})
