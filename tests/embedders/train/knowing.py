"""A model that knows all or nothing, and clips without sound, for judging the evaluation."""

import zlib
from collections.abc import Sequence

import numpy as np

from traumbox.embedders.builtin.mel import BANDS, FRAMES
from traumbox.embedders.builtin.train.concepts import CONCEPTS
from traumbox.embedders.builtin.train.data import Clip
from traumbox.embedders.builtin.train.evaluate import Words
from traumbox.embedders.builtin.train.facts import Facts

NAMES = sorted(CONCEPTS)
_NOTHING = len(NAMES)  # the direction that nonsense points to
_JOINT = " + "

WORDS = Words(
    caption=lambda names, rng, language, *, unseen: _JOINT.join(names),
    usual=lambda name, language: name,
    nonsense=lambda rng: "xyzzy",
    strange=("xyzzy", "plugh"),
    knows=lambda sentence: sentence not in {"xyzzy", "plugh"},
)


class Knowing:
    """Reads the concepts off the picture, where ``clip`` has written them."""

    def embed_mels(self, mels: Sequence[np.ndarray]) -> np.ndarray:
        return unit(np.stack([mel.reshape(-1)[: _NOTHING + 1] for mel in mels]))

    def embed_text(self, sentences: Sequence[str]) -> np.ndarray:
        rows = np.zeros((len(sentences), _NOTHING + 1), dtype=np.float32)
        for row, sentence in zip(rows, sentences, strict=True):
            for word in sentence.split(_JOINT):
                row[NAMES.index(word) if word in NAMES else _NOTHING] = 1.0
        return unit(rows)


class Guessing:
    """Knows nothing: every picture and sentence points somewhere else."""

    def embed_mels(self, mels: Sequence[np.ndarray]) -> np.ndarray:
        return unit(np.random.default_rng(1).normal(size=(len(mels), 32)))

    def embed_text(self, sentences: Sequence[str]) -> np.ndarray:
        seeds = [zlib.crc32(sentence.encode()) for sentence in sentences]
        return unit(np.stack([np.random.default_rng(s).normal(size=32) for s in seeds]))


def unit(rows: np.ndarray) -> np.ndarray:
    length = np.linalg.norm(rows.astype(np.float32), axis=1, keepdims=True)
    return (rows / np.maximum(length, 1e-9)).astype(np.float32)


def clip(*concepts: str, piece: int = 0, facts: Facts | None = None) -> Clip:
    """Return a silent clip whose picture tells a ``Knowing`` model what is in it."""
    mel = np.zeros(FRAMES * BANDS, dtype=np.float16)
    mel[[NAMES.index(name) for name in concepts]] = 1.0
    picture = mel.reshape(FRAMES, BANDS)
    return Clip(picture, frozenset(concepts), piece, "synth", facts or Facts())


def many_clips(count: int) -> list[Clip]:
    """Return clips of drawn line-ups, styles, paces and moods, every fourth held out further."""
    rng = np.random.default_rng(3)
    clips = []
    for piece in range(count):
        family = str(rng.choice(["piano", "drums", "organ", "saxophone"]))
        style = str(rng.choice(["rock", "jazz", "waltz"]))
        pace, bpm = [("slow", 70.0), ("medium", 105.0), ("fast", 140.0)][int(rng.integers(3))]
        mode = str(rng.choice(["major", "minor"]))
        mood = str(rng.choice(["happy", "sad", "epic", "dreamy"]))
        held = ("font",) if piece % 4 == 0 else ()
        facts = Facts(style, family, (family,), bpm, mode, 0.5, 2000.0, held)
        names = (family, style, pace, mode, mood, "music")
        clips.append(clip(*names, piece=piece, facts=facts))
    return clips
