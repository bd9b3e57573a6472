import { createHash, randomUUID } from 'node:crypto'

import type { ExecutionArgs, ExecutionResult } from 'graphql'

import { buildRedact, toJson } from './useInngest/json'
import type { RedactOptions } from './useInngest/json'
import { findIdentifiers, getOperation } from './useInngest/operation'
import type { Operation } from './useInngest/operation'

export type { RedactOptions } from './useInngest/json'

/** What the hooks of Envelop know about the operation. */
export interface OperationParams {
  args: ExecutionArgs & {
    // The context has what the app's GraphQL handler put there.
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    contextValue?: any
  }
}

/** What the builder functions are given. */
export interface BuildOptions {
  /** The operation: `params.args` has its document, variables and context. */
  params: OperationParams
  logger: InngestLogger
}

/** What `buildEventNameFunction` is given. */
export interface BuildEventNameOptions extends BuildOptions {
  /** The GraphQL document, as it was sent. */
  documentString: string
  /** What `buildEventNamePrefixFunction` gave, or `graphql`. */
  eventNamePrefix: string
}

/** The user in an event's data. */
export type InngestUserContext = Record<string, unknown> | undefined

export type BuildEventNameFunction = (
  options: BuildEventNameOptions
) => string | Promise<string>

export type BuildEventNamePrefixFunction = (
  options: BuildOptions
) => string | Promise<string>

export type BuildUserContextFunction = (
  options: BuildOptions
) => InngestUserContext | Promise<InngestUserContext>

export type SendableOperation = 'query' | 'mutation' | 'subscription'

export type InngestLogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error'

/** A logger such as Redwood's, which is a pino logger, or the console. */
export interface InngestLogger {
  trace(...args: unknown[]): void
  debug(...args: unknown[]): void
  info(...args: unknown[]): void
  warn(...args: unknown[]): void
  error(...args: unknown[]): void
}

/** The part of an Inngest client that is used here. */
export interface InngestClient {
  // The clients of SDK 3 and SDK 4 declare different events.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  send(events: any): Promise<unknown>
}

/** Everything that can be set. Only `inngestClient` has to be. */
export interface UseInngestOptions {
  /** The client that sends the events: `new Inngest({ id: 'my-app' })`. */
  inngestClient: InngestClient
  /**
   * Builds the whole name of an event.
   * Default: `<prefix>/<operation>.<type>`, such as `graphql/find-post.query`.
   */
  buildEventNameFunction?: BuildEventNameFunction
  /** Builds what stands before the slash in a name. Default: `graphql`. */
  buildEventNamePrefixFunction?: BuildEventNamePrefixFunction
  /** Builds the `user` in the event's data. Default: no user. */
  buildUserContextFunction?: BuildUserContextFunction
  /** Which operations are sent. Default: `['query', 'mutation']`. */
  sendOperations?: Iterable<SendableOperation>
  /** Whether operations whose result has errors are sent. Default: false. */
  sendErrors?: boolean
  /** Whether introspection is sent. Default: false. */
  sendIntrospection?: boolean
  /** Whether operations without a name are sent. Default: false. */
  sendAnonymousOperations?: boolean
  /**
   * Operations that use one of these types (`User`) or fields
   * (`Query.users`) are not sent. An interface or a union counts as every
   * type that it can be.
   */
  denylist?: { types?: string[]; schemaCoordinates?: string[] }
  /** Whether the whole result is sent, errors included. Default: false. */
  includeRawResult?: boolean
  /** What to redact in the result and in the variables, in fast-redact's form. */
  redactRawResultOptions?: RedactOptions
  /**
   * Whether values whose key looks like a secret (password, token, API key,
   * credit card and the like) are redacted wherever they are. Default: true.
   */
  redactSecrets?: boolean
  /**
   * What is logged: true for warnings and errors, false for nothing, a level,
   * or your own logger. Default: true.
   */
  logging?: boolean | InngestLogLevel | InngestLogger
}

/** An event, as this plugin sends it. */
export interface OperationEvent {
  id: string
  name: string
  ts: number
  data: {
    variables: Record<string, unknown>
    identifiers: { typename: string; id: string | number }[]
    types: string[]
    result: Record<string, unknown>
    operation: { id: string; name: string; type: SendableOperation }
    user: InngestUserContext
    truncated?: true
  }
}

type MaybePromise<T> = T | Promise<T>

interface DonePayload {
  result: unknown
}

interface ResultHooks {
  onNext?: (payload: DonePayload) => void | Promise<void>
  onEnd?: () => void
}

