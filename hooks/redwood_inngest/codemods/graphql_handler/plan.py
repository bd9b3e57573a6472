"""The plan of the edits to a module's handlers, worked out step by step."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from ...typescript.bindings import Module
from ...typescript.edits import Edits, expression
from ...typescript.layout import Layout, Site, hugged
from ...typescript.nodes import Branch, Node, Token, is_kind, walk
from ...typescript.style import CodeStyle
from .calls import is_plugin, refusal
from .options import binding_of, mentions_of, values_of

# The most branches and spread objects that are looked at; each costs a look at the whole file.
MAX_LOOKS = 50


class _Touched(NamedTuple):
    """An edited node, and the part of its replacement where lines may have to be broken."""

    old: Node
    new: Node | None
    reindent: bool


@dataclass
class Plan:
    """The edits of a module's handlers, and what is known of them.

    Attributes:
        module: The module.
        style: Its code style.
        suffix: Its file's suffix, which tells the grammar.
        local: The plugin's name in it.
        edits: The edits so far.
        notes: Sentences for the user.
        explained: The mentions of the plugin that are understood: there already, or taken out.
        done: The literals that need no second look.
        hoisted: The number of options that have got a name before their handler.
        finds_plugin: Whether the plugin was found in the options that are looked at.
    """

    module: Module
    style: CodeStyle
    suffix: str
    local: str = ""
    notes: list[str] = field(default_factory=list)
    explained: dict[int, Token] = field(default_factory=dict)
    done: set[int] = field(default_factory=set)
    hoisted: int = 0
    finds_plugin: bool = False

    def __post_init__(self) -> None:
        self.edits = Edits(self.module, self.style)
        self.layout = Layout(self.module, self.style)
        self._touched: list[_Touched] = []
        self._to_hug: list[Node] = []
        self._looks = 0

    def expression(self, text: str) -> Node:
        """An expression in the module's own language."""
        return expression(text, self.suffix)

    def look(self, node: Node) -> None:
        """Count a look at one of several possible options.

        Raises:
            Refusal: There are too many.
        """
        self._looks += 1
        if self._looks > MAX_LOOKS:
            raise refusal(self.module, node, f"there are more than {MAX_LOOKS} options to choose.")

    def is_first_look(self, literal: Branch) -> bool:
        """Whether a literal is looked at for the first time; two handlers may share one."""
        first = id(literal) not in self.done
        self.done.add(id(literal))
        self.finds_plugin |= not first
        return first

    # The edits.

    def append_plugin(self, array: Branch) -> None:
        """Add the plugin at the end of an array."""
        self.edits.append(array, self.expression(self.local))
        self.touch(array)

    def replace(
        self, old: Node, new: Node, *, at: Node | None = None, reindent: bool = False
    ) -> None:
        """Replace a node; `at` is the part of the new one that may be too long."""
        self.edits.replace(old, new)
        self.touch(old, at, reindent=reindent)

    def touch(self, old: Node, new: Node | None = None, *, reindent: bool = False) -> None:
        """Note that a line gets longer or shorter; in a part of the new node, if that is given."""
        self._touched.append(_Touched(old, new, reindent))

    def hug(self, old: Node) -> None:
        """Let the replacement of an only argument begin right after the parenthesis."""
        self._to_hug.append(old)

    def text(self, *, join: bool = False) -> str:
        """The module's text after the edits, in lines as Prettier has them.

        Args:
            join: Whether lists may have got shorter.
        """
        result = self.edits.apply()
        now = self.edits.now
        for old in self._to_hug:
            result = hugged(result, now[id(old)])
        sites = [
            Site(each.new or now[id(each.old)], each.old, each.reindent)
            for each in self._touched
            if each.new or id(each.old) in now
        ]
        if join:
            result = self.layout.joined(result, sites)
        return self.layout.broken(result, sites)

    # Mentions that are there already.

    def has_plugin(self, node: Node) -> bool:
        """Whether the plugin is part of a value already, here or where its names are declared."""
        found = list(self._plugin_mentions(node, set()))
        self.explain(*found)
        self.finds_plugin |= bool(found)
        return bool(found)

    def explain(self, *nodes: Node) -> None:
        """Note that mentions of the plugin are understood."""
        for node in nodes:
            self.explained.update((id(token), token) for token in node.tokens())

    def _plugin_mentions(self, node: Node, visited: set[int]) -> list[Node]:
        found: list[Node] = []
        for mention in mentions_of(node):
            if is_plugin(self.module, mention):
                found.append(mention)
                continue
            binding = binding_of(self.module, mention)
            if binding is None or id(binding) in visited:
                continue
            visited.add(id(binding))
            for value in values_of(self.module, binding):
                found += self._plugin_mentions(value, visited)
        return found


def first_array(node: Node) -> Node:
    """The first array in a node; the node where there is none."""
    return next((part for part in walk(node) if is_kind(part, "array")), node)
