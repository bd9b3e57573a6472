"""Imports of modules that move, or whose code moves: found, added, taken out, named anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import cast

from ...errors import Refusal
from ...typescript.bindings import Binding, Module
from ...typescript.edits import Edits, expression, statement
from ...typescript.expressions import binding_origin, string_value
from ...typescript.imports import add_import, remove_import, sort_key
from ...typescript.layout import Layout, Site
from ...typescript.module_style import style_of
from ...typescript.nodes import Branch, Node, is_kind, place_of, walk
from ...typescript.parser import parse
from ...typescript.statements import tail_and_lead
from ...typescript.style import CodeStyle
from ...typescript.trivia import has_comment, with_space
from ..checked import check, sure
from ..graphql_handler.import_order import ORDERS

_REFERENCES = {"identifier", "shorthand_property_identifier", "type_identifier"}
_NAMED = "named_imports"
_LOADS = re.compile(r"import|require|require\.resolve|(jest|vi)\.\w+")


@dataclass(frozen=True)
class Import:
    """A name that a module imports.

    Attributes:
        module: The module specifier.
        name: The exported name; `default`, or `*` for the whole module.
        local: The name in the importing module.
        type_only: Whether only the type is imported.
    """

    module: str
    name: str
    local: str
    type_only: bool = False


def edited(
    text: str, suffix: str, style: CodeStyle, edit: Callable[[Edits], Sequence[Node] | None]
) -> str:
    """The text of a module after edits, laid out and checked.

    Args:
        text: The module.
        suffix: Its suffix; see `parse`.
        style: Its code style.
        edit: Makes the edits, and returns the lists that get longer.

    Raises:
        Refusal: The text cannot be parsed.
        Unsure: The result has failed a check.
    """
    with sure():
        module = Module(parse(text, suffix))
        edits = Edits(module, style)
        touched = edit(edits) or ()
        program = edits.apply()
        sites = [Site(edits.now.get(id(one), one), one) for one in touched]
        result = Layout(module, style).broken(program, sites)
        check(edits, result, suffix, lambda _: "")
        return result


def names_at_top(module: Module) -> list[Binding]:
    """The names that a module imports or declares at its top, in the order of the text."""
    tokens = (token for token in module.program.tokens() if token.kind == "identifier")
    found = (module.lookup(token.text, token) for token in tokens)
    unique = {id(one.name): one for one in found if one and one.scope is module.program}
    return list(unique.values())


def used_at_top(module: Module, nodes: Iterable[Node]) -> list[Binding]:
    """The names at the top of a module that code in it uses, in the order of the text."""
    used = set()
    for token in (token for node in nodes for token in node.tokens()):
        binding = module.lookup(token.text, token) if token.kind in _REFERENCES else None
        if binding and binding.name is not token:
            used.add(id(binding.name))
    return [one for one in names_at_top(module) if id(one.name) in used]


def imports_of(module: Module, nodes: Iterable[Node]) -> list[Import]:
    """The imports of a module that code in it uses."""
    return _as_imports(module, used_at_top(module, nodes))


def all_imports(text: str, suffix: str) -> list[Import]:
    """All imports of a module's text; none where it cannot be parsed."""
    try:
        module = Module(parse(text, suffix))
    except Refusal:
        return []
    return _as_imports(module, names_at_top(module))


def _as_imports(module: Module, bindings: Iterable[Binding]) -> list[Import]:
    return [
        Import(where.module, where.name, one.name.text, one.how == "type")
        for one in bindings
        if one.how in {"import", "type"} and (where := binding_origin(module, one))
    ]


def with_imports(text: str, wanted: Iterable[Import], suffix: str, style: CodeStyle) -> str:
    """A module with these imports, those that it has already left as they are.

    Raises:
        Refusal: The module has something else by one of these names.
    """
    module = Module(parse(text, suffix))
    missing = [one for one in dict.fromkeys(wanted) if not _is_there(module, one)]
    missing.sort(key=lambda one: (sort_key(one.module), one.type_only))
    for _, group in groupby(missing, key=lambda one: (one.module, one.type_only)):
        names = list(group)
        is_named = all(one.name not in {"default", "*"} for one in names)
        if is_named and _names_imported_from(module, names[0]):
            text = edited(text, suffix, style, partial(_extend, names))
            module = Module(parse(text, suffix))
            continue
        for code in _statements(names, style):
            if module.of_kind("import_statement"):
                text = edited(text, suffix, style, partial(_add, code))
            else:  # a comment at the top is about the code below it
                text = f"{code}{style.newline * 2}{text}"
            module = Module(parse(text, suffix))
    return text


def _names_imported_from(module: Module, wanted: Import) -> Branch | None:
    """The braces of an import that may get more names of the same module."""
    for one in module.of_kind("import_statement"):
        is_type = any(is_kind(part, "type") for part in one.parts)
        if string_value(one.part("source")) == wanted.module and is_type == wanted.type_only:
            return next((cast("Branch", part) for part in walk(one) if is_kind(part, _NAMED)), None)
    return None


def _extend(wanted: Sequence[Import], edits: Edits) -> list[Node]:
    names = cast("Branch", _names_imported_from(edits.module, wanted[0]))
    for one in wanted:
        edits.append(names, _specifier(one))
    return [names]


def _specifier(wanted: Import) -> Node:
    name, local = wanted.name, wanted.local
    read = statement(f"import {{ {name if name == local else f'{name} as {local}'} }} from 'x'")
    return with_space(next(one for one in walk(read) if is_kind(one, "import_specifier")), "")


