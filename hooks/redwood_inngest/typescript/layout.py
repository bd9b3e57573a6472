"""Long lines, as Prettier breaks them: the outermost list of a line first, an item on each line."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

from .bindings import Module
from .edits import Edits, has_comment, space_before, split_first_line, with_space
from .nodes import Branch, Node, Token, is_kind, walk
from .style import Style, is_short

_GROUPS = {
    "arguments",
    "array",
    "arrow_function",
    "named_imports",
    "object",
    "ternary_expression",
}
_ENDS = ("_statement", "_declaration", "statement_block", "program", "class_body")
# What Prettier never puts on one line.
_TALL = {"class_body", "statement_block", "switch_body", "template_string"}
_CHAIN = {".", "?."}
_BEFORE_ITEMS = {"{", "[", "(", ","}
_CLOSING = {")", "]", "}"}
_ITEM_COMMENT = re.compile(r"\s*/\*(?:(?!\*/|\n).)*\*/ ")


@dataclass(frozen=True, eq=False)
class Site:
    """Where a list was edited.

    Attributes:
        node: The list, as it is after the edit.
        own: Whether this edit decides if an object has a line for each property; otherwise the
            object stays as its author laid it out, which is what Prettier does too.
        item: The item that was added to an object on one line.
        new: Whether the object around the list came with the edit.
        reindent: Whether the lines of the list's first item move one level.
    """

    node: Node
    own: bool = False
    item: Node | None = None
    new: bool = False
    reindent: bool = False


def may_have_long_lines(source: str, sites: Sequence[Site], style: Style) -> bool:
    """Whether there is anything in a text for `break_long_lines` to look at."""
    return any(site.reindent for site in sites) or not is_short(source, style)


def break_long_lines(program: Branch, sites: Sequence[Site], style: Style) -> Branch:
    """Break the lines that an edit made too long."""
    if not may_have_long_lines(program.source, sites, style):
        return program
    items = {id(site.node): site.item for site in sites}
    for site in sites:
        program = _break_at(program, site, items, style)
    return program


def join_lines(program: Branch, sites: Sequence[Site], style: Style) -> Branch:
    """Join the lines that Prettier joins once they fit: what `break_long_lines` undoes."""
    own = {id(site.node) for site in sites if site.own}
    for site in sites:
        program = _join_at(program, site, own, style)
    return program


def _break_at(program: Branch, site: Site, items: dict[int, Node | None], style: Style) -> Branch:
    if not _is_in(program, site.node):
        return program
    before, text, after = _line(program, site.node)
    indent = _indent_of(before, style)
    if "\n" in text:
        return _break_tall(program, site, style.newline + indent, style)
    if is_short(before + text + after, style):
        return program
    module = Module(program)
    groups = [group for group in groups_around(module, site.node) if _is_on_one_line(group)]
    result = program
    for count in range(1, len(groups) + 1):
        edits, level = Edits(module), indent
        for group in groups[:count]:
            item = items.get(id(group)) or _item_around(module, group, site)
            edits.on(group, _spreader(style.newline + level, style, item))
            level += style.indent
            level += _in_branch(style) if group.kind == "ternary_expression" else ""
        result = edits.apply()
        if site.node is not groups[count - 1] and _fits(result, site.node, style):
            break
    return result


def _indent_of(before: str, style: Style) -> str:
    """The indentation of what begins on a line."""
    indent = before[: len(before) - len(before.lstrip())]
    return indent + _in_branch(style) if before.lstrip().startswith(("? ", ": ")) else indent


def _in_branch(style: Style) -> str:
    """How far Prettier moves a conditional's branches in: to behind their `? ` or `: `."""
    return "\t" if style.indent == "\t" else "  "


def _break_tall(program: Branch, site: Site, space: str, style: Style) -> Branch:
    """An item of many lines was put into a list: every item goes on lines of its own."""
    if not site.reindent:
        return program

    def change(group: Branch) -> Branch:
        first = reindented(group.parts[1], style.indent)
        moved = group.with_parts((group.parts[0], first, *group.parts[2:]))
        return _spread_out(moved, space, style, None)

    edits = Edits(Module(program))
    edits.on(site.node, change)
    return edits.apply()


def _is_in(program: Branch, node: Node) -> bool:
    return any(node is other for other in walk(program))


def _line(program: Branch, node: Node) -> tuple[str, str, str]:
    """The text of a node, and what stands before and after it on its lines."""
    first = next(node.tokens())
    parts: list[str] = []
    for token in program.tokens():
        parts.append(token.space)
        if token is first:
            break
        parts.append(token.text)
    start, text = "".join(parts), node.code
    after = split_first_line(program.source[len(start) + len(text) :])[0]
    return start[start.rfind("\n") + 1 :], text, after.partition("//")[0].rstrip()


def groups_around(module: Module, node: Node) -> list[Branch]:
    """What Prettier may break around a node up to its statement, from the outside."""
    groups: list[Branch] = []
    inner = node
    for around in (node, *module.ancestors(node)):
        if around.kind.endswith(_ENDS):
            break
        if isinstance(around, Branch) and around.kind in _GROUPS and not _hugs(around, inner):
            groups.insert(0, around)
        inner = around
    return groups


