import { createSchema, createYoga } from 'graphql-yoga'
import type { YogaServerOptions } from 'graphql-yoga'

import { useInngest } from './src/inngest/useInngest'
import type { InngestClient, UseInngestOptions } from './src/inngest/useInngest'
import { startEventApi } from './event-api'
import type { Answer, EventApi } from './event-api'

/** A client of the SDK that is under test. */
export async function buildClient(url: string, options: object = {}): Promise<InngestClient> {
  const { Inngest } = await import(process.env.SDK ?? 'inngest4')
  return new Inngest({ id: 'test', baseUrl: url, eventKey: 'test-key', isDev: false, ...options })
}

/** A logger that keeps what it is told. */
export function buildTestLogger() {
  const lines: { level: string; message: string; error: unknown; count: number }[] = []
  const at = (level: string) => (details: any, message: string) => {
    lines.push({ level, message, error: details.err, count: details.count })
  }
  return {
    lines,
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
  }
}

const people = [
  { __typename: 'User', id: 'u1', name: 'Ann', password: 'hunter2' },
  { __typename: 'User', id: 'u2', name: 'Bob', password: 'swordfish' },
]
const posts = [
  { __typename: 'Post', id: 1, title: 'One', author: people[0], tags: [['a'], ['b', null]] },
  { __typename: 'Post', id: 2, title: 'Two', author: people[1], tags: null },
  { __typename: 'Post', id: 3, title: 'Three', author: people[0], tags: [] },
]

export const typeDefs = /* GraphQL */ `
  scalar JSON
  scalar Any
  interface Node {
    id: ID!
  }
  interface Named {
    name: String
  }
  type User implements Node & Named {
    id: ID!
    name: String
    password: String
  }
  type Tag implements Named {
    name: String
  }
  type Post implements Node {
    id: ID!
    title: String
    author: User
    slowTitle: String
    comments: [String!]
    rows: [[Post]]
  }
  union Found = Post | User | Tag
  input LoginInput {
    email: String
    password: String
    deep: Deep
  }
  input Deep {
    note: String
    kind: Kind
    again: LoginInput
  }
  enum Kind {
    NEW
    OLD
  }
  type Query {
    hello: String
    posts: [Post!]!
    post(id: ID): Post
    node(id: ID): Node
    nodes: [Node]
    named: [Named]
    search: [Found!]!
    grid: [[Post]]
    json: JSON
    fail: Post
    big(size: Int!): [Post!]!
    any(value: Any, token: String, filter: JSON): String
    kinds(kind: Kind): String
  }
  type Mutation {
    updatePost(id: ID!, title: String): Post
    login(input: LoginInput!): User
  }
  type Subscription {
    ticks(to: Int!): Tick!
  }
  type Tick {
    id: ID!
    count: Int!
  }
`

export const cyclic: Record<string, unknown> = { name: 'around', list: [1n, new Date(0)] }
cyclic.self = cyclic

export const resolvers = {
  Post: {
    slowTitle: async (post: { title: string }) => {
      await new Promise((resolve) => setTimeout(resolve, 10))
      return `slow ${post.title}`
    },
    comments: async function* (post: { id: number }) {
      yield `first of ${post.id}`
      yield `second of ${post.id}`
    },
    rows: () => [[posts[1], null], null, [posts[2]]],
  },
  Query: {
    hello: () => 'world',
    posts: () => posts,
    post: (_: unknown, { id }: { id: string }) => posts.find((post) => `${post.id}` === id),
    node: () => posts[0],
    nodes: () => [posts[0], null, people[0]],
    named: () => [people[0], { __typename: 'Tag', name: 'news' }],
    search: () => [posts[1], people[1], { __typename: 'Tag', name: 'news' }],
    grid: () => [[posts[0], null], null, [posts[1], posts[0]]],
    json: () => cyclic,
    fail: () => {
      throw new Error('It failed')
    },
    big: (_: unknown, { size }: { size: number }) =>
      Array.from({ length: size }, (_unused, id) => ({ id, title: `Title ${id}` })),
    any: () => 'ok',
  },
  Mutation: {
    updatePost: (_: unknown, { id, title }: { id: string; title: string }) => ({ id, title }),
    login: () => people[0],
  },
  Subscription: {
    ticks: {
      subscribe: async function* (_: unknown, { to }: { to: number }) {
        for (let count = 1; count <= to; count += 1) {
          yield { ticks: { id: `t${count}`, count } }
        }
      },
    },
  },
}

export interface Rig {
  yoga: ReturnType<typeof createYoga>
  plugin: ReturnType<typeof useInngest>
  api: EventApi
  logger: ReturnType<typeof buildTestLogger>
  /** Sends a request and gives the text of the response. */
  fetch(body: object, context?: object): Promise<string>
  /** Executes an operation and gives its event. */
  getEvent(query: string, variables?: object): Promise<Record<string, any>>
  stop(): Promise<void>
}

type RigOptions = Partial<UseInngestOptions> & {
  yoga?: Partial<YogaServerOptions<any, any>>
  answer?: Answer
  client?: object
  /** Builds a client of one's own for an event API. */
  buildOwn?: (url: string) => InngestClient
  /** Whether the app is in development, for the SDKs that do not say it. */
  isDev?: boolean
}

/** A real Yoga with the plugin, a real client and an event API. */
export async function startRig({ yoga: yogaOptions, answer, client, buildOwn, isDev, ...options }: RigOptions = {}) {
  const { NODE_ENV = '' } = process.env
  process.env.NODE_ENV = isDev ? 'development' : NODE_ENV
  const api = await startEventApi(answer)
  const logger = buildTestLogger()
  const plugin = useInngest({
    inngestClient: buildOwn?.(api.url) ?? (await buildClient(api.url, client)),
    logging: logger,
    delivery: 'background',
    ...options,
    deliveryOptions: {
      maxBatchDelay: 5,
      maxRetryDelay: 20,
      ...options.deliveryOptions,
    },
  })
  process.env.NODE_ENV = NODE_ENV
  const yoga = createYoga({
    schema: createSchema({ typeDefs, resolvers }),
    logging: false,
    maskedErrors: false,
    batching: true,
    ...yogaOptions,
    plugins: [...(yogaOptions?.plugins ?? []), plugin],
  })

  const rig: Rig = {
    yoga,
    plugin,
    api,
    logger,
    async fetch(body, context = {}) {
      const request = {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }
      const response = await yoga.fetch('http://localhost/graphql', request, context)
      return response.text()
    },
    async getEvent(query, variables) {
      const count = api.events.length
      await rig.fetch({ query, variables })
      const events = await api.waitFor(count + 1)
      return events[count]
    },
    async stop() {
      // Nothing is left behind for `flushInngest` in the tests that follow.
      api.answer = undefined
      api.hangUp()
      await plugin.onDispose()
      await api.stop()
    },
  }
  return rig
}
