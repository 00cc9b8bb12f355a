"""How a cosine is read: as a 0-100 match, and whether it is one at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from traumbox.domain import ModelCard


@dataclass(frozen=True, slots=True)
class Scale:
    """``match`` gives 0-100, ``fits`` whether a cosine is a match at all."""

    match: Callable[[float], int]
    fits: Callable[[float], bool] = lambda _score: True

    @classmethod
    def of(cls, card: ModelCard) -> Scale:
        """Return the scale of a model's text-to-audio cosines."""
        return cls(card.match, card.fits)


def _likeness(score: float) -> int:
    return round(100.0 * min(1.0, max(0.0, score)))


LIKENESS = Scale(_likeness)
"""Of sound to sound; such cosines need no calibration to be read."""
