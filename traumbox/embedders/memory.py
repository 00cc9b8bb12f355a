"""Hand freed memory back to the operating system."""

from __future__ import annotations

import ctypes
import gc
import sys


def trim() -> None:
    """Collect garbage and let glibc return what is free; elsewhere only the former.

    After its sessions are gone, onnxruntime's memory stays with the allocator until asked for.
    """
    gc.collect()
    if sys.platform != "linux":
        return
    malloc_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
    if malloc_trim is not None:
        malloc_trim(0)
