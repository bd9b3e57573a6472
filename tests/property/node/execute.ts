// Executes the operations of programs on standard input, and prints the events that come of them.
import { rootSchema } from '@cedarjs/graphql-server'
import { readFile } from 'node:fs/promises'
import { createSchema } from 'graphql-yoga'
import type * as graphql from 'graphql'

import { startRig } from './setup'

type Random = () => number

/** A small generator, so that a run can be repeated. */
function buildRandom(seed: number): Random {
  let state = seed + 1
  return () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
}

const SCALARS: Record<string, unknown[]> = {
  Int: [1, -3],
  Float: [0.5, 2],
  String: ['text', ''],
  Boolean: [true, false],
  ID: ['a1', 12],
  DateTime: [new Date(0), '2026-01-02T03:04:05Z'],
  Date: [new Date(0)],
  Time: [new Date(0)],
  BigInt: [5n, 2n ** 70n, 12],
  JSON: [{ a: [1, null] }, 'text', 3],
  JSONObject: [{ a: 1 }],
  Byte: [Buffer.from('abc')],
  Money: ['1.50', 3],
  Anything: [{ b: 2 }, 'any'],
}

/** A value of a type, with `__typename` where the schema has to tell. */
function mock(schema: graphql.GraphQLSchema, type: graphql.GraphQLOutputType, random: Random): unknown {
  const tag = type[Symbol.toStringTag]
  if (tag === 'GraphQLNonNull') {
    const inner = (type as graphql.GraphQLNonNull<graphql.GraphQLNullableOutputType>).ofType
    return some(schema, inner, random)
  }
  return random() < 0.25 ? null : some(schema, type, random)
}

function some(schema: graphql.GraphQLSchema, type: graphql.GraphQLOutputType, random: Random): unknown {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]
  switch (type[Symbol.toStringTag]) {
    case 'GraphQLList': {
      const { ofType } = type as graphql.GraphQLList<graphql.GraphQLOutputType>
      return Array.from({ length: Math.floor(random() * 3) }, () => mock(schema, ofType, random))
    }
    case 'GraphQLEnumType':
      return pick((type as graphql.GraphQLEnumType).getValues()).name
    case 'GraphQLScalarType':
      return pick(SCALARS[(type as graphql.GraphQLScalarType).name])
    case 'GraphQLObjectType':
      return { __typename: (type as graphql.GraphQLObjectType).name }
    default: {
      const possible = schema.getPossibleTypes(type as graphql.GraphQLAbstractType)
      return { __typename: pick(possible).name }
    }
  }
}

async function execute(program: any, seed: number): Promise<unknown[]> {
  const random = buildRandom(seed)
  const { Query: _query, ...scalars } = rootSchema.resolvers as any
  const root = 'scalar DateTime scalar Date scalar Time scalar BigInt scalar JSON scalar JSONObject scalar Byte'
  const schema = createSchema({ typeDefs: [root, program.sdl], resolvers: scalars })
  for (const type of Object.values(schema.getTypeMap())) {
    if (type[Symbol.toStringTag] !== 'GraphQLObjectType' || type.name.startsWith('__')) {
      continue
    }
    for (const field of Object.values((type as graphql.GraphQLObjectType).getFields())) {
      field.resolve = () => {
        if (program.answers.send_errors && random() < 0.1) {
          throw new Error('It failed')
        }
        return mock(schema, field.type, random)
      }
    }
  }
  const { answers } = program
  const rig = await startRig({
    yoga: { schema },
    includeRawResult: answers.include_raw_result,
    sendErrors: answers.send_errors,
    buildEventNamePrefixFunction: () => answers.event_prefix,
    denylist: { types: answers.denied_types, schemaCoordinates: answers.denied_coordinates },
    redactRawResultOptions: { paths: answers.redact_paths },
    buildUserContextFunction: () => {
      const values: Record<string, unknown> = { id: 5, roles: ['admin'], token: 'secret' }
      const entries = answers.user_fields.map((name: string) => [name, values[name]])
      return random() < 0.3 ? undefined : Object.fromEntries(entries)
    },
    maxEventBytes: 1024 * 1024,
  })
  const failed = []
  for (const [query, variables] of program.operations) {
    const response = JSON.parse(await rig.fetch({ query, variables }))
    if (response.errors && !answers.send_errors) {
      failed.push({ query, errors: response.errors })
    }
  }
  // Those of operations that should have stayed home would be among them.
  await rig.stop()
  return [rig.api.events, failed]
}

async function main() {
  const programs = JSON.parse(await readFile(process.argv[2], 'utf8'))
  const printed = []
  for (const [seed, program] of programs.entries()) {
    printed.push(await execute(program, seed))
  }
  process.stdout.write(JSON.stringify(printed))
}

void main()
