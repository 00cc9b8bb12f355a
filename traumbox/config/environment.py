"""Settings given as environment variables: ``TRAUMBOX_WEB__PORT=9000``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from traumbox.config.document import parse_value
from traumbox.config.keys import is_list, keys_of
from traumbox.config.mistakes import KeyPath, Mistake, closest, shown
from traumbox.config.models import Settings

PREFIX = "TRAUMBOX_"
CONFIG_NAME = "TRAUMBOX_CONFIG"
"""Names the configuration file; the one variable of ours that is not a setting."""


@dataclass(frozen=True, slots=True)
class Overrides:
    """Values by key path, the variable each came from, and what couldn't be used."""

    values: dict[KeyPath, Any] = field(default_factory=dict)
    mistakes: tuple[Mistake, ...] = ()

    def place(self, path: KeyPath) -> str | None:
        """Return the variable that set ``path`` or something that holds it."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.values:
                return variable(path[:length])
        return None


def variable(path: KeyPath) -> str:
    """``("web", "port")`` → ``TRAUMBOX_WEB__PORT``."""
    return PREFIX + "__".join(str(part) for part in path).upper()


def variables() -> dict[str, tuple[KeyPath, bool]]:
    """Return every variable that is a setting: its key path, and whether it holds a list."""
    return {variable(path): (path, whole) for path, whole in _leaves(Settings, ())}


def _leaves(model: type[BaseModel], above: KeyPath) -> Iterator[tuple[KeyPath, bool]]:
    for name, info in keys_of(model).items():
        section = info.annotation
        if isinstance(section, type) and issubclass(section, BaseModel):
            yield from _leaves(section, (*above, name))
        else:
            yield (*above, name), is_list(info)


def overrides(environ: Mapping[str, str]) -> Overrides:
    """Pick our settings out of ``environ``; empty values count as not given."""
    known = variables()
    values: dict[KeyPath, Any] = {}
    mistakes: list[Mistake] = []
    for name, text in sorted(environ.items()):
        if not name.upper().startswith(PREFIX) or name.upper() == CONFIG_NAME or not text.strip():
            continue
        if name not in known:
            mistakes.append(Mistake("", 0, name, _unknown(name, known)))
            continue
        path, whole = known[name]
        try:
            values[path] = parse_value(text, whole=whole)
        except ValueError:
            message = f"{shown(text)} is not valid YAML"
            mistakes.append(Mistake("", 0, name, message))
    return Overrides(values, tuple(mistakes))


def _unknown(name: str, known: Mapping[str, object]) -> str:
    meant = closest(name, [*known, CONFIG_NAME])
    hint = f"did you mean {meant}?" if meant else "remove it, or see config/traumbox.yaml."
    return f"no such setting in the environment; {hint}"
