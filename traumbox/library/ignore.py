"""Names that are never music: unfinished downloads, the litter of NAS systems, hidden files."""

from __future__ import annotations

UNFINISHED_SUFFIXES = (
    b".part",
    b".partial",
    b".crdownload",
    b".!qb",
    b".tmp",
    b".filepart",
    b".aria2",
)
LITTER_FOLDERS = frozenset(
    (
        b"@eadir",
        b"#recycle",
        b"#snapshot",
        b"$recycle.bin",
        b"lost+found",
        b"system volume information",
    )
)


def is_ignored_file(name: bytes) -> bool:
    """Tell whether a file's name marks it as hidden, temporary or unfinished."""
    return name.startswith((b".", b"~")) or name.lower().endswith(UNFINISHED_SUFFIXES)


def is_ignored_folder(name: bytes) -> bool:
    """Tell whether nothing below a folder of this name is the owner's music."""
    return name.startswith(b".") or name.lower() in LITTER_FOLDERS
