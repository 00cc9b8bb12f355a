"""What a cosine means to people: the curve of the 0-100 match, and the floor below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from traumbox.domain import Float32
from traumbox.embedders.builtin.train.concepts import CONCEPTS
from traumbox.embedders.builtin.train.data import Clip
from traumbox.embedders.builtin.train.evaluate.model import LANGUAGES, Model, Rng, Words
from traumbox.embedders.builtin.train.evaluate.wishes import Wish, draw_wishes, fulfilled

_RIGHT_READS, _HALF_READS, _WRONG_READS = 0.87, 0.55, 0.10
_SLOPES = (4.0, 60.0)
_HALF_ROWS = 20  # what a person looks through
_COLLECTIONS = 240
_COLLECTION_CLIPS = (50, 200)
_COLLECTIONS_EACH = 10  # for a strange question: they are few
_MISSED_AT_MOST = 0.02  # denying what is there is far worse than a row too many
_STRANGE_BELOW = 0.9  # of the sentences that the model can know nothing of
_FROM_CLIPS = 3  # the word of a concept is only asked for where so many clips have it


@dataclass(frozen=True, slots=True)
class Reading:
    """What one kind of row reads, 0..100: median, and what nine and one of ten stay above."""

    rows: int
    median: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Scale:
    """The logistic curve and what people read by it."""

    midpoint: float
    slope: float
    right_first: Reading  # first rows that have all that was asked for
    half_right: Reading  # among the first 20, half or more of it but not all
    wrong: Reading  # rows with less than half of it, anywhere
    share_right_75_95: float
    share_half_40_70: float
    share_wrong_below_25: float


@dataclass(frozen=True, slots=True)
class Floor:
    """The cosine that parts best what is there from what isn't, and how often it is wrong.

    ``missed``: sentences for what is there whose best hit lies below. The others are sentences
    for what isn't there whose best hit lies above it all the same.
    """

    cosine: float
    missed: float
    absent_passed: float
    nonsense_passed: float
    nonsense_passed_in_all: float  # in the whole held-out collection, not in a part of it
    sentences: int


@dataclass(frozen=True, slots=True)
class Strangeness:
    """How much more than the floor it takes to fit a sentence that has no word training had.

    ``strange`` is the share of the questions that have nothing to do with sound and are told to be
    so by their words; the shares ``passed`` are of all of them, by their best hits.
    """

    rise: float
    questions: int
    strange: float
    passed: float
    passed_before: float  # with the floor alone


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows of all answers: cosines and shares fulfilled [captions, pieces], what was asked."""

    cosines: NDArray[np.floating]
    shares: NDArray[np.float64]
    asked: NDArray[np.integer]  # attributes a caption names


def answer_all(model: Model, words: Words, clips: Sequence[Clip], audio: Float32, rng: Rng) -> Rows:
    """Search for one to three attributes of each clip, in both languages.

    A search lists pieces by their best window, so the windows of a piece are one row here too.
    """
    wishes: list[Wish] = []
    for count in (1, 2, 3):
        wishes += draw_wishes(clips, count, rng)[count - 1 :: 3]
    sentences = [
        words.caption(wish.names, rng, LANGUAGES[place % 2], unseen=place % 4 >= 2)
        for place, wish in enumerate(wishes)
    ]
    cosines, shares = _best_windows(
        model.embed_text(sentences) @ audio.T,
        fulfilled(wishes, clips),
        np.array([clip.piece for clip in clips]),
    )
    return Rows(cosines, shares, np.array([len(wish.names) for wish in wishes]))


