"""Names that are never music: unfinished downloads, the litter of NAS systems, hidden files.

What bears one of them is never listed at all. The owner's own rules are in ``rules``.
"""

from __future__ import annotations

import re

UNFINISHED_SUFFIXES = frozenset(
    b"""
    part partial crdownload !qb !ut !sync tmp temp filepart aria2 download opdownload bc! bt! td
    xltd dctmp incomplete unfinished ytdl lftp-pget-status
    """.split()
)
LITTER_FOLDERS = frozenset(
    (
        b"@eadir",
        b"@recently-snapshot",
        b"@recycle",
        b"@sharebin",
        b"@tmp",
        b"#recycle",
        b"#snapshot",
        b"~snapshot",
        b"$recycle.bin",
        b"recycler",
        b"lost+found",
        b"network trash folder",
        b"system volume information",
        b"temporary items",
        b"__macosx",
    )
)
BESIDE_UNFINISHED = b".aria2"
"""aria2 gives a download its final name and size at once; this file beside it tells."""
# Safari downloads into a folder of this name, which holds the unfinished file.
_SAFARI = re.compile(rb"\.[a-z0-9]{2,4}\.download$")


def is_ignored_file(name: bytes) -> bool:
    """Tell whether a file's name marks it as hidden, temporary or unfinished."""
    _, dot, suffix = name.rpartition(b".")
    return name.startswith((b".", b"~")) or bool(dot and is_unfinished(suffix))


def is_unfinished(suffix: bytes) -> bool:
    """Tell whether a name that ends in ``suffix`` (without the dot) marks an unfinished file."""
    return suffix.lower() in UNFINISHED_SUFFIXES


def is_ignored_folder(name: bytes) -> bool:
    """Tell whether nothing below a folder of this name is the owner's music."""
    if name.startswith(b"."):
        return True
    lower = name.lower()
    return lower in LITTER_FOLDERS or _SAFARI.search(lower) is not None


def is_ignored_path(path: bytes) -> bool:
    """Tell whether a directory at this relative path is hidden, itself or by one above it."""
    return any(is_ignored_folder(name) for name in path.split(b"/") if name)
