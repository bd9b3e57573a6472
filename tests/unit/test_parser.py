"""The trees: every source text comes back from its tree, byte for byte."""

from __future__ import annotations

import libcst as cst
import pytest
from redwood_inngest.errors import Refusal
from redwood_inngest.typescript import parser
from redwood_inngest.typescript.expressions import string_value
from redwood_inngest.typescript.nodes import Branch, Node, Token, is_kind, position, walk
from redwood_inngest.typescript.parser import MAX_DEPTH, parse


@pytest.mark.parametrize(
    "source",
    [
        "",
        "\n",
        "\ufeff// only a comment\n",
        "#!/usr/bin/env node\n'use strict'\n",
        "import a from 'a'\r\n\r\nexport default a\r\n",
        "const t = `a ${ b /* c */ } \\` d`",
        "f(/* none */)\n// the end",
        "const é = '😀'; // ünïcode\n",
        "const f = <T,>(x: T) => x satisfies T",
    ],
)
def test_printing_gives_back_the_source(source: str) -> None:
    assert parse(source).source == source


@pytest.mark.parametrize(
    ("source", "operands"),
    [
        ("a && b!.c", ["a", "b!.c"]),
        ("a + b<T>(c)", ["a", "b<T>(c)"]),
        ("a + b * c<T>(d)", ["a", "b * c<T>(d)"]),
        ("a * b + c!.d", ["a * b", "c!.d"]),
        ("a ?? b! ?? c!.d", ["a ?? b!", "c!.d"]),
        ("a || !b![0]", ["a", "!b![0]"]),
        ("!a!.b", ["a!.b"]),
        ("typeof a<T>(b)", ["a<T>(b)"]),
        ("++a!.b", ["a!.b"]),
        ("<T>a!.b", ["<T>", "a!.b"]),
    ],
)
def test_what_is_read_from_an_operand_belongs_to_it(source: str, operands: list[str]) -> None:
    tree = parse(source)
    statement = tree.named()[0]
    operation = statement.parts[0] if isinstance(statement, Branch) else None
    assert isinstance(operation, Branch)
    assert [operand.code for operand in operation.named()] == operands
    assert tree.source == source


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("''", ""),
        ('"it is"', "it is"),
        ("'${no} substitution'", "${no} substitution"),
        ("'/* no */ // comment'", "/* no */ // comment"),
        (r"'an \n escape'", None),
        ("'over \\\n two lines'", None),
        ("`a template`", "a template"),
        ("`with a ${substitution}`", None),
        ("a", None),
    ],
)
def test_a_string_is_one_token_with_a_value(code: str, value: str | None) -> None:
    tree = parse(f"f( /* c */ {code} )")
    argument = next(node.parts[1] for node in walk(tree) if is_kind(node, "arguments"))
    assert string_value(argument) == value
    assert is_kind(argument, "template_string") or not argument.parts
    assert tree.source == f"f( /* c */ {code} )"


def test_a_syntax_error_is_refused_with_its_place() -> None:
    with pytest.raises(Refusal) as refusal:
        parse("const a = 1\nconst b = [1, 2\n")
    assert refusal.value.line is not None


def test_a_code_nested_too_deeply_is_refused() -> None:
    with pytest.raises(Refusal, match=f"more than {MAX_DEPTH} levels"):
        parse("[" * 1000 + "]" * 1000)


def test_a_visitor_meets_every_node() -> None:
    calls: list[str] = []

    class Calls(cst.CSTVisitor):
        def on_visit(self, node: cst.CSTNode) -> bool:
            if isinstance(node, Branch) and node.kind == "call_expression":
                function = node.part("function")
                assert function
                calls.append(function.code)
            return True

    parse("a(b.c()); // d()\nconst e = 'f()'").visit(Calls())
    assert calls == ["a", "b.c"]


def test_a_transformer_changes_only_what_it_touches() -> None:
    class Rename(cst.CSTTransformer):
        def on_leave(self, original_node: cst.CSTNodeT, updated_node: cst.CSTNodeT) -> cst.CSTNodeT:
            is_name = isinstance(updated_node, Node) and updated_node.kind == "identifier"
            return updated_node.with_changes(text="renamed") if is_name else updated_node

    source = "x( /* kept */ y ) // kept"
    renamed = parse(source).visit(Rename())
    assert isinstance(renamed, Branch)
    assert renamed.source == "renamed( /* kept */ renamed ) // kept"


def test_a_changed_leaf_is_of_the_same_kind_and_a_changed_mark_is_its_own() -> None:
    call = parse("f(true)").parts[0].parts[0]
    name, arguments = call.parts
    assert isinstance(name, Token)
    assert name.with_changes(text="g").kind == name.with_space(" ").kind == "identifier"
    mark = arguments.parts[0]
    assert type(mark) is Token
    assert mark.with_changes(text="[").kind == "["
    assert [part.kind for part in arguments.named()] == ["true"]


def test_a_position_counts_lines_and_characters_from_one() -> None:
    tree = parse("const é = 1\n  /* c */ call()")
    call = next(node for node in walk(tree) if is_kind(node, "call_expression"))
    assert position(tree, call) == (2, 11)


def test_a_text_that_takes_the_parser_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parser, "_SECONDS", 0.02)
    with pytest.raises(Refusal, match=r"stopped after 0\.02 seconds"):
        parse("a<b<" * 60_000)
    # And the next text is read from its start.
    assert parse("const a = 1").source == "const a = 1"
