"""The import statements and `require` calls of a module, and where one more belongs."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence

from .edits import Edits, statement
from .expressions import arguments_of, callee, member, string_value, unwrap
from .nodes import Branch, Node, is_kind, place_of, walk
from .statements import ends_on_another_line, tail_and_lead

Rank = Callable[[str], float]

_DECLARATIONS = {"lexical_declaration", "variable_declaration"}
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
    """The module that a statement loads; None where it does something else."""
    if node.kind == "import_statement":
        equals = node.parts[1] if node.parts[1].kind == "import_require_clause" else node
        return string_value(equals.part("source"))
    if node.kind in _DECLARATIONS:
        declarators = [part for part in node.parts if part.kind == "variable_declarator"]
        value = declarators[0].part("value")
        return _required(value) if value and len(declarators) == 1 else None
    return None


def _required(value: Node) -> str | None:
    """The module in `require('module')`, `require('module').name` and `require('module')()`."""
    value = unwrap(value)
    while (found := member(value)) or value.kind == "call_expression":
        inner = found[0] if found else callee(value)
        if not found and is_kind(inner, "identifier") and inner and inner.text == "require":
            arguments = arguments_of(value)
            return string_value(arguments[0]) if arguments else None
        value = inner or value.parts[-1]
    return None


def add_import(
    edits: Edits, text: str, ranks: Sequence[Rank], needed_by: Node | None = None
) -> None:
    """Add an import to a module, where the order of its imports wants it.

    Args:
        edits: The edits of the module.
        text: The statement that imports; with `import`, or with `require` where the module does.
        ranks: The orders that imports may be in: each tells the group of a module specifier,
            groups in ascending order. The first that the module keeps is kept.
        needed_by: The first statement that needs the import; a `require` comes before it.
    """
    program, new = edits.module.program, statement(text)
    module = module_of(new) or ""
    parts = program.parts
    last = place_of(program, needed_by) if needed_by and not _is_import(new) else None
    loading = {new.kind} if _is_import(new) else _DECLARATIONS
    imports = [
        (place, specifier)
        for place, part in enumerate(parts[:last])
        if part.kind in loading and (specifier := module_of(part)) is not None
    ]
    if not imports:
        _add_first(edits, new)
        return
    for rank in ranks:
        found = _ordered_place(program, imports, module, rank)
        if found:
            break
    else:
        place, other = imports[-1]
        found = (place, ranks[0](other) == ranks[0](module), True)
    place, close, after = found
    if after:
        _add_below(edits, place, new, close)
    else:
        edits.insert_above(program, new, parts[place], blank=not close)


def _add_below(edits: Edits, place: int, new: Node, close: bool) -> None:
    """Add below a statement: on the next line when `close`, else after a blank one.

    Where the next import follows without a blank line, the file does without such lines.
    """
    program = edits.module.program
    following = program.parts[place + 1]
    next_import = _is_import(following) == _is_import(new) and module_of(following) is not None
    close = close or (next_import and not _is_blank(tail_and_lead(following)[1]))
    close = close or ends_on_another_line(program.parts[place])
    edits.insert_below(program, new, following, blank=not close)


def _add_first(edits: Edits, new: Node) -> None:
    """Add before everything but a shebang line, directives such as `'use strict'`, a header."""
    program = edits.module.program
    place = 0
    while _is_prologue(program.parts[place]):
        place += 1
    if place:
        _add_below(edits, place - 1, new, False)
    else:
        edits.insert_above(program, new, program.parts[0], blank=True)


def _is_prologue(node: Node) -> bool:
    if is_kind(node, "expression_statement"):
        return is_kind(node.parts[0], "string")
    return node.kind == "hash_bang_line"


def remove_import(edits: Edits, old: Node) -> None:
    """Remove one of a module's imports: the reverse of `add_import`."""
    program = edits.module.program
    place = place_of(program, old)
    following = program.parts[place + 1]
    opens_group = place == 0 or (
        _is_import(following) == _is_import(old)
        and module_of(following) is not None
        and _is_blank(tail_and_lead(old)[1])
        and not _is_blank(tail_and_lead(following)[1])
    )
    edits.remove_statement(program, old, opens_group=opens_group)


def _is_import(node: Node) -> bool:
    return node.kind == "import_statement"


def _ordered_place(
    program: Branch, imports: list[tuple[int, str]], module: str, rank: Rank
) -> tuple[int, bool, bool] | None:
    """The import to stand by, whether on the next line, and whether after it.

    Nothing where the imports are in another order.
    """
    parts = program.parts
    named = [one for one in imports if _binds(parts[one[0]])]
    order = [rank(other) for _, other in named]
    if not order or order != sorted(order):
        return None
    mine = rank(module)
    start, end = bisect_left(order, mine), bisect_right(order, mine)
    keys = [sort_key(other) for _, other in named[start:end]]
    if keys != sorted(keys):
        return None
    smaller = bisect_right(keys, sort_key(module))
    if smaller:
        return named[start + smaller - 1][0], True, True
    if keys:
        return named[start][0], True, False
    return (named[start - 1][0], False, True) if start else (named[0][0], False, False)


def _binds(node: Node) -> bool:
    """Whether an import binds names; `import/order` ignores those that only have an effect."""
    return node.parts[1].kind != "string"


def sort_key(module: str) -> tuple[str, ...]:
    """The key by which eslint-plugin-import's `import/order` sorts a group, letter case aside."""
    return tuple(module.lower().split("/"))


def _is_blank(space: str) -> bool:
    """Whether a space begins with a newline and an empty line."""
    return _BLANK_LINE.match(space) is not None
