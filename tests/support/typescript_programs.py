"""TypeScript programs, generated: every kind of type syntax in every kind of place."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

_NAMES = ["id", "user", "options", "operationName", "currentUserContext", "deliveryAttempts"]
_TYPE_NAMES = ["User", "GraphQLContext", "OperationExecutionPayload", "Id"]

names = st.sampled_from(_NAMES)
type_names = st.sampled_from(_TYPE_NAMES)
flags = st.booleans()


@cache
def types() -> SearchStrategy[str]:
    """The text of a type."""
    simple = st.one_of(
        st.sampled_from(["string", "number", "boolean", "unknown", "'post' | 'user'"]), type_names
    )
    return st.recursive(
        simple,
        lambda inner: st.one_of(
            inner.map("({})[]".format),
            inner.map("Promise<{}>".format),
            st.tuples(inner, inner).map(lambda pair: f"Record<string, {pair[0]} | {pair[1]}>"),
            st.tuples(names, inner).map(lambda pair: f"{{ {pair[0]}: {pair[1]} }}"),
            st.tuples(names, inner, inner).map(lambda of: f"(({of[0]}: {of[1]}) => {of[2]})"),
        ),
        max_leaves=5,
    )


@cache
def expressions() -> SearchStrategy[str]:
    """The text of an expression, any part of it cast."""
    simple = st.one_of(names, st.sampled_from(["1", "'text'", "null", "[]", "{}"]))
    return st.recursive(simple, _larger, max_leaves=6)


def _larger(inner: SearchStrategy[str]) -> SearchStrategy[str]:
    # No "<": after a `!`, tree-sitter takes it for type arguments.
    operators = st.sampled_from(["+", "*", "&&", "||", "===", ">="])
    return st.one_of(
        st.tuples(inner, types()).map(lambda of: f"({of[0]}) as {of[1]}"),
        st.tuples(inner, types()).map(lambda of: f"({of[0]}) satisfies {of[1]}"),
        names.map("{}!".format),
        st.tuples(names, inner).map(lambda of: f"{of[0]}(({of[1]}))!"),
        st.tuples(inner, operators, inner).map(lambda of: f"({of[0]}) {of[1]} ({of[2]})"),
        st.tuples(names, names, inner).map(lambda of: f"{of[0]}! ? {of[1]}! : ({of[2]})"),
        st.tuples(names, types(), names).map(lambda of: f"({of[0]} as {of[1]}).{of[2]}"),
        st.tuples(names, st.lists(inner, max_size=3)).map(
            lambda of: f"{of[0]}({', '.join(f'({one})' for one in of[1])})"
        ),
        st.tuples(names, types(), inner).map(lambda of: f"{of[0]}<{of[1]}>(({of[2]}))"),
        st.lists(inner, min_size=1, max_size=3).map(
            lambda of: f"[{', '.join(f'({one})' for one in of)}]"
        ),
        st.tuples(names, inner).map(lambda of: f"{{ {of[0]}: ({of[1]}) }}"),
        st.tuples(parameters(), types(), inner).map(lambda of: f"({of[0]}): {of[1]} => ({of[2]})"),
        names.map("!{}".format),
    )


@st.composite
def parameters(draw: DrawFn) -> str:
    """The text of a list of parameters."""
    listed = draw(st.lists(names, unique=True, max_size=3))
    typed = [f"{name}: {draw(types())}" for name in listed]
    optional = draw(flags)
    if typed and optional:
        typed[-1] = typed[-1].replace(": ", "?: ", 1)
    return ", ".join(typed)


@st.composite
def functions(draw: DrawFn) -> str:
    """The text of a function declaration."""
    generic = draw(st.sampled_from(["", "<T>", "<T extends object, U = T>"]))
    body = draw(st.lists(statements(), max_size=2))
    result = draw(st.one_of(st.just(""), types().map(": {}".format)))
    head = f"function handle@{generic}({draw(parameters())}){result}"
    overload = draw(st.sampled_from(["", "function handle@(first: string): void\n"]))
    return overload + head + " {\n" + "\n".join(body) + "\n}"


@st.composite
def classes(draw: DrawFn) -> str:
    """The text of a class declaration."""
    members = st.sampled_from(
        [
            "private readonly id: string = 'a';",
            "options?: Record<string, unknown>;",
            "declare user: User",
            "static operationName: string;",
            "[key: string]: any",
            "abstract deliver(id: string): void",
            "public deliver(id: string): void {}",
            "protected async load<T>(id: T, options?: User): Promise<T> { return id }",
            "// A note of its own.\n\nget size(): number { return 1 }",
            "/** Said of what follows. */\nprivate count!: number;",
        ]
    )
    body = "\n\n".join(draw(st.lists(members, max_size=5)))
    extends = draw(st.sampled_from(["", " extends Base", " extends Base<User>"]))
    implements = draw(st.sampled_from(["", " implements User", " implements User, Id"]))
    return f"abstract class Job@<T>{extends}{implements} {{\n{body}\n}}"


@cache
def statements() -> SearchStrategy[str]:
    """The text of a statement that may stand in a function."""
    return st.one_of(
        st.tuples(names, types(), expressions()).map(
            lambda of: f"{{ const {of[0]}Local: {of[1]} = ({of[2]}) }}"
        ),
        st.tuples(names, expressions()).map(lambda of: f"{of[0]}(({of[1]}))"),
        st.tuples(names, types()).map(
            lambda of: f"for (const {of[0]}Item of {of[0]} as {of[1]}) {{ {of[0]}() }}"
        ),
        st.tuples(expressions(), names).map(lambda of: f"if (({of[0]})) {{ {of[1]}() }}"),
    )


@st.composite
def programs(draw: DrawFn) -> str:
    """The text of a module: imports, types, code, and comments between them."""
    gaps = st.sampled_from(["\n", "\n\n", "\n\n// A note.\n", "\n\n// On its own.\n\n"])
    docs = st.sampled_from(["\n", "\n\n", "\n\n/** What it is. */\n", "\n// eslint-disable-line\n"])
    imports = st.sampled_from(
        [
            "import type { User } from 'user'",
            "import { type Id, loadUser } from 'id'",
            "import { GraphQLContext } from 'context'",
            "import 'side-effect'",
            "import defaults, { merge } from 'options'",
            "import { start } from 'start'\nstart(start as typeof start)",
            "export type { OperationExecutionPayload } from 'payload'",
        ]
    )
    declarations = st.one_of(
        types().map("export type Exported@ = {}".format),
        types().map("interface Local@ {{ field: {} }}".format),
        types().map("declare const declared@: {}".format),
        functions(),
        classes(),
        statements(),
    )
    text = ""
    for item in draw(st.lists(imports, max_size=3, unique=True)):
        text += draw(gaps) + item
    for number, item in enumerate(draw(st.lists(declarations, max_size=5))):
        text += draw(docs) + item.replace("@", str(number)) + ";"
    return text
