"""Add `inngestPlugin` to the options of a GraphQL handler, whatever they are made of."""

from __future__ import annotations

from dataclasses import replace as changed
from typing import cast

from libcst import FlattenSentinel

from ...typescript.bindings import Binding, Module
from ...typescript.edits import (
    Change,
    Edits,
    append_item,
    expression,
    has_comment,
    insert_item,
    is_tight_when_hugged,
    object_member,
    remove_item,
    space_before,
    statement,
    tightened,
    with_space,
)
from ...typescript.expressions import branches, declared_value, member, unwrap
from ...typescript.layout import Site, groups_around, outdented
from ...typescript.nodes import Branch, Node, Token, is_kind, position, walk
from ...typescript.style import Style
from .calls import is_plugin, options_of, refusal
from .hoisting import HOISTED, hoist_target, is_pure, split_own_comments
from .options import (
    EXTRA_PLUGINS,
    binding_of,
    constant_literals,
    is_only_read,
    key_of,
    literals,
    mentions_of,
    outer_expression,
    values_of,
    wrapped_value,
)

# What cannot be an array, whatever the rest of the program does.
_NO_ARRAYS = {
    "arrow_function": "a function",
    "class": "a class",
    "function_expression": "a function",
    "number": "a number",
    "object": "an object",
    "regex": "a regular expression",
    "string": "a string",
    "template_string": "a string",
    "true": "`true`",
}
_PARENTHESIZED = {
    "arrow_function",
    "as_expression",
    "assignment_expression",
    "augmented_assignment_expression",
    "await_expression",
    "parenthesized_expression",
    "satisfies_expression",
    "sequence_expression",
    "ternary_expression",
    "yield_expression",
}
# How many branches and spread objects are looked at; each costs a look at the whole file.
MAX_LOOKS = 50

_NO_OBJECTS = {"false", "null", "this", "undefined", *_NO_ARRAYS} - {"object"}
# A line that begins with one of these goes on with the line before it.
_CONTINUES = "([`+-/"


