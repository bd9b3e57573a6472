"""Whom the comments between two tokens belong to, and lists that go by it."""

from __future__ import annotations

import pytest
from redwood_inngest.typescript.bindings import Module
from redwood_inngest.typescript.edits import Edits, expression
from redwood_inngest.typescript.parser import parse
from redwood_inngest.typescript.style import CodeStyle
from redwood_inngest.typescript.trivia import comments_in, split_space


@pytest.mark.parametrize(
    ("tail", "lead"),
    [
        ("", ""),
        ("", " "),
        ("", "\n  "),
        (" // of the first", "\n  // of the second\n"),
        (" /* of\n the first */", "\n"),
        (" /* a */ // b", "\r\n/* c */ "),
        ("", " /* of the second */ "),
        (" // a /*", "\n/* // b */\n"),
    ],
)
def test_the_comment_on_its_line_belongs_to_what_is_before(tail: str, lead: str) -> None:
    assert split_space(tail + lead) == (tail, lead)


def test_a_comment_is_the_same_at_another_indentation() -> None:
    assert comments_in("\n  /* a\n     b */ // c\n") == ["/* a b */", "// c"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[]", "[c]"),
        ("[ /* none */ ]", "[ /* none */ c ]"),
        ("[a]", "[a, c]"),
        ("[a,]", "[a, c,]"),
        ("[a /* a */]", "[a /* a */, c]"),
        ("[a /* a\n */]", "[a /* a\n */, c]"),
        ("[\n  a // a\n]", "[\n  a, // a\n  c\n]"),
        ("[\n  a, // a\n]", "[\n  a, // a\n  c,\n]"),
        ("[\n  a, // a\n  // b\n]", "[\n  a, // a\n  // b\n  c,\n]"),
        ("[\n  a, /* a\n  */\n]", "[\n  a, /* a\n  */\n  c,\n]"),
        ("[a, ,]", "[a, , c,]"),
    ],
)
def test_an_item_is_added_after_the_comments_of_the_last_and_goes_again(
    before: str, after: str
) -> None:
    module = Module(parse(f"x({before})"))
    edits = Edits(module, CodeStyle())
    edits.append(module.of_kind("array")[0], expression("c"))
    assert edits.apply().source == f"x({after})"
    module = Module(parse(f"x({after})"))
    (array,) = module.of_kind("array")
    edits = Edits(module, CodeStyle())
    edits.remove(array, array.named()[-1])
    assert edits.apply().source == f"x({before})"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[a, // a\n  c]", "[a // a\n  ]"),
        ("[a, c /* c */]", "[a]"),
        ("[\n  c, // c\n  a,\n]", "[\n  a,\n]"),
        ("[\n  // above\n  c,\n  a,\n]", "[\n  // above\n  a,\n]"),
        ("[c, /* a */ a]", "[/* a */ a]"),
        ("[\n  // above\n  c,\n]", "[\n  // above\n]"),
        ("[\n  c,\n]", "[]"),
    ],
)
def test_an_item_goes_with_what_follows_it_on_its_line(before: str, after: str) -> None:
    module = Module(parse(f"x({before})"))
    (array,) = module.of_kind("array")
    edits = Edits(module, CodeStyle())
    edits.remove(array, next(item for item in array.named() if item.code == "c"))
    assert edits.apply().source == f"x({after})"
