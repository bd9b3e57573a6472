"""Options that cannot be edited where they are made: the handler gets an object that extends them.

createGraphQLHandler({
  ...options,
  extraPlugins: [...(options.extraPlugins || []), inngestPlugin],
})
"""

from __future__ import annotations

from ...typescript.edits import as_item, filled, statement
from ...typescript.expressions import declared_value, unwrap
from ...typescript.layout import outdented
from ...typescript.nodes import Branch, Node, is_kind
from ...typescript.statements import CONTINUES
from ...typescript.trivia import has_comment, space_before
from .calls import refusal
from .hoisting import hoist_target, hoisted_name
from .options import EXTRA_PLUGINS
from .plan import Plan, first_array
from .wire_plugins import guarded


def extend(plan: Plan, node: Node, name: Node) -> None:
    """Put an object that extends a named value in the place of options."""
    plugins = guarded(plan, f"{name.code}.{EXTRA_PLUGINS} || []")
    pad = plan.style.padding
    new = plan.expression(f"{{{pad}...{name.code}, {EXTRA_PLUGINS}: {plugins}{pad}}}")
    plan.replace(node, new, at=first_array(new))
    around = plan.module.parent(node)
    if _is_alone_on_its_line(around) and around and not plan.layout.is_by_hand(around):
        plan.hug(node)


def _is_alone_on_its_line(around: Branch | None) -> bool:
    """Whether a call's only argument has a line for itself, and no comments."""
    if around is None or not is_kind(around, "arguments") or len(around.named()) > 1:
        return False
    spaces = [space_before(part) for part in around.parts[1:]]
    return "\n" in spaces[0] and not any(map(has_comment, spaces))


def hoist(plan: Plan, node: Node, inner: Node) -> None:
    """Give options that must be worked out only once a name before the handler, and extend that.

    Raises:
        Refusal: They cannot be worked out earlier.
    """
    target = hoist_target(plan.module, node)
    block = plan.module.parent(target) if target else None
    name = hoisted_name(plan.hoisted)
    if target is None or block is None or plan.module.mentions(name):
        raise refusal(
            plan.module,
            inner,
            "the options of createGraphQLHandler are worked out here:"
            " give them a name first, `const options = ...`, and pass that.",
        )
    around = plan.module.parent(node)
    moved = _is_alone_on_its_line(around) and around and not plan.layout.is_by_hand(around)
    value = as_item(outdented(node, plan.style.indent) if moved else node)
    end = plan.style.semicolon or (";" if target.code.startswith(CONTINUES) else "")
    declaration = filled(statement(f"const {name} = __value__{end}"), "__value__", value)
    extend(plan, node, plan.expression(name))
    plan.hoisted += 1
    plan.edits.insert_above(block, declaration, target, blank=True)
    plan.touch(target, unwrap(declared_value(declaration)))
