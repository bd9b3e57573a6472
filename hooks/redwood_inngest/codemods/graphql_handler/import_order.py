"""The orders of imports that Redwood's ESLint configuration has asked for."""

from __future__ import annotations

import re
from functools import partial

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
_FRAMEWORK = ("@redwoodjs/", "@cedarjs/")
_INDEX = {".", "./", "./index", "./index.js", "./index.ts"}


def _rank(module: str, framework_apart: bool, globs_apart: bool) -> float:
    """The group of an import, groups in ascending order.

    Taken from the `import/order` rule of `@redwoodjs/eslint-config` 8.9.0 and
    `@cedarjs/eslint-config` 5.0.3: Node, packages, the framework, the globs of directives, SDLs
    and services, `src/*`, `../*`, `./*`, `.`. Redwood 1 had no group for the globs.

    Args:
        module: The module specifier.
        framework_apart: Whether the framework's packages are a group of their own.
        globs_apart: Whether the globs are.
    """
    if module == "react":
        return 0.1
    if module.startswith("src/"):
        return 1.9 if globs_apart and _GLOB.fullmatch(module) else 2
    if module.startswith("node:") or module.split("/")[0] in _BUILTIN:
        return 0
    if module in _INDEX:
        return 5
    if module == ".." or module.startswith("../"):
        return 3
    if module.startswith("./"):
        return 4
    return 1.1 if framework_apart and module.startswith(_FRAMEWORK) else 1


# The newest first: the first that a file follows is kept.
ORDERS = (
    partial(_rank, framework_apart=True, globs_apart=True),
    partial(_rank, framework_apart=False, globs_apart=True),
    partial(_rank, framework_apart=True, globs_apart=False),
    partial(_rank, framework_apart=False, globs_apart=False),
)
