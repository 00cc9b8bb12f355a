"""Measure the exported model on held-out pieces, and fit the scale people read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from traumbox.domain import Float32
from traumbox.embedders.builtin import tokens
from traumbox.embedders.builtin.train.captions import caption
from traumbox.embedders.builtin.train.concepts import CONCEPTS
from traumbox.embedders.builtin.train.data import Clip

_DEPTHS = (1, 5, 10)
_RIGHT_READS, _WRONG_READS = 0.88, 0.15  # the median right pair, three of four wrong ones


@dataclass(frozen=True, slots=True)
class ConceptResult:
    """How one concept's usual word fares: clips that have it, average precision, first hit."""

    name: str
    share: float  # of the held-out clips; also the average precision of a blind guess
    average_precision: float
    first_right: bool


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All results on held-out clips; each recall comes with what chance would give."""

    clips: int
    sampled_clips: int
    recall: dict[int, float]
    chance: dict[int, float]
    concepts: tuple[ConceptResult, ...]
    calibration: tuple[float, float]
    right_reads: float  # median match of right pairs, 0..100
    wrong_reads: float  # median match of wrong pairs, 0..100

    @property
    def mean_average_precision(self) -> float:
        """The mean over the concepts."""
        return float(np.mean([result.average_precision for result in self.concepts]))

    @property
    def blind_average_precision(self) -> float:
        """What ranking blindly would give."""
        return float(np.mean([result.share for result in self.concepts]))


def evaluate(directory: Path, held: Sequence[Clip], seed: int = 1) -> Evaluation:
    """Evaluate ``audio.onnx`` and ``text.onnx`` in ``directory`` on clips never trained on."""
    rng = np.random.default_rng(seed)
    audio = _audio(directory, held)
    written = [caption(clip.concepts, rng) for clip in held]
    text = _text(directory, [text for text, _ in written])
    fits = np.array([[asked <= clip.concepts for clip in held] for _, asked in written])
    cosines = text @ audio.T  # [captions, clips]
    recall, chance = _recall(cosines, fits)
    calibration = calibrate(cosines[fits], cosines[~fits])
    midpoint, slope = calibration

    def reads(values: NDArray[np.floating]) -> float:
        return float(100 / (1 + np.exp(-slope * (np.median(values) - midpoint))))

    return Evaluation(
        clips=len(held),
        sampled_clips=sum(clip.sampled for clip in held),
        recall=recall,
        chance=chance,
        concepts=_concepts(directory, held, audio),
        calibration=calibration,
        right_reads=reads(cosines[fits]),
        wrong_reads=reads(cosines[~fits]),
    )


def calibrate(right: NDArray[np.floating], wrong: NDArray[np.floating]) -> tuple[float, float]:
    """Return (midpoint, slope) of the logistic curve from cosine to match.

    Two points fix it: the median right pair reads 88, and three of four wrong pairs at most 15.
    The slope is kept between 4 and 40.
    """
    high, low = float(np.median(right)), float(np.quantile(wrong, 0.75))
    rise = _logit(_RIGHT_READS) - _logit(_WRONG_READS)
    slope = float(np.clip(rise / max(high - low, 1e-3), 4.0, 40.0))
    return high - _logit(_RIGHT_READS) / slope, slope


def _logit(share: float) -> float:
    return float(np.log(share / (1 - share)))


def _recall(cosines: Float32, fits: NDArray[np.bool_]) -> tuple[dict[int, float], dict[int, float]]:
    """Return how often a right clip is among the first k, and how often by chance."""
    order = np.argsort(-cosines, axis=1)
    sorted_fits = np.take_along_axis(fits, order, axis=1)
    share = fits.mean(axis=1)
    recall = {k: float(sorted_fits[:, :k].any(axis=1).mean()) for k in _DEPTHS}
    chance = {k: float((1 - (1 - share) ** k).mean()) for k in _DEPTHS}
    return recall, chance


def _concepts(directory: Path, held: Sequence[Clip], audio: Float32) -> tuple[ConceptResult, ...]:
    names = [name for name in CONCEPTS if any(name in clip.concepts for clip in held)]
    scores = _text(directory, [CONCEPTS[name].words[0] for name in names]) @ audio.T
    results = []
    for name, row in zip(names, scores, strict=True):
        has = np.array([name in clip.concepts for clip in held])[np.argsort(-row)]
        precision = np.cumsum(has) / np.arange(1, len(has) + 1)
        results.append(
            ConceptResult(name, float(has.mean()), float(precision[has].mean()), bool(has[0]))
        )
    return tuple(results)


def _audio(directory: Path, clips: Sequence[Clip]) -> Float32:
    session = onnxruntime.InferenceSession(str(directory / "audio.onnx"))
    rows = [
        session.run(None, {"mel": clip.mel[np.newaxis].astype(np.float32)})[0] for clip in clips
    ]
    out: Float32 = np.concatenate(rows)
    return out


def _text(directory: Path, sentences: Sequence[str]) -> Float32:
    session = onnxruntime.InferenceSession(str(directory / "text.onnx"))
    rows = [session.run(None, {"ids": tokens.encode([sentence])})[0] for sentence in sentences]
    out: Float32 = np.concatenate(rows)
    return out
