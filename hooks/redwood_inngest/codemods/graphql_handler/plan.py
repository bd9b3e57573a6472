"""What is to be done to the handlers of a module, as it is found out step by step."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...typescript.bindings import Module
from ...typescript.edits import Edits, expression
from ...typescript.layout import Layout, Site, hugged
from ...typescript.nodes import Branch, Node, Token, is_kind, walk
from ...typescript.style import CodeStyle
from .calls import is_plugin, refusal
from .options import binding_of, mentions_of, values_of

# How many branches and spread objects are looked at; each costs a look at the whole file.
MAX_LOOKS = 50


@dataclass(frozen=True)
class _Touched:
    """A node that an edit is about, and where in what became of it lines may have to be broken."""

    old: Node
    new: Node | None
    reindent: bool


@dataclass
class Plan:
    """The edits of a module's handlers, and what is known of them.

    Attributes:
        module: The module.
        style: How it is written.
        suffix: Its file's suffix, which tells the grammar.
        local: What the plugin is called in it.
        edits: The edits so far.
        notes: What the user should know, one sentence each.
        explained: The mentions of the plugin that are understood: there already, or taken out.
        done: The literals that need no second look.
        hoisted: How many options have got a name before their handler.
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
        """Count a look at one of the options that there are to choose from.

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
        """Put another node into the place of one; `at` is what in it may be too long."""
        self.edits.replace(old, new)
        self.touch(old, at, reindent=reindent)

    def touch(self, old: Node, new: Node | None = None, *, reindent: bool = False) -> None:
        """Note that a line gets longer or shorter; in a part of the new node, if that is given."""
        self._touched.append(_Touched(old, new, reindent))

    def hug(self, old: Node) -> None:
        """Let what replaces an only argument begin right after the parenthesis."""
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

    # What is there already.

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