def fit_scale(rows: Rows) -> Scale:
    """Fit the curve to three kinds of rows that people see, by their medians.

    The median first row that is right is to read 87, the median half-right row among the first
    20 is to read 55, and three of four wrong rows at most 10; on the log-odds scale these are
    three points, and the curve is the straight line through them by least squares. A logistic
    regression on all pairs would answer another question: nearly all pairs are wrong, the kinds
    overlap, and so it draws every reading to the middle, a right first hit to 50 or 60.
    The slope is kept between 4 and 60.
    """
    right, half, wrong = _kinds(rows)
    points = [
        (float(quantile), _logit(reads))
        for values, share, reads in (
            (right, 0.5, _RIGHT_READS), (half, 0.5, _HALF_READS), (wrong, 0.75, _WRONG_READS)
        )
        if len(values)
        for quantile in [np.quantile(values, share)]
    ]  # fmt: skip
    if len(points) < 2:
        raise ValueError("a curve needs right and wrong answers; take more clips")
    x, y = np.array(points).T
    fall = float(((x - x.mean()) ** 2).sum())
    slope = float(((x - x.mean()) * (y - y.mean())).sum()) / max(fall, 1e-9)
    slope = float(np.clip(slope, *_SLOPES))
    midpoint = float(x.mean() - y.mean() / slope)

    def reads(values: NDArray[np.floating]) -> NDArray[np.float64]:
        return np.asarray(100 / (1 + np.exp(-slope * (values - midpoint))), dtype=np.float64)

    right_reads, half_reads, wrong_reads = reads(right), reads(half), reads(wrong)
    return Scale(
        midpoint,
        slope,
        _reading(right_reads),
        _reading(half_reads),
        _reading(wrong_reads),
        share_right_75_95=_between(right_reads, 75, 95),
        share_half_40_70=_between(half_reads, 40, 70),
        share_wrong_below_25=_between(wrong_reads, 0, 25),
    )


def fit_floor(model: Model, words: Words, clips: Sequence[Clip], audio: Float32, rng: Rng) -> Floor:
    """Measure where "nothing fits" begins.

    Many small collections of 50 to 200 clips are drawn. From each, all clips with some concept
    are taken out; its plain word then asks for something absent, as does a nonsense sentence.
    The word of a concept that stayed and a caption of one clip ask for something present. The
    floor is the cosine between the best hits that makes the fewest errors, missed and passed
    alike (absent things and nonsense weigh the same), of those that miss at most 2 % of what is
    there; in a tie the middle of the gap.
    """
    present, absent, nonsense = [], [], []
    concepts = _frequent(clips)
    table = np.array([[name in clip.concepts for name in concepts] for clip in clips])
    for turn in range(_COLLECTIONS):
        language = LANGUAGES[turn % 2]
        size = int(rng.integers(_COLLECTION_CLIPS[0], _COLLECTION_CLIPS[1] + 1))
        drawn = rng.choice(len(clips), size=min(size, len(clips)), replace=False)
        gone = int(rng.integers(len(concepts)))
        kept = drawn[~table[drawn, gone]]
        there = [column for column in range(len(concepts)) if table[kept, column].any()]
        if not there:
            continue
        wish = draw_wishes([clips[int(rng.choice(kept))]], 1 + turn % 3, rng)
        sentences = [
            words.usual(concepts[gone], language),
            words.nonsense(rng),
            words.usual(concepts[int(rng.choice(there))], language),
            *(words.caption(one.names, rng, language, unseen=False) for one in wish),
        ]
        best = (model.embed_text(sentences) @ audio[kept].T).max(axis=1)
        absent.append(best[0])
        nonsense.append(best[1])
        present += list(best[2:])
    if not present:
        raise ValueError("a floor needs collections with and without a concept; take more clips")
    cosine = _parting(np.array(present), np.array(absent), np.array(nonsense))
    letters = model.embed_text([words.nonsense(rng) for _ in range(_COLLECTIONS)])
    return Floor(
        cosine=cosine,
        missed=float(np.mean(np.array(present) < cosine)),
        absent_passed=float(np.mean(np.array(absent) >= cosine)),
        nonsense_passed=float(np.mean(np.array(nonsense) >= cosine)),
        nonsense_passed_in_all=float(np.mean((letters @ audio.T).max(axis=1) >= cosine)),
        sentences=len(present) + len(absent) + len(nonsense),
    )