class Wiring:
    """The edits that add the plugin to every handler of a module.

    Attributes:
        edits: The edits, to be applied when all handlers were looked at.
        sites: Where a list got longer; filled when the edits are applied.
        notes: What the user should know, one sentence each.
        may_join: Whether an edit is in lines that Prettier joins once they fit.
        seen: The mentions of the plugin that are part of a handler's options already.
    """

    def __init__(self, module: Module, calls: list[Branch], style: Style, pretty: bool) -> None:
        self.module = module
        self.calls = calls
        self.style = style
        self.pretty = pretty
        self.edits = Edits(module)
        self.sites: list[Site] = []
        self.notes: list[str] = []
        self.seen: set[int] = set()
        self.may_join = False
        self._looks = 0
        self._only: dict[Binding, bool] = {}
        self.local = ""
        self._done: set[int] = set()
        self._options = {id(options_of(module, call)) for call in calls}

    def wire(self, local: str) -> None:
        """Collect the edits.

        Args:
            local: What the plugin is called in this module.

        Raises:
            Refusal: Being right cannot be known.
        """
        self.local = local
        for call in self.calls:
            self._check_nesting(call)
            self._wire_options(options_of(self.module, call))

    def _check_nesting(self, call: Branch) -> None:
        others = {id(other) for other in self.calls}
        if any(id(around) in others for around in self.module.ancestors(call)):
            raise refusal(
                self.module,
                call,
                "createGraphQLHandler is called inside another call of it: take them apart.",
            )

    def _edit(self, node: Node, change: Change) -> None:
        groups = groups_around(self.module, node)
        self.may_join |= any(one.kind != "object" and "\n" in one.code for one in groups)
        self.edits.on(node, change)

    # The options.

    def _wire_options(self, node: Node) -> None:
        inner = unwrap(node)
        self._looks += 1
        if self._looks > MAX_LOOKS:
            raise refusal(self.module, inner, f"there are more than {MAX_LOOKS} options to choose.")
        if is_kind(inner, "identifier"):
            self._wire_named_options(inner)
        elif is_kind(inner, "ternary_expression") and self._has_plain_branches(inner):
            for branch in branches(inner):
                self._wire_options(branch)
        elif objects := literals(self.module, inner, "object"):
            for one in objects:
                self._wire_object(one)
        elif inner.kind in _NO_OBJECTS:
            raise refusal(
                self.module, inner, "the options of createGraphQLHandler are no object here."
            )
        elif not self._has_plugin(inner):
            self._hoist(node, inner)

    def _has_plain_branches(self, node: Node) -> bool:
        """Whether each branch of a conditional can be edited where it stands."""
        inner = unwrap(node)
        if is_kind(inner, "ternary_expression"):
            return all(self._has_plain_branches(branch) for branch in branches(inner))
        return is_kind(inner, "identifier") or bool(literals(self.module, inner, "object"))

    def _wire_named_options(self, name: Node) -> None:
        binding = binding_of(self.module, name)
        if binding is None or binding.how == "type":
            raise refusal(
                self.module,
                name,
                f"the options `{name.code}` are not declared in this file: declare them first.",
            )
        objects = constant_literals(self.module, name, "object")
        if objects and self._only_options(binding):
            for one in objects:
                self._wire_object(one)
        elif not self._has_plugin(name):
            self._extend(name, name)

    def _only_options(self, binding: Binding) -> bool:
        """Whether an object is used for nothing but as options of handlers."""
        if binding not in self._only:
            self._only[binding] = all(
                is_only_read(self.module, token)
                or id(outer_expression(self.module, token)) in self._options
                for token in self.module.references(binding)
            )
        return self._only[binding]

    def _extend(self, node: Node, name: Node) -> None:
        """`{ ...options, extraPlugins: [...(options.extraPlugins || []), inngestPlugin] }`."""
        plugins = self._guarded(f"{name.code}.{EXTRA_PLUGINS} || []")
        pad = self.style.padding
        text = f"{{{pad}...{name.code}, {EXTRA_PLUGINS}: {plugins}{pad}}}"
        around = self.module.parent(node)
        tighten = self.pretty and is_tight_when_hugged(around)
        new = with_space(expression(text), "" if tighten else space_before(node))
        if tighten and around:
            self.edits.on(around, tightened)
        self._edit(node, lambda _: self._at(new))

    def _at(self, node: Node) -> Node:
        """Remember that an array, the last one in a node, was added here."""
        arrays = [part for part in walk(node) if is_kind(part, "array")]
        self.sites.append(Site(arrays[0], new=True))
        return node

    def _guarded(self, choice: str) -> str:
        return f"[...({choice}), {self.local}]"

    # An object literal.

    def _wire_object(self, node: Branch) -> None:
        if id(node) in self._done:
            return
        self._done.add(id(node))
        members = node.named()
        pairs = [part for part in members if key_of(self.module, part) == EXTRA_PLUGINS]
        if len(pairs) > 1:
            self._merge(node, pairs)
            return
        self._wire_members(node, members)

    def _wire_members(self, node: Branch, members: list[Node]) -> None:
        """Find, from the last member to the first, what decides about `extraPlugins`."""
        maybe: Node | None = None
        unknown: list[Node] = []
        for part in reversed(members):
            if is_kind(part, "spread_element") and isinstance(part, Branch):
                answer = self._spread(part.parts[1])
                if answer == "unknown":
                    unknown.insert(0, part)
                    self._check_count(unknown)
                elif answer != "never" and unknown:
                    raise self._not_sure(unknown[0])
                elif answer == "always":
                    return
                elif answer == "maybe":
                    maybe = part
                continue
            key = key_of(self.module, part)
            if key is None and not is_kind(part, "method_definition"):
                raise refusal(
                    self.module, part, "this key may be extraPlugins: only running the code tells."
                )
            if key == EXTRA_PLUGINS:
                if unknown:
                    raise self._not_sure(unknown[0])
                self._wire_member(part)
                return
        self._add_member(node, unknown, maybe)

    def _check_count(self, spreads: list[Node]) -> None:
        if len(spreads) > MAX_LOOKS:
            raise refusal(
                self.module,
                spreads[0],
                f"more than {MAX_LOOKS} objects are spread into these options.",
            )

    def _not_sure(self, spread: Node) -> Exception:
        return refusal(
            self.module,
            spread,
            "what is spread here may replace the extraPlugins before it: put extraPlugins last.",
        )

    def _add_member(self, node: Branch, unknown: list[Node], maybe: Node | None) -> None:
        plugins = self._plugins_of_spread(unknown)
        new = object_member(f"{EXTRA_PLUGINS}: {plugins}")
        value = new.part("value") if isinstance(new, Branch) else None

        def change(brackets: Branch) -> Branch:
            one_line = "\n" not in space_before(brackets.parts[-1]) and "\n" not in brackets.code
            if maybe:
                place = node.parts.index(maybe)
                result = insert_item(brackets, new, brackets.parts[place], self.style)
                item = result.parts[place]
            else:
                result = append_item(brackets, new, self.style)
                item = result.named()[-1]
            if _is_empty_on_two_lines(brackets):
                result = _with_other_end(result)
            self.sites.append(Site(result, own=one_line, item=item if one_line else None))
            if value:
                self.sites.append(Site(value))
            return result

        self._edit(node, change)

    def _plugins_of_spread(self, unknown: list[Node]) -> str:
        """The array for an object that gets its other plugins, if any, from what it spreads."""
        if not unknown:
            return f"[{self.local}]"
        for spread in unknown:
            self._check_readable(spread)
        bases = [part.parts[1].code for part in unknown if isinstance(part, Branch)]
        if len(bases) == 1:
            return self._guarded(f"{bases[0]}?.{EXTRA_PLUGINS} || []")
        spreads = ", ".join(f"...{base}" for base in bases)
        pad = self.style.padding
        return self._guarded(f"{{{pad}{spreads}{pad}}}.{EXTRA_PLUGINS} || []")

    def _check_readable(self, spread: Node) -> None:
        value = spread.parts[1] if isinstance(spread, Branch) else spread
        if not (is_kind(value, "identifier") or (member(value) and is_pure(value))):
            raise refusal(
                self.module,
                spread,
                "what is spread here may bring extraPlugins: give it a name first,"
                " `const base = ...`, and spread that.",
            )

    def _spread(self, node: Node) -> str:
        """Whether what is spread has `extraPlugins`: never, maybe, always, or unknown.

        Where it may, and its literals are at hand, they get the plugin.
        """
        node = unwrap(node)
        if is_kind(node, "false", "null", "undefined", "number", "string"):
            return "never"
        if is_kind(node, "identifier"):
            return self._spread_name(node)
        if isinstance(node, Branch) and node.kind == "object":
            return self._spread_object(node)
        if isinstance(node, Branch) and node.kind == "ternary_expression":
            return _either(*[self._spread(branch) for branch in branches(node)])
        if isinstance(node, Branch) and node.kind == "binary_expression":
            operator, right = node.part("operator"), node.part("right")
            if operator and right and operator.code == "&&":
                return _either("never", self._spread(right))
        return "unknown"

    def _spread_name(self, name: Node) -> str:
        binding = binding_of(self.module, name)
        objects = constant_literals(self.module, name, "object")
        if binding is None or not objects:
            return "unknown"
        references = self.module.references(binding)
        if not all(self._is_read_or_spread(token) for token in references):
            return "unknown"
        known = all(self._has_no_plugins(one) for one in objects)
        return "never" if known else "unknown"

    def _is_read_or_spread(self, token: Token) -> bool:
        around = self.module.parent(token)
        return is_kind(around, "spread_element") or is_only_read(self.module, token)

    def _has_no_plugins(self, node: Branch) -> bool:
        for part in node.named():
            if is_kind(part, "spread_element") and isinstance(part, Branch):
                inner = unwrap(part.parts[1])
                if not is_kind(inner, "identifier") or self._spread_name(inner) != "never":
                    return False
            elif key_of(self.module, part) in {EXTRA_PLUGINS, None}:
                return False
        return True

    def _spread_object(self, node: Branch) -> str:
        if self._has_no_plugins(node):
            return "never"
        pairs = [part for part in node.named() if key_of(self.module, part) == EXTRA_PLUGINS]
        plain = all(key_of(self.module, part) is not None for part in node.named())
        if len(pairs) != 1 or not plain:
            return "unknown"
        self._wire_member(pairs[0])
        return "always"

    # The member `extraPlugins`.

    def _wire_member(self, part: Node) -> None:
        if isinstance(part, Token):
            self._wire_shorthand(part)
            return
        value = part.part("value") if isinstance(part, Branch) and part.kind == "pair" else None
        if value is None:
            raise refusal(
                self.module, part, "extraPlugins is a function or an accessor here, not an array."
            )
        self._wire_plugins(value)

    def _wire_shorthand(self, name: Token) -> None:
        if self._has_plugin(name):
            return
        arrays = constant_literals(self.module, name, "array") or []
        if arrays and self._only_plugins(name) and all(map(self._can_append, arrays)):
            for array in arrays:
                self._append(array)
        else:
            self._edit(name, self._shorthand)

    def _shorthand(self, name: Node) -> Node:
        inner = self._wrap_text("extraPlugins", ternary=False)
        pair = object_member(f"{EXTRA_PLUGINS}: {inner}")
        value = pair.part("value") if isinstance(pair, Branch) else None
        self.sites.append(Site(value or pair))
        return with_space(pair, space_before(name))

    def _wire_plugins(self, value: Node) -> None:
        inner = unwrap(value)
        if inner.kind in _NO_ARRAYS:
            what = _NO_ARRAYS[inner.kind]
            raise refusal(self.module, inner, f"extraPlugins is {what} here, not an array.")
        if self._has_plugin(inner):
            return
        arrays = literals(self.module, inner, "array")
        if is_kind(inner, "identifier") and self._only_plugins(inner):
            arrays = constant_literals(self.module, inner, "array")
        if arrays and all(self._can_append(array) for array in arrays):
            for array in arrays:
                self._append(array)
        else:
            self._edit(value, self._wrapped)

    def _only_plugins(self, name: Node) -> bool:
        """Whether a list is used for nothing but as `extraPlugins` of handlers."""
        binding = binding_of(self.module, name)
        if binding is None or not constant_literals(self.module, name, "array"):
            return False
        return all(
            is_kind(self.module.parent(token), "export_specifier") or self._is_plugins(token)
            for token in self.module.references(binding)
        )

    def _is_plugins(self, token: Token) -> bool:
        member = outer_expression(self.module, token)
        around = self.module.parent(member)
        if is_kind(around, "pair"):
            member, around = around or member, self.module.parent(around or member)
        return (
            around is not None
            and id(around) in self._done
            and key_of(self.module, member) == EXTRA_PLUGINS
        )

    def _can_append(self, array: Branch) -> bool:
        """Whether unwiring will be able to tell this array from one that wiring made."""
        with_another = array.with_parts((*array.parts, *array.named()[:1]))
        return len(array.named()) != 1 or wrapped_value(with_another) is None

    def _append(self, array: Branch) -> None:
        if id(array) in self._done:
            return
        self._done.add(id(array))

        def change(brackets: Branch) -> Branch:
            item = expression(self.local)
            result = append_item(brackets, item, self.style, self.pretty)
            self.sites.append(Site(result))
            return result

        self._edit(array, change)

    def _wrapped(self, value: Node) -> Node:
        """`[...(value || []), inngestPlugin]`, for a value that is no array literal."""
        same = value.code == EXTRA_PLUGINS or value.code.endswith(f"?.{EXTRA_PLUGINS}")
        new = expression(self._wrap_text(_in_choice(value), ternary=same))
        new = with_space(new, space_before(value))
        self.sites.append(Site(new, reindent=True))
        return new

    def _wrap_text(self, code: str, *, ternary: bool) -> str:
        return self._guarded(f"{code} ? {code} : []" if ternary else f"{code} || []")

    # `extraPlugins` given more than once.

    def _merge(self, node: Branch, pairs: list[Node]) -> None:
        """Put all plugins into the first list that has others than ours, and drop the rest."""
        members = node.named()
        for part in members[members.index(pairs[0]) :]:
            if isinstance(part, Branch) and part.kind == "spread_element":
                self._check_spread_between(part)
        items = {id(pair): self._items(pair) for pair in pairs}
        kept = next((pair for pair in pairs if items[id(pair)]), pairs[0])
        dropped = [pair for pair in pairs if pair is not kept]
        added = [item for pair in dropped for item in items[id(pair)]]
        array = self._merged(kept, added)

        def change(brackets: Branch) -> Branch:
            value = changed(array, role="value")
            pair = cast("Branch", kept).with_parts((*cast("Branch", kept).parts[:-1], value))
            self.sites.append(Site(value))
            parts = tuple(pair if part is kept else part for part in brackets.parts)
            brackets = brackets.with_parts(parts)
            for part in dropped:
                brackets = remove_item(brackets, part, self.style)
            return brackets

        self.edits.on(node, change)
        lines = " and ".join(str(position(self.module.program, pair)[0]) for pair in pairs)
        self.notes.append(
            f"extraPlugins was given more than once (lines {lines}), of which only the last counts:"
            " merged into one list that keeps every plugin."
        )

    def _check_spread_between(self, spread: Branch) -> None:
        if self._spread(spread.parts[1]) != "never":
            raise self._not_sure(spread)

    def _items(self, pair: Node) -> list[Node]:
        """The plugins of one `extraPlugins` member, ours left out."""
        value = pair.part("value") if isinstance(pair, Branch) and pair.kind == "pair" else None
        inner = unwrap(value) if value else None
        if not isinstance(inner, Branch) or inner.kind != "array" or inner is not value:
            raise refusal(
                self.module,
                pair,
                "extraPlugins is given more than once, here as something else than a list:"
                " merge them into one list.",
            )
        self._has_plugin(inner)
        return [item for item in inner.named() if not is_plugin(self.module, unwrap(item))]

    def _merged(self, kept: Node, added: list[Node]) -> Branch:
        result = cast("Branch", cast("Branch", kept).part("value"))
        for item in result.named():
            if is_plugin(self.module, unwrap(item)):
                result = remove_item(result, item, self.style)
        for item in added:
            if any(has_comment(token.space) for token in item.tokens()):
                raise refusal(
                    self.module,
                    item,
                    "extraPlugins is given more than once, with comments: merge them into one"
                    " list.",
                )
        for item in (*added, expression(self.local)):
            result = append_item(result, item, self.style, self.pretty)
        return result

    # What is there already.

    def _has_plugin(self, node: Node) -> bool:
        """Whether the plugin is part of a value already, here or where its names are declared."""
        found = False
        for mention in self._plugin_mentions(node, set()):
            self.seen.add(id(mention))
            found = True
        return found

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

    # Options that cannot be read twice.

    def _hoist(self, node: Node, inner: Node) -> None:
        """Give the options a name in a statement before the call, and extend them there."""
        target = hoist_target(self.module, node)
        if target is None or self.module.mentions(HOISTED):
            raise refusal(
                self.module,
                inner,
                "the options of createGraphQLHandler are worked out here:"
                " give them a name first, `const options = ...`, and pass that.",
            )
        before, own, indent = split_own_comments(target)
        end = self.style.semicolon or (";" if target.code[0] in _CONTINUES else "")
        value = node
        if self.pretty and "\n" in space_before(node):
            value = outdented(node, self.style.indent)
        declaration = statement(f"const {HOISTED} = {value.code}{end}")

        def change(old: Node) -> FlattenSentinel[Node]:
            self.sites.append(Site(unwrap(declared_value(declaration))))
            gap = self.style.newline * 2 + own + indent
            return FlattenSentinel([with_space(declaration, before + indent), with_space(old, gap)])

        self._extend(node, Token(HOISTED))
        self.edits.on(target, change)


def _either(*answers: str) -> str:
    """What holds when one of these holds."""
    if "unknown" in answers:
        return "unknown"
    return answers[0] if len(set(answers)) == 1 else "maybe"


def _in_choice(value: Node) -> str:
    """The value as the left side of `||`, in parentheses where Prettier puts them."""
    if value.kind in _PARENTHESIZED:
        return f"({value.code})"
    if is_kind(value, "binary_expression") and isinstance(value, Branch):
        operator = value.part("operator")
        return f"({value.code})" if operator and operator.code in {"&&", "??"} else value.code
    return value.code


def _is_empty_on_two_lines(brackets: Branch) -> bool:
    """Whether an object is empty but for a newline, as no formatter leaves it."""
    space = space_before(brackets.parts[-1])
    return len(brackets.parts) == len("{}") and "\n" in space and not has_comment(space)


def _with_other_end(brackets: Branch) -> Branch:
    """A list with a trailing comma if it has none, or the other way round.

    It tells unwiring that the object was on two lines, and not on one that became too long.
    """
    *parts, last, closing = brackets.parts
    end = (closing,) if last.kind == "," else (last, Token(","), closing)
    return brackets.with_parts((*parts, *end))
