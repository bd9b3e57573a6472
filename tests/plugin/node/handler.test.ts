import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parse } from 'graphql'

import { sleep, startEventApi } from './event-api'
import { buildClient, buildTestLogger } from './setup'
import { flushInngest, useInngest } from './src/inngest/useInngest'

const scope = process.env.FRAMEWORK_SCOPE ?? '@redwoodjs'

/** The framework's own GraphQL handler, called as a server or Lambda does. */
async function startHandler({ isBare = false } = {}) {
  const { createGraphQLHandler, createValidatorDirective } = await import(`${scope}/graphql-server`)
  const { createLogger } = await import(`${scope}/api/logger`)
  const api = await startEventApi()
  const logger = buildTestLogger()
  const schema = parse(`directive @skipAuth on FIELD_DEFINITION`)
  const inngestPlugin = useInngest({
    inngestClient: await buildClient(api.url),
    logging: logger,
    buildUserContextFunction: ({ params }) => ({ id: params.args.contextValue.currentUser.id }),
  })
  const handler = createGraphQLHandler({
    loggerConfig: { logger: createLogger({ options: { level: 'silent' } }), options: {} },
    directives: {
      skipAuth_skipAuth: {
        schema,
        default: createValidatorDirective(schema, () => {}),
      },
    },
    sdls: {
      posts_sdl: {
        schema: parse(`
          type Post { id: Int! title: String! author: Author }
          type Author { id: Int! email: String! }
          type Query { posts: [Post!]! @skipAuth  broken: Post @skipAuth }
          type Mutation { createPost(title: String!): Post! @skipAuth }
        `),
      },
    },
    services: {
      posts_posts: {
        posts: () => [{ id: 1, title: 'One', author: { id: 9, email: 'a@b.c' } }],
        broken: () => {
          throw new Error('It broke')
        },
        createPost: ({ title }: { title: string }) => ({ id: 2, title }),
        Post: {},
      },
    },
    context: { currentUser: { id: 5 } },
    extraPlugins: isBare ? [] : [inngestPlugin],
  })
  async function post(body: object): Promise<any> {
    const event = {
      httpMethod: 'POST',
      path: '/graphql',
      headers: { 'content-type': 'application/json', host: 'localhost' },
      multiValueHeaders: {},
      queryStringParameters: {},
      requestContext: { httpMethod: 'POST', path: '/graphql' },
      isBase64Encoded: false,
      body: JSON.stringify(body),
    }
    const response = await handler(event, {})
    return JSON.parse(response.body)
  }
  return { api, logger, post }
}

test('the handler of the framework sends events, and answers as it did', async () => {
  const { api, post, logger } = await startHandler()
  const bare = await startHandler({ isBare: true })
  const query = 'query FindPosts { posts { id title author { id email } } }'
  const mutation = 'mutation CreatePostMutation($title: String!) { createPost(title: $title) { id } }'
  for (const body of [{ query }, { query: mutation, variables: { title: 'New' } }]) {
    const answer = await post(body)
    assert.ok(answer.data)
    assert.deepEqual(answer, await bare.post(body))
  }
  assert.deepEqual(bare.api.events, [])
  await bare.api.stop()
  await flushInngest()
  const [found, created] = api.events
  assert.equal(found.name, 'graphql/find-posts.query')
  assert.deepEqual(found.data, {
    variables: {},
    identifiers: [
      { typename: 'Post', id: 1 },
      { typename: 'Author', id: 9 },
    ],
    types: ['Post', 'Author'],
    result: {},
    operation: { id: 'find-posts', name: 'FindPosts', type: 'query', fields: ['posts'] },
    user: { id: 5 },
  })
  assert.equal(created.name, 'graphql/create-post-mutation.mutation')
  assert.deepEqual(created.data.variables, { title: 'New' })
  assert.deepEqual(logger.lines, [])
  await api.stop()
})

test('in a function that freezes, the event is sent before the handler is done', async () => {
  process.env.AWS_LAMBDA_FUNCTION_NAME = 'graphql'
  const { api, post } = await startHandler()
  delete process.env.AWS_LAMBDA_FUNCTION_NAME
  await post({ query: 'query FindPosts { posts { id } }' })
  assert.equal(api.events.length, 1)
  await api.stop()
})

test('errors and what the framework asks for itself stay home', async () => {
  const { api, post } = await startHandler()
  const answer = await post({ query: 'query Broken { broken { id } }' })
  assert.equal(answer.errors.length, 1)
  await post({ query: '{ posts { id } }' })
  await post({ query: 'query V { redwood { version } }' })
  await flushInngest()
  await sleep(20)
  const names = api.events.map((event) => event.name)
  assert.deepEqual(names.filter((name) => name !== 'graphql/v.query'), [])
  await api.stop()
})

test('an event API that is down changes nothing in the handler', async () => {
  const { api, post } = await startHandler()
  await flushInngest()
  await api.stop()
  for (let index = 0; index < 20; index += 1) {
    const answer = await post({ query: 'query FindPosts { posts { id } }' })
    assert.deepEqual(answer.data, { posts: [{ id: 1 }] })
  }
})
