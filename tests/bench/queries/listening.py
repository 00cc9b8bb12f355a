"""Let pieces sound and listen to them: nothing is written but what was heard.

What was heard is kept in shards, so that an interrupted run goes on where it was. The vectors are
made anew when the synthesiser, the pieces or the model's tower change, the descriptors when the
synthesiser, the pieces or the code that measures does.
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

import traumbox
from tests.bench.queries.pieces import Piece
from traumbox.audio.descriptors import DescriptorMeter
from traumbox.audio.windows import cut, to_int16
from traumbox.domain import SAMPLE_RATE_HZ, Descriptors, Float32
from traumbox.embedders.builtin.embedder import AUDIO_TOWER, BuiltinEmbedder
from traumbox.embedders.builtin.weights import WEIGHTS
from traumbox.ports import Embedder
from traumbox.synth.mix import Room, perform

SHARD = 40
_PACKAGE = Path(traumbox.__file__).parent


@dataclass(frozen=True, slots=True)
class Listened:
    """What hearing a piece gave: start_s float32[n], unit vectors float32[n, dim], descriptors."""

    starts_s: Float32
    vectors: Float32
    descriptors: Descriptors


def sound_of(piece: Piece) -> Float32:
    """Play a piece in a room of its own: mono float32[n] at 48 kHz."""
    rng = np.random.default_rng([*piece.seed, 1])
    room = Room(float(rng.uniform(0.3, 2.8)), float(rng.uniform(0.0, 0.35)))
    mono: Float32 = perform(piece.sections, rng, room).mean(axis=1)
    return mono


def embed(sound: Float32, embedder: Embedder) -> tuple[Float32, Float32]:
    """Cut mono float32[n] as the listener does; return start_s [m] and vectors [m, dim]."""
    windows = list(cut(to_int16(sound)))
    starts_s = np.array([window.start_s for window in windows], dtype=np.float32)
    if not windows:
        return starts_s, np.empty((0, embedder.card.dim), dtype=np.float32)
    return starts_s, embedder.embed_audio(np.stack([window.samples for window in windows]))


def describe(sound: Float32) -> Descriptors:
    """Measure mono float32[n] as the listener does, second by second."""
    meter = DescriptorMeter()
    for first in range(0, len(sound), SAMPLE_RATE_HZ):
        meter.feed(sound[first : first + SAMPLE_RATE_HZ])
    return meter.result()


def listen(piece: Piece, embedder: Embedder) -> Listened:
    """Play, embed and measure one piece."""
    sound = sound_of(piece)
    return Listened(*embed(sound, embedder), describe(sound))


def listen_to_all(
    pieces: Sequence[Piece],
    directory: Path,
    workers: int,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> list[Listened]:
    """Return what was heard of each of ``pieces`` (numbered from 0), from ``directory`` or now.

    ``progress(done, total)`` is called for every shard of SHARD pieces.
    """
    shards = [pieces[first : first + SHARD] for first in range(0, len(pieces), SHARD)]
    missing = [
        shard for shard in shards if not all(path.exists() for path in _paths(directory, shard))
    ]
    if missing:
        directory.mkdir(parents=True, exist_ok=True)
        left = sum(len(shard) for shard in missing)
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            for made in pool.map(partial(_make, directory), missing):
                left -= made
                progress(len(pieces) - left, len(pieces))
    heard = [one for shard in shards for one in _read(*_paths(directory, shard))]
    return [heard[piece.like] for piece in pieces]


def _paths(directory: Path, pieces: Sequence[Piece]) -> tuple[Path, Path]:
    """Return where the vectors and the descriptors of a shard are kept."""
    seed, number = pieces[0].seed
    name = f"seed{seed}-{number:05}-{_digest_of(repr([piece.sections for piece in pieces]))}"
    return (
        directory / f"{name}-{_model()}-{_synth()}.npz",
        directory / f"{name}-{_meters()}-{_synth()}.json",
    )


def _make(directory: Path, pieces: Sequence[Piece]) -> int:
    """Write what a shard lacks and return how many pieces it holds; copies stay silent."""
    vectors_path, measured_path = _paths(directory, pieces)
    silence = np.zeros(0, dtype=np.float32)
    played = [sound_of(piece) if piece.like == piece.number else silence for piece in pieces]
    if not vectors_path.exists():
        embedded = [embed(sound, _embedder()) for sound in played]
        hidden = vectors_path.with_suffix(".part.npz")
        np.savez(
            hidden,
            counts=np.array([len(starts_s) for starts_s, _ in embedded]),
            starts_s=np.concatenate([starts_s for starts_s, _ in embedded]),
            vectors=np.concatenate([vectors for _, vectors in embedded]),
        )
        hidden.rename(vectors_path)
    if not measured_path.exists():
        measured = [asdict(describe(sound)) if len(sound) else {} for sound in played]
        hidden = measured_path.with_suffix(".part")
        hidden.write_text(json.dumps(measured), "utf-8")
        hidden.rename(measured_path)
    return len(pieces)


def _read(vectors_path: Path, measured_path: Path) -> list[Listened]:
    measured: list[dict[str, Any]] = json.loads(measured_path.read_text("utf-8"))
    with np.load(vectors_path) as stored:
        counts, starts_s, vectors = stored["counts"], stored["starts_s"], stored["vectors"]
    ends = np.cumsum(counts)
    return [
        Listened(starts_s[end - n : end], vectors[end - n : end], Descriptors(**numbers))
        for n, end, numbers in zip(counts, ends, measured, strict=True)
    ]


@cache
def _embedder() -> BuiltinEmbedder:
    return BuiltinEmbedder(threads=1)


@cache
def _model() -> str:
    # Trained anew, a model may keep its id: its tower is what counts.
    tower = hashlib.sha256((WEIGHTS / AUDIO_TOWER).read_bytes()).hexdigest()[:8]
    return f"{_embedder().card.id}-{tower}"


@cache
def _synth() -> str:
    return _code(_PACKAGE.glob("synth/*.py"))


@cache
def _meters() -> str:
    return _code(_PACKAGE.glob("audio/*.py"))


def _code(paths: Iterable[Path]) -> str:
    """Return a digest of modules that comments and layout don't change."""
    return _digest_of("".join(ast.dump(ast.parse(path.read_text())) for path in sorted(paths)))


def _digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
