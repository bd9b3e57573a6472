"""Take `inngestPlugin` out of the options of a GraphQL handler: what wiring did, undone."""

from __future__ import annotations

from typing import cast

from libcst import RemovalSentinel

from ...typescript.bindings import Module
from ...typescript.edits import (
    Edits,
    has_comment,
    remove_item,
    space_before,
    with_space,
)
from ...typescript.expressions import member, unwrap
from ...typescript.layout import Site, outdented
from ...typescript.nodes import Branch, Node, Token, is_kind
from ...typescript.style import Style
from .calls import is_plugin, options_of
from .hoisting import HOISTED
from .options import (
    EXTRA_PLUGINS,
    constant,
    constant_literals,
    key_of,
    literals,
    wrapped_value,
)

# The newlines in a space that holds an empty line.
_BLANK_LINE = 2


class Unwiring:
    """The edits that take the plugin out of every handler of a module.

    Attributes:
        edits: The edits, to be applied when all handlers were looked at.
        sites: Where a list got shorter; filled when the edits are applied.
        has_guessed: Whether an empty line was taken for one that wiring put there.
        taken: The mentions of the plugin that the edits take out.
    """

    def __init__(self, module: Module, calls: list[Branch], style: Style, pretty: bool) -> None:
        self.module = module
        self.calls = calls
        self.style = style
        self.pretty = pretty
        self.has_guessed = False
        self.edits = Edits(module)
        self.sites: list[Site] = []
        self.taken: set[int] = set()
        self._done: set[int] = set()

    def unwire(self) -> None:
        """Collect the edits."""
        for call in self.calls:
            self._unwire_options(options_of(self.module, call))

    def _unwire_options(self, node: Node) -> None:
        inner = unwrap(node)
        objects = literals(self.module, inner, "object") or []
        if is_kind(inner, "identifier"):
            objects = constant_literals(self.module, inner, "object") or []
        if is_kind(inner, "ternary_expression") and isinstance(inner, Branch) and not objects:
            for role in ("consequence", "alternative"):
                branch = inner.part(role)
                if branch:
                    self._unwire_options(branch)
        for one in objects:
            if id(one) not in self._done:
                self._done.add(id(one))
                self._unwire_object(one)

    def _unwire_object(self, node: Branch) -> None:
        name = self._extended_name(node)
        if name is not None:
            self._restore(node, name)
            return
        for part in node.named():
            if is_kind(part, "spread_element") and isinstance(part, Branch):
                self._unwire_spread(part.parts[1])
            elif key_of(self.module, part) == EXTRA_PLUGINS:
                self._unwire_member(node, part)

    def _unwire_spread(self, node: Node) -> None:
        inner = unwrap(node)
        if isinstance(inner, Branch) and inner.kind == "object":
            self._unwire_object(inner)
        for role in ("consequence", "alternative", "right"):
            branch = inner.part(role) if isinstance(inner, Branch) else None
            if branch and is_kind(inner, "ternary_expression", "binary_expression"):
                self._unwire_spread(branch)

    # Named options.

    def _extended_name(self, node: Branch) -> Node | None:
        """`options` of `{ ...options, extraPlugins: [...(options.extraPlugins || []), ...] }`."""
        members = node.named()
        if len(members) != 2 or not is_kind(members[0], "spread_element"):
            return None
        name = members[0].parts[1] if isinstance(members[0], Branch) else None
        pair = members[1]
        value = pair.part("value") if isinstance(pair, Branch) and pair.kind == "pair" else None
        if not isinstance(value, Branch) or not is_kind(name, "identifier") or name is None:
            return None
        wrapped = wrapped_value(value)
        matches = wrapped is not None and wrapped.code == f"{name.code}.{EXTRA_PLUGINS}"
        return name if matches and self._take(value.named()[-1]) else None

    def _restore(self, node: Branch, name: Node) -> None:
        hoisted = self._hoisted(name)
        new = with_space(hoisted or name, space_before(node))

        def remember(brackets: Branch) -> Branch:
            self.sites.append(Site(brackets, reindent=True))
            return brackets

        self.edits.put(node, new)
        around = self.module.parent(node)
        if is_kind(around, "arguments") and around:
            self.edits.on(around, remember)
        else:
            self.edits.on(node, self._at)
        if hoisted:
            self._remove_declaration(hoisted)

    def _at(self, node: Node) -> Node:
        self.sites.append(Site(node))
        return node

    def _hoisted(self, name: Node) -> Node | None:
        return constant(self.module, name) if name.code == HOISTED else None

    def _remove_declaration(self, value: Node) -> None:
        declaration = self.module.parent(self.module.parent(value) or value)
        around = self.module.parent(declaration) if declaration else None
        if declaration is None or around is None:
            return
        place = around.parts.index(declaration)
        following = around.parts[place + 1]
        before = space_before(declaration)
        indent = before.rpartition("\n")[2] if "\n" in before else ""
        kept = before[: len(before) - len(indent)]
        space = kept + space_before(following).lstrip("\r\n")
        self.edits.on(declaration, lambda _: RemovalSentinel.REMOVE)
        self.edits.on(following, lambda node: with_space(node, space))

    # The member `extraPlugins`.

    def _unwire_member(self, node: Branch, pair: Node) -> None:
        value = pair.part("value") if isinstance(pair, Branch) else pair
        if value is None:
            return
        taken = len(self.taken)
        self._unwire_value(node, pair, value)
        if len(self.taken) > taken and not self.edits.has(node):
            self._guess_line(node, pair)

    def _guess_line(self, node: Branch, pair: Node) -> None:
        """Take an empty line beside the member for one that wiring put there."""
        items = node.named()
        apart = items[max(items.index(pair), 1)] if len(items) > 1 else pair
        if not self.pretty or space_before(apart).count("\n") < _BLANK_LINE:
            return
        place = node.parts.index(apart)
        self.has_guessed = True

        def change(brackets: Branch) -> Branch:
            result = self._without_blank_line(brackets, place)
            self.sites.append(Site(result, own=True))
            return result

        self.edits.on(node, change)

    def _unwire_value(self, node: Branch, pair: Node, value: Node) -> None:
        inner = unwrap(value)
        if isinstance(inner, Token):
            for array in constant_literals(self.module, inner, "array") or []:
                self._unwire_array(array)
            return
        if isinstance(inner, Branch) and inner.kind == "array" and inner is value:
            self._unwire_own_array(node, cast("Branch", pair), inner)
            return
        for array in literals(self.module, inner, "array") or []:
            self._unwire_array(array)

    def _unwire_own_array(self, node: Branch, pair: Branch, array: Branch) -> None:
        wrapped = wrapped_value(array)
        if wrapped is not None and self._take(array.named()[-1]):
            if self._is_base(node, wrapped):
                self._remove_member(node, pair)
            else:
                self._unwrap_value(pair, array, wrapped)
        elif _is_single(array):
            if self._take(array.named()[0]):
                self._remove_member(node, pair)
        else:
            self._unwire_array(array)

    def _is_base(self, node: Branch, wrapped: Node) -> bool:
        """Whether wiring added the member to an object that spreads others."""
        found = member(wrapped)
        if not found or found[1] != EXTRA_PLUGINS:
            return False
        spreads = [part.code for part in node.named() if is_kind(part, "spread_element")]
        if isinstance(found[0], Branch) and found[0].kind == "object":
            return all(part.code in spreads for part in found[0].named())
        return f"?.{EXTRA_PLUGINS}" in wrapped.code and f"...{found[0].code}" in spreads

    def _remove_member(self, node: Branch, pair: Node) -> None:
        def change(brackets: Branch) -> Branch:
            present = next(part for part in brackets.parts if part.code == pair.code)
            items = brackets.named()
            apart = items[max(items.index(present), 1)] if len(items) > 1 else present
            was_empty = len(items) == 1 and "\n" in space_before(present)
            was_set_apart = space_before(apart).count("\n") >= _BLANK_LINE
            own = self.pretty and (was_empty or was_set_apart)
            self.has_guessed |= own
            result = remove_item(brackets, present, self.style)
            if own and was_set_apart:
                place = min(brackets.parts.index(present), len(result.parts) - 1)
                result = self._without_blank_line(result, place)
            self.sites.append(Site(result, own=own))
            return result

        self.edits.on(node, change)

    def _without_blank_line(self, brackets: Branch, place: int) -> Branch:
        part = brackets.parts[place]
        space = space_before(part).replace(self.style.newline * 2, self.style.newline, 1)
        parts = (*brackets.parts[:place], with_space(part, space), *brackets.parts[place + 1 :])
        return brackets.with_parts(parts)

    def _unwrap_value(self, pair: Branch, array: Branch, wrapped: Node) -> None:
        broken = "\n" in space_before(array.parts[1])
        value = outdented(wrapped, self.style.indent) if broken else wrapped
        inner = (
            value.parts[1] if _is_added_parentheses(value) and isinstance(value, Branch) else value
        )
        new = with_space(inner, space_before(array))
        shorthand = new.code == EXTRA_PLUGINS and not _is_conditional(array)

        def change(old: Branch) -> Node:
            if shorthand:
                return with_space(Token(EXTRA_PLUGINS), space_before(old))
            self.sites.append(Site(new))
            return old.with_parts((*old.parts[:-1], new))

        self.edits.on(pair, change)

    def _unwire_array(self, array: Branch) -> None:
        items = [item for item in array.named() if self._take(item)]
        if not items or id(array) in self._done:
            return
        self._done.add(id(array))

        def change(brackets: Branch) -> Branch:
            for item in items:
                brackets = remove_item(brackets, item, self.style)
            self.sites.append(Site(brackets))
            return brackets

        self.edits.on(array, change)

    def _take(self, item: Node) -> bool:
        """Whether an item is the plugin, which is then taken out."""
        if not is_plugin(self.module, item):
            return False
        self.taken.update(id(token) for token in item.tokens())
        return True


def _is_single(array: Branch) -> bool:
    """Whether an array has one item, and neither holes nor comments."""
    commas = sum(part.kind == "," for part in array.parts)
    comments = any(has_comment(token.space) for token in list(array.tokens())[1:])
    return len(array.named()) == 1 and commas <= int(array.parts[-2].kind == ",") and not comments


def _is_conditional(array: Branch) -> bool:
    return any(token.text == "?" for token in array.tokens())


def _is_added_parentheses(node: Node) -> bool:
    return is_kind(node, "parenthesized_expression")
