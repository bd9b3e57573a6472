"""Shapes of code that Prettier has rules of their own for: what hugs, breaks, or stays beside.

The rules are those of Prettier 3, as its formatting of programs shows them.
"""

from __future__ import annotations

from .marks import is_mark, named
from .nodes import Branch, Node, is_kind
from .parentheses import is_side_by_side

_READS = {"member_expression", "subscript_expression", "call_expression"}


def can_stand_below(body: Node) -> bool:
    """Whether Prettier puts this body of an arrow function on a line of its own."""
    return not stays_beside(body) and not is_kind(body, "arrow_function")


def stays_beside(body: Node) -> bool:
    """Whether this body of an arrow function always begins on the line of the arrow."""
    literals = ("statement_block", "object", "array", "template_string")
    return is_kind(without_parentheses(body), *literals)


def continues(part: Branch, parent: Branch) -> bool:
    """Whether Prettier breaks an expression only together with what it is the beginning of."""
    if operation_kind(part):
        in_condition = is_kind(parent, "parenthesized_expression") and parent.role is not None
        return is_side_by_side(part, parent) or in_condition
    if is_kind(part, "ternary_expression"):
        return is_kind(parent, "ternary_expression")
    if is_kind(part, "call_expression", "member_expression"):
        return part.role in {"object", "function"}
    return is_kind(part, "arrow_function") and is_kind(parent, "arrow_function")


def without_parentheses(node: Node) -> Node:
    """What stands in parentheses, however many; a node that is in none is given back."""
    while isinstance(node, Branch) and is_kind(node, "parenthesized_expression") and named(node):
        node = named(node)[0]
    return node


def operation_kind(node: Node) -> str | None:
    """Which kind of operation this is to Prettier, if it is one."""
    if not isinstance(node, Branch) or not is_kind(node, "binary_expression"):
        return None
    return "logical" if is_kind(node.part("operator"), "&&", "||", "??") else "binary"


def is_inlined(operation: Branch) -> bool:
    """Whether the right side is a literal that always opens on the line of the operator."""
    return operation_kind(operation) == "logical" and is_full_literal(operation.part("right"))


def is_full_literal(node: Node | None) -> bool:
    """Whether this is an object or an array that has something in it."""
    return isinstance(node, Branch) and is_kind(node, "object", "array") and bool(named(node))


def is_open_ended(value: Branch) -> bool:
    """Whether a value that does not fit on the line of its `=` goes below it as a whole."""
    hangs = operation_kind(value) is not None and not is_inlined(value)
    return hangs or is_kind(value, "member_expression")


def has_parentheses_for_lines(node: Branch) -> bool:
    """Whether this returns something that is in parentheses only while it takes several lines."""
    return is_kind(node, "return_statement", "throw_statement") and any(
        is_kind(part, "parenthesized_expression") for part in node.parts
    )


def has_nested(pattern: Branch) -> bool:
    """Whether a destructuring pattern holds one that holds something."""
    pairs = (part for part in named(pattern) if is_kind(part, "pair_pattern"))
    values = (pair.part("value") for pair in pairs if isinstance(pair, Branch))
    return any(
        isinstance(value, Branch)
        and is_kind(value, "object_pattern", "array_pattern")
        and len(value.named()) > 0
        for value in values
    )


def has_several_values(declaration: Branch) -> bool:
    """Whether several variables are declared at once, and one at least has a value."""
    variables = [one for one in declaration.parts if is_kind(one, "variable_declarator")]
    return len(variables) > 1 and any(
        isinstance(one, Branch) and one.part("value") for one in variables
    )


def is_table(array: Branch) -> bool:
    """Whether an array is one of several objects or several arrays, which Prettier breaks."""
    items = named(array) if is_kind(array, "array") else []
    kinds = {item.kind for item in items}
    return (
        len(items) > 1
        and kinds in ({"object"}, {"array"})
        and all(isinstance(item, Branch) and len(named(item)) > 1 for item in items)
    )


