"""From bytes of single files to how the whole goes."""

from __future__ import annotations

from collections.abc import Callable

from traumbox.domain import FetchProgress, FetchStage
from traumbox.embedders.supply.pace import Pace

EVERY_S = 0.2

_STEPS = {
    "checkpoint": "reading the checkpoint",
    "audio": "converting the audio tower",
    "text": "converting the text tower",
    "check": "checking against PyTorch",
    "store": "putting it in place",
    "done": "putting it in place",
}


class Reporter:
    """Tells ``progress`` a few times a second how far ``total`` bytes have got."""

    def __init__(
        self,
        model: str,
        total: int,
        progress: Callable[[FetchProgress], None],
        clock_s: Callable[[], float],
    ) -> None:
        self.model = model
        self.total = total
        self._progress = progress
        self._clock_s = clock_s
        self._pace = Pace()
        self._last: tuple[float, FetchStage, str] | None = None

    def at(self, done: int, note: str = "", stage: FetchStage = "download") -> None:
        """Tell how many bytes of all are done; only what comes without a note has a pace."""
        now_s = self._clock_s()
        rate = 0.0 if note else self._pace.rate(now_s, done)
        if self._is_too_soon(now_s, stage, note) and done < self.total:
            return
        self._last = (now_s, stage, note)
        left_s = (self.total - done) / rate if rate > 0.0 else None
        self._progress(FetchProgress(self.model, stage, done, self.total, rate, left_s, None, note))

    def step(self, name: str, done: float) -> None:
        """Tell how far the conversion is, 0 to 1, as if it were bytes."""
        share = min(max(done, 0.0), 1.0)
        self.at(round(share * self.total), _STEPS.get(name, name), "convert")

    def _is_too_soon(self, now_s: float, stage: FetchStage, note: str) -> bool:
        if self._last is None:
            return False
        then_s, last_stage, last_note = self._last
        return (last_stage, last_note) == (stage, note) and now_s - then_s < EVERY_S