def _add(code: str, edits: Edits) -> None:
    add_import(edits, code, ORDERS)


def _is_there(module: Module, wanted: Import) -> bool:
    bound = next(
        (one for one in module.bindings(wanted.local) if one.scope is module.program), None
    )
    where = binding_origin(module, bound) if bound else None
    if bound and (where is None or (where.module, where.name) != (wanted.module, wanted.name)):
        raise Refusal(
            f"{wanted.local} is imported from {wanted.module} here, and is something else in the "
            "module that takes this one's place: rename it, and run adopt again."
        )
    return bound is not None


def _statements(group: list[Import], style: CodeStyle) -> Iterable[str]:
    """The statements that import names of one module."""
    quoted = f"{style.quote}{group[0].module}{style.quote}{style.semicolon}"
    start = "import type" if group[0].type_only else "import"
    named = [one for one in group if one.name not in {"default", "*"}]
    for one in group:
        if one not in named:
            yield f"{start} {'* as ' * (one.name == '*')}{one.local} from {quoted}"
    if named:
        names = ", ".join(
            one.name if one.name == one.local else f"{one.name} as {one.local}" for one in named
        )
        yield f"{start} {{{style.padding}{names}{style.padding}}} from {quoted}"


def without_unused(text: str, names: Iterable[str], suffix: str, style: CodeStyle) -> str:
    """A module without its imports of these names that nothing uses."""
    for name in names:
        module = Module(parse(text, suffix))
        bound = [one for one in module.bindings(name) if one.how in {"import", "type"}]
        if bound and len(module.mentions(name)) == 1:
            text = edited(text, suffix, style, partial(_unimport, name))
    return text


def _unimport(name: str, edits: Edits) -> None:
    module = edits.module
    (binding,) = module.bindings(name)
    around = [*module.ancestors(binding.name)]
    names = next((one for one in around if one.kind == "named_imports"), None)
    if names and len(names.named()) > 1:
        edits.remove(names, binding.declaration)
    elif sum(module.is_inside(one.name, around[-2]) for one in names_at_top(module)) == 1:
        remove_import(edits, around[-2])


def specifiers(module: Module) -> list[Node]:
    """The texts in a module that name modules: of imports, exports, `require` and mocks."""
    found: list[Node] = []
    for node in walk(module.program):
        if is_kind(node, "import_statement", "export_statement"):
            source = cast("Branch", node).part("source")
            found += [source] if source else []
        elif is_kind(node, "call_expression"):
            function, arguments = (
                cast("Branch", node).part(it) for it in ("function", "arguments")
            )
            given = arguments.named() if isinstance(arguments, Branch) else []
            if function and _LOADS.fullmatch(function.code) and given:
                found.append(given[0])
    return [node for node in found if string_value(node) is not None]


def respecified(text: str, suffix: str, app: CodeStyle, new: Mapping[str, str]) -> str:
    """A module with other module specifiers; its imports stay in order where they were.

    Args:
        text: The module.
        suffix: Its suffix; see `parse`.
        app: The style of the app's code.
        new: The new specifier of each that changes.

    Raises:
        Refusal: The module cannot be parsed.
        Unsure: The result has failed a check.
    """
    module = Module(parse(text, suffix))
    style = style_of(module, text, app)

    def replace(edits: Edits) -> None:
        for node in specifiers(edits.module):
            specifier = new.get(string_value(node) or "")
            if specifier is not None:
                edits.replace(node, expression(f"{node.code[0]}{specifier}{node.code[0]}"))

    result = edited(text, suffix, style, replace)
    if _is_in_order(module) and not _is_in_order(Module(parse(result, suffix))):
        for specifier in dict.fromkeys(new.values()):
            result = _in_order(result, specifier, suffix, style)
    return result


def _is_in_order(module: Module) -> bool:
    sources = [
        string_value(one.part("source")) or ""
        for one in module.program.parts
        if isinstance(one, Branch) and one.kind == "import_statement"
    ]
    ranked = [[(rank(source), sort_key(source)) for source in sources] for rank in ORDERS]
    return any(one == sorted(one) for one in ranked)


def _in_order(text: str, specifier: str, suffix: str, style: CodeStyle) -> str:
    """A module with one of its imports moved to where the order of the imports wants it."""
    module = Module(parse(text, suffix))
    old = _import_from(module, specifier)
    if old is None or _has_comments(module, old):
        return text
    start = old.code.removesuffix(";").removesuffix(cast("Node", old.part("source")).code)
    code = f"{start}{style.quote}{specifier}{style.quote}{style.semicolon}"

    def take_out(edits: Edits) -> None:
        remove_import(edits, cast("Branch", _import_from(edits.module, specifier)))

    text = edited(text, suffix, style, take_out)
    return edited(text, suffix, style, partial(_add, code))


def _has_comments(module: Module, statement: Node) -> bool:
    """Whether there are comments in a statement, before it, or after it on its line."""
    parts = module.program.parts
    following = parts[place_of(module.program, statement) + 1]
    spaces = [token.space for token in statement.tokens()]
    return any(map(has_comment, (*spaces, tail_and_lead(following)[0])))


def _import_from(module: Module, specifier: str) -> Branch | None:
    imports = module.of_kind("import_statement")
    return next((one for one in imports if string_value(one.part("source")) == specifier), None)