def holds_ternary(ternary: Branch) -> bool:
    """Whether the middle of a ternary is one, which is in parentheses only on one line."""
    return is_kind(ternary, "ternary_expression") and is_kind(
        ternary.part("consequence"), "ternary_expression"
    )


def last_body(chain: Branch) -> Node | None:
    """The body of the innermost of a chain of arrow functions."""
    body: Node | None = chain
    while isinstance(body, Branch) and is_kind(body, "arrow_function"):
        body = body.part("body")
    return body


def is_composition(arguments: Branch) -> bool:
    """Whether several functions are handed to a call, or one beside a call that takes one."""
    functions = ("arrow_function", "function_expression")
    items = named(arguments) if is_kind(arguments, "arguments") else []
    taken = [
        part
        for item in items
        if isinstance(item, Branch) and is_kind(item, "call_expression")
        for part in item.parts
        if isinstance(part, Branch) and is_kind(part, "arguments")
    ]
    handed = sum(is_kind(item, *functions) for item in items)
    inner = any(is_kind(item, *functions) for part in taken for item in named(part))
    return handed > 1 or (len(items) > 1 and inner)


def is_stiff_chain(arrow: Branch) -> bool:
    """Whether a chain of arrow functions has a parameter that is more than a name."""
    if not is_kind(arrow.part("body"), "arrow_function"):
        return False
    one: Node | None = arrow
    while isinstance(one, Branch) and is_kind(one, "arrow_function"):
        parameters = one.part("parameters")
        if isinstance(parameters, Branch):
            for parameter in named(parameters):
                parts = parameter.parts if isinstance(parameter, Branch) else ()
                if [part.kind for part in parts if not is_mark(part)] != ["identifier"]:
                    return True
        one = one.part("body")
    return False


def is_long_chain(call: Branch) -> bool:
    """Whether this is a chain of more than two calls, and not all arguments are simple."""
    calls: list[Node] = []
    node: Node = call
    while isinstance(node, Branch) and node.kind in _READS:
        if is_kind(node, "call_expression"):
            calls += [part for part in node.parts if is_kind(part, "arguments")]
        node = node.parts[0]
    return len(calls) > 2 and not all(map(_is_simple_argument, calls))


def _is_simple_argument(node: Node) -> bool:
    """Whether an argument does not break a chain of calls, as Prettier sees it."""
    if is_kind(node, "arrow_function", "function_expression"):
        return isinstance(node, Branch) and is_kind(node.part("body"), "statement_block")
    simple = _READS | {"arguments", "array", "object", "pair", "string", "regex", "new_expression"}
    if is_kind(node, "regex") and isinstance(node, Branch):
        return len(node.parts[1].code) <= 5
    if isinstance(node, Branch):
        return node.kind in simple and all(map(_is_simple_argument, named(node)))
    return True


def is_hugging(parameters: Branch) -> bool:
    """Whether the only parameter is a pattern in braces, whose braces Prettier breaks instead."""
    items = named(parameters)
    one = items[0] if len(items) == 1 else None
    return isinstance(one, Branch) and is_kind(one.parts[0], "object_pattern")


def opens_first(arguments: list[Node]) -> bool:
    """Whether the first argument is a function with a block, and the second nothing of the kind."""
    if len(arguments) != 2 or not isinstance(arguments[0], Branch):
        return False
    block = is_kind(arguments[0].part("body"), "statement_block")
    others = ("arrow_function", "function_expression", "ternary_expression")
    return block and not is_full_literal(arguments[1]) and not is_kind(arguments[1], *others)


def has_kin(arguments: list[Node]) -> bool:
    """Whether the last two arguments are of one kind, which keeps them from being set apart."""
    kinds = [one.kind for one in arguments[-2:]]
    return len(kinds) == 2 and (
        kinds[0] == kinds[1] or (len(arguments) == 2 and kinds == ["arrow_function", "array"])
    )
