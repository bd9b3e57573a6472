"""Wire `inngestPlugin` into the GraphQL handler's `extraPlugins`, and take it out again."""

from __future__ import annotations

from dataclasses import dataclass

from ...errors import Refusal
from ...typescript.bindings import Binding, Module
from ...typescript.edits import Edits, append_item, place_of, remove_item, statement
from ...typescript.expressions import binding_origin
from ...typescript.imports import add_import, is_esm, module_of, remove_import
from ...typescript.layout import Site, break_long_lines, join_lines, may_have_long_lines
from ...typescript.nodes import Branch, Node, Token, is_kind, walk
from ...typescript.parser import parse
from ...typescript.style import PRETTIERS_LINES, Lines, Style, style_of
from .calls import (
    PLUGIN,
    PLUGIN_FILE,
    PLUGIN_MODULE,
    handler_calls,
    is_plugin,
    is_plugin_module,
    is_plugin_origin,
    refusal,
)
from .import_order import ORDERS
from .unwire_options import Unwiring
from .wire_options import Wiring

# What the plugin is called in a module that has something else by its name.
_OTHER_NAMES = ("inngestGraphQLPlugin", "inngestEnvelopPlugin")


@dataclass(frozen=True)
class Edited:
    """What a codemod made of a file.

    Attributes:
        source: The text, as it should be now.
        changed: Whether that is another text than before.
        notes: What the user should know about the edit, one sentence each.
    """

    source: str
    changed: bool
    notes: tuple[str, ...] = ()


def decode(data: bytes) -> str:
    """The text of a file.

    Raises:
        Refusal: The file is not UTF-8.
    """
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        raise Refusal(
            "this file is not UTF-8: save it as UTF-8 first.",
            line=before.count("\n") + 1,
            column=len(before) - before.rfind("\n"),
        ) from error


def wire(source: str, suffix: str = ".ts", lines: Lines = PRETTIERS_LINES) -> Edited:
    """Add `inngestPlugin` to the `extraPlugins` of every GraphQL handler in a module.

    Args:
        source: The text of the module.
        suffix: The file's suffix, which tells the grammar.
        lines: How the app's lines are laid out.

    Raises:
        Refusal: There is no handler, or none of a shape that can be wired for certain.
    """
    pretty = _wired(source, suffix, lines, pretty=True)
    if not pretty.broke_lines or unwire(pretty.source, suffix, lines).source == source:
        return pretty.edited
    plain = _wired(source, suffix, lines, pretty=False)
    comes_back = unwire(plain.source, suffix, lines).source == source
    return plain.edited if comes_back else pretty.edited


def unwire(source: str, suffix: str = ".ts", lines: Lines = PRETTIERS_LINES) -> Edited:
    """Take `inngestPlugin` out of the `extraPlugins` of every GraphQL handler in a module.

    Args:
        source: The text of the module.
        suffix: The file's suffix, which tells the grammar.
        lines: How the app's lines are laid out.

    Raises:
        Refusal: There is no handler, or none of a shape that can be unwired for certain.
    """
    joined = _unwired(source, suffix, lines, pretty=True)
    if joined.broke_lines and not _makes(joined.source, source, suffix, lines):
        return _unwired(source, suffix, lines, pretty=False).edited
    return joined.edited


@dataclass(frozen=True)
class _Attempt:
    """An edit, and whether it also laid out lines anew."""

    edited: Edited
    broke_lines: bool = False

    @property
    def source(self) -> str:
        return self.edited.source


def _makes(before: str, source: str, suffix: str, lines: Lines) -> bool:
    """Whether wiring a text gives this one."""
    attempts = (_wired(before, suffix, lines, pretty=pretty) for pretty in (True, False))
    return any(attempt.source == source for attempt in attempts)


