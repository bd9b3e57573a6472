"""The imports of a module: what they bind, and where one more belongs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace as changed

from .edits import space_before, statement, with_space
from .nodes import Branch, Node, Token, is_kind, walk
from .style import Style

Rank = Callable[[str], float]


@dataclass(frozen=True)
class Imported:
    """One name that an import statement binds.

    Attributes:
        local: The name in this module.
        name: The name in the other module; `default`, or `*` for the module itself.
        module: The module specifier.
        statement: The import statement.
    """

    local: str
    name: str
    module: str
    statement: Branch


def string_value(node: Node | None) -> str | None:
    """What a string literal without escapes says; nothing for any other node."""
    if not isinstance(node, Branch) or node.kind != "string":
        return None
    return "".join(token.space + token.text for token in node.tokens())[
        len(space_before(node)) + 1 : -1
    ]


def imported_names(program: Branch) -> list[Imported]:
    """All names that the import statements of a module bind, type-only ones left out."""
    found: list[Imported] = []
    for part in program.parts:
        module = module_of(part)
        if module is None or not isinstance(part, Branch) or _is_type_only(part):
            continue
        for node in walk(part):
            if (
                is_kind(node, "import_specifier")
                and isinstance(node, Branch)
                and not _is_type_only(node)
            ):
                names = [name.code for name in (node.part("name"), node.part("alias")) if name]
                found.append(Imported(names[-1], names[0].strip("'\""), module, part))
    return found


def _is_type_only(node: Branch) -> bool:
    return any(type(part) is Token and part.text in {"type", "typeof"} for part in node.parts)


def module_of(node: Node) -> str | None:
    """The module that an import statement imports; nothing for any other node."""
    return (
        string_value(node.part("source"))
        if is_kind(node, "import_statement") and isinstance(node, Branch)
        else None
    )


def add_import(program: Branch, text: str, module: str, style: Style, rank: Rank) -> Branch:
    """The module with one more import, where the order of its imports wants it.

    Args:
        program: The module.
        text: The import statement.
        module: The module specifier in that statement.
        style: How the file is written.
        rank: The group that a module specifier belongs to; groups are in ascending order.
    """
    new, mine = statement(text), rank(module)
    imports = [place for place, part in enumerate(program.parts) if _is_import(part)]
    ranked = [
        (rank(module_of(program.parts[place]) or ""), place)
        for place in imports
        if _binds(program.parts[place])
    ]
    if not imports:
        return _insert_first(program, new, style)
    if not ranked or ranked != sorted(ranked):
        return _insert_after(
            program, imports[-1], new, bool(ranked) and ranked[-1][0] == mine, style
        )
    group = [place for number, place in ranked if number == mine]
    keys = [sort_key(module_of(program.parts[place]) or "") for place in group]
    lower = [place for number, place in ranked if number < mine]
    if group and keys != sorted(keys):
        return _insert_after(program, group[-1], new, True, style)
    if group and keys[0] <= sort_key(module):
        place = group[sum(key <= sort_key(module) for key in keys) - 1]
        return _insert_after(program, place, new, True, style)
    if group or not lower:
        return _insert_before(program, (group or imports)[0], new, bool(group), style)
    return _insert_after(program, lower[-1], new, False, style)


def remove_import(program: Branch, statement: Branch) -> Branch:
    """The module without one of its imports: what `add_import` undoes, byte for byte."""
    parts = list(program.parts)
    place = next(number for number, part in enumerate(parts) if part is statement)
    following = parts[place + 1]
    mine, rest = space_before(statement), space_before(following)
    trailing, own = _split_first_line(mine)
    opens_group = place == 0 or (_is_import(following) and _is_blank(own) and not _is_blank(rest))
    joined = mine + rest.lstrip("\r\n") if opens_group else trailing + rest
    parts[place : place + 2] = [with_space(following, joined)]
    return changed(program, parts=tuple(parts))


def _is_import(node: Node) -> bool:
    return node.kind == "import_statement"


def _binds(node: Node) -> bool:
    """Whether an import binds names; `import/order` ignores those that only have an effect."""
    return isinstance(node, Branch) and any(
        is_kind(part, "import_clause", "import_require_clause") for part in node.parts
    )


def sort_key(module: str) -> tuple[str, ...]:
    """How eslint-plugin-import's `import/order` sorts within a group, letter case aside."""
    return tuple(module.lower().split("/"))


def _insert_after(program: Branch, place: int, new: Node, close: bool, style: Style) -> Branch:
    """Insert behind a statement: on the next line when `close`, else after a blank line.

    Where the next import follows without a blank line, the file does without such lines.
    """
    following = program.parts[place + 1]
    trailing, rest = _split_first_line(space_before(following))
    close = close or (_is_import(following) and not _is_blank(rest))
    gap = style.newline if close else style.newline * 2
    return _insert(program, place + 1, with_space(new, trailing + gap), rest)


def _insert_before(program: Branch, place: int, new: Node, close: bool, style: Style) -> Branch:
    """Insert before an import and the comments that belong to it."""
    space = space_before(program.parts[place])
    own = _own_comments(space, place == 0)
    gap = style.newline if close else style.newline * 2
    before = space[: len(space) - len(own)]
    return _insert(program, place, with_space(new, before), gap + own)


def _insert_first(program: Branch, new: Node, style: Style) -> Branch:
    """Insert before everything but a shebang line, directives such as `'use strict'`, a header."""
    place = 0
    while _is_prologue(program.parts[place]):
        place += 1
    if place:
        return _insert_after(program, place - 1, new, False, style)
    return _insert_before(program, 0, new, False, style)


def _is_prologue(node: Node) -> bool:
    if is_kind(node, "expression_statement") and isinstance(node, Branch):
        return node.parts[0].kind == "string"
    return node.kind == "hash_bang_line"


def _insert(program: Branch, place: int, new: Node, space: str) -> Branch:
    parts = list(program.parts)
    parts[place : place + 1] = [new, with_space(parts[place], space)]
    return changed(program, parts=tuple(parts))


def _own_comments(space: str, first: bool) -> str:
    """The comments right above an import that belong to it, and not to the top of the file."""
    lines = space.splitlines(keepends=True)
    kept = len(lines)
    while kept > 0 and lines[kept - 1].strip():
        kept -= 1
    own = "".join(lines[kept:])
    return own if not first or _NEXT_LINE.search(own) else ""


# Comments that speak about the next line, so that nothing may come between.
_NEXT_LINE = re.compile(r"eslint-disable-next-line|@ts-ignore|@ts-expect-error|prettier-ignore")


def _split_first_line(space: str) -> tuple[str, str]:
    """What stands on the same line, and the rest from its newline on."""
    line = re.match(r"[^\r\n]*", space)
    cut = line.end() if line else 0
    return space[:cut], space[cut:]


def _is_blank(space: str) -> bool:
    """Whether a space begins with a newline and an empty line."""
    return re.match(r"\r?\n[ \t]*\r?\n", space) is not None
