"""After every update: a file that the template no longer has stays where the team edited it."""

from __future__ import annotations

from ..updated_app import UpdatedApp


def migrate(app: UpdatedApp) -> None:
    """Give back the files that Copier removed although the team had edited them."""
    app.keep_edited_files()
