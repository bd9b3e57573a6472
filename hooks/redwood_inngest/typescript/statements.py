"""The statements of a module or a block: one more, or one less, each with its own comments."""

from __future__ import annotations

import re
from typing import cast

from .nodes import Branch, Node, Token, is_kind
from .style import CodeStyle
from .trivia import (
    comments_in,
    ends_in_line_comment,
    has_comment,
    is_broken,
    lines_of,
    space_before,
    split_last_line,
    split_space,
    with_space,
)

# Comments that speak about the next line, so that nothing may come between.
_NEXT_LINE = re.compile(r"eslint-disable-next-line|@ts-ignore|@ts-expect-error|prettier-ignore")
# A line that begins with one of these goes on with the line before it.
CONTINUES = tuple("([`+-/")
_BYTE_ORDER_MARK = "\ufeff"


def tail_and_lead(following: Node) -> tuple[str, str]:
    """The space before a statement, in two: the part of the one before, and its own part."""
    tail, lead = split_space(space_before(following))
    if is_kind(following, "end_of_file", "}") and not tail and not is_broken(lead):
        tail = lead.rstrip()
        lead = lead[len(tail) :]
    return tail, lead


def insert_below(
    parts: list[Node], number: int, new: Node, *, blank: bool, style: CodeStyle
) -> None:
    """Insert a statement, with the comments before it, below the one before `number`.

    It goes to the next line, or comes after a blank one.
    """
    gap = style.newline * 2 if blank else style.newline
    above = parts[number - 1]
    if ends_on_another_line(above):
        parts[number - 1 : number] = _with_semicolon_of(cast("Branch", above), new, style)
        return
    tail, lead = tail_and_lead(parts[number])
    if not (is_broken(lead) or is_kind(parts[number], "end_of_file")):
        lead = style.newline + lead.lstrip()
    new = with_space(_ended(new, parts[number]), tail + gap + space_before(new))
    parts[number : number + 1] = [new, with_space(parts[number], lead)]


def insert_above(
    parts: list[Node], number: int, new: Node, *, blank: bool, style: CodeStyle
) -> None:
    """Insert a statement, with the comments before it, above another one and those of that one."""
    gap = style.newline * 2 if blank else style.newline
    tail, lead = tail_and_lead(parts[number])
    above, own = _split_own_comments(lead, is_first=number == 0)
    space = tail + above + _indent(own) + space_before(new)
    new = with_space(_ended(new, parts[number]), space)
    parts[number : number + 1] = [new, with_space(parts[number], gap + own)]


def remove(parts: list[Node], number: int, *, opens_group: bool) -> None:
    """Remove a statement with what stands on its line; the comments above it stay.

    Args:
        parts: The statements, and what comes after them.
        number: Which one goes.
        opens_group: Whether the blank lines before it, and not those after it, stay.
    """
    old, following = parts[number], parts[number + 1]
    semicolon = _semicolon_for(parts[number - 1], old, following) if number else None
    if semicolon:
        before = cast("Branch", parts[number - 1])
        parts[number - 1 : number + 1] = [before.with_parts((*before.parts, semicolon))]
        return
    tail, mine = tail_and_lead(old)
    lead = tail_and_lead(following)[1]
    above, own_line = split_last_line(mine)
    if has_comment(own_line):
        above, own_line = mine.rstrip(), " "
    opens_group = opens_group and not is_kind(following, "end_of_file")
    if opens_group:
        lead = own_line + lead.lstrip()
    elif not is_broken(lead) and (ends_on_another_line(old) or ends_in_line_comment(above)):
        lead = own_line + lead
    kept = above if opens_group or has_comment(above) else ""
    parts[number : number + 2] = [with_space(following, tail + kept + lead)]


def comments_of(old: Node, following: Node) -> list[str]:
    """The comments that go when a statement does: those in it, and those after it on its line."""
    spaces = [token.space for token in old.tokens()][1:]
    return [
        comment
        for space in (*spaces, tail_and_lead(following)[0])
        for comment in comments_in(space)
    ]


def ends_on_another_line(node: Node) -> bool:
    """Whether the semicolon after a statement stands in front of the next: `;[1].map(f)`."""
    last = node.parts[-1] if node.parts else node
    return isinstance(last, Token) and last.text == ";" and is_broken(last.space)


def _semicolon_for(before: Node, old: Node, following: Node) -> Node | None:
    """The semicolon of a statement that goes, where the one before it must take it over.

    That is where it stands on the next line, and where it keeps a lone semicolon that follows from
    becoming the end of an import.
    """
    if _ends_with_semicolon(before):
        return None
    semicolon = old.parts[-1]
    if ends_on_another_line(old):
        return with_space(semicolon, tail_and_lead(old)[0] + space_before(semicolon))
    if is_kind(following, "empty_statement") and is_kind(before, "import_statement"):
        return with_space(semicolon, space_before(old))
    return None


def _ends_with_semicolon(node: Node) -> bool:
    while node.parts:
        node = node.parts[-1]
    return node.text == ";"


def _with_semicolon_of(above: Branch, new: Node, style: CodeStyle) -> list[Node]:
    semicolon = cast("Token", above.parts[-1])
    tail, lead = split_space(semicolon.space)
    added = cast("Branch", with_space(new, tail + style.newline))
    own = added.parts[:-1] if added.parts[-1].kind == ";" else added.parts
    return [
        above.with_parts(above.parts[:-1]),
        added.with_parts((*own, semicolon.with_space(lead))),
    ]


def _ended(new: Node, following: Node) -> Node:
    """A statement with the semicolon that it needs, so that the next one does not continue it."""
    goes_on = next(following.tokens()).text.startswith(CONTINUES) and not is_kind(
        new, "import_statement"
    )
    if not (goes_on or is_kind(following, "empty_statement")) or new.parts[-1].kind == ";":
        return new
    return new.with_parts((*new.parts, Token(";")))


def _split_own_comments(lead: str, is_first: bool) -> tuple[str, str]:
    """The lines before a statement, and those that belong to it: comments right above it.

    At the top of a file, comments belong to the file, unless they speak about the next line.
    """
    *lines, line = lines_of(lead)
    mark = _BYTE_ORDER_MARK if is_first and not lines and line.startswith(_BYTE_ORDER_MARK) else ""
    kept = len(lines)
    while kept > (not is_first) and lines[kept - 1].strip():
        kept -= 1
    own = "".join(lines[kept:])
    if is_first and not _NEXT_LINE.search(own):
        own, kept = "", len(lines)
    return mark + "".join(lines[:kept]), own + line.removeprefix(mark)


def _indent(own: str) -> str:
    line = lines_of(own)[-1]
    return line[: len(line) - len(line.lstrip(" \t"))]
