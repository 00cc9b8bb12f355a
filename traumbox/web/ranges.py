"""The Range header (RFC 9110, section 14): which part of something is wanted."""

from __future__ import annotations

import re

_ONE = re.compile(
    r"bytes\s*=\s*(?P<first>[0-9]{0,18})\s*-\s*(?P<last>[0-9]{0,18})\s*", re.IGNORECASE
)


class UnsatisfiableError(Exception):
    """The range lies wholly behind the end: 416."""


def parse_range(header: str | None, size: int) -> tuple[int, int] | None:
    """Return the wanted bytes as (start, stop), stop exclusive, or None: all of it.

    What is malformed or asks for several ranges counts as not asked, as the RFC allows.

    Raises
    ------
    UnsatisfiableError
        When nothing of ``size`` bytes lies within the range.
    """
    match = _ONE.fullmatch(header) if header else None
    if match is None or not (match["first"] or match["last"]):
        return None
    if not match["first"]:
        start, stop = max(0, size - int(match["last"])), size
    else:
        start = int(match["first"])
        last = int(match["last"]) if match["last"] else size - 1
        if match["last"] and last < start:
            return None
        stop = min(last + 1, size)
    if start >= stop:
        raise UnsatisfiableError
    return start, stop
