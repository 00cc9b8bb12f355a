"""How the plain word of every concept fares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from traumbox.domain import Float32
from traumbox.embedders.builtin.train.concepts import CONCEPTS
from traumbox.embedders.builtin.train.data import Clip
from traumbox.embedders.builtin.train.evaluate.model import LANGUAGES, Model, Words


@dataclass(frozen=True, slots=True)
class ConceptResult:
    """One concept's plain word; figures by language."""

    name: str
    clips: int  # that have it
    share: float  # of all clips; also the average precision of a blind guess
    average_precision: dict[str, float]
    first_right: dict[str, bool]

    @property
    def mean(self) -> float:
        """The average precision over both languages."""
        return float(np.mean(list(self.average_precision.values())))


def ask_concepts(
    model: Model, words: Words, clips: Sequence[Clip], audio: Float32
) -> tuple[ConceptResult, ...]:
    """Rank ``clips`` (vectors ``audio`` float32[n, dim]) for each concept that some have."""
    results = []
    for name in CONCEPTS:
        has = np.array([name in clip.concepts for clip in clips])
        if not has.any():
            continue
        text = model.embed_text([words.usual(name, language) for language in LANGUAGES])
        orders = dict(zip(LANGUAGES, np.argsort(-(text @ audio.T), axis=1), strict=True))
        results.append(
            ConceptResult(
                name,
                int(has.sum()),
                float(has.mean()),
                {lang: average_precision(has[order]) for lang, order in orders.items()},
                {lang: bool(has[order[0]]) for lang, order in orders.items()},
            )
        )
    return tuple(results)


def average_precision(right: Sequence[bool] | NDArray[np.bool_]) -> float:
    """Return the mean precision at each right place of a ranking; some place must be right."""
    hits = np.asarray(right, dtype=bool)
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float(precision[hits].mean())
