"""`redwood-inngest completion`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

_NAME = "redwood-inngest"
_VARIABLE = "_REDWOOD_INNGEST_COMPLETE"  # click's own name for it


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the code that completes commands and options in SHELL.

    Add the line for your shell to the file named, and open a new terminal:

    \b
    bash  ~/.bashrc:
          eval "$(redwood-inngest completion bash)"
    zsh   ~/.zshrc, after compinit:
          eval "$(redwood-inngest completion zsh)"
    fish  ~/.config/fish/config.fish:
          redwood-inngest completion fish | source
    """  # noqa: D301 - click reads the character
    complete = get_completion_class(shell)
    if complete is None:
        raise click.ClickException(f"click has no completion for {shell}.")
    command = context.find_root().command
    click.echo(complete(command, {}, _NAME, _VARIABLE).source())
