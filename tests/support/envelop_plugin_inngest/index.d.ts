// The options that envelop-plugin-inngest publishes, in our own words: the package is not in every
// npm registry. Its sources: github.com/inngest/envelop-plugin-inngest, packages/plugins/inngest.
import type { OnExecuteEventPayload, Plugin } from '@envelop/core'
import type { RedactOptions } from 'fast-redact'
import type { Inngest } from 'inngest'

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error'
type Logger = Record<Level, (...messages: any[]) => void>
type UserContext = Record<string, any> | undefined

interface Given {
  params: OnExecuteEventPayload<Record<string, any>>
  logger: Logger
}

interface GivenForName extends Given {
  documentString?: string
  eventNamePrefix: string
}

export type { Given as InngestUserContextOptions }
export type BuildEventNameFunction = (given: GivenForName) => Promise<string>
export type BuildEventNamePrefixFunction = (given: Given) => Promise<string>
export type BuildUserContextFunction = (given: Given) => UserContext | Promise<UserContext>

export interface UseInngestPluginOptions {
  inngestClient: Inngest
  buildEventNameFunction?: BuildEventNameFunction
  buildEventNamePrefixFunction?: BuildEventNamePrefixFunction
  buildUserContextFunction?: BuildUserContextFunction
  logging?: boolean | Level | Logger
  sendOperations?: Iterable<'query' | 'mutation' | 'subscription'>
  sendErrors?: boolean
  sendIntrospection?: boolean
  sendAnonymousOperations?: boolean
  denylist?: { types?: string[]; schemaCoordinates?: string[] }
  includeRawResult?: boolean
  redactRawResultOptions?: RedactOptions
}

export declare const useInngest: (options: UseInngestPluginOptions) => Plugin
