"""Any index, in any of the shapes that teams write: registering can be undone and repeated."""

from __future__ import annotations

import re

from hypothesis import given, strategies as st
from redwood_inngest.codemods.functions_index import register, unregister
from redwood_inngest.typescript.parser import parse

NAMES = st.lists(
    st.sampled_from(["a", "sendReceipt", "zero", "cleanUpOldCarts", "b2", "placeOrder2"]),
    unique=True,
    max_size=5,
)
LISTS = ["array", "values", "named", "default", "frozen", "clause", "reexports", "commonjs"]


@st.composite
def indexes(draw: st.DrawFn) -> str:
    names = draw(NAMES)
    shape = draw(st.sampled_from(LISTS if names else LISTS[:-3]))
    end = draw(st.sampled_from(["", ";"]))
    folder = draw(st.sampled_from([".", "src/inngest/functions"]))
    items = _items(draw, names) if shape not in {"clause", "reexports"} else ", ".join(names)
    imports = [f"import {{ {name} }} from '{folder}/{name}'{end}" for name in sorted(names)]
    body = {
        "array": f"export const functions = [{items}]{end}",
        "values": f"export const functions = Object.values({{{items}}}){end}",
        "named": f"const all = [{items}]{end}\n\nexport {{ all as functions }}{end}",
        "default": f"export default [{items}]{end}",
        "frozen": f"export const functions = Object.freeze([{items}]) as const{end}",
        "clause": f"export {{ {items} }}{end}",
        "reexports": "",
        "commonjs": f"module.exports = {{ functions: [{items}] }}{end}",
    }[shape]
    if shape == "reexports":
        imports = [line.replace("import", "export", 1) for line in imports]
    if shape == "commonjs":
        imports = [
            f"const {{ {name} }} = require('{folder}/{name}'){end}" for name in sorted(names)
        ]
    header = draw(st.sampled_from(["", "// All functions\n\n", "/* eslint-disable */\n"]))
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    parts = ["\n".join(imports), body]
    return (header + "\n\n".join(filter(None, parts)) + "\n").replace("\n", newline)


def _items(draw: st.DrawFn, names: list[str]) -> str:
    """The items on one line or a line each, some with comments."""
    comments = st.sampled_from(["", "", " // why", " /* why */"])
    if not names or draw(st.booleans()):
        return ", ".join(names)
    last = draw(st.sampled_from(["", ","]))
    lines = [f"  {name}{last if name is names[-1] else ','}{draw(comments)}" for name in names]
    return "\n" + "\n".join(lines) + "\n"


@given(indexes())
def test_what_is_registered_can_be_taken_out_and_put_in_again(source: str) -> None:
    registered = register(source, "placeOrder")
    parse(registered)
    assert registered != source
    assert register(registered, "placeOrder") == registered
    without = unregister(registered, "placeOrder")
    assert "placeOrder }" not in without
    assert words(without) == words(source)
    again = register(without, "placeOrder")
    assert words(again) == words(registered)
    # Once a list is on one line where it fits, as Prettier has it, the layout comes back, too.
    assert register(unregister(again, "placeOrder"), "placeOrder") == again


def words(source: str) -> list[str]:
    return re.findall(r"\w+", source)


@given(indexes())
def test_the_lines_that_import_others_and_comments_stay(source: str) -> None:
    starts = ("import", "//", "/*", "const {")
    kept = [line for line in source.splitlines() if line.startswith(starts)]
    registered = register(source, "placeOrder").splitlines()
    assert [line for line in registered if line in kept] == kept
