"""Long lines, as Prettier breaks them: the outermost list of a line first, an item on each line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple, cast

from .bindings import Module
from .lists import LISTS
from .nodes import Branch, Node, Token, is_kind, walk
from .style import CodeStyle, is_short
from .trivia import has_comment, is_broken, space_before, with_space

_GROUPS = {
    "arguments",
    "array",
    "arrow_function",
    "export_clause",
    "named_imports",
    "object",
    "ternary_expression",
}
_ENDS = ("_statement", "_declaration", "statement_block", "program", "class_body")
# Nodes that Prettier never puts on one line.
_TALL = {"class_body", "statement_block", "switch_body", "template_string"}
_CHAIN = {".", "?."}
_BEFORE_ITEMS = {"{", "[", "(", ","}
_CLOSING = {")", "]", "}"}
_ITEM_COMMENT = re.compile(r"\s*/\*(?:(?!\*/|\n).)*\*/ ")


class Site(NamedTuple):
    """A place where a module was edited.

    Attributes:
        node: The list or expression, as it is after the edit.
        old: The same node before the edit, in the original module.
        reindent: Whether its first item came from another line, and moves a level in.
    """

    node: Node
    old: Node
    reindent: bool = False


class Layout:
    """Lays out the lines that edits have made too long or short enough, as Prettier does.

    A list that stands on several lines though it fits on one was broken by hand: it stays so.

    Args:
        module: The module before the edits.
        style: Its code style.
    """

    def __init__(self, module: Module, style: CodeStyle) -> None:
        self._module = module
        self._style = style

    def broken(self, program: Branch, sites: Sequence[Site]) -> str:
        """The text of a program, with the lines broken that edits made too long."""
        text = program.source
        moved = any(site.reindent for site in sites)
        if not moved and is_short(text, self._style):
            return text
        return self.with_breaks(program, sites).source

    def with_breaks(self, program: Branch, sites: Sequence[Site]) -> Branch:
        """The program with these lists broken where their lines are too long."""
        for site in sites:
            program = self._break_at(program, site)
        return program

    def joined(self, program: Branch, sites: Sequence[Site]) -> Branch:
        """Join the lines of lists that were too long for one line and no longer are."""
        for site in sites:
            program = self._join_at(program, site)
        return program

    def is_by_hand(self, group: Branch) -> bool:
        """Whether a list of the module stands on several lines though it fits on one."""
        if not _is_on_lines(group):
            return False
        items = group.named()
        if is_kind(group, "arguments") and len(items) == 1 and _hugs(group, items[0]):
            return True
        return _is_joinable(group) and self._fits_joined(self._module.program, group)

    def _fits_joined(self, program: Branch, group: Branch) -> bool:
        before, _, after = _line(program, group)
        return is_short(before + _joined(group, self._style) + after, self._style)

    def _break_at(self, program: Branch, site: Site) -> Branch:
        if not _is_in(program, site.node):
            return program
        style = self._style
        before, text, after = _line(program, site.node)
        indent = _indent_of(before, style)
        if "\n" in text:
            return _break_tall(program, site, style.newline + indent, style)
        if is_short(before + text + after, style):
            return program
        groups = groups_around(Module(program), site.node)
        groups = [group for group in groups if _is_on_one_line(group)]
        result = program
        for count in range(1, len(groups) + 1):
            new, level = {}, indent
            for group in groups[:count]:
                new[id(group)] = style.newline + level
                level += style.indent
                level += _in_branch(style) if group.kind == "ternary_expression" else ""
            result = cast("Branch", _spread(program, new, style))
            if site.node is not groups[count - 1] and _fits(result, site.node, style):
                break
        return result

    def _join_at(self, program: Branch, site: Site) -> Branch:
        if not _is_in(program, site.node):
            return program
        olds = groups_around(self._module, site.old)
        for number, group in enumerate(groups_around(Module(program), site.node)):
            by_hand = number < len(olds) and self.is_by_hand(olds[number])
            if by_hand or not _is_on_lines(group) or not _is_joinable(group):
                continue
            if self._fits_joined(program, group):
                joined = Token(_joined(group, self._style), space_before(group), group.role)
                return _with(program, group, joined)
        return program


def hugged(program: Branch, node: Node) -> Branch:
    """The module with nothing between a call's only argument and its parentheses."""
    around = Module(program).parent(node)
    if around is None or around.kind != "arguments":
        return program
    spaces = (space_before(part) for part in around.parts[1:])
    if len(around.named()) > 1 or any(has_comment(space) for space in spaces):
        return program
    opening, item, *_, closing = around.parts
    tight = around.with_parts((opening, with_space(item, ""), with_space(closing, "")))
    return _with(program, around, tight)


def _with(root: Branch, old: Node, new: Node) -> Branch:
    """A tree with another node in the place of one."""
    around = {id(node) for node in Module(root).ancestors(old)}

    def replaced(node: Node) -> Node:
        if node is old:
            return new
        if id(node) not in around:
            return node
        return node.with_parts(tuple(map(replaced, node.parts)))

    return cast("Branch", replaced(root))


def _spread(node: Node, spaces: dict[int, str], style: CodeStyle) -> Node:
    """A tree in which groups are spread out, each at its own indentation."""
    if not node.parts:
        return node
    branch = cast("Branch", node)
    parts = tuple(_spread(part, spaces, style) for part in node.parts)
    same = all(one is other for one, other in zip(parts, node.parts, strict=True))
    result = branch if same else branch.with_parts(parts)
    space = spaces.get(id(node))
    return result if space is None else _spread_out(result, space, style)


