"""Durations and times of day as people write them."""

from __future__ import annotations

import re
from datetime import time

_UNIT_S = {"d": 86_400.0, "h": 3_600.0, "m": 60.0, "min": 60.0, "s": 1.0, "ms": 0.001}
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|min|d|h|m|s)\s*")
_SPAN = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-3]):([0-5]\d)")


def parse_duration(value: object) -> float:
    """Return seconds of ``"1h 30m"``, ``"45s"`` or a plain number; ValueError otherwise."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, str) or not value.strip():
        raise ValueError("not a duration")
    text, seconds, position = value.strip(), 0.0, 0
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    while position < len(text):
        part = _PART.match(text, position)
        if part is None:
            raise ValueError("not a duration")
        seconds += float(part[1]) * _UNIT_S[part[2]]
        position = part.end()
    return seconds


def parse_span(value: str) -> tuple[time, time]:
    """Return begin and end of ``"22:00-07:00"``; ValueError otherwise."""
    span = _SPAN.fullmatch(value.strip())
    if span is None:
        raise ValueError("not a span of time")
    begin, end = time(int(span[1]), int(span[2])), time(int(span[3]), int(span[4]))
    if begin == end:
        raise ValueError("begin and end are the same")
    return begin, end