/** An Envelop plugin, without a dependency on Envelop's types. */
export interface InngestPlugin {
  onExecute(params: OperationParams): void | {
    onExecuteDone(payload: DonePayload): MaybePromise<void | ResultHooks>
  }
  onSubscribe(params: OperationParams): void | {
    onSubscribeResult(payload: DonePayload): void | ResultHooks
  }
}

const levels = ['trace', 'debug', 'info', 'warn', 'error'] as const

/** Sends an Inngest event for each GraphQL operation that is executed. */
export function useInngest(options: UseInngestOptions): InngestPlugin {
  const logger = buildLogger(options.logging ?? true)
  const send = new Set(options.sendOperations ?? ['query', 'mutation'])
  const redact = buildRedact(
    options.redactSecrets ?? true,
    options.redactRawResultOptions
  )

  function isWanted(operation: Operation): boolean {
    const { types = [], schemaCoordinates = [] } = options.denylist ?? {}
    return (
      send.has(operation.type) &&
      (options.sendAnonymousOperations || operation.name !== '') &&
      (options.sendIntrospection || !operation.isIntrospection) &&
      !types.some((type) => operation.types.has(type)) &&
      !schemaCoordinates.some((field) => {
        return operation.schemaCoordinates.has(field)
      })
    )
  }

  async function sendEvent(
    params: OperationParams,
    operation: Operation,
    result: ExecutionResult
  ): Promise<void> {
    try {
      if (result.errors?.length && !options.sendErrors) {
        return
      }
      const ts = Date.now()
      const identifiers = new Map<string, unknown>()
      const types = new Set<string>()
      findIdentifiers(operation, result.data, (typename, id) => {
        types.add(typename)
        identifiers.set(`${typename}:${id}`, { typename, id })
      })
      const variables = toJson(params.args.variableValues ?? {}, redact) ?? '{}'
      const id = buildOperationId(operation, variables)
      const eventNamePrefix =
        (await options.buildEventNamePrefixFunction?.({ params, logger })) ??
        'graphql'
      const name =
        (await options.buildEventNameFunction?.({
          params,
          logger,
          documentString: operation.documentString,
          eventNamePrefix,
        })) ?? `${eventNamePrefix}/${id}.${operation.type}`.toLowerCase()
      const user = await options.buildUserContextFunction?.({ params, logger })
      const { data, errors } = result
      const raw = errors ? { data, errors } : { data }
      await options.inngestClient.send([
        {
          id: randomUUID(),
          name,
          ts,
          data: {
            variables: JSON.parse(variables),
            identifiers: [...identifiers.values()],
            types: [...types],
            result: options.includeRawResult
              ? JSON.parse(toJson(raw, redact) ?? '{}')
              : {},
            operation: { id, name: operation.name, type: operation.type },
            user: user ?? {},
          },
        },
      ])
    } catch (error) {
      logger.error({ err: error }, 'The event was not sent to Inngest')
    }
  }

  return {
    onExecute(params) {
      const operation = getOperation(params.args)
      if (!operation || !isWanted(operation)) {
        return undefined
      }
      return {
        onExecuteDone({ result }) {
          void sendEvent(params, operation, result as ExecutionResult)
        },
      }
    },
    onSubscribe(params) {
      const operation = getOperation(params.args)
      if (!operation || !isWanted(operation)) {
        return undefined
      }
      return {
        onSubscribeResult() {
          return {
            onNext({ result }) {
              void sendEvent(params, operation, result as ExecutionResult)
            },
          }
        },
      }
    },
  }
}

function buildOperationId(operation: Operation, variables: string): string {
  const text = [operation.documentString, operation.name, variables].join('|')
  const hash = createHash('sha256').update(text).digest('hex')
  return toEventName(operation.name || `anonymous-${hash}`)
}

/** `FindPost` and `find_post` are `find-post`. */
function toEventName(name: string): string {
  return name
    .replace(/^_+/, '')
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .replace(/[_\s]+/g, '-')
    .toLowerCase()
}

function buildLogger(
  logging: boolean | InngestLogLevel | InngestLogger
): InngestLogger {
  if (typeof logging === 'object') {
    return logging
  }
  const lowest = logging === true ? 'warn' : logging
  const first = lowest ? levels.indexOf(lowest) : levels.length
  const quiet = () => {}
  const at = (level: InngestLogLevel) => {
    const method = level === 'trace' ? 'debug' : level
    return levels.indexOf(level) < first ? quiet : console[method].bind(console)
  }
  return {
    trace: at('trace'),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
  }
}