def _hugs(group: Branch, inner: Node) -> bool:
    """Whether a call's last argument, or a function's body, stays where it begins."""
    if group.kind == "arrow_function":
        return inner.role != "body" or not is_kind(inner, "call_expression")
    return is_kind(group, "arguments") and (
        inner is group.named()[-1] and is_kind(inner, "array", "object", "arrow_function")
    )


def _is_on_one_line(group: Branch) -> bool:
    return "\n" not in group.code and not _has_comments(group)


def _has_comments(group: Node) -> bool:
    """Whether there are comments but those that stand right before an item."""
    tokens = list(group.tokens())
    return any(
        has_comment(token.space) and not _is_item_comment(before, token)
        for before, token in pairwise(tokens)
    )


def _is_item_comment(before: Token, token: Token) -> bool:
    between_items = before.text in _BEFORE_ITEMS and token.text not in _CLOSING
    return between_items and _ITEM_COMMENT.fullmatch(token.space) is not None


def _item_comment(node: Node) -> str:
    """The comment on the line of an item, with the blank after it."""
    comment = space_before(node).strip()
    return f"{comment} " if comment else ""


def _spreader(space: str, style: Style, item: Node | None) -> Callable[[Branch], Branch]:
    return lambda group: _spread_out(group, space, style, item)


def _spread_out(group: Branch, space: str, style: Style, item: Node | None) -> Branch:
    """A list with each item on its own line, or a conditional with each branch on one.

    An empty line sets the added item of an object apart, so that it can be told later that the
    object was on one line before that item came.
    """
    inner = space + style.indent
    if group.kind == "ternary_expression":
        marks = {"?", ":"}
        parts = [with_space(part, inner) if part.kind in marks else part for part in group.parts]
        return group.with_parts(tuple(parts))
    if group.kind == "arrow_function":
        return group.with_parts((*group.parts[:-1], with_space(group.parts[-1], inner)))
    opening, *items, closing = group.parts
    apart = _apart(group.named(), item)
    items = [
        part
        if part.kind == ","
        else with_space(part, style.newline * (part is apart) + inner + _item_comment(part))
        for part in items
    ]
    if items[-1].kind != "," and style.trailing_comma and group.kind != "arguments":
        items.append(Token(","))
    return group.with_parts((opening, *items, with_space(closing, space)))


def _apart(items: list[Node], added: Node | None) -> Node | None:
    """The item that gets an empty line before it: the added one, or the next where it is first."""
    if added is None or len(items) < 2:
        return None
    place = next((place for place, item in enumerate(items) if item is added), 0)
    return items[max(place, 1)]


def reindented(node: Node, indent: str) -> Node:
    """A node whose lines but the first begin with more space."""
    if isinstance(node, Token):
        return node.with_space(node.space.replace("\n", "\n" + indent))
    parts = tuple(reindented(part, indent) for part in cast("Branch", node).parts)
    return cast("Branch", node).with_parts(parts)


def outdented(node: Node, indent: str) -> Node:
    """A node whose lines but the first begin with less space."""
    if isinstance(node, Token):
        return node.with_space(node.space.replace("\n" + indent, "\n"))
    parts = tuple(outdented(part, indent) for part in cast("Branch", node).parts)
    return cast("Branch", node).with_parts(parts)


def _item_around(module: Module, group: Branch, site: Site) -> Node | None:
    """The member of somebody's object that an edit made longer."""
    inner: Node = site.node
    objects = 0
    for around in module.ancestors(site.node):
        objects += around.kind == "object"
        if around is group:
            return inner if group.kind == "object" and not (site.new and objects == 1) else None
        inner = around
    return None


def _fits(program: Branch, node: Node, style: Style) -> bool:
    before, text, after = _line(program, node)
    return is_short(before + text + after, style)


def _join_at(program: Branch, site: Site, own: set[int], style: Style) -> Branch:
    if not _is_in(program, site.node):
        return program
    module = Module(program)
    for group in groups_around(module, site.node):
        if "\n" not in group.code or not _is_joinable(group, own):
            continue
        before, _, after = _line(program, group)
        text = _joined(group, style)
        if is_short(before + text + after, style):
            edits = Edits(module)
            edits.put(group, Token(text, space_before(group)))
            return edits.apply()
    return program


def _is_joinable(group: Branch, own: set[int]) -> bool:
    for node in walk(group):
        if node.kind in _TALL and "\n" in node.code:
            return False
        if is_kind(node, "object") and id(node) not in own:
            first = cast("Branch", node).parts[1]
            if "\n" in next(first.tokens()).space:
                return False
    tokens = list(group.tokens())[1:]
    chained = any("\n" in token.space and token.text in _CHAIN for token in tokens)
    return not chained and not _has_comments(group)


def _joined(group: Branch, style: Style) -> str:
    parts: list[str] = []
    for token in group.tokens():
        space = token.space
        if "\n" in space and parts:
            comment = _item_comment(token)
            if token.text in _CLOSING:
                parts = parts[:-1] if parts[-1] == "," else parts
                space = style.padding if token.text == "}" and parts[-1] != "{" else ""
            elif parts[-1] in {"(", "[", "{"}:
                space = (style.padding if parts[-1] == "{" else "") + comment
            else:
                space = f" {comment}"
        parts += (space, token.text) if parts else (token.text,)
    return "".join(parts)
