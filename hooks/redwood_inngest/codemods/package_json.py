"""Add, change or remove a dependency or a script of a package.json, which keeps its formatting."""

from __future__ import annotations

import json
import re
from typing import cast

from ..errors import Refusal, Unsure
from ..typescript.nodes import Branch, Node, Token, walk
from ..typescript.parser import parse
from .checked import sure


def add_dependency(source: str, name: str, version: str) -> str:
    """Add a package to `dependencies`, in its place by name.

    Args:
        source: The text of the package.json.
        name: The package.
        version: The range of versions, as npm writes it: `^3.54.2`.

    Returns:
        The new text; the text as it was where the package is there at any version.

    Raises:
        Refusal: The text is not a JSON object, or `dependencies` is not one.
    """
    return _add(source, "dependencies", name, version, by_name=True)


def add_dev_dependency(source: str, name: str, version: str) -> str:
    """Add a package to `devDependencies`, in its place by name; see `add_dependency`."""
    return _add(source, "devDependencies", name, version, by_name=True)


def remove_dependency(source: str, name: str) -> str:
    """Remove a package from `dependencies`.

    Args:
        source: The text of the package.json.
        name: The package.

    Returns:
        The new text; the text as it was where the package is not there.

    Raises:
        Refusal: The text is not a JSON object.
    """
    return _remove(source, "dependencies", name)


def remove_dev_dependency(source: str, name: str) -> str:
    """Remove a package from `devDependencies`; see `remove_dependency`."""
    return _remove(source, "devDependencies", name)


def remove_script(source: str, name: str, written: re.Pattern[str]) -> str:
    """Remove a script that is as a version of the template wrote it.

    Args:
        source: The text of the package.json.
        name: The script.
        written: The commands that versions wrote.

    Returns:
        The new text; the text as it was where there is no such script, or the team changed it.

    Raises:
        Refusal: The text is not a JSON object.
    """
    if not written.fullmatch(_entry(source, "scripts", name) or ""):
        return source
    return _remove(source, "scripts", name)


def _remove(source: str, section: str, name: str) -> str:
    if _entry(source, section, name) is None:
        return source
    with sure(f'Take "{name}" out of "{section}".\n'):
        tree = parse(f"({source})")
        package = next(cast("Branch", node) for node in walk(tree) if node.kind == "object")
        old = cast("Branch", _member(package, section))
        result = cast("Branch", tree.deep_replace(old, _without(old, name))).source[1:-1]
        return _checked(result, source, section, name, None)


def add_script(source: str, name: str, command: str) -> str:
    """Add a script after the others.

    Args:
        source: The text of the package.json.
        name: The script.
        command: The command that it runs.

    Returns:
        The new text; the text as it was where there is a script of this name.

    Raises:
        Refusal: The text is not a JSON object, or `scripts` is not one.
    """
    return _add(source, "scripts", name, command, by_name=False)


def raise_dependency(source: str, name: str, version: str) -> str:
    """Raise the version of a package in `dependencies`, where it is there and lower.

    Args:
        source: The text of the package.json.
        name: The package.
        version: The range of versions that is needed: `^3.54.2`.

    Returns:
        The new text. The text as it was where the package is not there, is there at this version
        or a later one, or by other means than a version (`workspace:*`, `latest`, a URL).

    Raises:
        Refusal: The text is not a JSON object.
    """
    present = _SIMPLE_RANGE.fullmatch(_entry(source, "dependencies", name) or "")
    needed = _SIMPLE_RANGE.fullmatch(version)
    if not present or not needed or _numbers(present) >= _numbers(needed):
        return source
    return _replace(source, "dependencies", name, present["sign"] + needed["version"])


def set_version(source: str, name: str, version: str) -> str:
    """Give a package in `dependencies` another major version, where it is there.

    Args:
        source: The text of the package.json.
        name: The package.
        version: The range of versions that is needed: `^3.54.2`.

    Returns:
        The new text; the text as it was where the package is not there, or has this major version.

    Raises:
        Refusal: The text is not a JSON object.
    """
    present, needed = _entry(source, "dependencies", name), re.search(r"\d+", version)
    major = re.search(r"\d+", present) if present else None
    if present is None or (major and needed and major[0] == needed[0]):
        return raise_dependency(source, name, version)
    return _replace(source, "dependencies", name, version)


def replace_script(source: str, name: str, command: str, former: re.Pattern[str]) -> str:
    """Replace a script that is as an earlier version wrote it.

    Args:
        source: The text of the package.json.
        name: The script.
        command: The command that it is to run.
        former: The commands that earlier versions wrote.

    Returns:
        The new text; the text as it was where there is no such script, or the team changed it.

    Raises:
        Refusal: The text is not a JSON object.
    """
    present = _entry(source, "scripts", name)
    if present in (None, command) or not former.fullmatch(present or ""):
        return source
    return _replace(source, "scripts", name, command)


_SIMPLE_RANGE = re.compile(r"(?P<sign>[~^]?)(?P<version>(\d+)\.(\d+)\.(\d+))")


def _numbers(version: re.Match[str]) -> tuple[int, ...]:
    return tuple(int(number) for number in version.groups()[2:])


def _entry(source: str, section: str, name: str) -> str | None:
    entries = _load(source).get(section)
    value = entries.get(name) if isinstance(entries, dict) else None
    return value if isinstance(value, str) else None


