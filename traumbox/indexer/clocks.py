"""Time, passed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic, time


def local_day(now_s: float) -> str:
    """Return the date of a POSIX time in the machine's time zone, in ISO's form."""
    return datetime.fromtimestamp(now_s).astimezone().date().isoformat()


@dataclass(frozen=True, slots=True)
class Clocks:
    """POSIX seconds for the ledger, a steady clock for pauses, and the date of a POSIX time."""

    now_s: Callable[[], float] = time
    steady_s: Callable[[], float] = monotonic
    day: Callable[[float], str] = local_day
