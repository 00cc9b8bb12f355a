"""All parts of the evaluation, one after the other, from one seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from traumbox.embedders.builtin.train.captions import caption_of, nonsense, strange
from traumbox.embedders.builtin.train.concepts import usual
from traumbox.embedders.builtin.train.data import Clip
from traumbox.embedders.builtin.train.evaluate.attributes import AttributeResult, ask_all
from traumbox.embedders.builtin.train.evaluate.model import Model, Words
from traumbox.embedders.builtin.train.evaluate.naming import ConceptResult, ask_concepts
from traumbox.embedders.builtin.train.evaluate.recordings import (
    Recording,
    RecordingsResult,
    rank_recordings,
)
from traumbox.embedders.builtin.train.evaluate.retrieval import Retrieval, retrieve
from traumbox.embedders.builtin.train.evaluate.scale import (
    Floor,
    Scale,
    Strangeness,
    answer_all,
    fit_floor,
    fit_scale,
    fit_strange,
)
from traumbox.embedders.builtin.train.taught import taught_words
from traumbox.embedders.builtin.vocabulary import Vocabulary

WORDS = Words(caption_of, usual, nonsense, strange(), Vocabulary.of(taught_words()))


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All results."""

    clips: int
    sources: dict[str, int]  # clips by what played them
    retrieval: tuple[Retrieval, ...]
    attributes: tuple[AttributeResult, ...]
    concepts: tuple[ConceptResult, ...]
    scale: Scale
    floor_result: Floor
    strangeness: Strangeness
    recordings: RecordingsResult | None

    @property
    def calibration(self) -> tuple[float, float]:
        """The midpoint and slope for the model card."""
        return self.scale.midpoint, self.scale.slope

    @property
    def floor(self) -> float:
        """The cosine below which nothing fits."""
        return self.floor_result.cosine

    @property
    def strange(self) -> float:
        """How much higher the cosines of sentences without a taught word have to be."""
        return self.strangeness.rise

    @property
    def mean_average_precision(self) -> float:
        """The mean over the concepts and both languages."""
        return float(np.mean([result.mean for result in self.concepts]))

    @property
    def blind_average_precision(self) -> float:
        """What ranking blindly would give."""
        return float(np.mean([result.share for result in self.concepts]))


def evaluate(
    model: Model,
    held: Sequence[Clip],
    trained: Sequence[Clip] = (),
    recordings: Sequence[Recording] = (),
    *,
    words: Words = WORDS,
    seed: int = 1,
) -> Evaluation:
    """Judge ``model`` on ``held``, clips of pieces that training never had.

    Parameters
    ----------
    held
        One clip a piece; some 1,000 for figures to rely on, at least 40 for any.
    trained
        Clips of the training, from which the descriptor baseline learns; it is left out without.
    recordings
        Real recordings of which it is known what is in them.

    Raises
    ------
    ValueError
        When the clips are too few or too much alike to fit the scale.
    """
    audio = model.embed_mels([clip.mel for clip in held])

    def rng(part: int) -> np.random.Generator:  # each part draws the same whatever the others do
        return np.random.default_rng([seed, part])

    sources = [clip.source for clip in held]
    floor = fit_floor(model, words, held, audio, rng(3))
    return Evaluation(
        clips=len(held),
        sources={source: sources.count(source) for source in sorted(set(sources))},
        retrieval=retrieve(model, words, held, audio, rng(1)),
        attributes=ask_all(model, words, held, audio, trained),
        concepts=ask_concepts(model, words, held, audio),
        scale=fit_scale(answer_all(model, words, held, audio, rng(2))),
        floor_result=floor,
        strangeness=fit_strange(model, words, audio, floor.cosine, rng(4)),
        recordings=rank_recordings(model, recordings) if recordings else None,
    )
