"""Random schemas, and random operations on them with variables for each."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

SCALARS = ["Int", "Float", "String", "Boolean", "ID", "DateTime", "Date", "Time", "BigInt"]
SCALARS += ["JSON", "JSONObject", "Byte", "Money", "Anything"]
# Some of the names look like secrets.
NAMES = ["id", "title", "count", "password", "apiToken", "email", "tags", "at", "kind", "parent"]
STEMS = ["FindPost", "find_post", "__FIND_POST", "getURLOf", "x__y", "A1b2C", "query", "Do"]
ENUM = ["RED", "GREEN", "dark_blue"]


@dataclass
class Program:
    """A schema, and operations on it.

    Attributes:
        sdl: The schema.
        operations: Each a document and values for its variables.
        answers: Some of the answers to the questionnaire.
    """

    sdl: str = ""
    operations: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)


class Programs:
    """Makes one program of a random number generator."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - no secret depends on it
        self._inputs: dict[str, dict[str, str]] = {}
        self._outputs: dict[str, dict[str, str]] = {}
        self._aliases = 0

    def make(self) -> Program:
        """A program with five operations."""
        pick = self._random
        for name in ("PostInput", "Filter"):
            self._inputs[name] = {
                each: self._wrapped(self._input_name(), nullable=each == "parent")
                for each in self._names()
            }
        objects = ["Post", "User", "Tag"]
        for name in objects:
            self._outputs[name] = {
                each: self._wrapped(pick.choice([*SCALARS, "Color", *objects, "Node", "Found"]))
                for each in self._names()
            }
            self._outputs[name]["id"] = pick.choice(["ID!", "Int!", "String", "BigInt!"])
        node = pick.sample(objects, 2)
        self._outputs["Node"] = {"id": "ID!"}
        for name in node:
            self._outputs[name]["id"] = "ID!"
        roots = {
            kind: {
                f"{kind[0].lower()}{each}": (
                    self._wrapped(pick.choice(["Int", *objects, "Node", "Found"])),
                    {name: self._wrapped(self._input_name()) for name in self._names(2)},
                )
                for each in range(3)
            }
            for kind in ("Query", "Mutation")
        }
        answers = {
            "include_raw_result": pick.random() < 0.7,
            "send_errors": pick.random() < 0.3,
            "redact_paths": pick.sample(
                ["*.email", "v0.title", "data.*.title", "v1[*].tags", "data.q0[0].kind", "v0[1]"], 2
            ),
            "scalars": {"Money": "string | number"},
            "user_fields": pick.choice([["id"], ["id", "roles", "token"], []]),
            "event_prefix": pick.choice(["graphql", "My-Shop.api"]),
            "denied_types": pick.sample(["Tag", "Node", "Filter", "Color"], pick.choice([0, 0, 1])),
            "denied_coordinates": pick.sample(
                ["Post.id", "Node.id", "Filter.title", "Query.q1", "Nope.x"], pick.choice([0, 0, 1])
            ),
            "operations": ["query", "mutation"],
        }
        operations = [
            self._operation(f"{pick.choice(STEMS)}{at}", kind, roots[kind])
            for at in range(5)
            for kind in [pick.choice(["Query", "Mutation"])]
        ]
        return Program(self._sdl(node, objects, roots), operations, answers)

    def _names(self, count: int = 4) -> list[str]:
        return self._random.sample(NAMES, count)

    def _input_name(self) -> str:
        return self._random.choice([*SCALARS, "Color", "PostInput", "Filter"])

    def _wrapped(self, name: str, *, nullable: bool = False) -> str:
        pick = self._random.random
        # An input that has to hold itself cannot be written down.
        nullable = nullable or name in {"PostInput", "Filter"}
        inner = name + ("!" if pick() < 0.5 and not nullable else "")
        if pick() < 0.3:
            inner = f"[{inner}]" + ("!" if pick() < 0.5 and not nullable else "")
            if pick() < 0.2:
                inner = f"[{inner}]"
        return inner

    def _sdl(self, node: list[str], objects: list[str], roots: dict[str, Any]) -> str:
        def fields(each: dict[str, str]) -> str:
            return " ".join(f"{name}: {type_}" for name, type_ in each.items())

        parts = ["scalar Money scalar Anything", f"enum Color {{ {' '.join(ENUM)} }}"]
        parts += [f"input {name} {{ {fields(each)} }}" for name, each in self._inputs.items()]
        parts += ["interface Node { id: ID! }", f"union Found = {' | '.join(objects)}"]
        for name in objects:
            implements = " implements Node" if name in node else ""
            parts.append(f"type {name}{implements} {{ {fields(self._outputs[name])} }}")
        for kind, root in roots.items():
            lines = [f"{name}({fields(args)}): {type_}" for name, (type_, args) in root.items()]
            parts.append(f"type {kind} {{ {' '.join(lines)} }}")
        return "\n".join(parts) + "\n"

    # Operations

    def _operation(self, name: str, kind: str, root: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        variables: dict[str, str] = {"on": "Boolean!"}
        values: dict[str, Any] = {"on": self._random.random() < 0.5}
        selections = []
        for field_name in self._random.sample(list(root), self._random.randint(1, 3)):
            type_, args = root[field_name]
            given = []
            for arg, arg_type in args.items():
                variable = f"v{len(variables) - 1}"
                default = " = null" if not arg_type.endswith("!") and self._chance(0.2) else ""
                variables[variable] = arg_type + default
                given.append(f"{arg}: ${variable}")
                if arg_type.endswith("!") or self._chance(0.7):
                    values[variable] = self._value(arg_type)
            alias = self._alias() if self._chance(0.2) else ""
            directive = self._directive()
            inner = self._selection(_named(type_), 3)
            selections.append(f"{alias}{field_name}({', '.join(given)}){directive}{inner}")
        declared = ", ".join(f"${each}: {type_}" for each, type_ in variables.items())
        # Used once for sure: a variable that is declared has to be.
        selections.append("last: __typename @include(if: $on)")
        return f"{kind.lower()} {name}({declared}) {{ {' '.join(selections)} }}", values

    def _chance(self, likely: float) -> bool:
        return self._random.random() < likely

    def _alias(self) -> str:
        self._aliases += 1
        return f"{self._random.choice(NAMES)}_{self._aliases}: "

    def _directive(self) -> str:
        return self._random.choice([" @include(if: $on)", " @skip(if: $on)", *[""] * 8])

    def _selection(self, name: str, depth: int) -> str:
        if name not in {"Post", "User", "Tag", "Node", "Found"}:
            return ""
        parts = ["__typename"] if depth == 0 or self._chance(0.5) else []
        if name in {"Node", "Found"}:
            parts += ["id"] if name == "Node" and self._chance(0.5) else []
            for each in ("Post", "User", "Tag"):
                if depth and self._chance(0.6):
                    inner = self._selection(each, depth - 1)
                    parts.append(f"... on {each}{self._directive()} {inner}")
            return f" {{ {' '.join(parts or ['__typename'])} }}"
        for field_name, type_ in self._outputs[name].items():
            inner = _named(type_)
            if self._chance(0.6) and (depth or inner in SCALARS):
                alias = self._alias() if field_name != "id" or self._chance(0.2) else ""
                directive = self._directive()
                parts.append(f"{alias}{field_name}{directive}{self._selection(inner, depth - 1)}")
        return f" {{ {' '.join(parts or ['__typename'])} }}"

    def _value(self, type_: str, depth: int = 0) -> Any:
        if type_.endswith("!"):
            return self._some(type_[:-1], depth)
        return None if self._chance(0.3) or depth > 3 else self._some(type_, depth)

    def _some(self, type_: str, depth: int) -> Any:
        if type_.startswith("["):
            return [self._value(type_[1:-1], depth + 1) for _ in range(self._random.randint(0, 2))]
        if type_ in self._inputs:
            return {
                name: self._value(inner, depth + 1)
                for name, inner in self._inputs[type_].items()
                if inner.endswith("!") or self._chance(0.6)
            }
        values: dict[str, list[Any]] = {
            "Int": [1, -5],
            "Float": [1.5, 2],
            "String": ["a", "'\"\\"],
            "Boolean": [True, False],
            "ID": ["x1", 7],
            "DateTime": ["2026-01-02T03:04:05Z"],
            "Date": ["2026-01-02"],
            "Time": ["03:04:05Z"],
            "BigInt": [5, "9007199254740993"],
            "JSON": [{"a": [1, None]}, "text", 3],
            "JSONObject": [{"a": {"b": 1}}],
            "Byte": ["AQID"],
            "Money": ["1.50", 2],
            "Anything": [[1], {"z": None}],
            "Color": ENUM,
        }
        return self._random.choice(values[type_])


def _named(type_: str) -> str:
    return type_.strip("[]!")
