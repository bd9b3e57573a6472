"""Small Redwood apps: only the files that are read, nothing installed."""

from __future__ import annotations

import json
from pathlib import Path

from .redwood import HANDLER, commit

PACKAGE_JSON = {"private": True, "workspaces": {"packages": ["api", "web"]}}
PRETTIER = "module.exports = { semi: false, singleQuote: true, trailingComma: 'es5' }\n"
CONFIGS = {"ts": "tsconfig.json", "js": "jsconfig.json"}
API_PACKAGE_JSON = {
    "name": "api",
    "private": True,
    "dependencies": {"@redwoodjs/api": "8.9.0", "@redwoodjs/graphql-server": "8.9.0"},
}


def small_app(folder: Path, *, api: str = "api", git: bool = True, language: str = "ts") -> Path:
    """Make a Redwood app.

    Args:
        folder: Where; it is made.
        api: The folder of the api side.
        git: Whether it is committed to a Git repository.
        language: `ts` or `js`.
    """
    config = "[web]\n  port = 8910\n[api]\n  port = 8911\n"
    files = {
        "redwood.toml": config if api == "api" else f'{config}  path = "{api}"\n',
        "package.json": json.dumps(PACKAGE_JSON, indent=2) + "\n",
        "yarn.lock": "typescript@npm:5.6.2:\n  version: 5.6.2\n" if language == "ts" else "",
        "prettier.config.js": PRETTIER,
        ".env.defaults": "DATABASE_URL=file:./dev.db\n",
        f"{api}/package.json": json.dumps(API_PACKAGE_JSON, indent=2) + "\n",
        f"{api}/{CONFIGS[language]}": "{}\n",
        f"{api}/src/functions/graphql.{language}": HANDLER,
        f"{api}/src/lib/logger.{language}": "export const logger = console\n",
    }
    for path, content in files.items():
        write(folder / path, content)
    if git:
        commit(folder, "The app")
    return folder


USERS_SDL = """\
export const schema = gql`
  type Session { it: JSON }
  type User { email: String phone: String }
  input UserInput { email: String }
  type Query { me: Session users: [User!]! }
  type Mutation { createUser(input: UserInput): User }
`
"""


def add_users(app: Path) -> Path:
    """Give an app the types that answers name in tests, and commit them."""
    write(app / "api/src/graphql/users.sdl.ts", USERS_SDL)
    if (app / ".git").exists():
        commit(app, "Users")
    return app


def write(file: Path, content: str) -> None:
    """Write a file, and the folders above it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content)


def tree(folder: Path) -> dict[str, bytes]:
    """All files below a folder, by path, but for Git's own."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and ".git" not in file.relative_to(folder).parts
    }
