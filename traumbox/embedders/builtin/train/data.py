"""Make the training clips: draw scenes, play them, cut, spoil, measure; stored as log-mel shards.

A shard is one ``.npz`` (``mel`` float16[n, FRAMES, BANDS], ``piece`` int32[n], ``sampled`` bool[n])
and a ``.json`` with each clip's concepts. It depends on its number and the seed alone, so an
interrupted run goes on where it was.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from traumbox.domain import WINDOW_S, WINDOW_SAMPLES, Float32
from traumbox.embedders.builtin.mel import log_mel
from traumbox.embedders.builtin.train import soundfont
from traumbox.embedders.builtin.train.augment import spoil, to_level
from traumbox.embedders.builtin.train.concepts import CONCEPTS
from traumbox.embedders.builtin.train.measure import measure, measured_concepts
from traumbox.embedders.builtin.train.players import SUSTAINED
from traumbox.embedders.builtin.train.scenes import Scene, draw_scene, draw_texture_scene
from traumbox.synth.compose import compose
from traumbox.synth.mix import Room, play, reverberate
from traumbox.synth.score import Part
from traumbox.synth.signal import samples

log = logging.getLogger(__name__)

Rng = np.random.Generator

PIECE_S = 20.0
PIECES_PER_SHARD = 48
TEXTURE_SHARDS_FROM = 9000
"""Shards from this number on hold weather, birds and voices only; one for nine of music."""
_SPACING_S = 22.5  # between sampled pieces, so that one doesn't ring into the next


@dataclass(frozen=True, slots=True)
class Clip:
    """Ten seconds for training: the log-mel float16[FRAMES, BANDS] and what is in it."""

    mel: NDArray[np.float16]
    concepts: frozenset[str]
    piece: int
    sampled: bool


def generate(directory: Path, shards: int, seed: int, workers: int) -> None:
    """Write ``shards`` shards of music, and some of textures, where they are not there yet."""
    directory.mkdir(parents=True, exist_ok=True)
    font = soundfont.find()
    if font is None:
        log.warning("no fluidsynth or no soundfont: the model will know our synthesiser only")
    textures = range(TEXTURE_SHARDS_FROM, TEXTURE_SHARDS_FROM + shards // 9)
    numbers = [*range(shards), *textures]
    missing = [n for n in numbers if not _json_path(directory, n).exists()]
    make = partial(make_shard, directory, seed=seed, font=font)
    # Spawned, because torch has started threads in this process.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for number in pool.map(make, missing):
            log.info("shard %d is written", number)


def count_shards(directory: Path) -> int:
    """Return how many shards in ``directory`` are finished."""
    return len(list(directory.glob("shard-*.json")))


def load(directory: Path) -> list[Clip]:
    """Return the clips of all shards in ``directory`` that are finished."""
    clips = []
    for described in sorted(directory.glob("shard-*.json")):
        about = json.loads(described.read_text("utf-8"))
        with np.load(described.with_suffix(".npz")) as arrays:
            mels, pieces, sampled = arrays["mel"], arrays["piece"], arrays["sampled"]
        for mel, piece, flag, concepts in zip(mels, pieces, sampled, about, strict=True):
            clips.append(Clip(mel, frozenset(concepts), int(piece), bool(flag)))
    return clips


def _json_path(directory: Path, number: int) -> Path:
    return directory / f"shard-{number:04d}.json"


def make_shard(
    directory: Path,
    number: int,
    seed: int,
    pieces: int = PIECES_PER_SHARD,
    font: Path | None = None,
) -> int:
    """Write one shard and return its number; without a ``font`` the synthesiser plays it all."""
    rng = np.random.default_rng([seed, number])
    clips = list(_clips(number, pieces, font, rng))
    path = _json_path(directory, number)
    np.savez(
        path.with_suffix(".npz"),
        mel=np.stack([clip.mel for clip in clips]),
        piece=np.array([clip.piece for clip in clips], dtype=np.int32),
        sampled=np.array([clip.sampled for clip in clips]),
    )
    hidden = path.with_suffix(".part")
    hidden.write_text(json.dumps([sorted(clip.concepts) for clip in clips]), "utf-8")
    os.replace(hidden, path)  # noqa: PTH105 -- the rename marks the shard as finished
    return number


def _clips(number: int, pieces: int, font: Path | None, rng: Rng) -> Iterator[Clip]:
    if number >= TEXTURE_SHARDS_FROM:
        scenes = [draw_texture_scene(PIECE_S, rng) for _ in range(pieces)]
    else:  # three of five pieces on sampled instruments, where there are any
        scenes = [draw_scene(PIECE_S, font is not None and n % 5 < 3, rng) for n in range(pieces)]
    for place, (scene, sound) in enumerate(_play_all(scenes, font, rng)):
        piece = number * PIECES_PER_SHARD + place
        for start_s in _starts(scene, rng):
            start = samples(start_s) if start_s else 0
            excerpt = sound[start : start + WINDOW_SAMPLES]
            if float(np.max(np.abs(excerpt))) > 1e-4:
                yield _clip(excerpt, scene, start_s, piece, rng)


def _play_all(
    scenes: Sequence[Scene], font: Path | None, rng: Rng
) -> Iterator[tuple[Scene, Float32]]:
    """Yield every scene with its sound, mono float32[n] of at least PIECE_S."""
    scores = [[compose(p.section, rng, SUSTAINED) for p in scene.passages] for scene in scenes]
    sampled = [n for n, scene in enumerate(scenes) if scene.sampled]
    if font and sampled:
        batch = [(_joined(scenes[n], scores[n]), scenes[n].kit) for n in sampled]
        for n, stereo in zip(sampled, soundfont.render(batch, _SPACING_S, font), strict=True):
            yield scenes[n], stereo.mean(axis=1)
    for scene, score in zip(scenes, scores, strict=True):
        if not scene.sampled:
            yield scene, _synthesise(scene, score, rng)


def _joined(scene: Scene, scores: Sequence[tuple[Part, ...]]) -> list[Part]:
    """Put the passages of a scene one after the other in one score."""
    parts, start_s = [], 0.0
    for passage, score in zip(scene.passages, scores, strict=True):
        for part in score:
            shifted = tuple(replace(note, start_s=note.start_s + start_s) for note in part.notes)
            parts.append(Part(part.voice, shifted))
        start_s += passage.section.duration_s
    return parts


def _synthesise(scene: Scene, scores: Sequence[tuple[Part, ...]], rng: Rng) -> Float32:
    out = np.zeros((samples(PIECE_S + 3), 2), dtype=np.float32)
    start = 0
    for passage, score in zip(scene.passages, scores, strict=True):
        sound = play(score, passage.section.duration_s, rng)[: len(out) - start]
        out[start : start + len(sound)] += sound
        start += samples(passage.section.duration_s)
    if rng.random() < 0.6:
        out = reverberate(
            out, Room(float(rng.uniform(0.5, 3.0)), float(rng.uniform(0.05, 0.4))), rng
        )
    mono: Float32 = out.mean(axis=1)
    return mono


def _starts(scene: Scene, rng: Rng) -> tuple[float, ...]:
    """Return where to cut: each half, and across the change where there is one."""
    if len(scene.passages) == 1:
        return 0.0, PIECE_S - WINDOW_S
    return 0.0, float(rng.uniform(3.5, 6.5)), WINDOW_S


def _clip(excerpt: Float32, scene: Scene, start_s: float, piece: int, rng: Rng) -> Clip:
    concepts = set(_known(scene, start_s))
    energy = max(p.section.energy for p in scene.passages)
    level_db = -27.0 + 12.0 * energy + rng.normal(0, 4.0)
    x = to_level(spoil(excerpt, rng), float(np.clip(level_db, -45, -8)))
    concepts |= measured_concepts(measure(x), concepts)
    return Clip(log_mel(x).astype(np.float16), frozenset(concepts), piece, scene.sampled)


def _known(scene: Scene, start_s: float) -> frozenset[str]:
    """Return what is to be heard in the clip from ``start_s``; across a change, some of both."""
    if len(scene.passages) == 1:
        return scene.passages[0].concepts
    first, second = scene.passages
    change_s = first.section.duration_s
    if start_s + WINDOW_S <= change_s + 0.5:
        return first.concepts
    if start_s >= change_s - 0.5:
        return second.concepts
    either = first.concepts | second.concepts
    heard = {name for name in either if CONCEPTS[name].kind in {"instrument", "scene", "genre"}}
    return frozenset(heard | (first.concepts & second.concepts))
