"""The models there are, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

NO_FLOOR = -1.0
"""A floor that every cosine reaches: nobody has measured one."""


def _everything(_sentence: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What the rest of the house must know of a model.

    ``id`` names the embedding space and its tables. ``calibration`` is (midpoint, slope) of the
    logistic curve that turns a text-to-audio cosine into the 0-100 match. ``floor`` is the
    measured text-to-audio cosine below which a window is no match, however near it lies.
    ``languages`` are those that the text tower was taught, as ISO 639-1 codes. ``knows`` tells
    whether it was taught any word of a sentence, ``strange`` how much higher the cosines of other
    sentences have to be to say as much.
    """

    id: str
    name: str
    dim: int
    licence: str
    calibration: tuple[float, float] = (0.3, 12.0)
    floor: float = NO_FLOOR
    languages: tuple[str, ...] = ("en",)
    knows: Callable[[str], bool] = _everything
    strange: float = 0.0

    def asked(self, sentence: str) -> ModelCard:
        """Return the card by which to read the cosines of this sentence."""
        if not self.strange or self.knows(sentence):
            return self
        midpoint, slope = self.calibration
        floor = self.floor if self.floor <= NO_FLOOR else self.floor + self.strange
        return replace(self, calibration=(midpoint + self.strange, slope), floor=floor, strange=0.0)

    def fits(self, score: float) -> bool:
        """Tell whether a text-to-audio cosine is a match at all."""
        # A cosine of float32 vectors may lie a hair below -1.
        return self.floor <= NO_FLOOR or score >= self.floor

    def match(self, score: float) -> int:
        """Return the calibrated 0-100 match of a cosine ``score``.

        What doesn't fit has less than anything that does, even where rounding would make them
        equal; only where the curve is 0 at the floor they are.
        """
        match = self._on_curve(score)
        return match if self.fits(score) else min(match, max(0, self._on_curve(self.floor) - 1))

    def _on_curve(self, score: float) -> int:
        midpoint, slope = self.calibration
        return round(100.0 / (1.0 + float(np.exp(-slope * (score - midpoint)))))


ModelState = Literal["absent", "installed", "damaged"]


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """One model of the catalogue and how it stands on this machine.

    ``tracks`` counts what is stored in its space, which may outlive its files. ``note`` is for
    people: why it is damaged, what its self-check found.
    """

    name: str
    title: str
    purpose: str
    licence: str
    dim: int
    download_bytes: int  # 0: nothing to download
    state: ModelState
    serving: bool = False
    tracks: int = 0
    note: str = ""


FetchStage = Literal["waiting", "download", "convert"]


@dataclass(frozen=True, slots=True)
class FetchProgress:
    """How the getting of a model goes; ``waiting`` is for the next try, at ``next_try_s``.

    ``next_try_s`` is POSIX time. ``note`` says in words what goes on or went wrong.
    """

    model: str
    stage: FetchStage
    done_bytes: int = 0
    total_bytes: int = 0
    bytes_per_s: float = 0.0
    left_s: float | None = None
    next_try_s: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ChangeProgress:
    """How the change to another model goes: tracks in its space, of all that the old one has.

    ``waiting`` are tracks that can't be heard now because their folder is offline; the switch
    waits for them unless it is asked for.
    """

    old: str
    new: str
    done: int
    total: int
    waiting: int = 0
    paused: bool = False
    left_s: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ModelsStatus:
    """Everything about models at one moment; names are those of the configuration.

    ``notice`` is one sentence for the owner, such as "LAION CLAP not reachable; searching with
    the built-in model; next try 14:05.", or empty.
    """

    wanted: str  # model.name of the configuration
    serving: str
    models: tuple[ModelInfo, ...]
    fetch: FetchProgress | None = None
    change: ChangeProgress | None = None
    notice: str = ""
