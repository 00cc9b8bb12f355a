"""How the listener's process begins: what it may use of the machine is settled first of all.

Nothing heavy is imported before that, because numpy's and OpenMP's threads are counted, and the
allocator's habits fixed, when the libraries load. The daemon's own process and environment stay as
they are.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from traumbox.allocator import (
    ARENAS,
    M_ARENA_MAX,
    M_MMAP_THRESHOLD,
    M_TRIM_THRESHOLD,
    tell_malloc,
)

if TYPE_CHECKING:
    from traumbox.indexer.protocol import Channel

MMAP_THRESHOLD_BYTES = 32 << 20
"""glibc's highest on 64 bits."""
TRIM_THRESHOLD_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class ListenerSettings:
    """How the listener behaves towards the machine it shares; ``cores`` 0 takes all there are."""

    idle_s: float = 120.0
    hang_s: float = 180.0
    memory_mb: int = 900
    nice: int = 10
    cores: int = 0


def run(channel: Channel, pickled_factory: bytes, settings: ListenerSettings) -> None:
    """Serve ``channel`` in this process with the ear that ``pickled_factory`` builds."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the daemon's to handle
    keep_within(settings)
    # Only now: from here on numpy is loaded.
    from traumbox.indexer.protocol import serve  # noqa: PLC0415

    serve(channel, pickle.loads(pickled_factory), settings.idle_s)  # noqa: S301 - the daemon's own


def keep_within(settings: ListenerSettings) -> None:
    """Bind this process, its future threads and children to the core budget; be nice."""
    with contextlib.suppress(OSError):  # a sandbox may forbid it; being nice is a courtesy
        os.nice(settings.nice)
    cores = settings.cores or (os.cpu_count() or 1)
    if sys.platform == "linux":
        allowed = sorted(os.sched_getaffinity(0))
        # The last ones: on small boards the first serves the interrupts of disk and network.
        with contextlib.suppress(OSError):
            os.sched_setaffinity(0, allowed[-cores:])
        cores = min(cores, len(allowed))
    os.environ["OMP_NUM_THREADS"] = str(cores)
    # numpy's own threads go on spinning for 100 ms after each matrix product, on the cores that
    # the model wants then: its windows took up to twice as long.
    os.environ |= {"OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    _tame_allocator()


def _tame_allocator() -> None:
    """Keep glibc from giving every large array back to the system and asking for it anew.

    By default each window's arrays are mapped, filled page by page and unmapped again. The
    environment says the same to child processes, such as the one that probes a model's engines.
    """
    os.environ |= {
        "MALLOC_ARENA_MAX": str(ARENAS),
        "MALLOC_MMAP_THRESHOLD_": str(MMAP_THRESHOLD_BYTES),
        "MALLOC_TRIM_THRESHOLD_": str(TRIM_THRESHOLD_BYTES),
    }
    tell_malloc(
        {
            M_ARENA_MAX: ARENAS,
            M_MMAP_THRESHOLD: MMAP_THRESHOLD_BYTES,
            M_TRIM_THRESHOLD: TRIM_THRESHOLD_BYTES,
        }
    )
