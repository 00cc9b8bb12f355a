"""What the training sees at a time: pictures of sounds, captions, and which fits which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from traumbox.domain import WINDOW_SAMPLES, Float32
from traumbox.embedders.builtin import tokens
from traumbox.embedders.builtin.mel import log_mel
from traumbox.embedders.builtin.train.captions import caption, caption_of, nonsense
from traumbox.embedders.builtin.train.concepts import CONCEPTS
from traumbox.embedders.builtin.train.data import Clip
from traumbox.embedders.builtin.train.rivals import one_wrong
from traumbox.embedders.builtin.train.styles import STYLES

Rng = np.random.Generator
NAMES = tuple(sorted(CONCEPTS))
"""The concepts in the order of the columns of :class:`Batch`."""

_BROAD = {"keyboard", "plucked", "mallets", "woodwind", "guitar"}
_MOODS = ("calm", "dreamy", "sad", "dark", "happy", "playful", "energetic", "aggressive", "epic", "tense", "romantic", "groovy")  # fmt: skip  # noqa: E501 -- one list
GROUPS: tuple[tuple[str, ...], ...] = (
    tuple(dict.fromkeys(style.concepts[0] for style in STYLES)),
    tuple(n for n in NAMES if CONCEPTS[n].kind == "instrument" and n not in _BROAD),
    tuple(n for n in NAMES if CONCEPTS[n].kind == "scene"),
    ("slow", "medium", "fast"),
    ("major", "minor"),
    ("bright", "dull"),
    _MOODS,
)
"""Names among which a clip is to be told by one caption each; the styles come first."""
_PROMPTS = tuple(name for group in GROUPS for name in group)

_CAPTIONS_A_CLIP = 2
_RIVALS_A_CLIP = 0.5
_NONSENSE_A_CLIP = 0.2
_PLACE = {name: place for place, name in enumerate(NAMES)}
_FILLERS = (
    *("the", "very", "really", "nice", "good", "my", "for", "in", "that", "is", "like", "one"),
    *("die", "das", "sehr", "schöne", "gute", "mal", "im", "ein", "so", "bitte", "nur", "mehr"),
)
_NOTHING: frozenset[str] = frozenset()
_SILENCE = log_mel(np.zeros(WINDOW_SAMPLES, dtype=np.float32)).min()


@dataclass(frozen=True, slots=True)
class Batch:
    """Clips and captions; ``fits`` has every caption's wishes checked against every clip.

    With ``choices`` the last captions are one for each name of GROUPS in their order; ``choices``
    are the right ones.
    """

    mel: Tensor  # float32[n, frames, BANDS]
    named: Tensor  # float32[n, concepts], 1 where the clip has the concept
    words: Tensor  # int64[distinct words, pieces]
    places: Tensor  # int64[captions, words], which of them
    mask: Tensor  # float32[captions, words, 1], 0 for padding
    asked: Tensor  # float32[captions, concepts], 1 where the caption asks for the concept
    fits: Tensor  # float32[n, captions], 1 where the caption's wishes are all fulfilled
    choices: Tensor | None  # float32[n, names of all GROUPS]


def batches(
    clips: Sequence[Clip], size: int, frames: int, rng: Rng, *, choosing: bool = False
) -> Iterator[Batch]:
    """Yield one epoch in random order, with ``frames`` of each picture; the rest is left out.

    ``choosing`` adds a caption for each name of GROUPS.
    """
    order = rng.permutation(len(clips))
    for start in range(0, len(order) - size + 1, size):
        yield _batch([clips[n] for n in order[start : start + size]], frames, rng, choosing)


def count(clips: Sequence[Clip], size: int) -> int:
    """Return how many batches an epoch has."""
    return len(clips) // size


def _batch(chosen: Sequence[Clip], frames: int, rng: Rng, choosing: bool) -> Batch:
    mel = np.stack(
        [_excerpt(_vary(clip.mel.astype(np.float32), rng), frames, rng) for clip in chosen]
    )
    named = _flags([clip.concepts for clip in chosen])
    written = [caption(clip.concepts, rng) for clip in chosen for _ in range(_CAPTIONS_A_CLIP)]
    for _, wish in written[: int(_RIVALS_A_CLIP * len(chosen)) * 2 : 2]:
        wrong = one_wrong(wish, rng)
        if wrong is not None:
            written.append((caption_of(wrong, rng), frozenset(wrong)))
    idle = max(1, int(_NONSENSE_A_CLIP * len(chosen)))
    texts = [*(_chatty(text, rng) for text, _ in written), *(nonsense(rng) for _ in range(idle))]
    prompts = _PROMPTS if choosing else ()
    texts += [caption_of([name], rng) for name in prompts]
    wishes = [
        *(wish for _, wish in written),
        *[_NOTHING] * idle,
        *(frozenset({n}) for n in prompts),
    ]
    asked = _flags(wishes)
    count_asked = asked.sum(axis=1)
    # To ask for nothing is fulfilled by no clip.
    fits = (named @ asked.T >= count_asked) & (count_asked > 0)
    ids = tokens.encode(texts)
    words, places = np.unique(ids.reshape(-1, ids.shape[2]), axis=0, return_inverse=True)
    return Batch(
        torch.from_numpy(mel),
        torch.from_numpy(named),
        torch.from_numpy(_forgetful(words, rng)),
        torch.from_numpy(places.reshape(ids.shape[:2])),
        torch.from_numpy((ids[:, :, :1] > 0).astype(np.float32)),
        torch.from_numpy(asked),
        torch.from_numpy(fits.astype(np.float32)),
        torch.from_numpy(_choices(chosen, named)) if choosing else None,
    )


def _choices(chosen: Sequence[Clip], named: Float32) -> Float32:
    """Return what is right of each group; of the styles only the one that was played."""
    right = named[:, [_PLACE[name] for name in _PROMPTS]]
    for row, clip in enumerate(chosen):
        right[row, : len(GROUPS[0])] = [clip.facts.style == name for name in GROUPS[0]]
    return right


def _flags(sets: Sequence[frozenset[str]]) -> Float32:
    flags = np.zeros((len(sets), len(NAMES)), dtype=np.float32)
    for row, names in enumerate(sets):
        for name in names:
            flags[row, _PLACE[name]] = 1.0
    return flags


def _excerpt(mel: Float32, frames: int, rng: Rng) -> Float32:
    start = int(rng.integers(len(mel) - frames + 1))
    return mel[start : start + frames]


def _vary(mel: Float32, rng: Rng) -> Float32:
    """Vary a log-mel picture: start elsewhere, turn the tone controls, cover strips."""
    if rng.random() < 0.6:
        mel = np.roll(mel, int(rng.integers(len(mel))), axis=0)
    knots = rng.normal(0.0, 0.12, 6)
    tilt = np.interp(np.linspace(0, 5, mel.shape[1]), np.arange(6), knots)
    mel = mel + tilt.astype(np.float32) + np.float32(rng.normal(0.0, 0.05))
    if rng.random() < 0.4:
        start, width = int(rng.integers(mel.shape[0] - 60)), int(rng.integers(5, 60))
        mel[start : start + width] = mel.mean()
    if rng.random() < 0.3:
        start, width = int(rng.integers(mel.shape[1] - 8)), int(rng.integers(1, 8))
        mel[:, start : start + width] = mel.mean()
    if rng.random() < 0.1:  # short pieces are padded with silence
        mel[len(mel) - int(rng.integers(20, len(mel) // 2)) :] = _SILENCE
    floored: Float32 = np.maximum(mel, _SILENCE)
    return floored


def _chatty(text: str, rng: Rng) -> str:
    """Put a word in that means nothing, now and then."""
    words = text.split()
    if rng.random() < 0.15:
        words.insert(int(rng.integers(len(words) + 1)), str(rng.choice(_FILLERS)))
    return " ".join(words)


def _forgetful(ids: NDArray[np.int64], rng: Rng) -> NDArray[np.int64]:
    """Blank some pieces of words int64[words, pieces]: unknown and misspelt words get by."""
    drop = rng.random(ids.shape) < 0.1
    drop[:, 0] = rng.random(len(ids)) < 0.2
    drop[:, 1] = False
    out = ids.copy()
    out[drop] = 0
    return out
