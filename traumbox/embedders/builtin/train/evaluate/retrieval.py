"""Finding held-out pieces by captions, and captions by pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from traumbox.domain import Float32
from traumbox.embedders.builtin.train.data import Clip
from traumbox.embedders.builtin.train.evaluate.model import LANGUAGES, Language, Model, Rng, Words
from traumbox.embedders.builtin.train.evaluate.wishes import draw_wishes, fulfilled

DEPTHS = (1, 5, 10)
ATTRIBUTES = 3


@dataclass(frozen=True, slots=True)
class Recall:
    """How often a hit is among the first k, by k.

    ``fitting``: a hit is any candidate that fits (from text: a piece that has everything the
    caption asks for; from audio: a caption that asks for nothing the piece lacks). ``own``: only
    the very piece a caption was drawn from, or the caption drawn from the piece. As several
    pieces fit equally well, nobody could reach 1 there: ``own_ceiling`` is what a model that
    knows everything and guesses among the fitting would get.
    """

    fitting: dict[int, float]
    fitting_chance: dict[int, float]
    own: dict[int, float]
    own_chance: dict[int, float]
    own_ceiling: dict[int, float]


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Both directions for captions in one language, of wordings seen in training or not."""

    language: Language
    unseen: bool
    captions: int
    to_audio: Recall
    to_text: Recall
    by_held: dict[str, tuple[int, float]]
    """By what training never had of the clip: captions, and fitting hits among the first 10."""


def retrieve(
    model: Model, words: Words, clips: Sequence[Clip], audio: Float32, rng: Rng
) -> tuple[Retrieval, ...]:
    """Ask for three attributes of each of ``clips`` (vectors ``audio`` float32[n, dim]).

    The same wishes are written four times: in both languages, in wordings of the training and in
    others, so that the four results differ by the words alone.
    """
    wishes = draw_wishes(clips, ATTRIBUTES, rng)
    own = np.array([wish.clip for wish in wishes])
    fits = fulfilled(wishes, clips) >= 1.0
    results = []
    for language in LANGUAGES:
        for unseen in (False, True):
            sentences = [words.caption(w.names, rng, language, unseen=unseen) for w in wishes]
            cosines = model.embed_text(sentences) @ audio.T
            results.append(
                Retrieval(
                    language,
                    unseen,
                    len(wishes),
                    to_audio=recall(cosines, fits, own),
                    to_text=recall(cosines.T[own], fits.T[own], np.arange(len(own))),
                    by_held=_by_held(cosines, fits, [clips[place] for place in own]),
                )
            )
    return tuple(results)


def recall(
    cosines: NDArray[np.floating], fits: NDArray[np.bool_], own: NDArray[np.integer]
) -> Recall:
    """Return the hits of cosines [queries, candidates].

    Parameters
    ----------
    fits
        bool[queries, candidates]; every query has at least one that fits.
    own
        int[queries]: which candidate the query was made from.
    """
    order = np.argsort(-cosines, axis=1, kind="stable")
    sorted_fits = np.take_along_axis(fits, order, axis=1)
    ranks = np.argmax(order == own[:, np.newaxis], axis=1)
    fitting, n = fits.sum(axis=1), fits.shape[1]
    return Recall(
        fitting={k: float(sorted_fits[:, :k].any(axis=1).mean()) for k in DEPTHS},
        fitting_chance={k: float(_drawn(n, fitting, k).mean()) for k in DEPTHS},
        own={k: float((ranks < k).mean()) for k in DEPTHS},
        own_chance={k: min(1.0, k / n) for k in DEPTHS},
        own_ceiling={k: float(np.minimum(1.0, k / fitting).mean()) for k in DEPTHS},
    )


def _drawn(n: int, fitting: NDArray[np.integer], k: int) -> NDArray[np.float64]:
    """Return how likely ``k`` of ``n`` drawn blindly hold one of those that fit."""
    missed = np.ones(len(fitting))
    for drawn in range(min(k, n)):
        missed *= np.maximum(0, n - fitting - drawn) / (n - drawn)
    return 1.0 - missed


def _by_held(
    cosines: Float32, fits: NDArray[np.bool_], clips: Sequence[Clip]
) -> dict[str, tuple[int, float]]:
    order = np.argsort(-cosines, axis=1, kind="stable")[:, : DEPTHS[-1]]
    hits = np.asarray(np.take_along_axis(fits, order, axis=1).any(axis=1), dtype=bool)
    return {
        reason: (int(chosen.sum()), float(hits[chosen].mean()))
        for reason, chosen in held_groups(clips).items()
    }


def held_groups(clips: Sequence[Clip]) -> dict[str, NDArray[np.bool_]]:
    """Return bool[clips] by what training never had of them; "nothing" for the piece alone."""
    reasons = sorted({reason for clip in clips for reason in clip.facts.held})
    groups = {"nothing": np.array([not clip.facts.held for clip in clips], dtype=bool)}
    groups |= {
        reason: np.array([reason in clip.facts.held for clip in clips]) for reason in reasons
    }
    return {reason: chosen for reason, chosen in groups.items() if chosen.any()}
