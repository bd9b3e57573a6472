"""Mutations of source text, as people, merges and editors make them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

_TOKEN = re.compile(
    r"\s+|//[^\n]*|/\*.*?\*/|'[^'\n]*'|\"[^\"\n]*\"|\w+|=>|\.\.\.|\?\.|.", re.DOTALL
)

# With and without text that looks like code, of one line and of several.
COMMENTS = (
    " // why\n",
    " // extraPlugins: [inngestPlugin],\n",
    " // })\n",
    "// eslint-disable-next-line\n",
    "//\n",
    " /* why */ ",
    "/* extraPlugins: [ */",
    " /* })\n   , */ ",
    " /* from\n   'src/inngest/plugin' */\n",
    "\n/**\n * inngestPlugin, // ,\n */\n",
    "/*\n\n*/",
)
UNICODE = (
    "\u00a0",
    "\u2028",
    "\u2029",
    "\ufeff",
    "\u200b",
    "\u3000",
    "漢字",
    "😀",
    "é",
    "\x00",
    "\r",
    "\x0b",
)
PIECES = (
    *"()[]{},;:.?!=&|+-/`'\"",
    "...",
    "?.",
    " as const",
    " satisfies X",
    "await ",
    "inngestPlugin",
    "inngestGraphQLPlugin",
    "extraPlugins",
    "extraPlugins: [inngestPlugin],",
    "...options,",
    "optionsWithoutInngest",
    "createGraphQLHandler({})",
    "import { inngestPlugin } from 'src/inngest/plugin'\n",
    "\n",
    "\n\n",
    "\t",
    "  ",
)

Mutation = Callable[[random.Random, str], str]


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text)


def _on_tokens(change: Callable[[random.Random, list[str]], None]) -> Mutation:
    def mutate(random: random.Random, text: str) -> str:
        tokens = _tokens(text)
        if len(tokens) > 1:
            change(random, tokens)
        return "".join(tokens)

    return mutate


def _on_lines(change: Callable[[random.Random, list[str]], None]) -> Mutation:
    def mutate(random: random.Random, text: str) -> str:
        lines = text.splitlines(keepends=True)
        if len(lines) > 1:
            change(random, lines)
        return "".join(lines)

    return mutate


def _delete(random: random.Random, parts: list[str]) -> None:
    del parts[random.randrange(len(parts))]


def _double(random: random.Random, parts: list[str]) -> None:
    place = random.randrange(len(parts))
    parts.insert(place, parts[place])


def _swap(random: random.Random, parts: list[str]) -> None:
    one, other = random.randrange(len(parts)), random.randrange(len(parts))
    parts[one], parts[other] = parts[other], parts[one]


def _swap_with_next(random: random.Random, parts: list[str]) -> None:
    place = random.randrange(len(parts) - 1)
    parts[place : place + 2] = parts[place + 1], parts[place]


def _insert(pieces: tuple[str, ...]) -> Callable[[random.Random, list[str]], None]:
    def change(random: random.Random, parts: list[str]) -> None:
        parts.insert(random.randrange(len(parts) + 1), random.choice(pieces))

    return change


def _join_lines(random: random.Random, parts: list[str]) -> None:
    place = random.randrange(len(parts))
    parts[place] = parts[place].rstrip("\r\n") + " "


# Comments most often: they break least, so that what comes out is still a handler.
MUTATIONS: tuple[Mutation, ...] = (
    *[_on_tokens(_insert(COMMENTS))] * 6,
    *[_on_tokens(_insert(UNICODE))] * 2,
    *[_on_tokens(_insert(PIECES))] * 2,
    _on_tokens(_delete),
    _on_tokens(_double),
    _on_tokens(_swap),
    _on_tokens(_swap_with_next),
    *[_on_lines(_delete)] * 2,
    *[_on_lines(_double)] * 2,
    _on_lines(_swap),
    *[_on_lines(_swap_with_next)] * 2,
    _on_lines(_join_lines),
)


def mutated(random: random.Random, text: str) -> str:
    """A text after one to four mutations, fewer more often."""
    for _ in range(random.choice((1, 1, 1, 2, 2, 3, 4))):
        text = random.choice(MUTATIONS)(random, text)
    return text
