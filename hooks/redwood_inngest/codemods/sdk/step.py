"""The parts that the steps from one major version to the next share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import cast

from ...errors import Refusal
from ...typescript.bindings import Module
from ...typescript.edits import Edits, expression, object_member, statement
from ...typescript.expressions import binding_origin, string_value
from ...typescript.imports import add_import, remove_import
from ...typescript.layout import Layout, Site, outdented, reindented
from ...typescript.lists import belonging, spaces_around
from ...typescript.nodes import Branch, Node, Token, is_kind, position, walk
from ...typescript.style import CodeStyle, is_short
from ...typescript.trivia import (
    comments_in,
    has_comment,
    indent_of,
    is_broken,
    space_before,
    with_space,
)
from ..graphql_handler.import_order import ORDERS
from . import objects
from .notes import Remark
from .uses import PACKAGE, FunctionCall, Uses


class Step:
    """One step: the edits of a module's tree and the remarks, collected, then applied.

    Args:
        uses: The uses of the SDK in the module, as it is before the step.
        style: The file's code style.
        suffix: The file's suffix, which tells the grammar.
        source: The module's text before all steps.
    """

    def __init__(self, uses: Uses, style: CodeStyle, suffix: str, source: str) -> None:
        self.module = uses.module
        self.source = source
        self.uses = uses
        self.around = uses.around
        self.style = style
        self.suffix = suffix
        self.edits = Edits(self.module, style)
        self.remarks: list[Remark] = []
        self._touched: list[Node] = []
        self._to_spread: list[Branch] = []
        self._calls: list[Branch] = []
        self._looked_at: set[int] = set()
        self._wanted: dict[str, dict[str, str]] = {}
        self._unwanted: list[Branch] = []

    def plan(self) -> Edits:
        """Collect the edits and remarks."""
        for made in self.uses.clients:
            if options := objects.last_argument(made, 0):
                self.client(made, options)
        for function in self.uses.functions:
            self.function(function)
        for call in self.uses.serves:
            self.serve(call)
        self.others()
        self._edit_imports()
        return self.edits

    def result(self) -> tuple[Branch, str]:
        """The tree as it is after the step, in lines as Prettier has them, and its text."""
        program, now = self.edits.apply(), dict(self.edits.now)
        program = self._with_spread_objects(program, now)
        text = program.source
        if is_short(text, self.style):
            return program, text
        program = self._with_tall_calls(program, text, now)
        sites = [self._site(node, now) for node in self._touched]
        program = Layout(self.module, self.style).with_breaks(program, sites)
        return program, program.source

    def client(self, made: Branch, options: Branch) -> None:
        """Collect what there is to do about a client."""
        raise NotImplementedError

    def function(self, function: FunctionCall) -> None:
        """Collect what there is to do about a function."""
        raise NotImplementedError

    def serve(self, call: Branch) -> None:
        """Collect what there is to do about an endpoint."""
        raise NotImplementedError

    def others(self) -> None:
        """Collect what else there is to do."""
        raise NotImplementedError

    def is_first_look(self, node: Node) -> bool:
        """Whether a node is looked at for the first time; two functions may share a handler."""
        first = id(node) not in self._looked_at
        self._looked_at.add(id(node))
        return first

    def tell(self, anchor: Node, text: str) -> None:
        """Leave something to the user."""
        self.remarks.append(Remark(anchor, text))

    def refuse(self, node: Node, reason: str) -> Refusal:
        """A refusal that says where."""
        line, column = position(self.module.program, node)
        return Refusal(reason, line=line, column=column)

    def touch(self, node: Node) -> None:
        """Note that a list or an expression gets longer, in a line that may have to be broken."""
        self._touched.append(node)

    def watch(self, arguments: Branch) -> None:
        """Give each argument a line of its own where their first line gets too long."""
        self._calls.append(arguments)

    # Edits of objects.

    def member(self, text: str) -> Node:
        """A member of an object, from its text."""
        return object_member(text, self.suffix)

    def prepend(self, literal: Branch, texts: Iterable[str], at: Node | None = None) -> None:
        """Put members in front of an object's others.

        Args:
            literal: The object.
            texts: The members.
            at: The node that their lines come from, if from this module.
        """
        first = next(iter(literal.named()), None)
        for text in texts:
            member = self._placed(literal, self.member(text), at)
            if first:
                self.edits.insert(literal, member, first)
            else:
                self.edits.append(literal, member)
        self.touch(literal)

    def append(self, literal: Branch, text: str, at: Node | None = None, comment: str = "") -> None:
        """Add a member at the end of an object.

        Args:
            literal: The object.
            text: The member.
            at: The node that its lines come from, if from this module.
            comment: The comment above it.

        Raises:
            Refusal: The object is on one line, and cannot be put on several for a comment.
        """
        if (comment or "\n" in text) and self._can_be_spread(literal):
            self._to_spread.append(literal)
        elif comment and not _is_tall(literal):
            raise self.refuse(
                literal,
                f"there is no place in this object for the comment {_first(comment)!r}, which"
                " belongs to what upgrade-sdk would write here: give each of its members a line of"
                " its own.",
            )
        member = self.member(text)
        self.touch(objects.value_of(member) or member)
        self.edits.append(literal, self._placed(literal, with_space(member, comment), at))
        self.touch(literal)

    def rename(self, member: Node, name: str) -> None:
        """Give a member of an object another name."""
        key = objects.key_node(member)
        if key:
            new = objects.key_node(self.member(f"{name}: 1"))
            self.edits.replace(key, cast("Node", new))
        else:
            self.edits.replace(member, self.member(f"{name}: {member.code}"))

    def set_value(self, literal: Branch, member: Node, text: str) -> None:
        """Give a member of an object another value."""
        if is_kind(member, "pair"):
            self.replace(cast("Node", objects.value_of(member)), text)
        else:
            self.edits.replace(member, self.member(f"{objects.key_of(member)}: {text}"))
        self.touch(literal)

    def _placed(self, literal: Branch, member: Node, at: Node | None) -> Node:
        """A member of many lines, indented as the object has it or will have it."""
        if at is None or "\n" not in space_before(member) + member.code:
            return member
        if _is_tall(literal):
            inner = indent_of(space_before(literal.parts[-1])) + self.style.indent
        elif any(literal is one for one in self._to_spread):
            inner = self._indent_at(literal) + self.style.indent
        else:
            return member
        before = self._indent_at(at)
        if inner.startswith(before):
            return reindented(member, inner.removeprefix(before))
        return outdented(member, before.removeprefix(inner))

    def _indent_at(self, node: Node) -> str:
        """The indentation of the line on which a node begins."""
        line = self._lines[position(self.module.program, node)[0] - 1]
        return indent_of("\n" + line)

    @cached_property
    def _lines(self) -> list[str]:
        return self.module.program.source.split("\n")

    def _can_be_spread(self, literal: Branch) -> bool:
        """Whether an object is all on one line, and begins it or is the only argument of a call."""
        inside = _spaces_in(literal)
        around = self.module.parent(literal)
        alone = is_kind(around, "arguments") and len(cast("Branch", around).named()) == 1
        begins = is_broken(space_before(literal))
        return (alone or begins) and not any(map(_is_more_than_blank, inside))

    # Edits of expressions and arguments.

    def expression(self, text: str) -> Node:
        """An expression in the module's own language."""
        return expression(text, self.suffix)

    def object(self, members: Iterable[str], at: Node) -> str:
        """An object literal of members, for the place of a node, on lines as the members need."""
        text = self.braces(", ".join(members))
        if "\n" not in text:
            return text
        literal = cast("Branch", reindented(self.expression(text), self.style.indent))
        end = self.style.newline + self._indent_at(at)
        return self._tall(literal, end, comma=self.style.last_comma).code

    def replace(self, node: Node, text: str) -> None:
        """Replace an expression by other text.

        Raises:
            Refusal: There is a comment in it that the text does not have.
        """
        self._check_kept(node, _comments(_spaces_in(node)), text)
        self.edits.replace(node, self.expression(text))

    def replace_argument(self, old: Node, text: str) -> None:
        """Put other text into the place of an argument, laid out anew where it gets too long."""
        self.replace(old, text)
        self.touch(old)

    def insert_argument(self, arguments: Branch, text: str) -> None:
        """Put an argument in front of the others."""
        first = arguments.named()[0]
        self.edits.insert(arguments, self.expression(text), first)
        self.touch(arguments)

    def remove(self, brackets: Branch, old: Node, text: str = "") -> None:
        """Take an item out of a list.

        Args:
            brackets: The list.
            old: The item.
            text: The part of it that is written elsewhere.

        Raises:
            Refusal: A comment in it or beside it would go.
        """
        self._check_kept(old, Counter(belonging(brackets, old)), text)
        self.edits.remove(brackets, old)

    def move(self, brackets: Branch, old: Node, literal: Branch, text: str) -> None:
        """Take an item out of a list and write it, with its comments, at the end of an object.

        Args:
            brackets: The list.
            old: The item.
            literal: The object.
            text: The member to add.

        Raises:
            Refusal: There is a comment that would have no place.
        """
        self._check_kept(old, _comments(_spaces_in(old)), f"{{{text}}}")
        around = [space.strip() for space in spaces_around(brackets, old) if space.strip()]
        self.edits.remove(brackets, old, moved=True)
        line = self.style.newline + self._indent_at(old) if len(around) > 1 else ""
        self.append(literal, text, old, line.join(around))

    def check_no_comments(self, node: Node) -> None:
        """Check that an expression can be written twice.

        Raises:
            Refusal: There is a comment in it.
        """
        self._check_kept(node, _comments(_spaces_in(node)))

    def _check_kept(self, old: Node, comments: Counter[str], text: str = "") -> None:
        """Check that an expression's comments are in the text that is written for it."""
        written = self.expression(text).tokens() if comments and text else ()
        lost = comments - _comments(token.space for token in written)
        if lost:
            raise self.refuse(
                old,
                f"there is no place for the comment {next(iter(lost))!r} in what upgrade-sdk would"
                " write for this: move it to a line of its own above the statement.",
            )

    def braces(self, members: str) -> str:
        """Members of an object in braces, on one line."""
        return f"{{{self.style.padding}{members}{self.style.padding}}}"

    def literal(self, text: str) -> str:
        """A string in the file's quotes."""
        quote = self.style.quote
        escaped = text.replace("\\", "\\\\").replace(quote, "\\" + quote).replace("\n", "\\n")
        return f"{quote}{escaped}{quote}"

    def imported(self, name: str, module: str = PACKAGE) -> str:
        """The local name of an export, which is imported where it is not yet."""
        for binding in self.imports_of(name, module):
            return binding
        wanted = self._wanted.setdefault(module, {})
        if name not in wanted:
            free = not self.module.bindings(name)
            wanted[name] = name if free else f"inngest{name[0].upper()}{name[1:]}"
        return wanted[name]

    def unimport(self, specifier: Branch) -> None:
        """Take a name out of an import."""
        self._unwanted.append(specifier)

    def check_made_by_code(self, function: FunctionCall) -> None:
        """Refuse functions that a loop or a factory makes out of values that only run time knows.

        Raises:
            Refusal: This one is.
        """
        if not self.uses.is_made_by_code(function.call):
            return
        parts = function.arguments[:-1]
        if any(self.uses.depends_on_code(part) for part in parts):
            raise self.refuse(
                function.anchor,
                "this function is made in a loop or a factory, so that its id and triggers are"
                " known at run time only: upgrade it by hand, then run this again.",
            )

    def imports_of(self, name: str, module: str) -> Iterable[str]:
        """The local names of an export that is imported."""
        for specifier in self.module.of_kind("import_specifier"):
            local = specifier.parts[-1].code
            for binding in self.module.bindings(local):
                is_this = binding.declaration is specifier and binding.how == "import"
                if is_this and binding_origin(self.module, binding) == (module, name):
                    yield local

    def _site(self, old: Node, now: dict[int, Node]) -> Site:
        """The place where lines may be too long: of arguments, an array or object at their end."""
        node = now.get(id(old), old)
        last = cast("Branch", node).named()[-1] if is_kind(node, "arguments") else node
        return Site(last if is_kind(last, "array", "object") else node, old)

    def _with_spread_objects(self, program: Branch, now: dict[int, Node]) -> Branch:
        """Give each member of objects that got one of many lines a line of its own."""
        if not self._to_spread:
            return program
        edits = Edits(Module(program), self.style)
        for old in self._to_spread:
            literal = cast("Branch", now[id(old)])
            end = self.style.newline + self._indent_at(old)
            edits.replace(literal, self._tall(literal, end, comma=self.style.last_comma))
        return _applied(edits, now)

    def _with_tall_calls(self, program: Branch, text: str, now: dict[int, Node]) -> Branch:
        """Break up calls with a function for their last argument, as Prettier does."""
        if not self._calls:
            return program
        edits = Edits(Module(program), self.style)
        lines = text.split(self.style.newline)
        for old in self._calls:
            call = cast("Branch", now.get(id(old), old))
            line = lines[position(program, call)[0] - 1]
            spaces = [space_before(part) for part in call.parts[1:]]
            if not is_short(line, self.style) and not any(map(_is_more_than_blank, spaces)):
                end = self.style.newline + indent_of("\n" + line)
                moved = cast("Branch", reindented(call, self.style.indent))
                edits.replace(call, self._tall(moved, end, comma=self._has_call_commas()))
        return _applied(edits, now)

    def _tall(self, brackets: Branch, space: str, *, comma: bool) -> Branch:
        """A list with each item on a line of its own, and a space before the closing bracket."""
        line = space + self.style.indent
        parts: list[Node] = [brackets.parts[0]]
        for item in brackets.named():
            comment = space_before(item).strip()
            lead = line + comment + line if comment else line
            parts += [with_space(item, lead), Token(",")]
        kept = parts if comma else parts[:-1]
        return brackets.with_parts((*kept, with_space(brackets.parts[-1], space)))

    def _has_call_commas(self) -> bool:
        tall = [
            call.parts[-2].kind == ","
            for call in self.module.of_kind("arguments")
            if "\n" in space_before(call.parts[-1]) and len(call.parts) > 2
        ]
        return sum(tall) * 2 > len(tall)

    def _edit_imports(self) -> None:
        """Add the imports that are wanted, and take away those that no longer are."""
        if not self._wanted and not self._unwanted:
            return
        imports = [(each, _named_imports(each)) for each in self.module.of_kind("import_statement")]
        for each, names in imports:
            module = string_value(each.part("source"))
            is_of_types = any(is_kind(part, "type") for part in each.parts)
            if names and module in self._wanted and not is_of_types:
                for name, local in self._wanted.pop(module).items():
                    self.edits.append(names, _specifier(name, local))
                self.touch(names)
        quote = self.style.quote
        for module, added in self._wanted.items():
            listed = ", ".join(_as(name, local) for name, local in added.items())
            text = f"import {self.braces(listed)} from {quote}{module}{quote}"
            add_import(self.edits, text + self.style.semicolon, ORDERS)
        for each, names in imports:
            items = names.named() if names else []
            removed = [one for one in items if any(one is other for other in self._unwanted)]
            if not names or not removed:
                continue
            if len(removed) == len(_clauses(each)) and not self.edits.is_in(names):
                remove_import(self.edits, each)
                continue
            for specifier in removed:
                self.edits.remove(names, specifier)


