"""Strings as TypeScript: whatever the text, the literal is that text and nothing more."""

from __future__ import annotations

from hypothesis import given, strategies as st
from redwood_inngest.typescript.literals import string_literal
from redwood_inngest.typescript.nodes import walk
from redwood_inngest.typescript.parser import parse


def test_quotes_and_backslashes_are_escaped() -> None:
    assert string_literal("it's") == '"it\'s"'
    assert string_literal('it\'s "it"') == r"""'it\'s "it"'"""
    assert string_literal('say "hi"') == "'say \"hi\"'"
    assert string_literal("a\\b\nc${d}") == r"'a\\b\nc${d}'"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_literal_is_one_string_and_nothing_else(text: str) -> None:
    literal = string_literal(text)
    assert "\n" not in literal
    kinds = [node.kind for node in walk(parse(f"x = {literal}"))]
    assert kinds.count("string") == 1
    assert kinds.count("identifier") == 1
    assert parse(f"x = {literal}").source == f"x = {literal}"
