"""One mistake in the configuration, told so that its author can mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from traumbox.errors import ConfigError

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Mistake:
    """``place`` is ``file:line`` or an environment name; ``line`` only orders the list."""

    place: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        return f"{where}{self.key}: {self.message}" if self.key else f"{where}{self.message}"


def dotted(path: KeyPath) -> str:
    """``("folders", 0, "path")`` → ``folders[0].path``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def closest(wrong: str, known: Iterable[str]) -> str | None:
    """Return the known spelling that ``wrong`` was probably meant to be."""
    by_lower = {word.lower(): word for word in known}
    found = difflib.get_close_matches(wrong.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[found[0]] if found else None


def shown(value: object) -> str:
    """Return the value as a message quotes it, shortened."""
    text = "nothing" if value is None else str(value) if isinstance(value, bool) else repr(value)
    return text if len(text) <= 80 else f"{text[:77]}…"


def error_of(mistakes: Iterable[Mistake]) -> ConfigError:
    """Return all mistakes in one error, in the order of the file."""
    ordered = sorted(mistakes, key=lambda m: (m.line, m.place, m.key))
    count = len(ordered)
    head = (
        "The configuration has a mistake:"
        if count == 1
        else (f"The configuration has {count} mistakes:")
    )
    return ConfigError("\n".join([head, *(f"  {m}" for m in ordered)]))
