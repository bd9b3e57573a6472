"""TypeScript types as text, their lines broken as Prettier breaks them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_INDENT = "  "


@dataclass(frozen=True)
class Atom:
    """A type that stands on one line: a name, a literal."""

    text: str


@dataclass(frozen=True)
class Union:
    """One of several types. None of them is an object, but for an object and null."""

    members: tuple[Type, ...]


@dataclass(frozen=True)
class Array:
    """A list of any length."""

    item: Type


@dataclass(frozen=True)
class Tuple:
    """A list of these types, one after the other."""

    items: tuple[Type, ...]


@dataclass(frozen=True)
class Property:
    """A property of an object; its key is written as it is given."""

    key: str
    type: Type
    optional: bool = False
    comment: str = ""


@dataclass(frozen=True)
class Object:
    """An object with these properties, at least one."""

    properties: tuple[Property, ...]


Type = Atom | Union | Array | Tuple | Object
NULL = Atom("null")
NEVER = Atom("never")
STRING = Atom("string")
NUMBER = Atom("number")
UNKNOWN = Atom("unknown")


def union(members: Sequence[Type]) -> Type:
    """One of these types; duplicates are dropped."""
    flat: dict[Type, None] = {}
    for member in members:
        flat |= dict.fromkeys(member.members if isinstance(member, Union) else (member,))
    if UNKNOWN in flat:
        return UNKNOWN
    return Union(tuple(flat)) if len(flat) > 1 else next(iter(flat), NEVER)


def nullable(type_: Type) -> Type:
    """The type, or null."""
    return union([type_, NULL])


@dataclass(frozen=True)
class Room:
    """The room on a line.

    Attributes:
        print_width: Columns of a line.
        indent_width: Columns of one level of indentation.
    """

    print_width: int
    indent_width: int

    def fits(self, level: int, text: str) -> bool:
        """Whether a line has room for a text at a level of indentation."""
        return level * self.indent_width + len(text) <= self.print_width


def render(type_: Type, head: str, room: Room, level: int = 0) -> str:
    """A type as text, behind the start of its line.

    Args:
        type_: The type.
        head: The start of the line: `export type Post = `.
        room: The room on a line, a semicolon at its end aside.
        level: Levels of indentation of the line; the first one is not indented.

    Returns:
        The text, indented by two spaces a level.
    """
    line = _on_one_line(type_)
    if line is not None and (room.fits(level, head + line) or not _breaks(type_)):
        return head + line
    end = ""
    while isinstance(type_, Array):
        type_, end = type_.item, f"[]{end}"
    if isinstance(type_, Union) and not _is_object_or_null(type_):
        return _union(type_, head, end, room, level)
    if isinstance(type_, Union):
        inner = render(type_.members[0], f"{head}(" if end else head, room, level)
        return f"{inner} | null){end}" if end else f"{inner} | null"
    if isinstance(type_, Tuple):
        items = [f"{_margin(level + 1)}{_on_one_line(item)},\n" for item in type_.items]
        return f"{head}[\n{''.join(items)}{_margin(level)}]{end}"
    assert isinstance(type_, Object)  # noqa: S101 - an atom does not break
    lines = [_property(each, room, level + 1) for each in type_.properties]
    return f"{head}{{\n{''.join(lines)}{_margin(level)}}}{end}"


def _property(property_: Property, room: Room, level: int) -> str:
    margin = _margin(level)
    comment = f"{margin}/** {property_.comment} */\n" if property_.comment else ""
    head = f"{property_.key}{'?' if property_.optional else ''}: "
    return f"{comment}{margin}{render(property_.type, head, room, level)}\n"


def _union(type_: Union, head: str, end: str, room: Room, level: int) -> str:
    margin = _margin(level + 1)
    members = "".join(f"\n{margin}| {_on_one_line(each)}" for each in type_.members)
    return f"{head}({members}\n{_margin(level)}){end}" if end else f"{head.rstrip()}{members}"


def _margin(level: int) -> str:
    return _INDENT * level


def _is_object_or_null(type_: Union) -> bool:
    return isinstance(type_.members[0], Object)


def _breaks(type_: Type) -> bool:
    """Whether there is a place in a type where a line can break."""
    while isinstance(type_, Array):
        type_ = type_.item
    return not isinstance(type_, Atom)


def _on_one_line(type_: Type) -> str | None:
    """The type on one line; None where an object, which is never on one, is in it."""
    if isinstance(type_, Atom):
        return type_.text
    if isinstance(type_, Object):
        return None
    if isinstance(type_, Array):
        item = _on_one_line(type_.item)
        if item is None:
            return None
        return f"({item})[]" if isinstance(type_.item, Union) else f"{item}[]"
    inner = type_.members if isinstance(type_, Union) else type_.items
    texts = [_on_one_line(each) for each in inner]
    if None in texts:
        return None
    listed = [text for text in texts if text is not None]
    return " | ".join(listed) if isinstance(type_, Union) else f"[{', '.join(listed)}]"
