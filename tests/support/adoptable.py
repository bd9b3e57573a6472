"""Apps with Inngest as others have set it up, in our own words: small ones, nothing installed."""

from __future__ import annotations

import json
from pathlib import Path

from .apps import API_PACKAGE_JSON, small_app, write
from .redwood import commit

# As the first codemod of inngest-setup-redwoodjs left handlers that had plugins: given twice.
HANDLER = """\
import { createGraphQLHandler } from '@redwoodjs/graphql-server'

import directives from 'src/directives/**/*.{js,ts}'
import sdls from 'src/graphql/**/*.sdl.{js,ts}'
import services from 'src/services/**/*.{js,ts}'

import { logger } from 'src/lib/logger'
import { useTiming } from 'src/lib/timing'

import { inngestPlugin } from "src/plugins/useInngest";

export const handler = createGraphQLHandler({
  loggerConfig: { logger, options: {} },
  directives,
  sdls,
  services,
  extraPlugins: [useTiming],

  extraPlugins: [inngestPlugin]
})
"""
PLUGIN = """\
// The plugin of the GraphQL handler.

import { useInngest } from 'envelop-plugin-inngest'
import type {
  BuildUserContextFunction,
  InngestUserContextOptions,
} from 'envelop-plugin-inngest'

import { inngest } from 'src/lib/inngest'

// Who asked.
export const userContext: BuildUserContextFunction = (
  options: InngestUserContextOptions
) => {
  const currentUser = options?.params?.args?.contextValue?.currentUser

  if (currentUser) {
    return { id: currentUser.id }
  }

  return {}
}

export const inngestPlugin = useInngest({
  inngestClient: inngest,
  buildUserContextFunction: userContext,
})
"""
CLIENT = """\
import { Inngest } from 'inngest'

import { logger } from './logger'

export const INNGEST_APP_NAME = 'my-orders'

export const inngest = new Inngest({
  // The name of the app.
  name: INNGEST_APP_NAME,
  logger: logger,
})
"""
ENDPOINT = """\
import { serve } from 'inngest/redwood'

import helloWorld from 'src/jobs/inngest/helloWorld'
import { orderPlaced } from 'src/jobs/inngest/orderPlaced'
import { inngest } from 'src/lib/inngest'

// The functions of this app
const inngestFunctions = [helloWorld, orderPlaced]

export const handler = serve(inngest, inngestFunctions, {
  servePath: '/inngest',
  /**
   * How much is logged.
   */
  logLevel: 'info',
})
"""
HELLO_WORLD = """\
import { inngest } from 'src/lib/inngest'

const helloWorld = inngest.createFunction(
  { name: 'Hello World' },
  { event: 'test/hello.world' },
  async ({ event, step }) => {
    await step.sleep('1s')
    return { event, body: 'Hello' }
  }
)

export default helloWorld
"""
ORDER_PLACED = """\
import { inngest } from 'src/lib/inngest'

export const orderPlaced = inngest.createFunction(
  { name: 'Order placed' },
  { event: 'graphql/place-order.mutation' },
  async ({ event, step }) => {
    await step.run('Send the bill', () => {
      return { event, to: event.data?.user?.id }
    })

    const paid = await step.waitForEvent('shop/order.paid', {
      match: 'data.user.id',
      timeout: '20s',
    })

    return { paid }
  }
)
"""
SERVICE = """\
import { db } from 'src/lib/db'
import { inngest } from 'src/lib/inngest'
import { logger } from 'src/lib/logger'

export const placeOrder = async ({ input }) => {
  logger.info('An order')
  await inngest.send({ name: 'test/hello.world', data: { input } })

  return db.order.create({ data: input })
}
"""
OLD_TOOL = {
    "api/src/functions/graphql.ts": HANDLER,
    "api/src/functions/inngest.ts": ENDPOINT,
    "api/src/jobs/inngest/helloWorld.ts": HELLO_WORLD,
    "api/src/jobs/inngest/orderPlaced.ts": ORDER_PLACED,
    "api/src/lib/inngest.ts": CLIENT,
    "api/src/lib/timing.ts": "export const useTiming = {}\n",
    "api/src/plugins/useInngest.ts": PLUGIN,
    "api/src/services/orders/orders.ts": SERVICE,
}
# The same with a team's own code in it.
CUSTOM_PLUGIN = """\
import { SendableOperation, useInngest } from 'envelop-plugin-inngest'
import type { BuildEventNameFunction } from 'envelop-plugin-inngest'

import { inngest } from 'src/lib/inngest'

import { shorten } from '../lib/shorten'

const isLoud = process.env.LOUD === '1'

/** The name of an event. */
const buildEventName: BuildEventNameFunction = async ({ eventNamePrefix }) => {
  return `${eventNamePrefix}/${shorten('order')}`
}

export const inngestPlugin = useInngest({
  inngestClient: inngest,
  // What the events are called.
  buildEventNameFunction: buildEventName,
  buildEventNamePrefixFunction: async () => 'shop',
  logging: 'debug',
  sendOperations: [SendableOperation.MUTATION],
  sendIntrospection: true,
  sendErrors: isLoud,
  denylist: { types: ['NoSuchType'] },
})
"""
CUSTOM_CLIENT = """\
import { Inngest } from 'inngest'

import { shorten } from './shorten'

export const APP = 'Order Desk'

// For other services.
export const tell = (name: string) =>
  inngest.send({ name: shorten(name), data: {} })

export const inngest = new Inngest({
  name: APP,
  eventKey: 'a-key',
  // Through our proxy.
  fetch: (url, options) => fetch(url, options),
})

export default inngest
"""
CUSTOM_ENDPOINT = """\
import { serve } from 'inngest/redwood'

import { APP, inngest } from 'src/lib/inngest'

const signingKey = process.env.OUR_KEY

const inline = inngest.createFunction(
  { name: 'Inline' },
  { event: 'shop/order.late' },
  async ({ event }) => event.user
)

export const handler = serve(APP, [inline], {
  // From our vault.
  signingKey,
  logLevel: 'debug',
})
"""
CUSTOM = {
    "api/src/functions/inngest.ts": CUSTOM_ENDPOINT,
    "api/src/lib/inngest.ts": CUSTOM_CLIENT,
    "api/src/lib/shorten.ts": "export const shorten = (name: string) => name.slice(0, 3)\n",
    "api/src/plugins/useInngest.ts": CUSTOM_PLUGIN,
}
SDK_OF_OLD_TOOL = {"envelop-plugin-inngest": "^1.1.0", "inngest": "2.7.1"}


