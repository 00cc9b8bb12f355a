"""How fast the hearing goes and when it will be done."""

from __future__ import annotations

from collections import deque

SPAN_S = 300.0


class Pace:
    """Tracks heard over the last minutes. Times are seconds of a steady clock."""

    def __init__(self) -> None:
        self._done_s: deque[float] = deque()
        self._since_s: float | None = None

    def start(self, now_s: float) -> None:
        """Mark the start of work after a rest, so that the rest doesn't count as slowness."""
        self._done_s.clear()
        self._since_s = now_s

    def done(self, now_s: float) -> None:
        """Count one track."""
        self._done_s.append(now_s)
        while self._done_s and self._done_s[0] < now_s - SPAN_S:
            self._done_s.popleft()

    def tracks_per_minute(self, now_s: float) -> float:
        """Return the rate over the last minutes of work; 0 before the first track."""
        if self._since_s is None or not self._done_s:
            return 0.0
        span_s = min(SPAN_S, max(1.0, now_s - self._since_s))
        return 60.0 * len(self._done_s) / span_s

    def eta_s(self, pending: int, now_s: float) -> float | None:
        """Return the seconds until ``pending`` tracks are done, or None while unknown."""
        rate = self.tracks_per_minute(now_s)
        return 60.0 * pending / rate if rate and pending else None
