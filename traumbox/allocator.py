"""glibc's memory allocator, told how to behave; other allocators are left alone."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Mapping

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
"""From glibc's malloc.h; mallopt(3)."""
ARENAS = 2


def tell_malloc(options: Mapping[int, int]) -> None:
    """Set ``options`` (mallopt's parameter -> value) for this process, from now on."""
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
    if mallopt is not None:
        for option, value in options.items():
            mallopt(option, value)
