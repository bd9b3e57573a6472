"""The exports of a module, where they are written out in it as literal values."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import Unreadable
from .nodes import Branch, Node, is_kind, walk
from .parser import parse

_CASTS = {"as_expression", "satisfies_expression", "parenthesized_expression", "type_assertion"}
_ESCAPE = re.compile(r"\\(u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\r\n|.)", re.DOTALL)
# Values that are read of one module: far more than any configuration has.
_MOST = 100_000
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}


@dataclass(frozen=True)
class Unread:
    """A stand-in for a property or an item that is not written out: its code."""

    code: str

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True)
class ModuleValue:
    """A value, in which `Unread` may stand, and the code of values spread from elsewhere."""

    value: Any
    spread: tuple[str, ...] = ()


def expression_value(source: str) -> ModuleValue:
    """The value of a text that is one expression, such as JSON5.

    Raises:
        Unreadable: It is not a literal value.
        Refusal: It has a syntax error.
    """
    tree = parse(f"({source}\n)", ".js")
    statement = tree.named()[0]
    if not isinstance(statement, Branch) or not is_kind(statement, "expression_statement"):
        raise Unreadable(tree.code)
    return _Values({}).whole(statement.parts[0])


def exported_value(source: str, suffix: str = ".js") -> ModuleValue:
    """The value of a module's `export default` or `module.exports`.

    Raises:
        Unreadable: There is none, it is not written out, or the module changes it later.
        Refusal: The module has a syntax error.
    """
    tree = parse(source, suffix)
    exported = _exported(tree)
    if exported is None:
        raise Unreadable(tree.code)
    constants = _constants(tree)
    _check_unchanged(tree, constants)
    return _Values(constants).whole(exported)


def _exported(tree: Branch) -> Node | None:
    """The expression that a module exports; the last one, where it assigns several."""
    for statement in reversed(tree.parts):
        if not isinstance(statement, Branch):
            continue
        if is_kind(statement, "export_statement") and statement.part("value"):
            return statement.part("value")
        assignment = statement.parts[0] if is_kind(statement, "expression_statement") else None
        if isinstance(assignment, Branch) and is_kind(assignment, "assignment_expression"):
            left = assignment.part("left")
            if left and left.code in {"module.exports", "exports.default"}:
                return assignment.part("right")
    return None


def _constants(tree: Branch) -> dict[str, Node]:
    """The values of the variables at the top of a module, by name."""
    constants: dict[str, Node] = {}
    for statement in tree.parts:
        if not isinstance(statement, Branch) or not is_kind(statement, "lexical_declaration"):
            continue
        for declarator in statement.named():
            if isinstance(declarator, Branch):
                name, value = declarator.part("name"), declarator.part("value")
                if is_kind(name, "identifier") and name and value:
                    constants[name.code] = value
    return constants


def _check_unchanged(tree: Branch, constants: Mapping[str, Node]) -> None:
    """Refuse a module that changes one of its variables."""
    for node in walk(tree):
        if isinstance(node, Branch) and is_kind(
            node, "assignment_expression", "augmented_assignment_expression"
        ):
            left = node.part("left")
            first = next(left.tokens()).text if left else ""
            if first in constants or (left and left.code.startswith("module.exports.")):
                raise Unreadable(node.code)


class _Values:
    """Reads values; `constants` are the values of names."""

    def __init__(self, constants: Mapping[str, Node]) -> None:
        self._constants = constants
        self._reading: list[str] = []
        self._spread: list[str] = []
        self._read_so_far = 0

    def whole(self, node: Node) -> ModuleValue:
        value = self._read(node)
        return ModuleValue(value, tuple(self._spread))

    def _read(self, node: Node) -> Any:
        self._read_so_far += 1
        if self._read_so_far > _MOST:  # names that stand for names can multiply
            raise Unreadable(node.code)
        if isinstance(node, Branch) and node.kind in _CASTS:
            return self._read(node.named()[-1 if is_kind(node, "type_assertion") else 0])
        if isinstance(node, Branch) and is_kind(node, "object"):
            return self._object(node)
        if isinstance(node, Branch) and is_kind(node, "array"):
            return [self._read_if_written(part) for part in node.named()]
        if is_kind(node, "identifier", "shorthand_property_identifier"):
            return self._constant(node)
        return _scalar(node)

    def _read_if_written(self, node: Node) -> Any:
        try:
            return self._read(node)
        except Unreadable as unreadable:
            return Unread(str(unreadable))

    def _object(self, node: Branch) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for part in node.named():
            try:
                result |= self._property(part)
            except Unreadable as unreadable:
                self._spread.append(str(unreadable))
        return result

    def _property(self, part: Node) -> dict[str, Any]:
        if is_kind(part, "shorthand_property_identifier"):
            return {part.code: self._read_if_written(part)}
        if isinstance(part, Branch) and is_kind(part, "spread_element"):
            spread = self._read(part.named()[0])
            if isinstance(spread, dict):
                return spread
        if isinstance(part, Branch) and is_kind(part, "pair"):
            key, value = part.part("key"), part.part("value")
            if key and value:
                return {_key(key): self._read_if_written(value)}
        raise Unreadable(part.code)

    def _constant(self, node: Node) -> Any:
        name = node.code
        if name == "undefined":
            return None
        if name not in self._constants or name in self._reading:
            raise Unreadable(node.code)
        self._reading.append(name)
        try:
            return self._read(self._constants[name])
        finally:
            self._reading.pop()


def _key(node: Node) -> str:
    if is_kind(node, "property_identifier", "number"):
        return node.code
    if is_kind(node, "string"):
        return _text(node)
    raise Unreadable(node.code)


def _scalar(node: Node) -> Any:
    if is_kind(node, "string", "template_string"):
        return _text(node)
    if is_kind(node, "true", "false"):
        return node.code == "true"
    if is_kind(node, "null", "undefined"):
        return None
    if is_kind(node, "number", "unary_expression"):
        try:
            return json.loads(node.code.replace("_", ""))
        except ValueError as error:
            raise Unreadable(node.code) from error
    raise Unreadable(node.code)


def _text(node: Node) -> str:
    if any(is_kind(part, "template_substitution") for part in node.parts):
        raise Unreadable(node.code)
    return _ESCAPE.sub(_unescaped, node.code[1:-1])


def _unescaped(match: re.Match[str]) -> str:
    escape = match[1]
    if escape in {"\n", "\r\n"}:
        return ""
    if escape[0] in "ux" and len(escape) > 1:
        return chr(int(escape.strip("ux{}"), 16))
    return _ESCAPED.get(escape, escape)
