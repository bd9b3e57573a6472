// An app that executes one operation, and then stays or ends.
import { createSchema, createYoga } from 'graphql-yoga'

import { buildClient, resolvers, typeDefs } from './setup'
import { useInngest } from './src/inngest/useInngest'

async function main() {
  const plugin = useInngest({
    inngestClient: await buildClient(process.env.EVENT_API ?? ''),
    delivery: 'background',
    logging: false,
    deliveryOptions: {
      maxBatchDelay: 60_000,
      flushTimeout: Number(process.env.FLUSH_TIMEOUT),
    },
  })
  const schema = createSchema({ typeDefs, resolvers })
  const yoga = createYoga({ schema, logging: false, plugins: [plugin] })
  const response = await yoga.fetch('http://localhost/graphql?query=query+Hello+%7B+hello+%7D')
  process.stdout.write(await response.text())
  if (process.env.THEN === 'stay') {
    setInterval(() => {}, 1000)
  }
}

void main()
