"""Hand freed memory back to the operating system."""

from __future__ import annotations

import ctypes
import gc
import os
import sys
from pathlib import Path

_MADV_DONTNEED = 4  # from Linux's mman-common.h


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


def forget_mapped(path: Path) -> int:
    """Let go of the pages of a file that this process has mapped to read; return their bytes.

    The mapping stays: what is read again comes from the disk's cache again. OpenVINO computes on
    its own arrangement of the weights, but keeps the file they came from mapped and touched.
    Elsewhere than on Linux nothing happens.
    """
    if sys.platform != "linux":
        return 0
    # As bytes: a name that isn't UTF-8 is printed as it is.
    wanted = os.fsencode(path.resolve())
    forgotten = 0
    libc = ctypes.CDLL(None, use_errno=True)
    for line in Path("/proc/self/maps").read_bytes().splitlines():
        fields = line.split(None, 5)
        # Private pages that were written to would be lost; nobody writes to a read-only mapping.
        if len(fields) < 6 or fields[5] != wanted or b"w" in fields[1]:
            continue
        start, end = (int(number, 16) for number in fields[0].split(b"-"))
        if libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), _MADV_DONTNEED) == 0:
            forgotten += end - start
    return forgotten