def _wired(source: str, suffix: str, lines: Lines, *, pretty: bool) -> _Attempt:
    program = parse(source, suffix)
    module = Module(program)
    style = style_of(module, source, lines)
    calls = handler_calls(module)
    imports = _plugin_imports(program, source)
    bindings = _bindings_of_plugin(module, imports)
    existing = _plugin_binding(module, calls, bindings)
    local = existing.name.text if existing else _free_name(module)
    wiring = Wiring(module, calls, style, pretty)
    wiring.wire(local)
    _check_mentions(module, bindings, wiring.seen, "wire")
    missing = not existing and (wiring.edits or wiring.seen)
    if not wiring.edits and not missing:
        return _Attempt(Edited(source, changed=False))

    def finished(result: Branch) -> str:
        if not missing:
            return result.source
        if names := next(filter(None, map(_extensible, imports)), None):
            return _with_name(result, names, local, style).source
        end = wiring.edits.first()
        return _with_import(result, is_esm(program, suffix), local, style, end).source

    plain = wiring.edits.apply()
    text, laid_out = finished(plain), wiring.may_join
    if pretty and may_have_long_lines(text, wiring.sites, style):
        result = break_long_lines(plain, wiring.sites, style)
        text, laid_out = finished(result), laid_out or result is not plain
    return _Attempt(Edited(text, text != source, tuple(wiring.notes)), laid_out)


def _unwired(source: str, suffix: str, lines: Lines, *, pretty: bool) -> _Attempt:
    program = parse(source, suffix)
    module = Module(program)
    style = style_of(module, source, lines)
    calls = handler_calls(module)
    unwiring = Unwiring(module, calls, style, pretty)
    unwiring.unwire()
    bindings = _bindings_of_plugin(module, _plugin_imports(program, source))
    _check_mentions(module, bindings, unwiring.taken, "unwire")
    result = unwiring.edits.apply() if unwiring.edits else program
    plain = result
    if pretty:
        result = break_long_lines(join_lines(result, unwiring.sites, style), unwiring.sites, style)
    laid_out = result is not plain or unwiring.has_guessed
    result = _without_import(result, module, bindings, unwiring.taken, style)
    text = result.source
    return _Attempt(Edited(text, text != source), laid_out)


def _bindings_of_plugin(module: Module, imports: list[Node]) -> list[Binding]:
    names = {token.text for token in module.mentions(PLUGIN)}
    for part in imports:
        names.update(token.text for token in part.tokens() if token.kind == "identifier")
    return [
        binding
        for name in names
        for binding in module.bindings(name)
        if is_plugin_origin(binding_origin(module, binding))
    ]


def _plugin_imports(program: Branch, source: str) -> list[Node]:
    if PLUGIN_FILE not in source:
        return []
    return [part for part in program.parts if is_plugin_module(module_of(part) or "")]


def _plugin_binding(module: Module, calls: list[Branch], bindings: list[Binding]) -> Binding | None:
    """The import of the plugin that every handler sees, if there is one."""
    for binding in bindings:
        seen = all(module.lookup(binding.name.text, call) is binding for call in calls)
        if binding.how != "type" and binding.scope is module.program and seen:
            return binding
    return None


def _free_name(module: Module) -> str:
    names = (PLUGIN, *_OTHER_NAMES)
    return next((name for name in names if not module.bindings(name)), f"{_OTHER_NAMES[0]}1")


def _check_mentions(
    module: Module, bindings: list[Binding], explained: set[int], what: str
) -> None:
    """Refuse where the plugin is used in a way that is not understood."""
    for token in _plugin_mentions(module, bindings):
        if id(token) not in explained and not is_kind(module.parent(token), "export_specifier"):
            raise refusal(
                module,
                token,
                f"{token.text} is used here in a way that {what} does not understand:"
                " change the handler by hand.",
            )


def _plugin_mentions(module: Module, bindings: list[Binding]) -> list[Token]:
    found = [token for binding in bindings for token in module.references(binding)]
    declared = {id(binding.name) for binding in bindings}
    unbound = [
        token
        for token in module.mentions(PLUGIN)
        if id(token) not in declared and module.is_value(token) and is_plugin(module, token)
    ]
    return found + [token for token in unbound if not any(token is other for other in found)]


