"""YAML text to plain data, remembering on which line each key stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from traumbox.config.mistakes import KeyPath, Mistake, dotted, error_of
from traumbox.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Document:
    """Plain data of one YAML file; ``lines`` counts from 1 and is by key path."""

    name: str
    data: dict[Any, Any]
    lines: dict[KeyPath, int] = field(default_factory=dict)
    mistakes: tuple[Mistake, ...] = ()

    def place(self, path: KeyPath) -> tuple[str, int]:
        """``file:line`` and line of the key, or of the nearest key that holds it."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                line = self.lines[path[:length]]
                return f"{self.name}:{line}", line
        return self.name, 0


def read(path: Path) -> Document:
    """Read the file at ``path``.

    Raises
    ------
    ConfigError
        When it can't be read or isn't YAML with keys at its top.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}:{line}: not UTF-8 text. Save the file as UTF-8.") from error
    except OSError as error:
        why = error.strerror or str(error)
        raise ConfigError(
            f"{path}: can't be read ({why}). Check the path and its permissions, or name another "
            "file with -c."
        ) from error
    return parse(text, str(path))


def parse(text: str, name: str) -> Document:
    """Parse YAML ``text``; ``name`` is what messages call it. Raises like `read`."""
    try:
        root = YAML(typ="safe", pure=True).compose(text)
        data = _construct(text)
    except MarkedYAMLError as error:
        raise error_of([_syntax_mistake(error, text, name)]) from error
    except (YAMLError, ValueError, RecursionError) as error:
        raise ConfigError(f"{name}: not valid YAML ({error}).") from error
    if root is None or data is None:
        return Document(name, {})
    if not isinstance(data, dict):
        line = root.start_mark.line + 1
        message = "expected keys such as 'folders:' at the left margin, found something else"
        raise error_of([Mistake(f"{name}:{line}", line, "", message)])
    lines: dict[KeyPath, int] = {}
    mistakes: list[Mistake] = []
    for path, line in _walk(root, ()):
        if path in lines:
            message = f"given twice, first on line {lines[path]}; remove one"
            mistakes.append(Mistake(f"{name}:{line}", line, dotted(path), message))
        else:
            lines[path] = line
    return Document(name, data, lines, tuple(mistakes))


def parse_value(text: str, *, whole: bool) -> Any:
    """One value from the environment: any YAML when ``whole``, otherwise only a scalar.

    Text that is no scalar in YAML's eyes stays the text it is. Raises ValueError when ``whole``
    and the text isn't YAML.
    """
    try:
        node = YAML(typ="safe", pure=True).compose(text)
        if whole or isinstance(node, ScalarNode):
            return _construct(text)
    except YAMLError as error:
        if whole:
            raise ValueError("not valid YAML") from error
    return text


def _construct(text: str) -> Any:
    loader = YAML(typ="safe", pure=True)
    loader.allow_duplicate_keys = True  # found with both their lines by `parse`
    return loader.load(text)


def _walk(
    node: Node, path: KeyPath, above: frozenset[int] = frozenset()
) -> Iterator[tuple[KeyPath, int]]:
    if id(node) in above:  # an alias inside its own anchor
        return
    above = above | {id(node)}
    if isinstance(node, MappingNode):
        for key, value in node.value:
            here = (*path, str(key.value))
            yield here, key.start_mark.line + 1
            yield from _walk(value, here, above)
    elif isinstance(node, SequenceNode):
        for number, value in enumerate(node.value):
            here = (*path, number)
            yield here, value.start_mark.line + 1
            yield from _walk(value, here, above)


def _syntax_mistake(error: MarkedYAMLError, text: str, name: str) -> Mistake:
    mark = error.problem_mark or error.context_mark
    line = 0 if mark is None else mark.line + 1
    rows = text.splitlines()
    near = rows[line - 1] if 0 < line <= len(rows) else ""
    if re.match(r"\s*\t", near):
        message = "a tab at the beginning of the line; YAML wants spaces there"
    else:
        problem = (error.problem or "can't be understood").strip()
        message = f"not valid YAML: {problem}"
        if near.strip():
            message += f", near {near.strip()[:60]!r}"
    return Mistake(f"{name}:{line}" if line else name, line, "", message)
