"""The import statements and `require` calls of a module, and where one more belongs."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import cast

from .edits import place_of, space_before, split_first_line, statement, with_space
from .expressions import arguments_of, callee, member, string_value, unwrap
from .nodes import Branch, Node, Token, is_kind, walk
from .style import Style

Rank = Callable[[str], float]

# Comments that speak about the next line, so that nothing may come between.
_NEXT_LINE = re.compile(r"eslint-disable-next-line|@ts-ignore|@ts-expect-error|prettier-ignore")
_BLANK_LINE = re.compile(r"\r?\n[ \t]*\r?\n")


def is_esm(program: Branch, suffix: str) -> bool:
    """Whether a module imports with `import`, and not with `require`."""
    if suffix in {".mjs", ".mts"}:
        return True
    if any(is_kind(part, "import_statement", "export_statement") for part in program.parts):
        return True
    return suffix != ".cjs" and not any(
        is_kind(node, "identifier") and node.code in {"require", "module", "exports"}
        for node in walk(program)
    )


def module_of(node: Node) -> str | None:
    """The module that a statement loads; nothing where it does something else."""
    if not isinstance(node, Branch):
        return None
    if node.kind == "import_statement":
        equals = node.parts[1] if is_kind(node.parts[1], "import_require_clause") else node
        return string_value(cast("Branch", equals).part("source"))
    if node.kind in {"lexical_declaration", "variable_declaration"}:
        declarators = [part for part in node.parts if is_kind(part, "variable_declarator")]
        value = declarators[0].part("value") if isinstance(declarators[0], Branch) else None
        return _required(value) if value and len(declarators) == 1 else None
    return None


def _required(value: Node) -> str | None:
    """The module in `require('module')`, `require('module').name` and `require('module')()`."""
    value = unwrap(value)
    while isinstance(value, Branch):
        found = member(value)
        if found:
            value = found[0]
        elif value.kind == "call_expression":
            function, arguments = callee(value), arguments_of(value)
            if is_kind(function, "identifier") and function and function.code == "require":
                return string_value(arguments[0]) if arguments else None
            value = function or value.parts[-1]
        else:
            break
    return None


def add_import(
    program: Branch, text: str, style: Style, ranks: Sequence[Rank], end: int | None = None
) -> Branch:
    """The module with one more import, where the order of its imports wants it.

    Args:
        program: The module.
        text: The statement that imports; with `import`, or with `require` where the module does.
        style: How the file is written.
        ranks: The orders that imports may be in: each tells the group of a module specifier,
            groups in ascending order. The first that the module keeps is kept.
        end: The place of the first statement that needs the import; a `require` comes before it.
    """
    new = statement(text)
    module = module_of(new) or ""
    last = end if new.kind != "import_statement" else None
    imports = [
        (place, specifier)
        for place, part in enumerate(program.parts[:last])
        if _kind(part) == _kind(new) and (specifier := module_of(part)) is not None
    ]
    if not imports:
        return _insert_first(program, new, style)
    for rank in ranks:
        found = _ordered_place(program, imports, module, rank)
        if found:
            place, close, after = found
            insert = _insert_after if after else _insert_before
            return insert(program, place, new, close, style)
    place, other = imports[-1]
    return _insert_after(program, place, new, ranks[0](other) == ranks[0](module), style)


def _kind(node: Node) -> str:
    return "import" if node.kind == "import_statement" else "require"


def _ordered_place(
    program: Branch, imports: list[tuple[int, str]], module: str, rank: Rank
) -> tuple[int, bool, bool] | None:
    """The import to stand by, whether on the next line, and whether after it.

    Nothing where the imports are in another order.
    """
    named = [(place, other) for place, other in imports if _binds(program.parts[place])]
    order = [rank(other) for _, other in named]
    if not order or order != sorted(order):
        return None
    mine = rank(module)
    pairs = list(zip(named, order, strict=True))
    group = [(place, sort_key(other)) for (place, other), number in pairs if number == mine]
    keys = [key for _, key in group]
    lower = [place for (place, _), number in pairs if number < mine]
    if keys != sorted(keys):
        return None
    smaller = [place for place, key in group if key <= sort_key(module)]
    if smaller:
        return smaller[-1], True, True
    if group:
        return group[0][0], True, False
    return (lower[-1], False, True) if lower else (named[0][0], False, False)


def _binds(node: Node) -> bool:
    """Whether an import binds names; `import/order` ignores those that only have an effect."""
    return not is_kind(node, "import_statement") or any(
        is_kind(part, "import_clause", "import_require_clause")
        for part in (node.parts if isinstance(node, Branch) else ())
    )


def sort_key(module: str) -> tuple[str, ...]:
    """How eslint-plugin-import's `import/order` sorts within a group, letter case aside."""
    return tuple(module.lower().split("/"))


