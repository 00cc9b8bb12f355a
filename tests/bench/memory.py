"""What the processes of a house take of the machine's memory."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.house import DaemonHouse


@contextmanager
def sampling_rss(house: DaemonHouse) -> Iterator[dict[str, float]]:
    """Yield what daemon, listener and both together take at their highest, in MB."""
    peak = {"daemon": 0.0, "listener": 0.0, "together": 0.0}
    done = threading.Event()

    def sample() -> None:
        while not done.wait(0.2):
            if house.process is None or house.process.poll() is not None:
                continue
            daemon = rss_mb(house.process.pid)
            listener = sum(map(rss_mb, house.listener_pids()))
            for part, taken_mb in (
                ("daemon", daemon),
                ("listener", listener),
                ("together", daemon + listener),
            ):
                peak[part] = max(peak[part], taken_mb)

    thread = threading.Thread(target=sample, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        done.set()
        thread.join()


def rss_mb(pid: int) -> float:
    """Return the resident memory of a process; 0 when it has ended."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def own_mb(pid: int) -> float:
    """Return what a process has that no file has: of the rest, program code, pages come and go."""
    status = Path(f"/proc/{pid}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("RssAnon:"))
    return int(line.split()[1]) * 1024 / 1e6
