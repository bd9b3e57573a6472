// An app that executes operations with each copy of the plugin, and then stays or ends.
import { cpSync } from 'node:fs'

import { createSchema, createYoga } from 'graphql-yoga'

import { buildClient, resolvers, typeDefs } from './setup'

const { CLOSER, COPIES = '1', EVENT_API = '', FLUSH_TIMEOUT, IS_DEV, THEN } = process.env
const { OPERATIONS = '1', UNBUILDABLE = '0' } = process.env

let unbuildable = Number(UNBUILDABLE)

/** Fails for the first events. */
function buildUser() {
  unbuildable -= 1
  if (unbuildable >= 0) {
    throw new Error('no user')
  }
  return { id: 1 }
}

let served: { fetch: (url: string) => Response | Promise<Response> }

async function main() {
  if (CLOSER === 'once') {
    closeOn('once')
  }
  for (let copy = 0; copy < Number(COPIES); copy += 1) {
    // Bundlers and servers that load an app again make copies of its modules.
    const folder = copy === 0 ? 'src/inngest' : `src/copy-${copy}`
    if (copy > 0) {
      cpSync('src/inngest', folder, { recursive: true })
    }
    const { useInngest } = await import(`./${folder}/useInngest`)
    const plugin = useInngest({
      inngestClient: await buildClient(EVENT_API, IS_DEV ? { isDev: true } : {}),
      delivery: 'background',
      buildUserContextFunction: buildUser,
      // The first copy has nothing left when the end comes.
      deliveryOptions: {
        maxBatchDelay: Number(COPIES) > 1 && copy === 0 ? 1 : 60_000,
        flushTimeout: FLUSH_TIMEOUT ? Number(FLUSH_TIMEOUT) : undefined,
      },
    })
    const yoga = createYoga({
      schema: createSchema({ typeDefs, resolvers }),
      logging: false,
      plugins: [plugin, ...(CLOSER === 'yoga' ? [{ onDispose: closeAndExit }] : [])],
      disposeOnProcessTerminate: CLOSER === 'yoga',
    } as never)
    served = yoga
    for (let index = 0; index < Number(OPERATIONS); index += 1) {
      const url = `http://localhost/graphql?query=query+Hello${copy}+%7B+hello+%7D`
      await (await yoga.fetch(url)).text()
    }
  }
  if (CLOSER === 'on') {
    closeOn('on')
  }
  await new Promise((resolve) => setTimeout(resolve, 100))
  process.stdout.write(`listeners: ${process.listenerCount('SIGTERM')}\n`)
  if (THEN === 'stay') {
    setInterval(() => {}, 1000)
  }
  if (THEN === 'serve') {
    serve()
  }
}

/** Takes operations for half a second, as a server does, and tells which it has answered. */
function serve() {
  const end = Date.now() + 500
  let number = 0
  setInterval(async () => {
    if (Date.now() > end) {
      return
    }
    number += 1
    const name = `Served${number}`
    await (await served.fetch(`http://localhost/graphql?query=query+${name}+%7B+hello+%7D`)).text()
    process.stdout.write(`${name}\n`)
  }, 5)
}

async function closeAndExit() {
  await new Promise((resolve) => setTimeout(resolve, 400))
  process.stdout.write('closed\n')
  process.exit(3)
}

function closeOn(how: 'on' | 'once') {
  process[how]('SIGTERM', () => void closeAndExit())
}

void main()
