# ruff: noqa: E501 -- tables, one entry a line
"""Write what someone might type to find a clip, and which concepts that asks for."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from traumbox.embedders.builtin.train.concepts import CONCEPTS, IDIOMS, Concept

Rng = np.random.Generator

_WEIGHTS = {"instrument": 3.0, "quality": 2.2, "scene": 6.0, "genre": 3.0, "absence": 0.35}
_RARE = {"major": 0.15, "minor": 0.15, "medium": 0.3, "keyboard": 0.3, "plucked": 0.4, "acoustic": 0.6, "rhythmic": 0.6, "music": 0.4, "wind": 2.0, "deep": 1.6, "bright": 1.3, "fast": 1.3, "slow": 1.3, "drums": 1.5}  # fmt: skip
_NOUNS = ("music", "music", "piece", "song", "tune", "track", "sounds", "")
_FRAMES = ("{}", "{}", "{}", "{}", "{}", "a {}", "some {}", "find {}", "i want {}", "something with {}", "play {}", "sounds like {}", "the sound of {}", "{} please")  # fmt: skip


def caption(present: Collection[str], rng: Rng) -> tuple[str, frozenset[str]]:
    """Return a caption for a clip with the concepts ``present``, and the concepts it names."""
    if rng.random() < 0.12:
        fitting = [idiom for idiom in IDIOMS if set(idiom[1]) <= set(present)]
        if fitting:
            text, asked = fitting[int(rng.integers(len(fitting)))]
            return text, frozenset(asked)
    names = sorted(name for name in present if name in CONCEPTS)
    odds = np.array([_WEIGHTS[CONCEPTS[name].kind] * _RARE.get(name, 1.0) for name in names])
    count = min(len(names), int(rng.choice([1, 2, 3, 4], p=[0.42, 0.33, 0.18, 0.07])))
    chosen = rng.choice(names, size=count, replace=False, p=odds / odds.sum())
    concepts = [CONCEPTS[str(name)] for name in chosen]
    return _sentence(concepts, rng), frozenset(concept.name for concept in concepts)


def _word(concept: Concept, rng: Rng) -> str:
    return concept.words[int(rng.integers(len(concept.words)))]


def _sentence(concepts: list[Concept], rng: Rng) -> str:
    qualities = [_word(c, rng) for c in concepts if c.kind == "quality"]
    nouns = [_word(c, rng) for c in concepts if c.kind in {"instrument", "scene", "genre"}]
    absences = [_word(c, rng) for c in concepts if c.kind == "absence"]
    if rng.random() < 0.2:
        words = [*qualities, *nouns, *absences]
        rng.shuffle(words)
        return str(rng.choice([", ", " "])).join(words)
    joint = str(rng.choice([" and ", " with ", ", ", " "]))
    front = str(rng.choice([" ", ", ", " and "])).join(qualities)
    if not nouns and qualities and rng.random() < 0.5:
        nouns = [str(rng.choice(_NOUNS))]
    text = f"{front} {joint.join(nouns)}".strip()
    if absences:
        text = f"{text} {' '.join(absences)}".strip()
    frame = str(rng.choice(_FRAMES)) if nouns and rng.random() < 0.35 else "{}"
    return frame.format(text)
