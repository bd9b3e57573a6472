"""Wire `inngestPlugin` into the GraphQL handler's `extraPlugins`, and take it out again."""

from __future__ import annotations

from dataclasses import dataclass

from ..refusal import Refusal
from ..typescript.edits import append_item, expression, property_, remove_item, replace
from ..typescript.imports import Imported, add_import, imported_names, remove_import
from ..typescript.nodes import Branch, Node, Token, is_kind, position, walk
from ..typescript.parser import parse
from ..typescript.style import Style, style_of
from .import_order import rank

PLUGIN = "inngestPlugin"
PLUGIN_MODULE = "src/inngest/plugin"
PASTE = f"import {{ {PLUGIN} }} from '{PLUGIN_MODULE}'\n\nextraPlugins: [{PLUGIN}],\n"

_SERVERS = {"@redwoodjs/graphql-server", "@cedarjs/graphql-server"}
_HANDLER = "createGraphQLHandler"


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


def wire(source: str, suffix: str = ".ts") -> Edited:
    """Add `inngestPlugin` to the `extraPlugins` of every GraphQL handler in a module.

    Args:
        source: The text of the module.
        suffix: The file's suffix, which tells the grammar.

    Raises:
        Refusal: There is no handler, or none of a shape that can be wired for certain.
    """
    program = parse(source, suffix)
    style = style_of(program)
    names = imported_names(program)
    plugin = next((one for one in names if (one.name, one.module) == (PLUGIN, PLUGIN_MODULE)), None)
    local = plugin.local if plugin else PLUGIN
    replacements: dict[Node, Node] = {}
    for options in _options(program, names):
        new = _with_plugin(program, options, local, style)
        if new is not options:
            replacements[options] = new
    if replacements:
        program = replace(program, replacements)
    if not plugin:
        text = (
            f"import {{ {PLUGIN} }} from {style.quote}{PLUGIN_MODULE}{style.quote}{style.semicolon}"
        )
        program = add_import(program, text, PLUGIN_MODULE, style, rank)
    return _edited(source, program)


def unwire(source: str, suffix: str = ".ts") -> Edited:
    """Take `inngestPlugin` out of the `extraPlugins` of every GraphQL handler in a module.

    Args:
        source: The text of the module.
        suffix: The file's suffix, which tells the grammar.

    Raises:
        Refusal: There is no handler, or none of a shape that can be unwired for certain.
    """
    program = parse(source, suffix)
    names = imported_names(program)
    plugin = next((one for one in names if (one.name, one.module) == (PLUGIN, PLUGIN_MODULE)), None)
    replacements: dict[Node, Node] = {}
    for options in _options(program, names):
        if plugin:
            replacements[options] = _without_plugin(program, options, plugin.local)
    if plugin:
        program = replace(program, replacements)
        program = remove_import(program, plugin.statement)
    return _edited(source, program)


def _edited(source: str, program: Branch) -> Edited:
    return Edited(program.source, program.source != source)


def _options(program: Branch, names: list[Imported]) -> list[Branch]:
    """The options of every call of `createGraphQLHandler`."""
    locals_ = {one.local for one in names if one.name == _HANDLER and one.module in _SERVERS}
    found: list[Branch] = []
    for node in walk(program):
        if not isinstance(node, Branch) or node.kind != "call_expression":
            continue
        function, arguments = node.part("function"), node.part("arguments")
        if function is None or function.code not in locals_ or not isinstance(arguments, Branch):
            continue
        first = arguments.named()[0] if arguments.named() else None
        if not isinstance(first, Branch) or first.kind != "object":
            raise _refusal(
                "the options of createGraphQLHandler are no object literal", program, node
            )
        found.append(first)
    if not found:
        raise Refusal(
            "there is no call of createGraphQLHandler from @redwoodjs/graphql-server"
            " or @cedarjs/graphql-server in this file.",
            paste=PASTE,
        )
    return found


def _extra_plugins(program: Branch, options: Branch) -> tuple[Branch, Branch] | None:
    """The `extraPlugins` property of the options and its array."""
    for part in options.parts:
        name = _key(part)
        if is_kind(part, "spread_element") or name is None:
            raise _refusal("the options are spread from elsewhere", program, part)
        if name != "extraPlugins":
            continue
        value = part.part("value") if isinstance(part, Branch) else None
        if not isinstance(part, Branch) or not isinstance(value, Branch) or value.kind != "array":
            raise _refusal("extraPlugins is no array literal", program, part)
        return part, value
    return None


def _key(part: Node) -> str | None:
    if type(part) is Token:
        return ""
    if isinstance(part, Token):
        return part.text
    key = (part.part("key") or part.part("name")) if isinstance(part, Branch) else None
    return key.code.strip("'\"") if key and key.kind != "computed_property_name" else None


def _with_plugin(program: Branch, options: Branch, local: str, style: Style) -> Branch:
    found = _extra_plugins(program, options)
    if not found:
        return append_item(options, property_(f"extraPlugins: [{local}]"), style)
    array = found[1]
    if any(part.code == local for part in array.named()):
        return options
    return replace(options, {array: append_item(array, expression(local), style)})


def _without_plugin(program: Branch, options: Branch, local: str) -> Branch:
    found = _extra_plugins(program, options)
    if not found:
        return options
    pair, array = found
    elements = [part for part in array.named() if part.code == local]
    if not elements:
        return options
    if len(array.named()) == 1:
        return remove_item(options, pair)
    return replace(options, {array: remove_item(array, elements[0])})


def _refusal(what: str, program: Branch, node: Node) -> Refusal:
    line, column = position(program, node)
    return Refusal(f"{what}: add the plugin by hand.", line=line, column=column, paste=PASTE)
