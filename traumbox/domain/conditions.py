"""Conditions on tracks: the filters of a search, in one small language for address, API and store.

A condition is written ``field:value``; ``-`` before it turns it round. Numbers take a range with
``..``, either end of which may be missing; words take several, with commas between, any of which
will do: ``bpm:110..130``, ``year:..1979``, ``key:A minor,C major``, ``-genre:rock``.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Literal, get_args
from urllib.parse import quote, unquote

NumberField = Literal[
    "bpm",
    "duration_s",
    "year",
    "loudness_lufs",
    "dynamic_range_lu",
    "brightness_hz",
    "percussive",
    "vocals",
    "added_s",
    "played_s",
]
WordField = Literal["key", "genre", "artist", "album", "folder", "format", "kind", "played"]
Field = NumberField | WordField

NUMBER_FIELDS: tuple[NumberField, ...] = get_args(NumberField)
WORD_FIELDS: tuple[WordField, ...] = get_args(WordField)
PLAYED = ("never", "ever")
"""The values of ``played``."""
VALUES_MOST = 50


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: a number in a range (both ends belong to it), or one of several words.

    ``added_s`` and ``played_s`` (last played) are POSIX times; the others are the descriptors of
    these names. Words are compared folded; a ``key`` is named like ``Descriptors.key``; ``format``
    is a codec or container in FFmpeg's short names. A track that doesn't tell the thing meets no
    condition on it, but every negated one.
    """

    field: Field
    low: float | None = None
    high: float | None = None
    values: tuple[str, ...] = ()
    negated: bool = False

    def __post_init__(self) -> None:
        if self.field in NUMBER_FIELDS:
            if self.values or (self.low is None and self.high is None):
                raise ValueError(f"{self.field} takes a range of numbers, such as 90..120")
            if not all(isfinite(end) for end in (self.low, self.high) if end is not None):
                raise ValueError(f"{self.field} takes finite numbers")
        elif not self.values or self.low is not None or self.high is not None:
            raise ValueError(f"{self.field} takes words, such as {self.field}:this,that")

    @classmethod
    def parse(cls, written: str) -> Condition:
        """Read a condition as ``str`` writes it.

        Raises
        ------
        ValueError
            When it is none; the message names what was expected.
        """
        name, colon, value = written.removeprefix("-").partition(":")
        negated = written.startswith("-")
        for number in NUMBER_FIELDS:
            if name == number and colon:
                return cls(number, *_range(number, value), negated=negated)
        for word in WORD_FIELDS:
            if name == word and colon:
                parts = tuple(unquote(part).strip() for part in value.split(",")[:VALUES_MOST])
                return cls(word, values=tuple(part for part in parts if part), negated=negated)
        names = ", ".join((*NUMBER_FIELDS, *WORD_FIELDS))
        raise ValueError(f"{written!r} is no condition: expected field:value, with one of {names}")

    def __str__(self) -> str:
        """Write it as ``parse`` reads it."""
        if self.values:
            value = ",".join(quote(word, safe=" #/&'()") for word in self.values)
        else:
            value = _number(self.low)
            if self.low != self.high:
                value += f"..{_number(self.high)}"
        return f"{'-' if self.negated else ''}{self.field}:{value}"


def _range(field: str, value: str) -> tuple[float | None, float | None]:
    low, dots, high = value.partition("..")
    try:
        ends = [float(end) if end.strip() else None for end in (low, high)]
    except ValueError as error:
        raise ValueError(
            f"{field}:{value} is no range of numbers: expected {field}:90..120, {field}:90.. or"
            f" {field}:..120"
        ) from error
    return (ends[0], ends[1]) if dots else (ends[0], ends[0])


def _number(end: float | None) -> str:
    return "" if end is None else f"{end:.10g}"
