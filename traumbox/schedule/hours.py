"""Quiet hours: a span of local wall-clock time in which nothing is heard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From ``start`` to ``end`` of each day; over midnight when ``end`` is the earlier one."""

    start: time
    end: time

    def contain(self, now: datetime) -> bool:
        """Tell whether the wall clock shows a time within.

        Judged anew at each tick, so that daylight saving and clock changes need no care.
        """
        at = now.time()
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end
