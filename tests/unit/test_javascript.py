"""TypeScript to JavaScript, example by example.

The examples are tests/fixtures/javascript/<name>/{input.ts,output.js}. The output is also held
against the tools: it is clean under Redwood's ESLint and Prettier configuration, and does what
TypeScript's own compiler makes of the input.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from redwood_inngest.errors import Refusal
from redwood_inngest.typescript.javascript import to_javascript

from tests.support.node import NodeTools, tools_folder
from tests.support.redwood_lint import RedwoodLint

FIXTURES = sorted((Path(__file__).parents[1] / "fixtures" / "javascript").iterdir())


@pytest.fixture(scope="module")
def tools() -> Iterator[NodeTools]:
    tools = NodeTools(tools_folder())
    yield tools
    tools.close()


@pytest.fixture(scope="module")
def redwood_lint(tools: NodeTools, tmp_path_factory: pytest.TempPathFactory) -> RedwoodLint:
    return RedwoodLint(tools, tmp_path_factory.mktemp("app"))


@pytest.fixture(params=FIXTURES, ids=lambda folder: folder.name)
def pair(request: pytest.FixtureRequest) -> tuple[str, str]:
    folder: Path = request.param
    return (folder / "input.ts").read_text(), (folder / "output.js").read_text()


def test_the_output_is_as_a_person_would_have_written_it(pair: tuple[str, str]) -> None:
    source, javascript = pair
    assert to_javascript(source) == javascript


def test_javascript_is_left_as_it_is(pair: tuple[str, str]) -> None:
    _, javascript = pair
    assert to_javascript(javascript, ".js") == javascript


def test_the_output_does_what_typescript_makes_of_the_input(
    pair: tuple[str, str], tools: NodeTools
) -> None:
    source, javascript = pair
    tools.call("parse", javascript)
    expected = tools.call("canonicalTranspiled", source, "input.ts")
    assert tools.call("canonical", javascript) == expected


def test_the_output_is_clean_in_a_redwood_app(
    pair: tuple[str, str], redwood_lint: RedwoodLint
) -> None:
    _, javascript = pair
    assert redwood_lint.complaints(javascript, "api/src/inngest/output.js") == []


@pytest.mark.parametrize(
    ("source", "reason", "place"),
    [
        ("enum A {\n  B,\n}\n", "enum", (1, 1)),
        ("const a = 1\nnamespace N {\n  export const b = a\n}\n", "namespace", (2, 1)),
        ("class A {\n  constructor(private b: string) {}\n}\n", "parameter property", (2, 15)),
        ("class A {\n  constructor(readonly b: string) {}\n}\n", "parameter property", (2, 15)),
        ("@sealed\nclass A {}\n", "decorator", (1, 1)),
        ("import a = require('a')\n", "import x = require", (1, 8)),
        ("import a = b.c\n", "import x = y", (1, 1)),
        ("const a = 1\nexport = a\n", "export =", (2, 8)),
        ("const a = b as C\n[d].map(e)\n", "semicolon", (2, 1)),
        ("const a = b as C\n(d as E).f()\n", "semicolon", (2, 1)),
        ("a<B<C, D>>(\n  !a<B<C, D | E>>('f')\n).g()\n", "type arguments", (2, 7)),
    ],
)
def test_what_is_more_than_a_type_is_refused(
    source: str, reason: str, place: tuple[int, int]
) -> None:
    with pytest.raises(Refusal, match=reason) as refusal:
        to_javascript(source)
    assert (refusal.value.line, refusal.value.column) == place


@pytest.mark.parametrize(
    ("source", "javascript"),
    [
        # No line may run on into the next.
        ("let a: string\n;(b as C).d()\n", "let a\nb.d()\n"),
        ("type A = string\n;(b || c).d()\n", ";(b || c).d()\n"),
        ("const a = b as C\n;[d].map(e)\n", "const a = b\n;[d].map(e)\n"),
        ("const a = b as C\n;(d || e)()\n", "const a = b\n;(d || e)()\n"),
        ("class A {\n  b: C\n  private [d] = 1\n}\n", "class A {\n  b;\n  [d] = 1\n}\n"),
        ("class A {\n  get: C\n  d() {}\n}\n", "class A {\n  get;\n  d() {}\n}\n"),
        ("import { A } from 'a'\n;(b || c).d()\n", ";(b || c).d()\n"),
        ("const a: B = c;\n(d as E).f();\n", "const a = c;\nd.f();\n"),
        ("if (a as B) b()\nelse c()\n", "if (a) b()\nelse c()\n"),
        ("{\n  let a: B = c\n  ;[a] = d\n}\n", "{\n  let a = c\n  ;[a] = d\n}\n"),
        # Parentheses stay where the code means something else without them.
        ("a = (b + c as D) * e\n", "a = (b + c) * e\n"),
        ("a = b || (c && d)!.e\n", "a = b || (c && d).e\n"),
        ("a = (b?.c as D).e\n", "a = (b?.c).e\n"),
        ("a = -(-b as number)\n", "a = -(-b)\n"),
        ("a = new (b() as C)()\n", "a = new (b())()\n"),
        (";({} as A).b()\n", ";({}).b()\n"),
        ("while ((a = b()!)) c()\n", "while ((a = b())) c()\n"),
        ("a = (await b as C).d\n", "a = (await b).d\n"),
        # What a name is used for decides whether its import stays.
        ("import { A } from 'a'\nexport { A }\n", "import { A } from 'a'\nexport { A }\n"),
        ("import { A, b } from 'a'\nb as A\n", "import { b } from 'a'\nb\n"),
        ("import A, { b } from 'a'\nnew A()\n", "import A from 'a'\nnew A()\n"),
        ("import * as A from 'a'\nlet b: A.B\n", "let b\n"),
        ("import 'a'\n", "import 'a'\n"),
        ("interface A {}\nconst b = 1\nexport { A, b }\n", "const b = 1\nexport { b }\n"),
        ("interface A {}\nexport default A\n", ""),
        ("const a = b as C<\n  [D, E]\n>\n", "const a = b\n"),
        # Line ends are kept.
        ("const a: A =\r\n  b as C\r\n", "const a = b\r\n"),
    ],
)
def test_small_things(source: str, javascript: str) -> None:
    assert to_javascript(source) == javascript
