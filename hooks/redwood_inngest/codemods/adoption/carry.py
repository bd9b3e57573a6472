"""Carry an app's own code into a module of the template: options, statements, imports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import cast

from ...typescript.bindings import Module
from ...typescript.edits import Edits, expression, object_member, statement
from ...typescript.lists import spaces_around
from ...typescript.literals import string_literal
from ...typescript.nodes import Branch, Node, is_kind, place_of
from ...typescript.parser import parse
from ...typescript.statements import tail_and_lead
from ...typescript.style import CodeStyle
from ...typescript.trivia import is_broken, space_before, with_space
from ..sdk.objects import find, key_of
from .imports import (
    Import,
    edited,
    imports_of,
    names_at_top,
    with_imports,
    without_unused,
)
from .parts import BUNDLED_PLUGIN, CLIENT, PLUGIN_PACKAGE, Part, part_in

# Types of the npm package that our plugin has by other names.
TYPES = {
    "InngestUserContextOptions": "BuildOptions",
    "UseInngestEventNameFunctionOptions": "BuildEventNameOptions",
    "UseInngestEventNamePrefixFunctionOptions": "BuildOptions",
    "UseInngestPluginOptions": "UseInngestOptions",
    "UseInngestUserContextOptions": "BuildOptions",
}
# Those that our plugin has as types of its options.
OPTION_TYPES = {
    "BuildEventNameFunction": "buildEventNameFunction",
    "BuildEventNamePrefixFunction": "buildEventNamePrefixFunction",
    "BuildUserContextFunction": "buildUserContextFunction",
}
_OPTIONS = "UseInngestOptions"


@dataclass(frozen=True)
class Target:
    """The template's module that takes the place of an app's.

    Attributes:
        text: The module, as it is rendered.
        suffix: The suffix of its file.
        style: The style of the app's code.
        specifier: Tells the specifier by which it imports what the app's module imports by another.
        bundled: Whether our plugin takes the place of the npm package.
    """

    text: str
    suffix: str
    style: CodeStyle
    specifier: Callable[[str], str]
    bundled: bool = False

    def imports(self, wanted: Sequence[Import]) -> list[Import]:
        """Imports of the app's module, as this one has them."""
        return [self._import(one) for one in wanted]

    def _import(self, one: Import) -> Import:
        if not self.bundled or one.module != PLUGIN_PACKAGE:
            return Import(self.specifier(one.module), one.name, one.local, one.type_only)
        if one.name in OPTION_TYPES:
            return Import(BUNDLED_PLUGIN, _OPTIONS, _OPTIONS, type_only=True)
        return Import(BUNDLED_PLUGIN, TYPES.get(one.name, one.name), one.local, type_only=True)

    def types(self, wanted: Sequence[Import]) -> list[str]:
        """Declarations of types that our plugin has no names for."""
        quote = self.style.quote
        return [
            f"type {one.local} = {_OPTIONS}[{quote}{OPTION_TYPES[one.name]}{quote}]"
            + self.style.semicolon
            for one in wanted
            if self.bundled and one.module == PLUGIN_PACKAGE and one.name in OPTION_TYPES
        ]


def carry(
    target: Target,
    old: Part,
    members: Sequence[Node] = (),
    statements: Sequence[Node] = (),
    below: Sequence[Node] = (),
    exports: Sequence[str] = (),
    what: str = "",
) -> str:
    """Carry code of a part into the template's module for it.

    Args:
        target: The template's module.
        old: The part.
        members: The options to carry; each counts before the template's of the same name.
        statements: The statements to carry, above the part.
        below: The statements to carry to the end.
        exports: Statements to add at the end.
        what: The part that gets them, where it is another one than theirs.

    Returns:
        The module.

    Raises:
        Refusal: A name of the app's code means something else in the template's module.
        Unsure: The result has failed a check.
    """
    text, suffix, style, what = target.text, target.suffix, target.style, what or old.what
    own = [one.name.text for one in names_at_top(Module(parse(text, suffix)))]
    _check_names(old, (*statements, *below), own)
    needed = imports_of(old.module, (*members, *statements, *below))
    if members:
        text = edited(text, suffix, style, partial(_set, target, what, old, members))
    for code in target.types(needed):
        declared = statement(code, suffix)
        text = edited(text, suffix, style, partial(_put, target, what, old, declared))
    for one in statements:
        text = edited(text, suffix, style, partial(_put, target, what, old, one))
    last = [_statement(target, old, one) for one in below]
    for new in (*last, *(statement(code, suffix) for code in exports)):
        text = edited(text, suffix, style, partial(_put_last, new))
    text = without_unused(text, own, suffix, style) if members else text
    return with_imports(text, target.imports(needed), suffix, style)


