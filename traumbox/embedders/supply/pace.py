"""How fast it goes, from the last few seconds."""

from __future__ import annotations

from collections import deque

SPAN_S = 10.0


class Pace:
    """Rate of a growing number; what was there at the beginning doesn't count as progress."""

    def __init__(self) -> None:
        self._marks: deque[tuple[float, int]] = deque()

    def rate(self, now_s: float, done: int) -> float:
        """Note how much is done at ``now_s`` and return how much is done a second."""
        if self._marks and done < self._marks[-1][1]:
            self._marks.clear()  # it began anew
        self._marks.append((now_s, done))
        while now_s - self._marks[0][0] > SPAN_S and len(self._marks) > 2:
            self._marks.popleft()
        begin_s, begun = self._marks[0]
        return (done - begun) / (now_s - begin_s) if now_s > begin_s else 0.0
