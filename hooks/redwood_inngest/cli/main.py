"""The command `redwood-inngest`: its subcommands, each in a file of its own."""

from __future__ import annotations

import click

from .. import __version__
from .adopt import adopt
from .completion import completion
from .destroy import destroy
from .dev import dev
from .doctor import doctor
from .events import events
from .generate import generate
from .printing import wants_colour
from .remove import remove
from .setup import setup
from .unwire import unwire
from .update import update
from .upgrade_sdk import upgrade_sdk
from .wire import wire


class WithAliases(click.Group):
    """A group whose commands go by short names, too, as those of `yarn rw` do."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, or of this short name."""
        return super().get_command(ctx, {"g": "generate", "d": "destroy"}.get(cmd_name, cmd_name))


@click.group(cls=WithAliases, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="redwood-inngest")
def main() -> None:
    """Set up Inngest in a RedwoodJS or CedarJS app, and keep it up to date.

    \b
    Example:  redwood-inngest setup
    """  # noqa: D301 - click reads the character
    from ..journal import end_with_an_exception  # slow to import, and --help does without

    click.get_current_context().color = wants_colour()
    end_with_an_exception()


for command in (
    setup,
    adopt,
    update,
    dev,
    events,
    generate,
    destroy,
    doctor,
    wire,
    unwire,
    upgrade_sdk,
    remove,
    completion,
):
    main.add_command(command)
