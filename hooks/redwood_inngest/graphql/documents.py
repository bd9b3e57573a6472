"""GraphQL in source files: tagged templates, templates marked with a comment, and whole files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..errors import Refusal
from ..typescript.expressions import string_value
from ..typescript.nodes import Branch, Node, Token, is_kind, position, walk
from ..typescript.parser import parse

GRAPHQL_SUFFIXES = (".graphql", ".gql")
_TAGS = {"gql", "graphql"}
# Modules that export the tag by default, under any local name.
_TAG_MODULES = {"graphql-tag", "graphql-tag.macro"}
_MENTIONS = re.compile("gql|graphql", re.IGNORECASE)
# The comment right before a template.
_MARK = re.compile(r"(/\*\s*graphql\s*\*/|//[ \t]*graphql[ \t]*\n)\s*$", re.IGNORECASE)
# Texts in which a brace opens nothing.
_TEXTS = re.compile(r'"""(?:\\"""|.)*?"""|"(?:\\.|[^"\\\n])*"|#[^\n]*', re.DOTALL)


@dataclass(frozen=True)
class Document:
    """A piece of GraphQL in a source file.

    Attributes:
        path: The file.
        text: The GraphQL, behind as many lines and columns as the file has before it: so the
            positions that graphql-core tells are those in the file.
    """

    path: str
    text: str


@dataclass(frozen=True)
class Mistake:
    """A mistake at a place of a source file.

    Attributes:
        path: The file; empty where it is none of the app's.
        line: The line, from 1; 0 where there is no such place.
        column: The column, from 1.
        message: One sentence.
    """

    path: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        where = ":".join(str(part) for part in (self.path, self.line, self.column) if part)
        return f"{where}: {self.message}" if where else self.message


def find_documents(path: str, text: str) -> tuple[list[Document], list[Mistake]]:
    """Find the GraphQL in a source file.

    It finds the same as common tools (`@graphql-tools/graphql-tag-pluck`): the tags `gql` and
    `graphql`, calls of these with a template, and templates after the comment `GraphQL`.

    Args:
        path: The file's path; its suffix tells what it is.
        text: Its text.

    Returns:
        The documents in the order of the text, and the templates that cannot be read.
    """
    suffix = path[path.rfind(".") :]
    if suffix in GRAPHQL_SUFFIXES:
        return [Document(path, text)], []
    if "`" not in text or not _MENTIONS.search(text):
        return [], []
    try:
        tree = parse(text, suffix)
    except Refusal as refusal:
        return [], [Mistake(path, refusal.line or 0, refusal.column or 0, refusal.reason)]
    constants = _constants(tree)
    documents: list[Document] = []
    mistakes: list[Mistake] = []
    for template in _templates(tree):
        line, column = position(tree, template)
        try:
            content = _content(template, constants)
        except _UnreadableError as error:
            line, column = position(tree, error.expression)
            mistakes.append(Mistake(path, line, column, str(error)))
            continue
        if content.strip():
            # One column more for the backtick.
            documents.append(Document(path, "\n" * (line - 1) + " " * column + content))
    return documents, mistakes


class _UnreadableError(Exception):
    """An expression in a template is something else than a fragment or a constant text."""

    def __init__(self, expression: Node) -> None:
        code = " ".join(expression.code.split())
        shown = code if len(code) <= 40 else f"{code[:37]}..."
        super().__init__(
            f"the GraphQL around {shown} cannot be read: only fragments between definitions, and "
            "texts that are constants of this file, can stand there."
        )
        self.expression = expression


def _templates(tree: Branch) -> Iterator[Branch]:
    """The templates that hold GraphQL, each once."""
    tags = _TAGS | set(_imported_tags(tree))
    seen: set[int] = set()
    for node in walk(tree):
        template = _template_of(node, tags)
        if template is not None and id(template) not in seen:
            seen.add(id(template))
            yield template


