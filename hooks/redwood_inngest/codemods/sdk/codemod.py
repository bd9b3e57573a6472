"""Bring a module that uses the Inngest SDK to a later major version of the SDK."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from ...errors import Refusal
from ...typescript.bindings import Module
from ...typescript.expressions import string_value
from ...typescript.imports import is_esm
from ...typescript.module_style import style_of
from ...typescript.nodes import Branch, Node, is_kind, position, walk
from ...typescript.parser import parse
from ...typescript.style import REDWOOD_STYLE, CodeStyle
from ..checked import check, sure, without_collector
from . import objects, three_to_four, two_to_three
from .around import ALONE, Around
from .notes import TO_4, Note, Remark
from .step import Step
from .uses import PACKAGE, Uses, last_token

STEPS: tuple[type[Step], ...] = (two_to_three.TwoToThree, three_to_four.ThreeToFour)
VERSIONS = (3, 4)
_GONE = {3: two_to_three.GONE, 4: three_to_four.GONE}
_VARIABLES = {3: two_to_three.VARIABLES, 4: three_to_four.VARIABLES}
# Names that only modules for SDK 4 import.
_NEW_IN_4 = {"ConsoleLogger", "cron", "eventType", "invoke", "staticSchema"}


@dataclass(frozen=True)
class Upgraded:
    """The result of the upgrade of a module.

    Attributes:
        source: The text, as it should be now.
        changed: Whether the text differs from the one before.
        uses_sdk: Whether the module uses the SDK at all.
        notes: The work that is left to the user.
    """

    source: str
    changed: bool
    uses_sdk: bool = True
    notes: tuple[Note, ...] = ()


def upgrade(
    source: str,
    suffix: str = ".ts",
    to: int = 4,
    app: CodeStyle = REDWOOD_STYLE,
    around: Around = ALONE,
    module: Module | None = None,
) -> Upgraded:
    """Bring a module to SDK 3 or 4, whichever it was written for.

    Args:
        source: The text of the module.
        suffix: The file's suffix, which tells the grammar.
        to: The major version of the SDK to bring it to.
        app: The style of the app's code.
        around: The other modules of the app, as this one sees them.
        module: The module, where its text has been parsed.

    Raises:
        Refusal: The module is CommonJS, is written for a later SDK, or makes functions in a loop or
            a factory; or there is no place for a comment.
        Unsure: The result has failed a check.
    """
    if "createFunction" not in source and "inngest" not in source:
        return Upgraded(source, changed=False, uses_sdk=False)
    with sure(), without_collector():
        return _upgraded(source, suffix, to, app, around, module or Module(parse(source, suffix)))


def _upgraded(
    source: str, suffix: str, to: int, app: CodeStyle, around: Around, module: Module
) -> Upgraded:
    uses = Uses(module, around)
    _check_esm(module, suffix)
    if not uses.any:
        return Upgraded(source, changed=False, uses_sdk=False)
    if to < VERSIONS[-1]:
        _check_not_newer(uses)
    style = style_of(module, source, app)
    result, text, remarks = module.program, source, list[Remark]()
    for number, make in enumerate(STEPS[: to - 2], 1):
        if uses.module.program is not result:
            uses = Uses(Module(result), around)
        step = make(uses, style, suffix, source)
        edits = step.plan()
        remarks += step.remarks
        if edits:
            result, text = step.result()
            again = [
                partial(one, style=style, suffix=suffix, source=text) for one in STEPS[:number]
            ]
            check(edits, text, suffix, partial(_left, around=around, steps=again))
    remarks += _leftovers(result, text, to)
    notes = [_placed(remark, result, module.program) for remark in remarks]
    notes.sort(key=lambda note: (note.line, note.column))
    return Upgraded(text, text != source, True, tuple(notes))


def _left(module: Module, around: Around, steps: Sequence[Callable[[Uses], Step]]) -> str:
    """The change that steps would make to their own result, in words."""
    uses = Uses(module, around)
    again = any(make(uses).plan() for make in steps)
    return "a second run would change it again" if again else ""


def _check_esm(module: Module, suffix: str) -> None:
    if is_esm(module.program, suffix):
        return
    for call in module.of_kind("call_expression"):
        function, arguments = call.part("function"), call.part("arguments")
        if function is None or function.code != "require" or not isinstance(arguments, Branch):
            continue
        specifier = next(iter(map(string_value, arguments.named())), None) or ""
        if specifier.split("/")[0] in {PACKAGE, "@inngest"}:
            line, column = position(module.program, call)
            raise Refusal(
                f"this module is CommonJS, it loads {specifier} with require: upgrade-sdk reads ES"
                " modules, so write import and export first, or upgrade it by hand.",
                line=line,
                column=column,
            )


def _check_not_newer(uses: Uses) -> None:
    for statement in uses.imports:
        for node in walk(statement):
            if is_kind(node, "import_specifier") and _imported_name(node) in _NEW_IN_4:
                raise _newer(uses, node)
    for function in uses.functions:
        options = function.options
        if len(function.arguments) == 2 and options and objects.find(options, "triggers"):
            raise _newer(uses, function.anchor)


def _newer(uses: Uses, node: Node) -> Refusal:
    line, column = position(uses.module.program, node)
    return Refusal(
        "this is written for SDK 4 already, and there is no way back to SDK 3: leave out --to.",
        line=line,
        column=column,
    )


def _imported_name(specifier: Node) -> str:
    name = specifier.part("name") if isinstance(specifier, Branch) else None
    return name.code if name else ""


def _leftovers(program: Branch, text: str, to: int) -> list[Remark]:
    """Remarks on names that the new SDK does not have, where the module still has them."""
    remarks = []
    versions = [version for version in VERSIONS if version <= to]
    for statement in program.parts:
        if not isinstance(statement, Branch) or statement.kind != "import_statement":
            continue
        if string_value(statement.part("source")) != PACKAGE:
            continue
        for node in walk(statement):
            name = _imported_name(node) if is_kind(node, "import_specifier") else ""
            for version in versions:
                if link := _GONE[version].get(name):
                    told = f"inngest has no {name} in SDK {version}: see {link}"
                    remarks.append(Remark(last_token(node), told))
    if "INNGEST_" in text:
        for node in walk(program):
            if is_kind(node, "member_expression", "subscript_expression") and node.code.startswith(
                ("process.env", "import.meta.env")
            ):
                remarks += _variable(node, versions)
    return remarks


def _variable(node: Node, versions: list[int]) -> list[Remark]:
    last = list(node.tokens())[-1 if node.kind == "member_expression" else -2]
    name = last.text
    return [Remark(last, RENAMED[name]) for version in versions if name in _VARIABLES[version]]


RENAMED = {
    "INNGEST_API_BASE_URL": "INNGEST_API_BASE_URL is gone: the SDK reads INNGEST_BASE_URL."
    f" {two_to_three.ENVIRONMENT}",
    "INNGEST_DEVSERVER_URL": "INNGEST_DEVSERVER_URL is gone: the SDK reads INNGEST_BASE_URL, or"
    f" INNGEST_DEV with the dev server's address. {two_to_three.ENVIRONMENT}",
    "INNGEST_SERVE_HOST": "INNGEST_SERVE_HOST is INNGEST_SERVE_ORIGIN in SDK 4."
    f" {TO_4}#rename-serve-host-to-serve-origin",
    "INNGEST_LOG_LEVEL": "SDK 4 does not read INNGEST_LOG_LEVEL: the client's logger decides."
    f" {three_to_four.LOG_LEVEL}",
    "INNGEST_STREAMING": "INNGEST_STREAMING is true or false in SDK 4."
    f" {TO_4}#simplify-streaming-option",
}


def _placed(remark: Remark, after: Branch, before: Branch) -> Note:
    try:
        line, column = position(after, remark.anchor)
    except LookupError:
        try:
            line, column = position(before, remark.anchor)
        except LookupError:
            line, column = 1, 1
    return Note(remark.text, line, column)