def with_id(target: Target, app_id: str) -> Target:
    """The template's client with another id, such as one that the questionnaire does not take."""

    def set_id(edits: Edits) -> None:
        value = part_in(edits.module, target.suffix, CLIENT).value("id")
        edits.replace(cast("Node", value), expression(quoted))

    literal, quote = string_literal(app_id), target.style.quote
    quoted = literal if quote == "'" or quote in literal else f"{quote}{literal[1:-1]}{quote}"
    return replace(target, text=edited(target.text, target.suffix, target.style, set_id))


def list_functions(
    target: Target,
    old: Part,
    codes: Sequence[str],
    nodes: Sequence[Node],
    statements: Sequence[Node] = (),
) -> str:
    """Put an app's functions into the template's list; see `carry`.

    Args:
        target: The template's module with the list.
        old: The app's endpoint.
        codes: The functions, as entries of a list.
        nodes: The code of the endpoint that names them.
        statements: The statements of the endpoint that these need.
    """
    text, suffix, style = target.text, target.suffix, target.style
    wanted = target.imports(imports_of(old.module, (*nodes, *statements)))

    def fill(edits: Edits) -> list[Node]:
        array = _list(edits.module)
        for code in codes:
            item = cast("Branch", expression(f"[{code}]", suffix)).parts[1]
            edits.append(array, edits.bring(with_space(item, "")))
        return [array]

    text = edited(text, suffix, style, fill)
    for one in statements:
        text = edited(text, suffix, style, partial(_put, target, "list", old, one))
    return with_imports(text, wanted, suffix, style)


def _list(module: Module) -> Branch:
    values = (one.part("value") for one in module.of_kind("variable_declarator"))
    return next(cast("Branch", value) for value in values if is_kind(value, "array"))


def _check_names(old: Part, statements: Sequence[Node], own: Sequence[str]) -> None:
    for binding in names_at_top(old.module):
        declared = any(old.module.is_inside(binding.name, one) for one in statements)
        if declared and binding.name.text in own:
            raise old.refusal(
                binding.name,
                f"{binding.name.text} is a name that the module which takes this one's place has, "
                "too: rename it, and run adopt again.",
            )


def _set(target: Target, what: str, old: Part, members: Sequence[Node], edits: Edits) -> None:
    """Give the template's call the app's own options."""
    found = cast("Branch", part_in(edits.module, target.suffix, what).options)
    if not is_broken(space_before(found.parts[-1])):
        new = expression(_on_lines(found, target, old, members), target.suffix)
        edits.replace(found, edits.bring(new))
        return
    for one in members:
        present = find(found, key_of(one) or "")
        if present:
            edits.remove(found, present, moved=True)
        member = object_member(one.code, target.suffix)
        edits.append(found, edits.bring(with_space(member, _comments(old, one, target.style))))


def _on_lines(literal: Branch, target: Target, old: Part, members: Sequence[Node]) -> str:
    """An object with more members, each on a line of its own."""
    line = target.style.newline + target.style.indent
    lines = [one.code for one in literal.named()]
    for one in members:
        comments = _comments(old, one, target.style)
        lines.append(comments + line * bool(comments) + one.code)
    comma = "," * target.style.last_comma
    return f"{{{line}{f',{line}'.join(lines)}{comma}{target.style.newline}}}"


def _comments(old: Part, node: Node, style: CodeStyle) -> str:
    """The comments that belong to an option or a statement, those beside it, too, as lines."""
    around = cast("Branch", old.module.parent(node))
    indent = ""
    if around is old.module.program:
        following = around.parts[place_of(around, node) + 1]
        spaces = (tail_and_lead(node)[1], tail_and_lead(following)[0])
    else:
        before, *beside = spaces_around(around, node)
        spaces, indent = (before, "".join(beside)), style.indent
    comments = [space.strip() for space in spaces if space.strip()]
    return f"{style.newline}{indent}".join(comments)


def _put(target: Target, what: str, old: Part, node: Node, edits: Edits) -> None:
    """Put a statement, with the comments above it, above the one that makes the part."""
    program = edits.module.program
    if what == "list":
        top = next(one for one in program.parts if is_kind(one, "export_statement"))
    else:
        top = part_in(edits.module, target.suffix, what).statement
    edits.insert_above(program, edits.bring(_statement(target, old, node)), top, blank=True)


def _put_last(new: Node, edits: Edits) -> None:
    program = edits.module.program
    edits.insert_below(program, edits.bring(new), program.parts[-1], blank=True)


def _statement(target: Target, old: Part, node: Node) -> Node:
    """A statement of the app's module, with its comments."""
    comments = _comments(old, node, target.style) if old.module.parent(node) else ""
    lead = comments + target.style.newline if comments else ""
    return with_space(statement(node.code, target.suffix), lead)
