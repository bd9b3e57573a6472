"""Apps in TypeScript of Redwood before 5, put together by hand: `create-redwood-app` has only 8.9.

What stands in them is what those versions' own templates have, as far as the api side needs it.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from .apps import PRETTIER, write
from .cache import cached
from .redwood import HANDLER, POSTS_SDL, POSTS_SERVICE, run

# React as each version's web side has it: the command line needs it.
REACT = {"0.39.4": "17.0.2", "4.4.2": "18.2.0"}

DIRECTIVE = """\
import gql from 'graphql-tag'

import { createValidatorDirective } from '@redwoodjs/graphql-server'

export const schema = gql`
  directive @NAME on FIELD_DEFINITION
`

export default createValidatorDirective(schema, () => {
  return
})
"""
TSCONFIG = {
    "compilerOptions": {
        "noEmit": True,
        "allowJs": True,
        "esModuleInterop": True,
        "target": "esnext",
        "module": "esnext",
        "moduleResolution": "node",
        "baseUrl": "./",
        "paths": {"src/*": ["./src/*"]},
        "typeRoots": ["../node_modules/@types"],
        "types": ["jest"],
    },
    "include": ["src"],
}


def old_redwood_app(version: str) -> Path:
    """An app in TypeScript, installed with npm, in the cache."""
    files = _files(version)

    def make(folder: Path) -> None:
        for path, content in files.items():
            write(folder / path, content)
        options = ("--ignore-scripts", "--legacy-peer-deps", "--no-audit", "--no-fund")
        run(["npm", "install", *options, "--loglevel=error"], folder)
        # What Prisma's own script puts there before anything is generated.
        client = folder / "node_modules" / ".prisma" / "client"
        client.mkdir(parents=True, exist_ok=True)
        scripts = folder / "node_modules/@prisma/client/scripts"
        shutil.copyfile(scripts / "default-index.js", client / "index.js")

    return cached(f"redwood-{version}-app", files, make)


def _files(version: str) -> dict[str, str]:
    api = {"@redwoodjs/api": version, "@redwoodjs/graphql-server": version}
    react = {"react": REACT[version], "react-dom": REACT[version]}
    root = {
        "private": True,
        "workspaces": {"packages": ["api", "web"]},
        "devDependencies": {"@redwoodjs/core": version},
    }
    source = "api/src"
    return {
        "redwood.toml": "[web]\n  port = 8910\n[api]\n  port = 8911\n",
        "package.json": json.dumps(root),
        "api/package.json": json.dumps(
            {"name": "api", "version": "0.0.0", "private": True, "dependencies": api}
        ),
        "web/package.json": json.dumps(
            {"name": "web", "version": "0.0.0", "private": True, "dependencies": react}
        ),
        "web/src/App.tsx": "export default () => null\n",
        "prettier.config.js": PRETTIER,
        ".gitignore": "node_modules\n.redwood\napi/dist\n",
        ".env.defaults": "",
        "api/tsconfig.json": json.dumps(TSCONFIG),
        f"{source}/functions/graphql.ts": HANDLER,
        f"{source}/graphql/posts.sdl.ts": POSTS_SDL,
        f"{source}/services/posts/posts.ts": POSTS_SERVICE,
        f"{source}/lib/logger.ts": (
            "import { createLogger } from '@redwoodjs/api/logger'\n\n"
            "export const logger = createLogger({})\n"
        ),
        f"{source}/directives/skipAuth/skipAuth.ts": DIRECTIVE.replace("NAME", "skipAuth"),
        f"{source}/directives/requireAuth/requireAuth.ts": DIRECTIVE.replace(
            "NAME", "requireAuth(roles: [String])"
        ),
    }