def _with_name(program: Branch, names: Branch, local: str, style: Style) -> Branch:
    """The module with the plugin among the names that it imports from the plugin's module."""
    longer = append_item(names, _specifier(local), style)
    edits = Edits(Module(program))
    edits.put(names, longer)
    return break_long_lines(edits.apply(), [Site(longer)], style)


def _with_import(program: Branch, esm: bool, local: str, style: Style, end: int | None) -> Branch:
    pad, specifier = style.padding, f"{style.quote}{PLUGIN_MODULE}{style.quote}"
    if esm:
        name = PLUGIN if local == PLUGIN else f"{PLUGIN} as {local}"
        text = f"import {{{pad}{name}{pad}}} from {specifier}{style.semicolon}"
    else:
        name = PLUGIN if local == PLUGIN else f"{PLUGIN}: {local}"
        text = f"const {{{pad}{name}{pad}}} = require({specifier}){style.semicolon}"
    return add_import(program, text, style, ORDERS, end)


def _specifier(local: str) -> Node:
    name = PLUGIN if local == PLUGIN else f"{PLUGIN} as {local}"
    return _named_imports(statement(f"import {{ {name} }} from 'x'")).parts[1]


def _named_imports(node: Node) -> Branch:
    """The braces of an import statement; an empty node where it has none."""
    found = (part for part in walk(node) if isinstance(part, Branch))
    return next((part for part in found if part.kind == "named_imports"), Branch(()))


def _extensible(node: Node) -> Branch | None:
    """The braces of an import of values, for one more name."""
    if not is_kind(node, "import_statement"):
        return None
    type_only = isinstance(node, Branch) and any(part.kind == "type" for part in node.parts)
    names = _named_imports(node)
    return names if names.parts[2:] and not type_only else None


def _without_import(
    program: Branch, module: Module, bindings: list[Binding], taken: set[int], style: Style
) -> Branch:
    for binding in bindings:
        used = any(id(token) not in taken for token in module.references(binding))
        if used or not _is_ours(module, binding):
            continue
        around = list(module.ancestors(binding.name))
        top = next((part for part in program.parts if any(part is one for one in around)), None)
        if isinstance(top, Branch) and binding.how != "type":
            program = _without_binding(program, top, binding, style)
    return program


def _is_ours(module: Module, binding: Binding) -> bool:
    """Whether wiring would import the plugin by this name and from this path."""
    found = binding_origin(module, binding)
    ours = binding.name.text in (PLUGIN, *_OTHER_NAMES)
    return ours and found is not None and found.module == PLUGIN_MODULE


def _without_binding(program: Branch, top: Branch, binding: Binding, style: Style) -> Branch:
    """The module without one imported name, and without its statement where that was all."""
    names = _named_imports(top)
    if top.kind == "import_statement" and len(names.named()) > 1:
        edits = Edits(Module(program))
        edits.on(names, lambda node: remove_item(node, binding.declaration, style))
        result = edits.apply()
        return join_lines(result, [Site(_named_imports(_counterpart(program, result, top)))], style)
    return remove_import(program, top) if _imports_only(top) else program


def _counterpart(program: Branch, result: Branch, top: Branch) -> Node:
    return result.parts[place_of(program, top)]


def _imports_only(top: Branch) -> bool:
    """Whether a statement imports one name and nothing else."""
    if top.kind == "import_statement":
        clause = next((part for part in top.parts if is_kind(part, "import_clause")), None)
        return isinstance(clause, Branch) and len(clause.named()) == 1
    patterns = [node for node in walk(top) if is_kind(node, "object_pattern")]
    return len(patterns) == 1 and isinstance(patterns[0], Branch) and len(patterns[0].named()) == 1
