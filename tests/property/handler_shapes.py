"""A grammar of GraphQL handlers: every shape that the codemod has to get right, put together."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

SERVERS = ("@redwoodjs/graphql-server", "@cedarjs/graphql-server")
TYPED = (".ts", ".tsx", ".mts")
ESM = (*TYPED, ".js", ".jsx", ".mjs")

# In the order that Redwood's ESLint configuration asks for, groups apart.
IMPORTS = (
    ("import fs from 'node:fs'",),
    ("import { useCache } from '@envelop/cache'", "import * as sentry from '@sentry/node'"),
    (),  # The server's package stands here.
    (
        "import directives from 'src/directives/**/*.{js,ts}'",
        "import sdls from 'src/graphql/**/*.sdl.{js,ts}'",
        "import services from 'src/services/**/*.{js,ts}'",
    ),
    (
        "import { getCurrentUser } from 'src/lib/auth'",
        "import { db } from 'src/lib/db'",
        "import { logger } from 'src/lib/logger'",
        "import { useTiming } from 'src/zebra'",
    ),
    ("import { helper } from '../helper'",),
    ("import { local } from './local'",),
)
# What every handler may use; imported after the others, since no order is theirs.
USED = (
    "import { useA, useB, withSentry } from 'src/use'",
    "import { baseOptions, getOptions, isProd, otherOptions, sharedOptions } from 'src/zoptions'",
    "import { extraPlugins, getPlugins, morePlugins } from 'src/zplugins'",
)
ITEMS = (
    "useA()",
    "useB({ ttl: 1000 })",
    "useA('漢字 👍')",
    "isProd && useA()",
    "...(isProd ? [useB()] : [])",
)
MEMBERS = (
    "services",
    "loggerConfig: { logger, options: {} }",
    "cors: { origin: '*' }, // for now",
    "onException: () => {\n    // Disconnect.\n    db.$disconnect()\n  }",
    "/* the data */ db",
    "title: '書かれた文字は幅が二倍'",
)
VALUES = (
    "morePlugins",
    "getPlugins()",
    "isProd ? [useA()] : [useB()]",
    "isProd ? [useA()] : undefined",
    "isProd && [useA()]",
    "morePlugins || [useA()]",
    "morePlugins ?? [useA()]",
    "[useA(), isProd && useB()].filter(Boolean)",
    "Object.freeze([useA()])",
    "(morePlugins)",
    "extraPlugins",
)
TYPED_VALUES = ("[useA()] as const", "morePlugins as unknown[]", "[useB()] satisfies unknown[]")
STATEMENTS = (
    "export const handler = {call}",
    "export default {call}",
    "const graphQL = {call}\n\nexport {{ graphQL as handler }}",
    "export const handler = withSentry({call})",
    "export const handler = (event, context) => {{\n  return {call}\n}}",
    "/** What answers. */\nexport const handler = {call}",
)
CJS_STATEMENTS = (
    "exports.handler = {call}",
    "module.exports = {{\n  handler: {call},\n}}",
    "const handler = {call}\n\nmodule.exports.handler = handler",
)


@dataclass(frozen=True)
class Handler:
    """A generated module.

    Attributes:
        text: Its text.
        suffix: Its file's suffix.
        refused: Whether `wire` refuses it on purpose.
    """

    text: str
    suffix: str
    refused: bool = False


@st.composite
def arrays(draw: st.DrawFn) -> str:
    items = draw(st.lists(st.sampled_from(ITEMS), min_size=1, max_size=3))
    layout = draw(st.sampled_from(("line", "lines", "comments", "holes", "hugged")))
    comma = draw(st.sampled_from(("", ",")))
    if layout == "lines":
        return "[\n    " + ",\n    ".join(items) + f"{comma}\n  ]"
    if layout == "comments":
        lines = ", // why\n    ".join(items)
        return f"[\n    // first\n    {lines}{comma} // last\n    // useC(),\n  ]"
    if layout == "holes":
        return f"[{', , '.join(items)},,]"
    if layout == "hugged":
        return "[useA({\n    ttl: 1,\n  }), " + ", ".join(items) + "]"
    return f"[{', '.join(items)}]"


@st.composite
def plugin_members(draw: st.DrawFn, typed: bool) -> str:
    values = [arrays(), st.sampled_from(VALUES)]
    if typed:
        values.append(st.sampled_from(TYPED_VALUES))
    value = draw(st.one_of(values))
    key = draw(st.sampled_from(("extraPlugins", "'extraPlugins'", "['extraPlugins']")))
    return draw(st.sampled_from((f"{key}: {value}", f"{key}: {value}", "extraPlugins")))


@st.composite
def objects(draw: st.DrawFn, typed: bool) -> str:
    members = draw(st.lists(st.sampled_from(MEMBERS), unique=True, max_size=4))
    if draw(st.booleans()):
        place = draw(st.integers(0, len(members)))
        members.insert(place, draw(plugin_members(typed)))
    spread = ("...baseOptions", "...baseOptions,\n  ...otherOptions", "...localBase")
    members = draw(st.sampled_from(([], [], [draw(st.sampled_from(spread))]))) + members
    maybe = ("...(isProd && { extraPlugins: [useB()] })", "...(isProd ? { db } : {})")
    members += draw(st.sampled_from(([], [], [draw(st.sampled_from(maybe))])))
    one_line = all("\n" not in member and "//" not in member for member in members)
    if one_line and draw(st.booleans()):
        return "{ " + ", ".join(members) + " }" if members else "{}"
    last = draw(st.sampled_from((",", "", ", // the end")))
    lines = [
        member if "//" in member and "\n" not in member else f"{member}," for member in members
    ]
    if lines and lines[-1].endswith(","):
        lines[-1] = lines[-1][:-1] + last
    return "{\n" + "".join(f"  {line}\n" for line in lines) + "}"


@st.composite
def options(draw: st.DrawFn, typed: bool) -> tuple[str, str]:
    """Statements before the handler, and what it is called with."""
    literal = draw(objects(typed))
    frozen = f"const options = Object.freeze({literal})\n\n"
    shapes = [
        ("", literal),
        ("", literal),
        (f"const options = {literal}\n\n", "options"),
        (frozen, "options"),
        (f"const options = {literal}\n\noptions.extraPlugins = [useA()]\n\n", "options"),
        (f"let options = {literal}\nif (isProd) {{\n  options = otherOptions\n}}\n\n", "options"),
        ("", "sharedOptions"),
        ("", "getOptions()"),
        ("", "isProd ? sharedOptions : otherOptions"),
        ("", "isProd ? getOptions() : otherOptions"),
    ]
    if typed:
        shapes += [
            (f"const options: Options = {literal}\n\n", "options"),
            (f"const options = {literal} as Options\n\n", "options"),
            (f"const options = {literal} satisfies Options\n\n", "options"),
        ]
    return draw(st.sampled_from(shapes))


@st.composite
def imports(draw: st.DrawFn, server: str, names: str) -> str:
    """The imports, in Redwood's order or not, in groups or not."""
    chosen = [[one for one in group if draw(st.booleans()) or _is_needed(one)] for group in IMPORTS]
    chosen[2] = [f"import {names} from '{server}'"]
    chosen[4] = [*chosen[4], *USED]
    groups = ["\n".join(group) for group in chosen if group]
    form = draw(st.sampled_from(("groups", "groups", "groups", "lines", "reversed", "effects")))
    if form == "lines":
        return "\n".join(groups)
    if form == "reversed":
        return "\n".join(reversed("\n".join(groups).split("\n")))
    if form == "effects":
        return "import './instrument'\n" + "\n\n".join(groups) + "\n\nimport 'src/lib/sentry'"
    return "\n\n".join(groups)


