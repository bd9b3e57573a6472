"""What `setup` and `adopt` share: options, a template of this machine alone, the run itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import Refusal
from .live import live_line
from .options import (
    answer_options,
    check_full,
    chooser,
    given_answers,
    interruption_options,
    settle,
    writing_options,
)
from .preview import approved, print_changes
from .printing import confirm, is_interactive, say, tell

if TYPE_CHECKING:
    from ..flows.setup import Options, Setup
    from ..flows.template_source import TemplateSource

STOPPED = "stopped before anything was written: nothing was changed."


@dataclass(frozen=True)
class Given:
    """The argument and the options of the command line; their help says what they are."""

    app: Path
    defaults: bool
    data: tuple[str, ...]
    data_file: Path | None
    yes: bool
    diff: bool
    full: bool
    no_install: bool
    force: bool
    template: str | None
    settling: str | None

    @property
    def is_asking(self) -> bool:
        """Whether a person is there, and wants to be asked before something is changed."""
        return is_interactive() and not (self.yes or self.diff)

    def options(self, source: TemplateSource, *, asks_nothing: bool = False) -> Options:
        """The options of the run.

        Args:
            source: The template.
            asks_nothing: Whether every question has its default, also at a terminal.

        Raises:
            BadParameter, Refusal: The answers cannot be read.
        """
        from ..flows.setup import Options  # Copier is slow to import

        return Options(
            template=source,
            data=given_answers(self.data, self.data_file),
            defaults=self.defaults or asks_nothing or not is_interactive(),
            force=self.force,
            install=False if self.no_install or self.diff else None,
            dry_run=self.diff,
            choose=chooser(),
        )


def setup_options(function: Callable[..., None]) -> Callable[..., None]:
    """The argument and the options of both; the function gets them as one `Given`."""

    @wraps(function)
    def decorated(**values: Any) -> None:
        given = Given(**{each.name: values.pop(each.name) for each in fields(Given)})
        check_full(diff=given.diff, full=given.full)
        if given.settling:
            settle([given.app], given.settling)
        function(given, **values)

    template_help = "Use this template: a Git URL or a folder."
    parameters = (
        interruption_options,
        click.option("--template", metavar="SOURCE", help=template_help),
        click.option(
            "--force", is_flag=True, help="Go on although the app has uncommitted changes."
        ),
        writing_options,
        answer_options("Give"),
        click.option("--defaults", is_flag=True, help="Take the default of each question."),
        click.argument("app", type=click.Path(path_type=Path), default="."),
    )
    command: Callable[..., None] = decorated
    for parameter in parameters:
        command = parameter(command)
    return command


def ask_about_local(source: TemplateSource, app: Path) -> None:
    """Ask whether to go on with a template that only this machine has, if it is one.

    Raises:
        Refusal: The answer is no.
    """
    from ..app.find import find_root
    from ..app.handler import ANSWERS_FILE

    root = find_root(app)
    if not source.is_local or not root or (root / ANSWERS_FILE).exists():
        return
    tell_local(source)
    if not confirm("Go on with the one of this machine?"):
        raise Refusal(STOPPED)


def tell_local(source: TemplateSource) -> None:
    """Tell of a template that only this machine has, if it is one."""
    if source.is_local:
        published = source.published_at()
        instead = f": {published} looks right" if published else ""
        say(
            f"The answers will name the template as {source.location}, which only this machine "
            "has: a teammate's update would not find it. For a template that all can reach, give "
            f"--template and its Git URL{instead}."
        )


def carry_out(
    planned: Setup, source: TemplateSource, headline: str, done: str, *, yes: bool
) -> None:
    """Show what is about to be done, do it once that is approved, and list what was changed.

    Args:
        planned: What was worked out.
        source: The template.
        headline: What is about to be done.
        done: What has been done then.
        yes: Whether the yes was given beforehand.

    Raises:
        Refusal: It was not approved, or it failed; the app is as it was.
    """
    from ..flows import setup

    if yes or not is_interactive():  # or it was asked about
        tell_local(source)
    manager = planned.answers["package_manager"] if planned.installing else ""
    changes = planned.changes
    if not approved(headline, changes, planned.app.api_path, install=manager, yes=yes):
        raise Refusal(STOPPED)
    with live_line() as progress:
        locks = setup.carry_out(planned, say, progress)
    tell(click.style(f"\n{done}\n", bold=True))
    print_changes(changes, locks=locks)


def install_command(planned: Setup) -> str:
    """The command that installs what the run has not installed."""
    where = "" if planned.app.workspaces else f"cd {planned.app.api_path} && "
    return f"{where}{planned.answers['package_manager']} install"
