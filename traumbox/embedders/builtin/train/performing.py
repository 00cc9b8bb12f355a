"""Let scenes sound: on a soundfont, on our synthesiser, or the band on one, drums on the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import cast

import numpy as np
import soxr

from traumbox.domain import SAMPLE_RATE_HZ, Float32
from traumbox.embedders.builtin.train import soundfont
from traumbox.embedders.builtin.train.humanise import humanise
from traumbox.embedders.builtin.train.players import SUSTAINED
from traumbox.embedders.builtin.train.scenes import Passage, Scene
from traumbox.embedders.builtin.train.voices import Speaker, speak
from traumbox.synth.compose import compose
from traumbox.synth.mix import play
from traumbox.synth.score import Part

Rng = np.random.Generator

_LARGEST = 3  # semitones
_GAP_S = 2.0  # between sampled pieces, so that one doesn't ring into the next
_STRICT = frozenset({"techno", "house", "trance", "drum and bass", "chiptune", "synthwave"})
_SPEAKERS = {"man speaking": "man", "woman speaking": "woman"}


def perform_all(
    scenes: Sequence[Scene],
    duration_s: float,
    font: soundfont.Soundfont | None,
    rng: Rng,
    *,
    varied: bool = True,
) -> Iterator[tuple[Scene, Float32]]:
    """Yield every scene with its sound, dry mono float32[n] of at least ``duration_s``.

    ``varied``: sampled instruments may be larger or smaller than they were recorded.
    """
    scores = [_score(scene, rng) for scene in scenes]
    sampled = [n for n, scene in enumerate(scenes) if scene.sampled]
    if font is not None and sampled:
        sizes = {n: _size(rng) if varied else 0 for n in sampled}
        batch = [
            (
                [_resized(part, sizes[n]) for part in scores[n] if not _is_ours(part, scenes[n])],
                scenes[n].kit,
            )
            for n in sampled
        ]
        spacing_s = duration_s * _rate(_LARGEST) + _GAP_S
        played = soundfont.render(batch, spacing_s, font, rng)
        for n, stereo in zip(sampled, played, strict=True):
            ours = [part for part in scores[n] if _is_ours(part, scenes[n])]
            sound = _restored(stereo.mean(axis=1), sizes[n])
            if ours:
                sound = _beside(sound, _play(ours, duration_s, rng), _share(ours))
            yield scenes[n], sound
    for scene, score in zip(scenes, scores, strict=True):
        if not scene.sampled:
            yield scene, _play(score, duration_s, rng)


def _size(rng: Rng) -> int:
    """Return by how many semitones the bodies of the instruments sound higher; often none."""
    return 0 if rng.random() < 0.4 else int(rng.integers(-_LARGEST, _LARGEST + 1))


def _rate(semitones: int) -> float:
    return float(2 ** (semitones / 12))


def _resized(part: Part, semitones: int) -> Part:
    """Play lower and slower, so that a faster tape (:func:`_restored`) has tune and tempo right."""
    rate = _rate(semitones)
    notes = tuple(
        replace(
            note,
            start_s=note.start_s * rate,
            duration_s=note.duration_s * rate,
            pitch=note.pitch - semitones,
        )
        for note in part.notes
    )
    return Part(part.voice, notes)


def _restored(x: Float32, semitones: int) -> Float32:
    if not semitones:
        return x
    faster: Float32 = soxr.resample(x, SAMPLE_RATE_HZ * _rate(semitones), SAMPLE_RATE_HZ, "MQ")
    return faster


def _score(scene: Scene, rng: Rng) -> list[Part]:
    """Compose the passages of a scene one after the other, and let people play them."""
    parts: list[Part] = []
    start_s = 0.0
    for passage in scene.passages:
        freedom = _freedom(passage, rng)
        for part in humanise(compose(passage.section, rng, SUSTAINED), freedom, rng):
            notes = tuple(replace(note, start_s=note.start_s + start_s) for note in part.notes)
            parts.append(Part(part.voice, notes))
        start_s += passage.section.duration_s
    return parts


def _freedom(passage: Passage, rng: Rng) -> float:
    """Machines keep time, bands nearly, soloists as they like."""
    if passage.facts.style in _STRICT:
        return 0.0
    most = 0.3 if "drums" in passage.facts.families else 1.0
    return float(rng.uniform(0.0, most))


def _is_ours(part: Part, scene: Scene) -> bool:
    return part.voice.role == "texture" or (part.voice.role == "drums" and scene.own_drums)


def _share(ours: Sequence[Part]) -> float:
    """Return how loud our part is beside the rest: drums as all others, rain as its level says."""
    if any(part.voice.role == "drums" for part in ours):
        return 0.8
    return max(part.voice.level for part in ours)


def _beside(sound: Float32, ours: Float32, share: float) -> Float32:
    """Mix our part in."""
    n = min(len(sound), len(ours))
    theirs = float(np.sqrt(np.mean(sound[:n] ** 2)))
    own = float(np.sqrt(np.mean(ours[:n] ** 2)))
    if theirs < 1e-5 or own < 1e-5:
        return sound[:n] + ours[:n]
    mixed: Float32 = sound[:n] + ours[:n] * np.float32(share * theirs / own)
    return mixed


def _play(parts: Sequence[Part], duration_s: float, rng: Rng) -> Float32:
    """Play on our synthesiser, with espeak-ng for those who talk: dry mono."""
    synthetic = [part for part in parts if part.voice.instrument not in _SPEAKERS]
    out: Float32 = play(synthetic, duration_s, rng).mean(axis=1)
    for part in parts:
        if part.voice.instrument in _SPEAKERS:
            speaker = cast("Speaker", _SPEAKERS[part.voice.instrument])
            spoken = speak(speaker, duration_s, rng)
            out[: len(spoken)] += spoken * np.float32(part.voice.level)
    return out