def _template_of(node: Node, tags: set[str]) -> Branch | None:
    """The template that a node makes GraphQL of."""
    if not isinstance(node, Branch):
        return None
    if node.kind == "template_string":
        return node if _is_marked(node) else None
    if node.kind == "call_expression" and _is_tag(node.part("function"), tags):
        arguments = node.part("arguments")
        if isinstance(arguments, Branch) and arguments.kind == "arguments":
            first = next(iter(arguments.named()), None)
            is_const = isinstance(first, Branch) and first.kind == "as_expression"
            return _template(first.parts[0] if first and is_const else first)
        return _template(arguments)
    # `gql<Result>`...``, which tree-sitter takes for comparisons.
    if node.kind == "binary_expression" and _template(node.part("right")):
        head: Node | None = node
        while isinstance(head, Branch) and head.kind == "binary_expression":
            head = head.part("left")
        return _template(node.part("right")) if _is_tag(head, tags) else None
    return None


def _is_tag(node: Node | None, tags: set[str]) -> bool:
    return isinstance(node, Token) and node.kind == "identifier" and node.text in tags


def _template(node: Node | None) -> Branch | None:
    return node if isinstance(node, Branch) and node.kind == "template_string" else None


def _is_marked(template: Branch) -> bool:
    return bool(_MARK.search(next(template.tokens()).space))


def _imported_tags(tree: Branch) -> Iterator[str]:
    """The local names under which a module imports the tag."""
    for node in walk(tree):
        if not isinstance(node, Branch):
            continue
        if node.kind == "import_specifier":
            name, alias = node.part("name"), node.part("alias")
            if name is not None and alias is not None and name.code in _TAGS:
                yield alias.code
        elif node.kind == "import_statement":
            source, clause = node.part("source"), _first(node, "import_clause")
            if source is not None and source.code[1:-1] in _TAG_MODULES and clause is not None:
                yield from (each.code for each in clause.parts if each.kind == "identifier")


def _first(node: Branch, kind: str) -> Branch | None:
    return next((p for p in node.parts if isinstance(p, Branch) and p.kind == kind), None)


def _content(template: Branch, constants: dict[str, str]) -> str:
    """The GraphQL in a template, its expressions replaced or taken out."""
    parts = [_part(part, constants) for part in template.parts[1:-1]]
    content = ""
    for at, part in enumerate(parts):
        if isinstance(part, Node):
            following = next((text for text in parts[at + 1 :] if isinstance(text, str)), "")
            if not _is_between_definitions(content, following):
                raise _UnreadableError(part)
            content += _blank(part.source)
        else:
            content += part
    return content


def _part(part: Node, constants: dict[str, str]) -> str | Node:
    if part.kind == "escape_sequence":
        return part.source.replace("\\`", "`").replace("\\$", "$")
    if part.kind != "template_substitution" or not isinstance(part, Branch):
        return part.source
    expression = part.named()[0] if part.named() else part
    return constants.get(expression.code, part)


def _blank(text: str) -> str:
    """As many lines and columns with nothing on them."""
    return re.sub(r"[^\n]", " ", text)


def _is_between_definitions(before: str, after: str) -> bool:
    """Whether a place is outside of all definitions, where only fragments can be put in."""
    before, after = (_TEXTS.sub(" ", text).strip() for text in (before, after))
    if before.count("{") != before.count("}"):
        return False
    return not before or before.endswith("}") or not after


def _constants(tree: Branch) -> dict[str, str]:
    """The texts that constants at the top of a module stand for, by name."""
    found: dict[str, str] = {}
    for statement in tree.parts:
        if is_kind(statement, "export_statement") and isinstance(statement, Branch):
            statement = statement.part("declaration") or statement
        if not (isinstance(statement, Branch) and statement.kind == "lexical_declaration"):
            continue
        for declarator in statement.named():
            if statement.parts[0].text != "const" or not isinstance(declarator, Branch):
                continue
            name, value = declarator.part("name"), declarator.part("value")
            text = string_value(value)
            if is_kind(name, "identifier") and name is not None and text is not None:
                found[name.code] = text
    return found
