"""The demo: two dozen short pieces, so that a newcomer has something to search at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from traumbox.domain import SAMPLE_RATE_HZ, Float32
from traumbox.synth.files import write_piece
from traumbox.synth.mix import perform
from traumbox.synth.pieces import PIECES, Piece


def write_demo(directory: Path, progress: Callable[[int, int], None] | None = None) -> list[Path]:
    """Write the demo's pieces into ``directory`` and return their paths.

    A piece that is there already is kept. ``progress(done, total)`` is called after each piece.
    Every run composes the same music.
    """
    directory.mkdir(parents=True, exist_ok=True)
    paths = []
    for done, piece in enumerate(PIECES, start=1):
        path = directory / piece.file_name
        if not path.exists():
            cover = piece.cover() if piece.cover else None
            write_piece(path, play_piece(piece), SAMPLE_RATE_HZ, piece.tags, cover)
        paths.append(path)
        if progress:
            progress(done, len(PIECES))
    return paths


def play_piece(piece: Piece) -> Float32:
    """Return the sound of one piece: float32[n, 2] at 48 kHz."""
    return perform(piece.sections, np.random.default_rng(piece.seed), piece.room)
