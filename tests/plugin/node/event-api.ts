import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An event as it arrives at the event API. */
export interface ArrivedEvent {
  id: string
  name: string
  ts: number
  data: Record<string, any>
}

/** How the event API answers a request; nothing means: as Inngest does. */
export type Answer = (
  response: ServerResponse,
  events: ArrivedEvent[],
  attempt: number
) => boolean | void | Promise<boolean | void>

/** A stand-in for Inngest's event API, over real HTTP. */
export interface EventApi {
  url: string
  /** What it has accepted, in order. */
  events: ArrivedEvent[]
  /** Every request for events, accepted or not. */
  requests: { headers: IncomingMessage['headers']; url: string; ids: string[]; body: string }[]
  answer: Answer | undefined
  waitFor(count: number): Promise<ArrivedEvent[]>
  /** Breaks off the requests that are under way. */
  hangUp(): void
  stop(): Promise<void>
}

export async function startEventApi(answer?: Answer, port = 0): Promise<EventApi> {
  const api: EventApi = {
    url: '',
    events: [],
    requests: [],
    answer,
    waitFor: (count) => waitUntil(() => api.events.length >= count).then(() => api.events),
    hangUp: () => server.closeAllConnections(),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  const server: Server = createServer(async (request, response) => {
    const body = await read(request)
    if (request.method !== 'POST') {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
      return
    }
    const events: ArrivedEvent[] = JSON.parse(body)
    const ids = events.map((event) => event.id ?? 'new')
    api.requests.push({ headers: request.headers, url: request.url ?? '', ids, body })
    const isAnswered = await api.answer?.(response, events, api.requests.length)
    if (isAnswered) {
      return
    }
    api.events.push(...events)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ ids, status: 200 }))
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  api.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return api
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) {
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString('utf8')
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** Waits until something is true, and fails if it never is. */
export async function waitUntil(isTrue: () => boolean, timeout = 5000): Promise<void> {
  const end = Date.now() + timeout
  while (!isTrue()) {
    if (Date.now() > end) {
      throw new Error(`It did not come true in ${timeout} ms`)
    }
    await sleep(5)
  }
}

/** An answer with a status and a body. */
export function answerWith(status: number, body = '{"error":"no"}', headers = {}): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
    return true
  }
}