def remove_import(program: Branch, old: Branch) -> Branch:
    """The module without one of its imports: what `add_import` undoes, byte for byte."""
    parts = list(program.parts)
    place = place_of(program, old)
    following = parts[place + 1]
    mine, rest = space_before(old), space_before(following)
    if place and _ends_on_another_line(old):
        before, semicolon = cast("Branch", parts[place - 1]), cast("Token", old.parts[-1])
        end = semicolon.with_space(split_first_line(mine)[0] + semicolon.space)
        parts[place - 1 : place + 1] = [before.with_parts((*before.parts, end))]
        return program.with_parts(tuple(parts))
    trailing, own = split_first_line(mine)
    opens_group = place == 0 or (
        _kind(following) == _kind(old)
        and module_of(following) is not None
        and _is_blank(own)
        and not _is_blank(rest)
    )
    kept = mine + rest.lstrip("\r\n")
    joined = kept if opens_group else trailing + split_first_line(rest)[1]
    parts[place : place + 2] = [with_space(following, joined)]
    return program.with_parts(tuple(parts))


def _insert_after(program: Branch, place: int, new: Node, close: bool, style: Style) -> Branch:
    """Insert behind a statement: on the next line when `close`, else after a blank line.

    Where the next import follows without a blank line, the file does without such lines.
    """
    if _ends_on_another_line(program.parts[place]):
        return _insert_before_semicolon(program, place, new, style)
    following = program.parts[place + 1]
    trailing, rest = split_first_line(space_before(following))
    next_import = _kind(following) == _kind(new) and module_of(following) is not None
    close = close or (next_import and not _is_blank(rest))
    gap = style.newline if close else style.newline * 2
    return _insert(program, place + 1, with_space(new, trailing + gap), rest)


def _ends_on_another_line(node: Node) -> bool:
    """Whether the semicolon after a statement stands in front of the next: `;[1].map(f)`."""
    last = node.parts[-1] if node.parts else node
    return isinstance(last, Token) and last.text == ";" and "\n" in last.space


def _insert_before_semicolon(program: Branch, place: int, new: Node, style: Style) -> Branch:
    old, added = cast("Branch", program.parts[place]), cast("Branch", new)
    semicolon = cast("Token", old.parts[-1])
    trailing, rest = split_first_line(semicolon.space)
    added = cast("Branch", with_space(added, trailing + style.newline))
    own = added.parts[:-1] if added.parts[-1].kind == ";" else added.parts
    parts = list(program.parts)
    parts[place : place + 1] = [
        old.with_parts(old.parts[:-1]),
        added.with_parts((*own, semicolon.with_space(rest))),
    ]
    return program.with_parts(tuple(parts))


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
    following = parts[place]
    if _kind(new) == "require" and following.code[:1] in _CONTINUES and isinstance(new, Branch):
        new = new.with_parts((*new.parts, Token(";")))
    parts[place : place + 1] = [new, with_space(following, space)]
    return program.with_parts(tuple(parts))


# A line that begins with one of these goes on with the line before it.
_CONTINUES = tuple("([`+-/")


def _own_comments(space: str, first: bool) -> str:
    """The comments right above an import that belong to it, and not to the top of the file."""
    lines = space.splitlines(keepends=True)
    kept = len(lines)
    while kept > 0 and lines[kept - 1].strip():
        kept -= 1
    own = "".join(lines[kept:])
    return own if not first or _NEXT_LINE.search(own) else ""


def _is_blank(space: str) -> bool:
    """Whether a space begins with a newline and an empty line."""
    return _BLANK_LINE.match(space) is not None
