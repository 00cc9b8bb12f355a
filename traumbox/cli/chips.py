"""What was understood of a question, in words for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor
from typing import Any

from traumbox.cli import terminal
from traumbox.domain import Condition
from traumbox.domain.keys import camelot

_UNITS = {
    "bpm": " bpm",
    "loudness_lufs": " LUFS",
    "dynamic_range_lu": " LU",
    "brightness_hz": " Hz",
}
_NAMES = {
    "year": "from ",
    "duration_s": "",
    "loudness_lufs": "loudness ",
    "dynamic_range_lu": "dynamic range ",
    "brightness_hz": "brightness ",
    "percussive": "percussive ",
    "vocals": "vocals ",
    "added_s": "added ",
    "played_s": "last played ",
}
_WORDS = {"played": "played ", "key": ""}
_TIMES = {"added_s", "played_s"}
_AT_LEAST = {"year": "{} or later", "added_s": "since {}", "played_s": "since {}"}
_AT_MOST = {"year": "{} or earlier", "added_s": "before {}", "played_s": "before {}"}


def understood(answer: dict[str, Any]) -> str:
    """Return what was made of a sentence beyond its sound, or "" where that is nothing.

    A service that was not restarted since an update doesn't tell of it.
    """
    chips: Sequence[dict[str, Any]] = answer["query"].get("understood", {}).get("chips", ())
    return ", ".join(terminal.printable(in_words(chip)) for chip in chips)


def in_words(chip: dict[str, Any]) -> str:
    """Return a chip of the API's in words."""
    if chip["without"]:
        return f"without {chip['without']}"
    return filter_words(chip["filter"])


def filter_words(written: str) -> str:
    """Return a filter as the API writes it in words; as it stands where it is of a later version.

    >>> filter_words("bpm:110..130")
    '110–130 bpm'
    """
    try:
        condition = Condition.parse(written)
    except ValueError:
        return written
    if not condition.negated:
        return _in_words(condition)
    return _soft_tempo(condition) or f"not {_in_words(condition)}"


def _soft_tempo(condition: Condition) -> str:
    """Return a tempo that mustn't lie beyond one end in words, else "".

    Tempi are shown in whole numbers: what is under 85.5 BPM is shown as 85 at most.
    """
    if condition.field != "bpm" or None not in {condition.low, condition.high}:
        return ""
    if condition.low is not None:
        return f"not faster than {ceil(condition.low - 0.5)} bpm"
    return f"not slower than {floor((condition.high or 0.0) + 0.5)} bpm"


def _in_words(condition: Condition) -> str:
    name = condition.field
    if not condition.values:
        return f"{_NAMES.get(name, '')}{_range(condition)}{_UNITS.get(name, '')}"
    values = [_key(value) for value in condition.values] if name == "key" else condition.values
    return f"{_WORDS.get(name, f'{name} ')}{' or '.join(values)}"


def _range(condition: Condition) -> str:
    low, high = condition.low, condition.high
    if low is not None and high is not None:
        first, last = _number(condition.field, low), _number(condition.field, high)
        return first if first == last else f"{first}–{last}"
    if low is not None:
        at_least = _AT_LEAST.get(condition.field, "at least {}")
        return at_least.format(_number(condition.field, low))
    at_most = _AT_MOST.get(condition.field, "at most {}")
    return at_most.format(_number(condition.field, high or 0.0))


def _number(field: str, value: float) -> str:
    if field in _TIMES:
        return terminal.moment(value)
    return terminal.clock(value) if field == "duration_s" else f"{value:g}"


def _key(name: str) -> str:
    try:
        return f"{name} ({camelot(name)})"
    except ValueError:
        return name