def _replace(source: str, section: str, name: str, value: str) -> str:
    with sure(_paste(section, name, value)):
        tree = parse(f"({source})")
        package = next(cast("Branch", node) for node in walk(tree) if node.kind == "object")
        old = cast("Branch", _member(cast("Branch", _member(package, section)), name))
        new = Token(json.dumps(value), _space(old))
        result = cast("Branch", tree.deep_replace(old, new)).source[1:-1]
        return _checked(result, source, section, name, value)


def _paste(section: str, name: str, value: str) -> str:
    return f'"{section}": {{ {json.dumps(name)}: {json.dumps(value)} }}\n'


def _checked(result: str, source: str, section: str, name: str, value: str | None) -> str:
    """The result, checked: it has the entry that was asked for, and all else as before.

    Args:
        result: The text of the package.json now.
        source: The text before.
        section: The section of the entry.
        name: The entry.
        value: Its new value; None where it is removed.

    Raises:
        Unsure: The result fails the check.
    """
    before, after = _load(source), _load(result)
    for content in (before, after):
        entries = content.setdefault(section, {})
        found = entries.pop(name, None) if isinstance(entries, dict) else None
    if found != value or json.dumps(before) != json.dumps(after):
        raise Unsure("it says something else than it should")
    return result


def _add(source: str, section: str, name: str, value: str, *, by_name: bool) -> str:
    content = _load(source)
    entries = content.get(section, {})
    if not isinstance(entries, dict):
        raise Refusal(f'"{section}" of this package.json is not an object: repair it.')
    if name in entries:
        return source
    with sure(_paste(section, name, value)):
        result = _with_entry(source, content, section, name, value, by_name=by_name)
        return _checked(result, source, section, name, value)


def _with_entry(
    source: str,
    content: dict[str, object],
    section: str,
    name: str,
    value: str,
    *,
    by_name: bool,
) -> str:
    entries = cast("dict[str, object]", content.get(section, {}))
    tree = parse(f"({source})")
    package = next(cast("Branch", node) for node in walk(tree) if node.kind == "object")
    margin, indent = _margin_and_indent(package)
    inner, innermost = margin + indent, margin + indent * 2
    entry = f"{json.dumps(name)}: {json.dumps(value)}"
    if section in content:
        old = cast("Branch", _member(package, section))
        index = sum(key < name for key in entries) if by_name else len(entries)
        new = _insert(old, index, entry, innermost, inner)
    else:
        old = package
        member = f'"{section}": {{{innermost}{entry}{inner}}}'
        new = _insert(old, len(content), member, inner, margin)
    return cast("Branch", tree.deep_replace(old, new)).source[1:-1]


def _load(source: str) -> dict[str, object]:
    try:
        content = json.loads(source.removeprefix("\ufeff"))
    except ValueError as error:
        raise Refusal(f"this package.json is not valid JSON ({error}): repair it.") from None
    if not isinstance(content, dict):
        raise Refusal("this package.json is not a JSON object: repair it.")
    return content


def _pairs(object_node: Branch) -> list[Branch]:
    return [cast("Branch", part) for part in object_node.parts if part.kind == "pair"]


def _without(object_node: Branch, name: str) -> Branch:
    """An object without one of its members, and without the comma that this one had."""
    parts = list(object_node.parts)
    pairs = _pairs(object_node)
    place = next(parts.index(pair) for pair in pairs if _name(pair) == name)
    if len(pairs) == 1:
        parts[place:] = [cast("Token", parts[-1]).with_changes(space="")]
    elif place < parts.index(pairs[-1]):
        following = cast("Branch", parts[place + 2])
        first = next(following.tokens())
        spaced = following.deep_replace(first, first.with_changes(space=_space(parts[place])))
        parts[place : place + 3] = [cast("Branch", spaced)]
    else:
        del parts[place - 1 : place + 1]
    return object_node.with_changes(parts=tuple(parts))


def _name(pair: Branch) -> str | None:
    key = pair.part("key")
    return str(json.loads(key.code)) if key else None


def _member(object_node: Branch, name: str) -> Node | None:
    for pair in reversed(_pairs(object_node)):
        if _name(pair) == name:
            return pair.part("value")
    return None


def _space(node: Node) -> str:
    return next(node.tokens()).space


def _margin_and_indent(package: Branch) -> tuple[str, str]:
    """The newline and the indent of one level, as the first member has them."""
    pairs = _pairs(package)
    if not pairs:
        return "\n", "  "
    parts = re.fullmatch(r"(?s:.*?)(\r?\n)?([ \t]*)", _space(pairs[0]))
    return (parts[1], parts[2]) if parts and parts[1] else ("", "")


def _insert(object_node: Branch, index: int, entry: str, inner: str, outer: str) -> Branch:
    """Insert a member; `inner` and `outer` are the whitespace in an object that had none."""
    pairs = _pairs(object_node)
    parts = list(object_node.parts)
    if not pairs:
        parts[1:] = [Token(entry, inner), cast("Token", parts[-1]).with_changes(space=outer)]
    else:
        new = Token(entry, _space(pairs[0]))
        if index < len(pairs):
            place = parts.index(pairs[index])
            parts[place:place] = [new, Token(",")]
        else:
            place = parts.index(pairs[-1]) + 1
            parts[place:place] = [Token(","), new]
    return object_node.with_changes(parts=tuple(parts))