def old_tool_app(folder: Path, files: dict[str, str] | None = None) -> Path:
    """Make an app as inngest-setup-redwoodjs leaves one.

    Args:
        folder: Where; it is made.
        files: Files that it has in place of the usual ones, or besides.
    """
    app = small_app(folder, git=False)
    manifest = json.loads((app / "package.json").read_text())
    manifest["scripts"] = {
        "inngest:dev": "npx inngest-cli@latest dev -u http://localhost:8911/inngest"
    }
    manifest["devDependencies"] = {
        "@redwoodjs/core": "8.9.0",
        "inngest-setup-redwoodjs": "^0.4.3",
        "netlify-plugin-inngest": "^1.0.0",
    }
    dependencies = API_PACKAGE_JSON["dependencies"]
    api = {**API_PACKAGE_JSON, "dependencies": {**dependencies, **SDK_OF_OLD_TOOL}}  # type: ignore[dict-item]
    config = (app / "redwood.toml").read_text()
    written = {
        "package.json": json.dumps(manifest, indent=2) + "\n",
        "api/package.json": json.dumps(api, indent=2) + "\n",
        "redwood.toml": f"{config}\n[experimental.inngest]\n",
        **OLD_TOOL,
        **(files or {}),
    }
    for path, content in written.items():
        write(app / path, content)
    commit(app, "The app")
    return app


HAND_CLIENT = """\
import { Inngest } from 'inngest'

import type { Events } from 'src/lib/eventTypes'

export const inngest = new Inngest<Events>({ name: 'My Shop' })
"""
HAND_LIST = """\
import { cachePurge } from './fns/cachePurge'

export default [cachePurge]
"""
HAND_FUNCTION = """\
import { inngest } from '../client'

export const cachePurge = inngest.createFunction(
  'Purge the cache',
  'shop/article.updated',
  async ({ event }) => {
    return event.data.id
  }
)
"""
HAND_ENDPOINT = """\
import { serve } from 'inngest/redwood'

import fns from 'src/inngest'

export const handler = serve('My Shop', fns, {
  servePath: '/api/inngest',
  signingKey: process.env.SIGNING_KEY,
})
"""
BY_HAND = {
    "api/src/functions/inngest.ts": HAND_ENDPOINT,
    "api/src/inngest/client.ts": HAND_CLIENT,
    "api/src/inngest/fns/cachePurge.ts": HAND_FUNCTION,
    "api/src/inngest/index.ts": HAND_LIST,
    "api/src/lib/eventTypes.ts": "export type Events = Record<string, never>\n",
}


def hand_made_app(folder: Path, files: dict[str, str] | None = None) -> Path:
    """Make an app with Inngest as its team has written it, for SDK 0.8."""
    app = small_app(folder, git=False)
    dependencies = API_PACKAGE_JSON["dependencies"]
    api = {**API_PACKAGE_JSON, "dependencies": {**dependencies, "inngest": "^0.8.3"}}  # type: ignore[dict-item]
    written = {"api/package.json": json.dumps(api, indent=2) + "\n", **BY_HAND, **(files or {})}
    for path, content in written.items():
        write(app / path, content)
    commit(app, "The app")
    return app