def _is_needed(line: str) -> bool:
    return any(name in line for name in ("services", "logger", "{ db }"))


# The options of a second handler.
OTHERS = ("{ db }", "getOptions(1)", "sharedOptions")
TAKEN = (
    "",
    "",
    "",
    "const inngestPlugin = 1\n\n",
    "const make = (inngestPlugin) => inngestPlugin\n\n",
)


@st.composite
def modules(draw: st.DrawFn) -> Handler:
    """A module of ECMAScript with a handler."""
    suffix = draw(st.sampled_from(ESM))
    typed = suffix in TYPED
    names, callee = draw(
        st.sampled_from(
            (
                ("{ createGraphQLHandler }", "createGraphQLHandler"),
                ("{ createGraphQLHandler }", "createGraphQLHandler"),
                ("{ createGraphQLHandler as makeHandler }", "makeHandler"),
                ("* as graphql", "graphql.createGraphQLHandler"),
            )
        )
    )
    head = draw(imports(draw(st.sampled_from(SERVERS)), names))
    existing = ["", "", "", "import { inngestPlugin as ours } from '../inngest/plugin'\n"]
    if typed:
        existing.append("import type { inngestPlugin } from 'src/inngest/plugin'\n")
    head += "\n" + draw(st.sampled_from(existing))
    before, given = draw(options(typed))
    statement = draw(st.sampled_from(STATEMENTS)).format(call=f"{callee}({given})")
    local = "const localBase = { db, cors: true }\n\n"
    taken = draw(st.sampled_from(TAKEN)) if "type { inngest" not in head else ""
    others = (f"\nexport const other = {callee}({argument})\n" for argument in OTHERS)
    second = draw(st.sampled_from(("", "", *others)))
    text = f"{head}\n{taken}{local}{before}{statement}\n{second}"
    return Handler(draw(dressed(text)), suffix)


