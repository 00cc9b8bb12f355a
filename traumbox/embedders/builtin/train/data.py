"""Make the training clips: draw scenes, play them, cut, spoil, measure; stored as log-mel shards.

A shard is one ``.npz`` (``mel`` float16[n, FRAMES, BANDS]) and a ``.json`` with what is known of
each clip. It depends on its number and the seed alone, so an interrupted run goes on where it was.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from traumbox.domain import WINDOW_S, WINDOW_SAMPLES, Float32
from traumbox.embedders.builtin.mel import log_mel
from traumbox.embedders.builtin.train.augment import spoil, to_level
from traumbox.embedders.builtin.train.concepts import CONCEPTS
from traumbox.embedders.builtin.train.facts import Facts
from traumbox.embedders.builtin.train.measure import measure, measured_concepts
from traumbox.embedders.builtin.train.performing import perform_all
from traumbox.embedders.builtin.train.scenes import Scene, draw_scene, draw_texture_scene
from traumbox.embedders.builtin.train.soundfont import HELD_OUT, Soundfont, installed
from traumbox.synth.signal import samples

log = logging.getLogger(__name__)

Rng = np.random.Generator

PIECE_S = 13.0
PIECES_PER_SHARD = 48
HELD_FROM, TEXTURES_FROM, HELD_TEXTURES_FROM = 8000, 9000, 9500
"""Shards from these numbers on are: for the evaluation; weather and voices; these held out."""
_SAMPLED = 0.7  # so many of the pieces are played on a soundfont, where there is one


@dataclass(frozen=True, slots=True)
class Clip:
    """Ten seconds: the log-mel float16[FRAMES, BANDS] and what is in it.

    ``source`` is the soundfont's name or "synth".
    """

    mel: NDArray[np.float16]
    concepts: frozenset[str]
    piece: int
    source: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Amount:
    """How many shards to make of each kind; a shard is PIECES_PER_SHARD clips."""

    music: int = 400
    textures: int = 36
    held: int = 20
    held_textures: int = 1

    def numbers(self) -> list[int]:
        """Return the shards' numbers, the evaluation's first."""
        return [
            *range(HELD_FROM, HELD_FROM + self.held),
            *range(HELD_TEXTURES_FROM, HELD_TEXTURES_FROM + self.held_textures),
            *range(TEXTURES_FROM, TEXTURES_FROM + self.textures),
            *range(self.music),
        ]


def generate(directory: Path, amount: Amount, seed: int, workers: int) -> None:
    """Write the shards that are not there yet."""
    directory.mkdir(parents=True, exist_ok=True)
    if not installed():
        log.warning("no fluidsynth or no soundfont: the model will know our synthesiser only")
    missing = [n for n in amount.numbers() if not _json_path(directory, n).exists()]
    make = partial(make_shard, directory, seed=seed)
    # Spawned, because torch has started threads in this process.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for number in pool.map(make, missing):
            log.info("shard %d is written", number)


def is_held_out(number: int) -> bool:
    """Tell whether a shard is for the evaluation."""
    return HELD_FROM <= number < TEXTURES_FROM or number >= HELD_TEXTURES_FROM


def load(directory: Path) -> list[Clip]:
    """Return the training clips of all shards in ``directory`` that are finished."""
    return _load(directory, held=False)


def load_held(directory: Path) -> list[Clip]:
    """Return the clips for the evaluation, one a piece."""
    return _load(directory, held=True)


def _load(directory: Path, *, held: bool) -> list[Clip]:
    clips = []
    for described in sorted(directory.glob("shard-*.json")):
        if is_held_out(int(described.stem.partition("-")[2])) != held:
            continue
        about = json.loads(described.read_text("utf-8"))
        with np.load(described.with_suffix(".npz")) as arrays:
            mels = arrays["mel"]
        for mel, clip in zip(mels, about, strict=True):
            facts: dict[str, Any] = {name: _tuples(v) for name, v in clip["facts"].items()}
            clips.append(
                Clip(
                    mel,
                    frozenset(clip["concepts"]),
                    clip["piece"],
                    clip["source"],
                    Facts(**facts),
                )
            )
    return clips


def _tuples(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _json_path(directory: Path, number: int) -> Path:
    return directory / f"shard-{number:04d}.json"


def make_shard(
    directory: Path, number: int, seed: int, pieces: int = PIECES_PER_SHARD, *, own: bool = False
) -> int:
    """Write one shard and return its number; ``own``: our synthesiser plays it all."""
    rng = np.random.default_rng([seed, number])
    clips = list(make_clips(number, pieces, None if own else _font(number), rng))
    path = _json_path(directory, number)
    np.savez(path.with_suffix(".npz"), mel=np.stack([clip.mel for clip in clips]))
    about = [
        {
            "concepts": sorted(clip.concepts),
            "piece": clip.piece,
            "source": clip.source,
            "facts": asdict(clip.facts),
        }
        for clip in clips
    ]
    hidden = path.with_suffix(".part")
    hidden.write_text(json.dumps(about), "utf-8")
    os.replace(hidden, path)  # noqa: PTH105 -- the rename marks the shard as finished
    return number


def _font(number: int) -> Soundfont | None:
    if is_held_out(number):
        return HELD_OUT if HELD_OUT.is_there else None
    fonts = installed()
    return fonts[number % len(fonts)] if fonts else None


def make_clips(number: int, pieces: int, font: Soundfont | None, rng: Rng) -> Iterator[Clip]:
    """Yield one clip of each piece of a shard; without a ``font`` our synthesiser plays it all."""
    held = is_held_out(number)
    if number >= TEXTURES_FROM:
        scenes = [draw_texture_scene(PIECE_S, rng) for _ in range(pieces)]
    else:
        scenes = [
            draw_scene(PIECE_S, font if rng.random() < _SAMPLED else None, rng, held_out=held)
            for _ in range(pieces)
        ]
    performed = perform_all(scenes, PIECE_S, font, rng, varied=not held)
    for place, (scene, sound) in enumerate(performed):
        start_s = float(rng.uniform(0.0, PIECE_S - WINDOW_S))
        excerpt = sound[samples(start_s) : samples(start_s) + WINDOW_SAMPLES]
        if float(np.max(np.abs(excerpt))) > 1e-4:
            source = font.name if font is not None and scene.sampled else "synth"
            clip = _clip(excerpt, scene, start_s, rng, held=held)
            yield replace(clip, piece=number * PIECES_PER_SHARD + place, source=source)


def _clip(excerpt: Float32, scene: Scene, start_s: float, rng: Rng, *, held: bool) -> Clip:
    concepts, facts = _known(scene, start_s)
    energy = max(passage.section.energy for passage in scene.passages)
    level_db = -27.0 + 12.0 * energy + rng.normal(0, 4.0)
    spoilt, brought = spoil(excerpt, rng)
    x = to_level(spoilt, float(np.clip(level_db, -45, -8)))
    found = measure(x)
    concepts |= brought
    if "distorted guitar" in concepts:
        concepts.add("distorted")
    concepts |= measured_concepts(found, concepts)
    held_out = (*facts.held, "font") if held and scene.sampled else facts.held
    facts = replace(facts, brightness_hz=round(found.centroid_hz, 1), held=held_out)
    return Clip(log_mel(x).astype(np.float16), frozenset(concepts), 0, "", facts)


def _known(scene: Scene, start_s: float) -> tuple[set[str], Facts]:
    """Return what is to be heard in the clip from ``start_s``; across a change, some of both."""
    if len(scene.passages) == 1:
        passage = scene.passages[0]
        return set(passage.concepts), passage.facts
    first, second = scene.passages
    change_s = first.section.duration_s
    if change_s - start_s < 1.0:
        return set(second.concepts), second.facts
    either = first.concepts | second.concepts
    heard = {name for name in either if CONCEPTS[name].kind in {"instrument", "scene", "genre"}}
    families = tuple(dict.fromkeys((*first.facts.families, *second.facts.families)))
    return heard | (first.concepts & second.concepts), Facts(families=families)
