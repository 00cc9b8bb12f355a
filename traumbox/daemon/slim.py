"""Let go of memory that only the start needed."""

from __future__ import annotations

import ctypes
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from traumbox.embedders.memory import trim

SMAPS = Path("/proc/self/smaps")
MADV_DONTNEED = 4
"""From Linux's mman-common.h: the pages go; the next access reads them from their file again."""

_MAPPING = re.compile(r"([0-9a-f]+)-([0-9a-f]+) r-[x-]p \S+ \S+ [1-9]\d* +/")


def slim() -> None:
    """Return free memory, and the pages of program code that the start has run through.

    LanceDB's library alone has 177 MB, of which opening the index touches 50 and a search a few.
    Code that is used again comes back page by page, as a rule from the page cache in microseconds.
    Without this the kernel takes such pages away when memory is short, late and under pressure.

    To be called while no other thread imports: a library that is just being loaded or unloaded
    could lose its data.
    """
    trim()
    madvise = getattr(ctypes.CDLL(None), "madvise", None) if sys.platform == "linux" else None
    if madvise is None or not SMAPS.exists():
        return
    madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    # Where the kernel won't (locked pages), nothing is lost but the saving.
    for start, stop in constant_ranges(SMAPS.read_text(errors="replace")):
        madvise(start, stop - start, MADV_DONTNEED)


def constant_ranges(smaps: str) -> Iterator[tuple[int, int]]:
    """Yield (start, stop) of what is mapped read-only from files and as it is there.

    ``smaps`` is the text of ``/proc/PID/smaps``. Relocated data is left out: it is read-only too,
    once the loader is done with it, but no file has it.
    """
    mapping: tuple[int, int] | None = None
    for line in smaps.splitlines():
        if match := _MAPPING.match(line):
            mapping = int(match[1], 16), int(match[2], 16)
        elif line.startswith("Anonymous:"):
            if mapping and line.split()[1] == "0":
                yield mapping
            mapping = None
        elif line[0] in "0123456789abcdef":
            mapping = None