@st.composite
def commonjs_modules(draw: st.DrawFn) -> Handler:
    """A CommonJS module with a handler."""
    server = draw(st.sampled_from(SERVERS))
    load, callee = draw(
        st.sampled_from(
            (
                (
                    f"const {{ createGraphQLHandler }} = require('{server}')\n",
                    "createGraphQLHandler",
                ),
                (f"const {{ createGraphQLHandler: make }} = require('{server}')\n", "make"),
                (f"const server = require('{server}')\n", "server.createGraphQLHandler"),
                ("", f"require('{server}').createGraphQLHandler"),
            )
        )
    )
    head = "".join(line.replace("import ", "const ") + "\n" for line in USED)
    head = head.replace(" from ", " = require(").replace("'\n", "')\n")
    head += "const { db } = require('src/lib/db')\nconst { logger } = require('src/lib/logger')\n"
    head += "const { services } = require('src/services')\n"
    strict = draw(st.sampled_from(("", "'use strict'\n\n", "#!/usr/bin/env node\n")))
    before, given = draw(options(typed=False))
    statement = draw(st.sampled_from(CJS_STATEMENTS)).format(call=f"{callee}({given})")
    local = "const localBase = { db, cors: true }\n\n"
    text = f"{strict}{load}{head}\n{local}{before}{statement}\n"
    # The call of `require` comes before that of `getOptions`, and must stay so.
    refused = not load and "getOptions()" in given
    return Handler(draw(dressed(text)), draw(st.sampled_from((".js", ".cjs"))), refused)


@st.composite
def dressed(draw: st.DrawFn, text: str) -> str:
    """The text in some style of writing."""
    if draw(st.booleans()):
        text = text.replace("'", '"')
    if draw(st.booleans()):
        text = _with_semicolons(text)
    text = text.replace("  ", draw(st.sampled_from(("  ", "  ", "    ", "\t"))))
    if not text.startswith(("#!", "'use", '"use')):
        text = (
            draw(st.sampled_from(("", "", "/*\n * A licence.\n */\n", "// @ts-check\n\n"))) + text
        )
    if draw(st.booleans()):
        text = text.rstrip("\n")
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    return ("\ufeff" if draw(st.booleans()) else "") + text


def _with_semicolons(text: str) -> str:
    lines = text.split("\n")
    ends = ("'", '"', ")")
    return "\n".join(
        f"{line};"
        if line.startswith(("import", "const", "exports")) and line.endswith(ends)
        else line
        for line in lines
    )


def handlers() -> st.SearchStrategy[Handler]:
    """Modules with a handler, of every shape."""
    return st.one_of(modules(), modules(), commonjs_modules())