def _named_imports(statement_: Branch) -> Branch | None:
    """The braces of an import."""
    found = (node for node in walk(statement_) if is_kind(node, "named_imports"))
    return cast("Branch | None", next(found, None))


def _clauses(statement_: Branch) -> list[Node]:
    """The names that an import binds: a default, a namespace, and each name in its braces."""
    found = next((part for part in statement_.parts if is_kind(part, "import_clause")), None)
    clauses = cast("Branch", found).named() if found else []
    return [
        name
        for each in clauses
        for name in (cast("Branch", each).named() if is_kind(each, "named_imports") else [each])
    ]


def _applied(edits: Edits, now: dict[int, Node]) -> Branch:
    """The tree after more edits; `now` leads to the nodes in it."""
    program = edits.apply()
    for key, node in now.items():
        now[key] = edits.now.get(id(node), node)
    return program


def _is_tall(literal: Branch) -> bool:
    return is_broken(space_before(literal.parts[-1]))


def _comments(spaces: Iterable[str]) -> Counter[str]:
    return Counter(comment for space in spaces for comment in comments_in(space))


def _spaces_in(node: Node) -> list[str]:
    """The spaces between the tokens of a node."""
    return [token.space for token in node.tokens()][1:]


def _first(comment: str) -> str:
    return comments_in(comment)[0]


def _is_more_than_blank(space: str) -> bool:
    """Whether there is a new line or a comment."""
    return has_comment(space) or is_broken(space)


def _as(name: str, local: str) -> str:
    return name if name == local else f"{name} as {local}"


def _specifier(name: str, local: str) -> Node:
    read = statement(f"import {{ {_as(name, local)} }} from 'x'")
    return with_space(next(node for node in walk(read) if is_kind(node, "import_specifier")), "")


_NOT_IN_SLUG = re.compile(r"[^a-z0-9]+")


def slugify(text: str) -> str:
    """The slug of a text as by the SDK's `slugify`, with which SDK 2 made ids of names."""
    return _NOT_IN_SLUG.sub("-", text.lower()).strip("-")
