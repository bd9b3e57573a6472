"""The values that the plugin redacts, by key and path, as the app's `useInngest/redact` decides."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_SECRET_PARTS = re.compile(
    "pass(word|wd|phrase|code)|secret|token|authori[sz]ation|credential|bearer|"
    "(api|access|private|signing|encryption)key|creditcard|card(number|num)|"
    "cc(number|num)|securitycode|cookie|sessionid"
)
_SECRET_NAMES = re.compile("auth|cc|csc|cvc|cvv|jwt|otp|pass|pin|pwd|salt|ssn")
_PATH_PART = re.compile(r"\[\s*(?:([\"'`])(.*?)\1|([^\]]*?))\s*\]|([^.\[\]]+)")


def is_secret_key(key: str) -> bool:
    """Whether a key looks like the name of a secret, in any spelling."""
    plain = re.sub("[^a-z0-9]", "", key.lower())
    return bool(_SECRET_NAMES.fullmatch(plain) or _SECRET_PARTS.search(plain))


def parse_path(path: str) -> tuple[str, ...]:
    """The keys of a path: `data.users[*]["e mail"]`."""
    return tuple(match[2] or match[3] or match[4] or "" for match in _PATH_PART.finditer(path))


@dataclass(frozen=True)
class Redaction:
    """The redaction below a place.

    Attributes:
        secrets: Whether keys that look like secrets are redacted.
        paths: The redacted paths, from this place on.
    """

    secrets: bool
    paths: frozenset[tuple[str, ...]]

    def below(self, key: str) -> Redaction:
        """The redaction below a key of this place."""
        rest = (path[1:] for path in self.paths if path and path[0] in {"*", key})
        return Redaction(self.secrets, frozenset(path for path in rest if path))

    def items(self) -> Redaction:
        """The possible redaction below the items of a list."""
        rest = (path[1:] for path in self.paths if path and _is_index(path[0]))
        return Redaction(self.secrets, frozenset(path for path in rest if path))

    def hides(self, key: str) -> bool:
        """Whether the value of a key is redacted, unless it is null."""
        named = any(path in {(key,), ("*",)} for path in self.paths)
        return named or (self.secrets and is_secret_key(key))

    def hides_items(self) -> str:
        """Which items of a list are redacted: `all`, `some` or `none`."""
        if ("*",) in self.paths:
            return "all"
        return (
            "some" if any(len(path) == 1 and _is_index(path[0]) for path in self.paths) else "none"
        )


def redaction(secrets: bool, paths: Iterable[str]) -> Redaction:
    """The redaction from the top of the variables or of the result on."""
    return Redaction(secrets, frozenset(map(parse_path, paths)))


def _is_index(key: str) -> bool:
    return key == "*" or key.isdigit()