def fit_strange(model: Model, words: Words, audio: Float32, floor: float, rng: Rng) -> Strangeness:
    """Measure how near strange sentences come to something by chance.

    Every second of the questions that have nothing to do with sound is put to small collections:
    what nine of ten best hits stay below, of questions without a taught word, is the floor for
    such sentences. The other questions tell how it fares.
    """
    learnt = [sentence for sentence in words.strange[::2] if not words.knows(sentence)]
    judged = words.strange[1::2]

    def best(sentences: Sequence[str]) -> NDArray[np.floating]:
        hits = np.empty((_COLLECTIONS_EACH, len(sentences)))
        for turn, place in np.ndindex(hits.shape):
            size = int(rng.integers(_COLLECTION_CLIPS[0], _COLLECTION_CLIPS[1] + 1))
            drawn = rng.choice(len(audio), size=min(size, len(audio)), replace=False)
            hits[turn, place] = (audio[drawn] @ vectors[sentences[place]]).max()
        return hits

    texts = list(dict.fromkeys((*learnt, *judged)))
    vectors = dict(zip(texts, model.embed_text(texts), strict=True))
    rise = max(0.0, float(np.quantile(best(learnt), _STRANGE_BELOW)) - floor) if learnt else 0.0
    hits = best(judged)
    known = np.array([words.knows(sentence) for sentence in judged])
    return Strangeness(
        rise=rise,
        questions=len(judged),
        strange=float(np.mean(~known)),
        passed=float(np.mean(hits >= floor + np.where(known, 0.0, rise))),
        passed_before=float(np.mean(hits >= floor)),
    )


def _frequent(clips: Sequence[Clip]) -> list[str]:
    """Return the concepts that can be there or not: no absences, and neither rare nor common."""
    counts = {name: sum(name in clip.concepts for clip in clips) for name in CONCEPTS}
    return [
        name
        for name, count in counts.items()
        if _FROM_CLIPS <= count <= len(clips) / 2 and CONCEPTS[name].kind != "absence"
    ]


def _parting(
    present: NDArray[np.floating], absent: NDArray[np.floating], nonsense: NDArray[np.floating]
) -> float:
    found = np.unique(np.concatenate([present, absent, nonsense]))
    between = np.concatenate([[found[0] - 1e-3], (found[1:] + found[:-1]) / 2])
    missed = (present[np.newaxis] < between[:, np.newaxis]).mean(axis=1)
    passed = (absent[np.newaxis] >= between[:, np.newaxis]).mean(axis=1)
    passed = (passed + (nonsense[np.newaxis] >= between[:, np.newaxis]).mean(axis=1)) / 2
    errors = np.where(missed <= _MISSED_AT_MOST, missed + passed, np.inf)
    ties = np.flatnonzero(errors <= errors.min() + 1e-9)
    return float(between[ties[len(ties) // 2]])


def _best_windows(
    cosines: NDArray[np.floating], shares: NDArray[np.float64], pieces: NDArray[np.integer]
) -> tuple[NDArray[np.floating], NDArray[np.float64]]:
    """Keep each piece's best column for each row."""
    chosen = []
    for piece in np.unique(pieces):
        columns = np.flatnonzero(pieces == piece)
        chosen.append(columns[np.argmax(cosines[:, columns], axis=1)])
    places = np.stack(chosen, axis=1)
    return np.take_along_axis(cosines, places, axis=1), np.take_along_axis(shares, places, axis=1)


def _kinds(
    rows: Rows,
) -> tuple[NDArray[np.floating], NDArray[np.floating], NDArray[np.floating]]:
    """Return the cosines of right first rows, of half-right rows near the top, of wrong rows."""
    order = np.argsort(-rows.cosines, axis=1, kind="stable")
    cosines = np.take_along_axis(rows.cosines, order, axis=1)
    shares = np.take_along_axis(rows.shares, order, axis=1)
    half = (shares >= 0.5) & (shares < 1.0)
    half[:, _HALF_ROWS:] = False
    return cosines[:, 0][shares[:, 0] >= 1.0], cosines[half], cosines[shares < 0.5]


def _reading(values: NDArray[np.float64]) -> Reading:
    if not len(values):
        return Reading(0, float("nan"), float("nan"), float("nan"))
    low, median, high = np.quantile(values, (0.1, 0.5, 0.9))
    return Reading(len(values), float(median), float(low), float(high))


def _between(values: NDArray[np.float64], low: float, high: float) -> float:
    return float(np.mean((values >= low) & (values <= high))) if len(values) else float("nan")


def _logit(share: float) -> float:
    return float(np.log(share / (1 - share)))
