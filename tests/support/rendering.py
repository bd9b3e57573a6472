"""The template's code as it is rendered for given answers, without an app and without Copier."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import jinja2
import yaml
from extensions import RedwoodInngest

from .template import REPOSITORY

TEMPLATE = REPOSITORY / "template"

# What setup finds in a Redwood app, and what people get who change nothing.
DEFAULTS: Mapping[str, Any] = {
    "framework": "redwood",
    "api_path": "api",
    "language": "ts",
    "module": "cjs",
    "code_style": {},
    "print_width": 80,
    "endpoint": "inngest",
    "has_logger": True,
    "event_prefix": "graphql",
    "operations": ["query", "mutation"],
    "plugin": "bundled",
    "user_fields": ["id"],
    "example_function": True,
    "delivery": "auto",
    "send_anonymous_operations": False,
    "send_introspection": False,
    "send_errors": False,
    "include_raw_result": False,
    "denied_types": [],
    "denied_coordinates": [],
    "redact_paths": [],
    "serve_path": "",
    "app_id": "my-app",
    "sdk_major": 4,
}


def rendered_code(plugin_too: bool = True, **answers: Any) -> dict[str, str]:
    """The files of code that an app gets, by path.

    Args:
        plugin_too: Whether to render the bundled plugin, which is the same for all answers.
        answers: Those that differ from `DEFAULTS`.
    """
    return dict(_rendered({**DEFAULTS, **answers}, plugin_too))


def _rendered(given: Mapping[str, Any], plugin_too: bool) -> Iterator[tuple[str, str]]:
    answers = {**given, "has_example": lambda: given["example_function"]}
    for name in _names():
        path = "/".join(_template(part).render(answers) for part in name.split("/"))
        is_made = not path.startswith("/") and not path.endswith("/.jinja")
        if is_made and (plugin_too or "/useInngest" not in path):
            yield path.removesuffix(".jinja"), _environment().get_template(name).render(answers)


@cache
def _names() -> list[str]:
    files = sorted(TEMPLATE.rglob("*.jinja"))
    names = (file.relative_to(TEMPLATE).as_posix() for file in files)
    return [name for name in names if "api_path" in name]


@cache
def _template(text: str) -> jinja2.Template:
    return _environment().from_string(text)


@cache
def _environment() -> jinja2.Environment:
    """The environment that Copier makes from copier.yml."""
    options: dict[str, Any] = yaml.safe_load((REPOSITORY / "copier.yml").read_text())["_envops"]
    options["undefined"] = jinja2.StrictUndefined
    loader = jinja2.FileSystemLoader(TEMPLATE)
    return jinja2.Environment(**options, loader=loader, extensions=[RedwoodInngest])  # noqa: S701
