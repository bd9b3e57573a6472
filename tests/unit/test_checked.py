"""A codemod's result that fails a check is refused, and nothing else is."""

from __future__ import annotations

import pytest
from redwood_inngest.codemods.checked import check, sure
from redwood_inngest.codemods.graphql_handler import wire
from redwood_inngest.codemods.graphql_handler.plan import Plan
from redwood_inngest.errors import Refusal, Unsure
from redwood_inngest.typescript.bindings import Module
from redwood_inngest.typescript.edits import Edits, expression
from redwood_inngest.typescript.nodes import Branch, walk
from redwood_inngest.typescript.parser import parse
from redwood_inngest.typescript.style import CodeStyle

SOURCE = "const list = [a, b] // both\nconst other = f(x) // one\n"
RIGHT = "const list = [a, b, c] // both\nconst other = f(x) // one\n"


def edits() -> Edits:
    """One item more in the list."""
    module = Module(parse(SOURCE))
    asked = Edits(module, CodeStyle())
    asked.append(module.of_kind("array")[0], expression("c"))
    return asked


def nothing(module: Module) -> str:
    return ""


def test_what_was_asked_for_passes() -> None:
    asked = edits()
    assert asked.apply().source == RIGHT
    check(asked, RIGHT, ".ts", nothing)


@pytest.mark.parametrize("text", [RIGHT.replace("c]", "c,]"), RIGHT.replace(" //", "; //")])
def test_commas_and_semicolons_that_a_style_adds_pass(text: str) -> None:
    check(edits(), text, ".ts", nothing)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("const list = [a, b // both\nconst other = f(x) // one\n", "cannot be parsed"),
        (SOURCE, "other code"),
        (RIGHT.replace("f(x)", "g(x)"), "other code"),
        (RIGHT.replace("b, c", "c, b"), "other code"),
        (RIGHT.replace("const other = f(x) // one\n", ""), "other code"),
        (RIGHT.replace("\nconst other", " const other"), "other code"),
        (RIGHT.replace(" // one", ""), "a comment was lost"),
        (RIGHT.replace("// one", "// two"), "a comment has changed"),
        (RIGHT.replace("b, c", "b, , c"), "other code"),
        (RIGHT.replace("b, c]", "b, c, ,]"), "other code"),
        (RIGHT.replace("[a", "[, a"), "other code"),
        (RIGHT.replace("[a, b, c]", "[a, b, [c]]"), "other code"),
        (RIGHT.replace("const other", "let other"), "other code"),
        (RIGHT.replace(" // both", " /* both"), "cannot be parsed"),
        (RIGHT.replace(" // both\n", " /* both\n") + "*/\n", "other code"),
        (RIGHT + "const other = f(x) // one\n", "other code"),
        ("\n".join(reversed(RIGHT.splitlines())) + "\n", "other code"),
    ],
)
def test_anything_else_does_not(text: str, problem: str) -> None:
    with pytest.raises(Unsure, match=problem):
        check(edits(), text, ".ts", nothing)


def test_a_second_run_that_would_change_it_does_not() -> None:
    with pytest.raises(Unsure, match="changes again"):
        check(edits(), RIGHT, ".ts", lambda module: "it changes again")


def test_a_second_run_that_would_refuse_it_does_not() -> None:
    def refuse(module: Module) -> str:
        raise Refusal("no")

    with pytest.raises(Unsure, match="would refuse"):
        check(edits(), RIGHT, ".ts", refuse)


def test_a_mistake_that_python_notices_is_a_refusal_with_lines_to_add() -> None:
    with pytest.raises(Unsure, match=r"IndexError.*please report this") as refusal, sure("a\n"):
        [].pop()
    assert refusal.value.paste == "a\n"
    with pytest.raises(Refusal, match=r"^no$"), sure("a\n"):
        raise Refusal("no")


def test_wire_writes_nothing_that_went_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    source = (
        "import { createGraphQLHandler } from '@redwoodjs/graphql-server'\n"
        "export const handler = createGraphQLHandler({ db })\n"
    )
    right = Plan.text

    def wrong(plan: Plan, *, join: bool = False) -> str:
        return "oops\n" + right(plan, join=join)

    assert wire(source).changed
    monkeypatch.setattr(Plan, "text", wrong)
    with pytest.raises(Unsure, match="other code") as refusal:
        wire(source)
    assert "import { inngestPlugin }" in refusal.value.paste


KNOWN = """\
const list = [a]
export const calls = { f: g(1), h: g(1) }
type T = { [key: string]: typeof calls }
// Another kind of { f: g(1), h: g(1) }:
const { f: renamed } = calls
"""


def test_what_an_edit_leaves_alone_is_known_again_only_as_what_it_was() -> None:
    module = Module(parse(KNOWN))
    asked = Edits(module, CodeStyle())
    asked.append(module.of_kind("array")[0], expression("b"))
    asked.apply()
    known = asked.untouched()
    for text in (
        KNOWN.replace("[a]", "[a, b]"),
        KNOWN.replace("export const calls = ", "calls = "),
        KNOWN.replace("export", "const x = {\n f: g(1), h: g(1) }\nexport"),
        "/* before */ " + KNOWN.replace("\n", "\n\n"),
        KNOWN.replace("const list = [a]\nexport ", "").replace("calls }", "calls } // é"),
        KNOWN * 2,
    ):
        result = parse(text, known=known)
        assert shape(result) == shape(parse(text))
        assert result.source == text
        nodes = [*map(id, walk(result))]
        assert len(nodes) == len(set(nodes)), "no node stands in two places"
    result = parse(KNOWN.replace("[a]", "[a, b]"), known=known)
    assert [*map(id, result.parts[1:4])] == [*map(id, module.program.parts[1:4])]


def shape(tree: Branch) -> list[tuple[str, str | None, str, str, int]]:
    """All that a tree says of its nodes."""
    return [(one.kind, one.role, one.space, one.text, len(one.parts)) for one in walk(tree)]
