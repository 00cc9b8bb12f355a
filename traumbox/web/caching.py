"""ETags: whether what a browser has is still what we have (RFC 9110, section 13)."""

from __future__ import annotations

import os

from starlette.datastructures import Headers


def etag_of(stat: os.stat_result, variant: str = "") -> str:
    """Return a strong ETag for a version of a file, or for what is made of it."""
    return f'"{stat.st_mtime_ns:x}-{stat.st_size:x}-{stat.st_ino:x}{variant}"'


def is_current(headers: Headers, etag: str) -> bool:
    """Tell whether If-None-Match names ``etag``: then 304 is the answer."""
    asked = headers.get("if-none-match")
    if asked is None:
        return False
    return any(one.strip().removeprefix("W/") in {etag, "*"} for one in asked.split(","))
