"""Words on the terminal: what was asked for on standard output, the rest on standard error."""

from __future__ import annotations

import io
import json
import sys
from datetime import datetime


def tolerate_any_character() -> None:
    """Never fail on a title that the terminal's encoding can't show."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: str) -> None:
    """Print a line of what was asked for."""
    sys.stdout.write(f"{text}\n")


def complain(text: str) -> None:
    """Print what went wrong."""
    sys.stderr.write(f"traumbox: {text}\n")


def say_json(value: object) -> None:
    """Print facts for programs: one JSON document, sorted as it was built."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def printable(text: str) -> str:
    """Take the control characters out of a tag or a file name; they could steer the terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def clock(seconds: float) -> str:
    """Return ``m:ss``, or ``h:mm:ss`` from an hour on."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02d}:{second:02d}" if hours else f"{minute}:{second:02d}"


def size(count: float) -> str:
    """Return a number of bytes as ``900 B``, ``45.3 MB``, ``2.35 GB``."""
    for unit, power in (("GB", 9), ("MB", 6), ("kB", 3)):
        if count >= 10**power:
            value = count / 10**power
            decimals = 2 if value < 10 else 1 if value < 100 else 0
            return f"{value:,.{decimals}f} {unit}"
    return f"{count:.0f} B"


def plural(count: int, one: str, many: str = "") -> str:
    """Return ``1 file``, ``2 files``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def moment(seconds: float) -> str:
    """Return a POSIX time as people write it, by the clock of this machine."""
    return f"{datetime.fromtimestamp(seconds):%Y-%m-%d %H:%M}"


def can_ask() -> bool:
    """Tell whether somebody sits at the terminal."""
    return sys.stdin.isatty()


def ask(question: str) -> bool:
    """Ask, and return whether the answer was yes."""
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().casefold() in {"y", "yes"}