def _indent_of(before: str, style: CodeStyle) -> str:
    """The indentation of what begins on a line."""
    indent = before[: len(before) - len(before.lstrip(" \t"))]
    return indent + _in_branch(style) if before.lstrip().startswith(("? ", ": ")) else indent


def _in_branch(style: CodeStyle) -> str:
    """Prettier's indent of a conditional's branches: to behind their `? ` or `: `."""
    return "\t" if style.indent == "\t" else "  "


def _break_tall(program: Branch, site: Site, space: str, style: CodeStyle) -> Branch:
    """Put each item on lines of its own, where a list has got an item of many lines."""
    group = cast("Branch", site.node)
    spaces = map(space_before, group.parts[1:])
    if not site.reindent or any(map(has_comment, spaces)):
        return program
    first = reindented(group.parts[1], style.indent)
    moved = group.with_parts((group.parts[0], first, *group.parts[2:]))
    return _with(program, group, _spread_out(moved, space, style))


def _is_in(program: Branch, node: Node) -> bool:
    return any(node is other for other in walk(program))


def _line(program: Branch, node: Node) -> tuple[str, str, str]:
    """The text of a node, and the text before and after it on its lines, comments aside."""
    first = next(node.tokens())
    parts: list[str] = []
    tokens = program.tokens()
    for token in tokens:
        parts.append(token.space)
        if token is first:
            break
        parts.append(token.text)
    start = "".join(parts)
    after: list[str] = []
    inside = {id(token) for token in node.tokens()}
    for token in tokens:
        if id(token) in inside:
            continue
        if is_broken(token.space) or ("//" in token.space and has_comment(token.space)):
            break
        after += (token.space, token.text)
    return start[start.rfind("\n") + 1 :], node.code, "".join(after).split("\n")[0].rstrip()


def groups_around(module: Module, node: Node) -> list[Branch]:
    """The groups that Prettier may break around a node up to its statement, from the outside."""
    groups: list[Branch] = []
    inner = node
    for around in (node, *module.ancestors(node)):
        if around.kind.endswith(_ENDS):
            break
        if around.kind in _GROUPS and not _hugs(around, inner):
            groups.insert(0, cast("Branch", around))
        inner = around
    return groups


def _hugs(group: Node, inner: Node) -> bool:
    """Whether a call's last argument, or a function's body, stays where it begins."""
    if group.kind == "arrow_function":
        return inner.role != "body" or not is_kind(inner, "call_expression")
    return is_kind(group, "arguments") and (
        inner is group.named()[-1] and is_kind(inner, "array", "object", "arrow_function")
    )


def _is_on_one_line(group: Branch) -> bool:
    is_empty = len(group.parts) == len("()") and group.kind in LISTS
    return not is_empty and "\n" not in group.code and not _has_comments(group)


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


def _spread_out(group: Branch, space: str, style: CodeStyle) -> Branch:
    """A list with each item on its own line, or a conditional with each branch on one."""
    inner = space + style.indent
    if group.kind == "ternary_expression":
        marks = {"?", ":"}
        parts = [with_space(part, inner) if part.kind in marks else part for part in group.parts]
        return group.with_parts(tuple(parts))
    if group.kind == "arrow_function":
        return group.with_parts((*group.parts[:-1], with_space(group.parts[-1], inner)))
    opening, *items, closing = group.parts
    items = [
        part if part.kind == "," else with_space(part, inner + _item_comment(part))
        for part in items
    ]
    if items and items[-1].kind != "," and style.last_comma and group.kind != "arguments":
        items.append(Token(","))
    return group.with_parts((opening, *items, with_space(closing, space)))


def reindented(node: Node, indent: str) -> Node:
    """A node whose lines but the first begin with more space."""
    if isinstance(node, Token):
        return node.with_space(node.space.replace("\n", "\n" + indent))
    parts = tuple(reindented(part, indent) for part in cast("Branch", node).parts)
    return node.with_parts(parts)


def outdented(node: Node, indent: str) -> Node:
    """A node whose lines but the first begin with less space."""
    if isinstance(node, Token):
        return node.with_space(node.space.replace("\n" + indent, "\n"))
    parts = tuple(outdented(part, indent) for part in cast("Branch", node).parts)
    return node.with_parts(parts)


def _fits(program: Branch, node: Node, style: CodeStyle) -> bool:
    before, text, after = _line(program, node)
    return is_short(before + text + after, style)


def _is_on_lines(group: Branch) -> bool:
    return "\n" in group.code


def _is_joinable(group: Branch) -> bool:
    for node in walk(group):
        if node.kind in _TALL and "\n" in node.code:
            return False
        if is_kind(node, "object"):
            first = cast("Branch", node).parts[1]
            if "\n" in next(first.tokens()).space:
                return False
    tokens = list(group.tokens())[1:]
    chained = any("\n" in token.space and token.text in _CHAIN for token in tokens)
    return not chained and not _has_comments(group)


def _joined(group: Branch, style: CodeStyle) -> str:
    parts: list[str] = []
    for token in group.tokens():
        space = token.space
        if "\n" in space and parts:
            comment = _item_comment(token)
            if token.text in _CLOSING:
                is_last_comma = parts[-1] == "," and parts[-3:-2] not in ([","], ["["])
                parts = parts[:-1] if is_last_comma else parts
                space = style.padding if token.text == "}" and parts[-1] != "{" else ""
            elif parts[-1] in {"(", "[", "{"}:
                space = (style.padding if parts[-1] == "{" else "") + comment
            else:
                space = f" {comment}"
        parts += (space, token.text) if parts else (token.text,)
    return "".join(parts)
