"""The types that Redwood and Cedar add to the schema of every app.

Read from `rootSchema` of their GraphQL servers: @redwoodjs/graphql-server 0.39.4 to 8.9.0 and
@cedarjs/graphql-server 4.2.0 and 5.0.3; `@live` from @n1ru4l/graphql-live-query, which their
realtime packages use.
"""

from __future__ import annotations

import re

_ALWAYS = "scalar Date scalar Time scalar DateTime scalar JSON scalar JSONObject"
# The first version of Redwood seen to have them; Cedar began with all.
_SINCE = {"BigInt": (0, 45), "Byte": (7, 0), "File": (8, 4)}
_ABOUT = "{ version: String currentUser: JSON prismaVersion: String }"
_LIVE = "directive @live(if: Boolean = true, throttle: Int) on QUERY"
# Yoga's plugin, which realtime switches on, knows them.
_INCREMENTAL = """
directive @defer(if: Boolean = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT
directive @stream(if: Boolean = true, label: String, initialCount: Int = 0) on FIELD
"""


def framework_schema(framework: str, version: str, *, realtime: bool) -> str:
    """The root schema of an app, as SDL.

    Args:
        framework: `redwood` or `cedar`.
        version: Its version; empty where it is not known, which is taken for the newest.
        realtime: Whether the app has the framework's realtime package.
    """
    known = re.match(r"(\d+)\.(\d+)", version)
    has = (int(known[1]), int(known[2])) if known and framework == "redwood" else (99, 0)
    parts = [_ALWAYS, *(f"scalar {name}" for name, first in _SINCE.items() if has >= first)]
    parts.append(f"type Redwood {_ABOUT}")
    if framework == "cedar":
        parts.append(f"type Cedar {_ABOUT} type Query {{ redwood: Redwood cedar: Cedar }}")
    else:
        parts.append("type Query { redwood: Redwood }")
    if realtime:
        parts += [_LIVE, _INCREMENTAL]
    return "\n".join(parts)
