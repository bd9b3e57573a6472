"""The order of imports that Redwood's ESLint configuration asks for."""

from __future__ import annotations

import re

# Node's own modules that a handler may import; `node:` names are recognised by their prefix.
_BUILTIN = frozenset(
    re.findall(
        r"\S+",
        """
        assert async_hooks buffer child_process cluster console constants crypto dgram
        diagnostics_channel dns domain events fs http http2 https inspector module net os path
        perf_hooks process punycode querystring readline repl stream string_decoder sys timers tls
        trace_events tty url util v8 vm wasi worker_threads zlib
        """,
    )
)
_GLOB = re.compile(r"src/[^/]*/[^/]*/[^/]*\.(sdl\.)?\{js,ts\}")


def rank(module: str) -> float:
    """The group of an import, groups in ascending order.

    Taken from the `import/order` rule of `@redwoodjs/eslint-config` 8.9.0: Node, packages,
    `@redwoodjs/*`, the globs of directives, SDLs and services, `src/*`, `../*`, `./*`, `.`.
    """
    if module == "react":
        return 0.1
    if module.startswith("@redwoodjs/"):
        return 1.1
    if _GLOB.fullmatch(module):
        return 1.9
    if module.startswith("src/"):
        return 2
    if module.startswith("node:") or module.split("/")[0] in _BUILTIN:
        return 0
    if module in {".", "./", "./index", "./index.js", "./index.ts"}:
        return 5
    if module == ".." or module.startswith("../"):
        return 3
    if module.startswith("./"):
        return 4
    return 1
