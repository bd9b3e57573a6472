"""Register a function in the index of functions, and take it out again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import cast

from ...typescript.bindings import Binding, Module
from ...typescript.edits import Edits, expression, object_member, statement
from ...typescript.imports import add_import, is_esm, remove_import
from ...typescript.layout import Layout, Site
from ...typescript.module_style import style_of
from ...typescript.nodes import Branch, Node, is_kind, walk
from ...typescript.parser import parse
from ...typescript.style import REDWOOD_STYLE, CodeStyle, is_short
from ..checked import check, sure
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
# The nodes with the names that a statement imports.
_NAMES = ("named_imports", "object_pattern")


@dataclass(frozen=True)
class _Work:
    """A function, and the index that has it or gets it."""

    name: str
    index: Index
    style: CodeStyle
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
    app: CodeStyle = REDWOOD_STYLE,
    file_suffix: str = "",
) -> str:
    """Add a function to the list of those that Inngest may run.

    Args:
        source: The text of the index.
        name: The function, exported by the module of this name in the folder of the functions.
        suffix: The index file's suffix, which tells the grammar.
        app: The style of the app's code.
        file_suffix: The ending of an imported file, where no other import shows it: `.js` in an
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
    with sure(paste):
        work = _read(source, name, suffix, app, paste)
        edits, sites = _registering(work, file_suffix)
        return _finished(work, edits, sites, suffix, lambda each: _registering(each, file_suffix))


def unregister(source: str, name: str, suffix: str = ".ts", app: CodeStyle = REDWOOD_STYLE) -> str:
    """Take a function out of the list of those that Inngest may run, and its import with it.

    Args:
        source: The text of the index.
        name: The function; see `register`.
        suffix: The index file's suffix, which tells the grammar.
        app: The style of the app's code.

    Returns:
        The new text; the text as it was where the function is not mentioned.

    Raises:
        Refusal: The function is used in another way than as an entry of a list.
    """
    with sure():
        work = _read(source, name, suffix, app, paste="")
        edits, sites = _unregistering(work)
        return _finished(work, edits, sites, suffix, _unregistering, join=True)


def _finished(
    work: _Work,
    edits: Edits,
    sites: list[Branch],
    suffix: str,
    again: Callable[[_Work], tuple[Edits, list[Branch]]],
    *,
    join: bool = False,
) -> str:
    """The text after the edits, its lines laid out, and checked."""
    if not edits:
        return work.program.source
    layout, program = Layout(work.module, work.style), edits.apply()
    touched = [Site(edits.now[id(old)], old) for old in sites if id(old) in edits.now]
    if join:
        program = layout.joined(program, touched)
    text = layout.broken(program, touched)

    def remaining(module: Module) -> str:
        index = replace(work.index, module=module)
        more, _ = again(replace(work, index=index))
        return "a second run would change it again" if more else ""

    check(edits, text, suffix, remaining)
    return text


def _registering(work: _Work, file_suffix: str) -> tuple[Edits, list[Branch]]:
    """The edits that register a function, and the lists that get longer."""
    edits = Edits(work.module, work.style)
    brackets = find_list(work.index)
    specifier = specifier_for(work.program, work.name, file_suffix)
    if brackets is None:
        if not any(is_reexport_of(part, work.name) for part in work.program.parts):
            _add_reexport(work, edits, specifier)
        return edits, []
    bindings = bindings_of(work.module, work.name)
    if any(_entries(work.module, each, bindings) for each in _all_brackets(work.module)):
        return edits, []
    if not bindings and (others := work.module.bindings(work.name)):
        raise work.index.refusal(others[0].name, f"{work.name} is something else in this file.")
    edits.append(brackets, _entry(brackets, bindings[0].name.text if bindings else work.name))
    if not bindings:
        tops = work.program.parts
        needed_by = next((top for top in tops if edits.is_in(top)), None)
        add_import(edits, _import(work, specifier), ORDERS, needed_by)
    return edits, [brackets]


def _read(source: str, name: str, suffix: str, app: CodeStyle, paste: str) -> _Work:
    program = parse(source, suffix)
    module = Module(program)
    style = style_of(module, source, app)
    return _Work(name, Index(module, paste), style, is_esm(program, suffix))


def _all_brackets(module: Module) -> list[Branch]:
    """Everything in the index that may list functions."""
    found = (each for kind in _BRACKETS for each in module.of_kind(kind))
    return [each for each in found if each.kind != "export_clause" or is_local_export(each, module)]


def _entries(module: Module, brackets: Branch, bindings: list[Binding]) -> list[Node]:
    """The entries of a list that name the function."""
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
    comma = "," if style.last_comma else ""
    broken = style.newline.join(("{", f"{style.indent}{name}{comma}", "}"))
    return f"const {broken} = require({quoted}){style.semicolon}"


def _add_reexport(work: _Work, edits: Edits, specifier: str) -> None:
    """Add one more `export { name } from 'file'`, after the last one."""
    style, parts = work.style, work.program.parts
    pad, quoted = style.padding, f"{style.quote}{specifier}{style.quote}"
    new = statement(f"export {{{pad}{work.name}{pad}}} from {quoted}{style.semicolon}")
    place = max(number for number, part in enumerate(parts) if is_kind(part, "export_statement"))
    edits.insert_below(work.program, new, parts[place + 1], blank=False)


def _unregistering(work: _Work) -> tuple[Edits, list[Branch]]:
    """The edits that take a function out, and the lists that get shorter."""
    module, edits = work.module, Edits(work.module, work.style)
    bindings = bindings_of(module, work.name)
    lists = {each: _entries(module, each, bindings) for each in _all_brackets(module)}
    _check_uses(work, bindings, [entry for entries in lists.values() for entry in entries])
    touched = [brackets for brackets, entries in lists.items() if entries]
    for brackets in touched:
        for entry in lists[brackets]:
            edits.remove(brackets, entry)
    for part in work.program.parts:
        found = [each for each in bindings if module.is_inside(each.name, part)]
        if found or is_reexport_of(part, work.name):
            touched += _remove_names(edits, cast("Branch", part), found)
    return edits, touched


def _check_uses(work: _Work, bindings: list[Binding], entries: list[Node]) -> None:
    """Refuse where a function is used as anything but an entry of a list."""
    explained = {id(entry_reference(entry)) for entry in entries}
    for token in (token for each in bindings for token in work.module.references(each)):
        if id(token) not in explained:
            raise work.index.refusal(
                token,
                f"{token.text} is used here in another way than as an entry of a list: take it"
                " out by hand.",
            )


def _remove_names(edits: Edits, part: Branch, bindings: list[Binding]) -> list[Branch]:
    """Take a statement's names of the function out; return the lists that get shorter."""
    lists = [cast("Branch", node) for node in walk(part) if node.kind in _NAMES]
    if sum(len(each.named()) for each in lists) <= len(bindings) or not lists:
        remove_import(edits, part)
        return []
    for binding in bindings:
        item = binding.declaration if is_kind(lists[0], "named_imports") else binding.name
        edits.remove(lists[0], item)
    return lists[:1]
