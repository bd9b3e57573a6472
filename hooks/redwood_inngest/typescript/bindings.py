"""The declaration that a name means: the scopes of a module, as far as values go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from .nodes import Branch, Node, Token, is_kind

_NAMES = {
    "identifier",
    "shorthand_property_identifier",
    "shorthand_property_identifier_pattern",
    "type_identifier",
}
_FUNCTIONS = {
    "arrow_function",
    "function_declaration",
    "function_expression",
    "function_signature",
    "function_type",
    "generator_function",
    "generator_function_declaration",
    "method_definition",
    "method_signature",
}
_SCOPES = _FUNCTIONS | {
    "catch_clause",
    "class",
    "class_static_block",
    "for_in_statement",
    "for_statement",
    "program",
    "statement_block",
    "switch_body",
}
_NAMED_DECLARATIONS = {
    "abstract_class_declaration",
    "class_declaration",
    "enum_declaration",
    "function_declaration",
    "function_signature",
    "generator_function_declaration",
    "import_alias",
    "internal_module",
    "module",
}
_IMPORTS = {"import_clause", "import_require_clause", "import_specifier", "namespace_import"}
_PARAMETERS = {"required_parameter", "optional_parameter"}
_OWN_SCOPE = {"class", "function_expression", "generator_function"}
_LONE_PARAMETER = {"arrow_function", "catch_clause"}
_DECLARING = {
    "for_in_statement",
    "variable_declarator",
    *_IMPORTS,
    *_LONE_PARAMETER,
    *_NAMED_DECLARATIONS,
    *_OWN_SCOPE,
    *_PARAMETERS,
}
_TYPE_ONLY = {"type", "typeof"}
# The role of a name that a pattern binds or assigns; `None` is any role.
_PATTERNS = {
    "array_pattern": None,
    "assignment_pattern": "left",
    "object_assignment_pattern": "left",
    "object_pattern": None,
    "pair_pattern": "value",
    "rest_pattern": None,
}


class Binding(NamedTuple):
    """A declaration of a name.

    Attributes:
        name: The token that declares it.
        how: `const`, `let`, `var`, `import`, `type` (an import for its type only), `parameter`
            or `declaration` (a function, a class, an enum, a namespace).
        declaration: The node that says what it is: a variable's declarator, an import's clause.
        scope: The node in which the name means this.
        loading: The node of an import that names the module.
    """

    name: Token
    how: str
    declaration: Branch
    scope: Branch
    loading: Branch | None = None


class Module:
    """A module with its names looked up.

    Attributes:
        program: The tree, which stays as it is.
        strings: The strings in it, in the order of the text.
    """

    def __init__(self, program: Branch) -> None:
        self.program = program
        self.strings: list[Token] = []
        self._of_kind: defaultdict[str, list[Branch]] = defaultdict(list)
        self._parents: dict[int, Branch] = {}
        self._names: defaultdict[str, list[Token]] = defaultdict(list)
        self._bindings: dict[str, list[Binding]] = {}
        self._scopes: dict[str, dict[int, Binding]] = {}
        self._index(program)

    def _index(self, branch: Any) -> None:  # a node with parts is a branch, all else is a token
        self._of_kind[branch.kind].append(branch)
        parents = self._parents
        for part in branch.parts:
            if type(part) is Token:
                continue
            parents[id(part)] = branch
            if type(part) is Branch:
                self._index(part)
            elif part.kind in _NAMES:
                self._names[part.text].append(part)
            elif part.kind == "string":
                self.strings.append(part)

    def of_kind(self, kind: str) -> list[Branch]:
        """The branches of one kind, in the order of the text, parents first."""
        return self._of_kind.get(kind, [])

    def parent(self, node: Node) -> Branch | None:
        """The branch that a node is a part of; None for the program, keywords and punctuation."""
        return self._parents.get(id(node))

    def ancestors(self, node: Node) -> Iterator[Branch]:
        """The branches around a node, from the inside to the outside."""
        parents = self._parents
        around = parents.get(id(node))
        while around is not None:
            yield around
            around = parents.get(id(around))

    def around(self, node: Node, kinds: Collection[str]) -> Branch | None:
        """The innermost branch around a node that is of one of these kinds."""
        parents = self._parents
        around = parents.get(id(node))
        while around is not None and around.kind not in kinds:
            around = parents.get(id(around))
        return around

    def statement(self, node: Node) -> Node:
        """The statement of the module itself that a node stands in; the node, if it is one."""
        parents = self._parents
        around = parents[id(node)]
        while around is not self.program:
            node, around = around, parents[id(around)]
        return node

    def is_inside(self, node: Node, outer: Node) -> bool:
        """Whether a node is another one or stands in it."""
        return node is outer or any(around is outer for around in self.ancestors(node))

    def mentions(self, name: str) -> list[Token]:
        """The tokens that say a name, as a value or as a type."""
        return self._names.get(name, [])

    def bindings(self, name: str) -> list[Binding]:
        """All declarations of a name, whatever their scope."""
        found = self._bindings.get(name)
        if found is None:
            found = [one for token in self.mentions(name) if (one := self._binding(token))]
            self._bindings[name] = found
        return found

    def lookup(self, name: str, place: Node) -> Binding | None:
        """The binding of a name at a place; None when this module does not declare it."""
        bindings = self.bindings(name)
        if not bindings:
            return None
        if len(bindings) == 1 and bindings[0].scope is self.program:
            return bindings[0]
        scopes = self._scopes.get(name)
        if scopes is None:
            scopes = {id(binding.scope): binding for binding in bindings}
            self._scopes[name] = scopes
        parents = self._parents
        around = parents.get(id(place))
        while around is not None:
            found = scopes.get(id(around))
            if found:
                return found
            around = parents.get(id(around))
        return None

    def references(self, binding: Binding) -> list[Token]:
        """The tokens that use a declaration as a value: reads and writes."""
        name = binding.name.text
        declared = {id(other.name) for other in self.bindings(name)}
        return [
            token
            for token in self.mentions(name)
            if id(token) not in declared
            and self.is_value(token)
            and self.lookup(name, token) is binding
        ]

    def is_value(self, token: Token) -> bool:
        """Whether a name stands for a value, and not for a type or for what others call it."""
        parent = self.parent(token)
        if parent is None or token.kind == "type_identifier" or parent.kind == "import_specifier":
            return False
        if parent.kind == "export_specifier":
            statement = self.around(parent, {"export_statement"})
            return token.role == "name" and not (statement and statement.part("source"))
        return not self.of_kind("type_query") or self.around(token, {"type_query"}) is None

    def is_written(self, token: Token) -> bool:
        """Whether a name is given another value where it stands."""
        target, around = self._pattern(token)
        if is_kind(around, "assignment_expression", "augmented_assignment_expression"):
            return target.role == "left"
        return is_kind(around, "update_expression") or (
            is_kind(around, "for_in_statement") and target.role == "left"
        )

    def _pattern(self, token: Token) -> tuple[Node, Branch | None]:
        """The outermost pattern that a name is bound or assigned by, and what is around it."""
        node: Node = token
        around = self.parent(token)
        while around is not None and around.kind in _PATTERNS:
            if _PATTERNS[around.kind] not in {None, node.role}:
                break
            node, around = around, self.parent(around)
        return node, around

    def _binding(self, token: Token) -> Binding | None:
        node, around = self._pattern(token)
        if around is None or around.kind not in _DECLARING:
            return None
        kind = around.kind
        if kind == "variable_declarator" and node.role == "name":
            return self._variable(token, around)
        if kind in _IMPORTS:
            return self._import(token, around)
        if kind in _NAMED_DECLARATIONS and node.role in {"name", None}:
            return Binding(token, "declaration", around, self._scope(around))
        if kind in _OWN_SCOPE and node.role == "name":
            return Binding(token, "declaration", around, around)
        if kind in _PARAMETERS and node.role == "pattern":
            return Binding(token, "parameter", around, self._scope(around))
        if kind in _LONE_PARAMETER and node.role == "parameter":
            return Binding(token, "parameter", around, around)
        if kind == "for_in_statement" and node.role == "left" and around.part("kind"):
            return Binding(token, around.part("kind").code, around, around)  # type: ignore[union-attr]
        return None

    def _variable(self, token: Token, declarator: Branch) -> Binding:
        declaration = self.parent(declarator)
        kind = declaration.part("kind") if declaration else None
        how = kind.code if kind else "var"
        scope = self._scope(declarator)
        if how == "var":
            scope = self.around(declarator, _FUNCTIONS) or self.program
        return Binding(token, how, declarator, scope)

    def _import(self, token: Token, clause: Branch) -> Binding | None:
        if token.role == "name" and clause.kind == "import_specifier" and clause.part("alias"):
            return None
        statement = self.around(clause, {"import_statement"}) or clause
        type_only = clause.parts[0].kind in _TYPE_ONLY or statement.parts[1].kind in _TYPE_ONLY
        how = "type" if type_only else "import"
        loading = clause if clause.kind == "import_require_clause" else statement
        return Binding(token, how, clause, self.program, loading)

    def _scope(self, node: Node) -> Branch:
        return self.around(node, _SCOPES) or self.program
