"""A small held-out set without any files: composed and played on the spot by our synthesiser."""

from __future__ import annotations

import numpy as np

from traumbox.embedders.builtin.train.data import (
    HELD_FROM,
    HELD_TEXTURES_FROM,
    PIECES_PER_SHARD,
    Clip,
    make_clips,
)

_SEED = 1105  # no training draws from this one
_ONE_TEXTURE_IN = 9


def play_pieces(pieces: int) -> list[Clip]:
    """Return one clip each of ``pieces`` new pieces, one in nine of them weather or voices.

    They are drawn as a training's held-out pieces are, some of them with instruments and in
    styles that training never has, but all are played by our synthesiser: no soundfont, no files.
    A piece takes some half a second of one core.
    """
    textures = pieces // _ONE_TEXTURE_IN
    clips = []
    for first_shard, count in ((HELD_FROM, pieces - textures), (HELD_TEXTURES_FROM, textures)):
        for start in range(0, count, PIECES_PER_SHARD):
            number = first_shard + start // PIECES_PER_SHARD
            rng = np.random.default_rng([_SEED, number])
            clips += list(make_clips(number, min(PIECES_PER_SHARD, count - start), None, rng))
    return clips
