"""Register a function in the index of functions, and take it out again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from ...typescript.bindings import Binding, Module
from ...typescript.edits import (
    Edits,
    append_item,
    expression,
    object_member,
    remove_item,
    space_before,
    split_first_line,
    statement,
    with_space,
)
from ...typescript.imports import add_import, is_esm, remove_import
from ...typescript.layout import Site, break_long_lines, join_lines
from ...typescript.nodes import Branch, Node, is_kind, walk
from ...typescript.parser import parse
from ...typescript.style import PRETTIERS_LINES, Lines, Style, is_short, style_of
from ..graphql_handler.import_order import ORDERS
from .lists import LIST, Index, entry_reference, find_list
from .modules import (
    FOLDER,
    bindings_of,
    is_local_export,
    is_reexport_of,
    specifier_for,
)

_BRACKETS = ("array", "object", "export_clause")
# What has the names that a statement imports.
_NAMES = ("named_imports", "object_pattern")


@dataclass(frozen=True)
class _Work:
    """A function, and the index that has it or gets it."""

    name: str
    index: Index
    style: Style
    esm: bool

    @property
    def module(self) -> Module:
        return self.index.module

    @property
    def program(self) -> Branch:
        return self.index.module.program


def register(
    source: str,
    name: str,
    suffix: str = ".ts",
    lines: Lines = PRETTIERS_LINES,
    file_suffix: str = "",
) -> str:
    """Add a function to the list of those that Inngest may run.

    Args:
        source: The text of the index.
        name: The function, exported by the module of this name in the folder of the functions.
        suffix: The index file's suffix, which tells the grammar.
        lines: How the app's lines are laid out.
        file_suffix: What an import of a file ends in, where no other import tells: `.js` in an
            app of ECMAScript modules.

    Returns:
        The new text; the text as it was where the function is listed already.

    Raises:
        Refusal: The list cannot be found or edited for certain; it has the lines to paste.
    """
    paste = (
        f"import {{ {name} }} from '{FOLDER}/{name}'\n"
        "\n"
        f"export const {LIST} = [/* the functions that are there, */ {name}]\n"
    )
    work = _read(source, name, suffix, lines, paste)
    brackets = find_list(work.index)
    specifier = specifier_for(work.program, name, file_suffix)
    if brackets is None:
        listed = any(is_reexport_of(part, name) for part in work.program.parts)
        return source if listed else _with_reexport(work, specifier)
    bindings = bindings_of(work.module, name)
    if any(_entries(work.module, each, bindings) for each in _all_brackets(work.module)):
        return source
    if not bindings and (others := work.module.bindings(name)):
        raise work.index.refusal(others[0].name, f"{name} is something else in this file.")
    local = bindings[0].name.text if bindings else name
    longer = append_item(brackets, _entry(brackets, local), work.style)
    edits = Edits(work.module)
    edits.put(brackets, longer)
    program = break_long_lines(edits.apply(), [Site(longer)], work.style)
    if not bindings:
        text = _import(work, specifier)
        program = add_import(program, text, work.style, ORDERS, edits.first())
    return program.source


def unregister(source: str, name: str, suffix: str = ".ts", lines: Lines = PRETTIERS_LINES) -> str:
    """Take a function out of the list of those that Inngest may run, and its import with it.

    Args:
        source: The text of the index.
        name: The function; see `register`.
        suffix: The index file's suffix, which tells the grammar.
        lines: How the app's lines are laid out.

    Returns:
        The new text; the text as it was where the function is not mentioned.

    Raises:
        Refusal: The function is used in another way than as an entry of a list.
    """
    work = _read(source, name, suffix, lines, paste="")
    plain, joined = (_without(work, join=join) for join in (False, True))
    if joined == plain:
        return plain
    # Lines are joined only where registering is what breaks them.
    return joined if register(joined, name, suffix, lines) == source else plain


def _read(source: str, name: str, suffix: str, lines: Lines, paste: str) -> _Work:
    program = parse(source, suffix)
    module = Module(program)
    style = style_of(module, source, lines)
    return _Work(name, Index(module, paste), style, is_esm(program, suffix))


def _all_brackets(module: Module) -> list[Branch]:
    """Everything in the index that may list functions."""
    found = (each for kind in _BRACKETS for each in module.of_kind(kind))
    return [each for each in found if each.kind != "export_clause" or is_local_export(each, module)]


def _entries(module: Module, brackets: Branch, bindings: list[Binding]) -> list[Node]:
    """The entries of a list that are the function."""
    return [
        entry
        for entry in brackets.named()
        if (token := entry_reference(entry))
        and any(module.lookup(token.text, token) is binding for binding in bindings)
    ]


def _entry(brackets: Branch, local: str) -> Node:
    if brackets.kind == "array":
        return expression(local)
    if brackets.kind == "object":
        return object_member(local)
    exported = statement(f"export {{ {local} }}")
    return exported.parts[1].parts[1]


def _import(work: _Work, specifier: str) -> str:
    name, style = work.name, work.style
    pad, quoted = style.padding, f"{style.quote}{specifier}{style.quote}"
    if work.esm:
        return f"import {{{pad}{name}{pad}}} from {quoted}{style.semicolon}"
    line = f"const {{{pad}{name}{pad}}} = require({quoted}){style.semicolon}"
    if is_short(line, style):
        return line
    comma = "," if style.trailing_comma else ""
    broken = style.newline.join(("{", f"{style.indent}{name}{comma}", "}"))
    return f"const {broken} = require({quoted}){style.semicolon}"


def _with_reexport(work: _Work, specifier: str) -> str:
    """The index with one more `export { name } from 'file'`, after the last one."""
    style, parts = work.style, list(work.program.parts)
    pad, quoted = style.padding, f"{style.quote}{specifier}{style.quote}"
    new = statement(f"export {{{pad}{work.name}{pad}}} from {quoted}{style.semicolon}")
    place = max(number for number, part in enumerate(parts) if is_kind(part, "export_statement"))
    following = parts[place + 1]
    same_line, rest = split_first_line(space_before(following))
    parts[place + 1 : place + 2] = [
        with_space(new, same_line + style.newline),
        with_space(following, rest),
    ]
    return work.program.with_parts(tuple(parts)).source


def _without(work: _Work, *, join: bool) -> str:
    module, program = work.module, work.program
    bindings = bindings_of(module, work.name)
    lists = {each: _entries(module, each, bindings) for each in _all_brackets(module)}
    _check_uses(work, bindings, [entry for entries in lists.values() for entry in entries])
    edits = Edits(module)
    for brackets, entries in lists.items():
        if entries:
            edits.on(brackets, _remover(entries, work.style))
    if edits:
        program = edits.apply()
        sites = [Site(each, own=True) for each in _new_brackets(program, work.program)]
        program = join_lines(program, sites, work.style) if join else program
    for part in work.program.parts:
        found = [each for each in bindings if module.is_inside(each.name, part)]
        if found or is_reexport_of(part, work.name):
            program = _without_names(work, program, cast("Branch", part), found)
    return program.source


def _check_uses(work: _Work, bindings: list[Binding], entries: list[Node]) -> None:
    """Refuse where a function is used as something else than an entry of a list."""
    explained = {id(entry_reference(entry)) for entry in entries}
    for token in (token for each in bindings for token in work.module.references(each)):
        if id(token) not in explained:
            raise work.index.refusal(
                token,
                f"{token.text} is used here in another way than as an entry of a list: take it"
                " out by hand.",
            )


def _remover(entries: Sequence[Node], style: Style) -> Callable[[Branch], Branch]:
    def remove(brackets: Branch) -> Branch:
        for entry in entries:
            brackets = remove_item(brackets, entry, style)
        return brackets

    return remove


def _new_brackets(program: Branch, before: Branch) -> list[Branch]:
    """The lists of a program that are other ones than before."""
    known = {id(node) for node in walk(before)}
    return [
        cast("Branch", node)
        for node in walk(program)
        if node.kind in _BRACKETS and id(node) not in known
    ]


def _without_names(work: _Work, program: Branch, part: Branch, bindings: list[Binding]) -> Branch:
    """The module without what a statement takes from the function's module."""
    lists = [cast("Branch", node) for node in walk(part) if node.kind in _NAMES]
    if sum(len(each.named()) for each in lists) <= len(bindings) or not lists:
        return remove_import(program, part)
    edits = Edits(Module(program))
    entries = [binding.declaration for binding in bindings]
    edits.on(lists[0], _remover(entries, work.style))
    return edits.apply()
