"""Prettier's options: what is found is what Prettier itself resolves."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings, strategies as st
from hypothesis.strategies import DrawFn
from redwood_inngest.app.prettier import read_prettier

from tests.support.node import NodeTools, tools_folder
from tests.support.styles import prettier_options

DEFAULTS = {
    "printWidth": 80,
    "tabWidth": 2,
    "useTabs": False,
    "semi": True,
    "singleQuote": False,
    "quoteProps": "as-needed",
    "trailingComma": "all",
    "bracketSpacing": True,
    "arrowParens": "always",
    "endOfLine": "lf",
}

options = st.fixed_dictionaries(
    {},
    optional={
        "printWidth": st.integers(60, 140),
        "tabWidth": st.sampled_from([2, 4, 8]),
        "useTabs": st.booleans(),
        "semi": st.booleans(),
        "singleQuote": st.booleans(),
        "quoteProps": st.sampled_from(["as-needed", "consistent", "preserve"]),
        "trailingComma": st.sampled_from(["all", "es5", "none"]),
        "bracketSpacing": st.booleans(),
        "arrowParens": st.sampled_from(["always", "avoid"]),
        "endOfLine": st.sampled_from(["lf", "crlf", "cr"]),
    },
)
globs = st.sampled_from(
    [
        "*.ts",
        "*.{js,ts}",
        "**/*.ts",
        "api/**",
        "api/**/*.ts",
        "api/*.ts",
        "api/src/*/client.ts",
        "./api/**",
        "!*.ts",
        "client.*",
        "cl?ent.ts",
        "[a-d]lient.ts",
        "@(client|server).ts",
        "src/**",
        "**/inngest/**",
        "client.ts",
    ]
)
overrides = st.lists(
    st.fixed_dictionaries(
        {"files": st.one_of(globs, st.lists(globs, min_size=1, max_size=2)), "options": options},
        optional={"excludeFiles": globs},
    ),
    max_size=2,
)


def toml(config: Mapping[str, Any]) -> str:
    """A configuration as TOML; JSON's texts, numbers and lists are TOML's too."""
    plain = {key: value for key, value in config.items() if key != "overrides"}
    lines = [f"{key} = {json.dumps(value)}" for key, value in plain.items()]
    for override in config.get("overrides", []):
        lines.append("[[overrides]]")
        lines += [
            f"{key} = {json.dumps(value)}" for key, value in override.items() if key != "options"
        ]
        lines.append("[overrides.options]")
        lines += [f"{key} = {json.dumps(value)}" for key, value in override["options"].items()]
    return "\n".join(lines) + "\n"


def javascript(config: Mapping[str, Any]) -> str:
    """A configuration as a JavaScript expression, in the way of a person."""
    return json.dumps(config, indent=2).replace('"', "'")


PLUGIN = "prettier-plugin-tailwindcss"
FORMS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "package.json": lambda config: json.dumps({"name": "app", "prettier": config}),
    ".prettierrc": yaml.safe_dump,
    ".prettierrc.json": json.dumps,
    ".prettierrc.yml": yaml.safe_dump,
    ".prettierrc.json5": lambda config: f"// Options.\n{javascript(config)}\n",
    ".prettierrc.toml": toml,
    ".prettierrc.cjs": lambda config: f"module.exports = {javascript(config)}\n",
    "prettier.config.js": lambda config: f"const c = {javascript(config)}\nmodule.exports = c\n",
    "prettier.config.cjs": lambda config: (
        f"module.exports = {{ ...{javascript(config)}, plugins: [require('{PLUGIN}')] }}\n"
    ),
    "prettier.config.mjs": lambda config: f"export default {javascript(config)};\n",
}


@st.composite
def editorconfigs(draw: DrawFn) -> str:
    """The text of an .editorconfig file."""
    properties = st.fixed_dictionaries(
        {},
        optional={
            "indent_style": st.sampled_from(["tab", "space", "unset"]),
            "indent_size": st.sampled_from(["2", "4", "tab", "unset"]),
            "tab_width": st.sampled_from(["2", "8"]),
            "max_line_length": st.sampled_from(["90", "120"]),
            "end_of_line": st.sampled_from(["lf", "crlf"]),
            "quote_type": st.sampled_from(["single", "double"]),
        },
    )
    sections = st.sampled_from(
        [
            "*",
            "*.ts",
            "*.{ts,js}",
            "*.md",
            "api/**",
            "api/**.ts",
            "/api/*.ts",
            "cl[a-z]ent.ts",
            "**.ts",
        ]
    )
    lines = draw(st.sampled_from([[], ["root = true"], ["# A comment.", "; Another."]]))
    text = list(lines)
    for section in draw(st.lists(sections, max_size=3)):
        text.append(f"[{section}]")
        text += [f"{key} = {value}" for key, value in draw(properties).items()]
    return "\n".join(text) + "\n"


@pytest.fixture(scope="module")
def tools() -> Iterator[NodeTools]:
    tools = NodeTools(tools_folder())
    yield tools
    tools.close()


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    files=st.dictionaries(
        st.tuples(st.sampled_from(["", "api/", "api/src/"]), st.sampled_from(sorted(FORMS))),
        st.tuples(options, overrides),
        max_size=3,
    ),
    editorconfig=st.dictionaries(st.sampled_from(["", "api/"]), editorconfigs(), max_size=2),
)
def test_what_is_found_is_what_prettier_resolves(
    files: dict[tuple[str, str], tuple[dict[str, Any], list[Any]]],
    editorconfig: dict[str, str],
    tools: NodeTools,
) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary).resolve()
        folder = root / "api" / "src" / "inngest"
        folder.mkdir(parents=True)
        (root / ".git").mkdir()
        for (place, name), (given_options, given_overrides) in files.items():
            config = given_options | ({"overrides": given_overrides} if given_overrides else {})
            (root / place / name).write_text(FORMS[name](config))
        for place, text in editorconfig.items():
            (root / place / ".editorconfig").write_text(text)
        plugin = root / "node_modules" / PLUGIN
        plugin.mkdir(parents=True)
        (plugin / "index.js").write_text("module.exports = {}\n")
        resolved = tools.call("resolveConfig", str(folder / "client.ts")) or {}
        found = read_prettier(folder, root)
    resolved.pop("plugins", None)
    expected = DEFAULTS | resolved
    assert prettier_options(found.style) == expected
