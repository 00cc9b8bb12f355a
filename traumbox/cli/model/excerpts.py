"""Windows from all over the owner's library, to test a model on the music it will hear."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from traumbox.audio.windows import WindowCutter, to_int16
from traumbox.domain import WINDOW_S, WINDOW_SAMPLES, Float32
from traumbox.errors import AudioError
from traumbox.library.folders import WatchedFolder
from traumbox.ports import Decoder
from traumbox.stores.ledger import FileRow, Ledger

TRACKS = 24
WINDOWS = 48
FARTHEST_S = 20 * 60.0
"""How far into a recording is decoded; a mix of hours would keep the owner waiting."""


def chosen(ledger: Ledger, count: int = TRACKS) -> list[FileRow]:
    """Return up to ``count`` heard tracks, evenly by folder and path, no sound twice."""
    sounds = ledger.indexed()
    by_sound = {
        sounds[known.track_id]: known.track_id
        for _, known in sorted(ledger.known().items())
        if known.track_id in sounds and not known.missing
    }
    ids = list(by_sound.values())
    wanted = [ids[i * len(ids) // count] for i in range(count)] if len(ids) > count else ids
    rows = ledger.rows(wanted)
    return [rows[track_id] for track_id in wanted if track_id in rows]


def gather(
    rows: Sequence[FileRow],
    folders: Sequence[WatchedFolder],
    decoder: Decoder,
    progress: Callable[[int, int], None],
    count: int = WINDOWS,
) -> Float32:
    """Return float32[n, 480000], n ≤ ``count``: windows spread over each of the tracks.

    Tracks that can't be read just now give none. ``progress`` is told (done, of how many) tracks.
    """
    windows: list[Float32] = []
    for number, row in enumerate(rows):
        progress(number, len(rows))
        # What an unreadable track leaves is shared by those behind it.
        share = -(-(count - len(windows)) // (len(rows) - number))
        path = next((p for folder in folders if (p := folder.resolve(row.location))), None)
        if path is not None:
            with suppress(AudioError, OSError):
                windows += _from(path, spread(row.duration_s or 0.0, share), decoder)
    progress(len(rows), len(rows))
    return np.stack(windows) if windows else np.zeros((0, WINDOW_SAMPLES), np.float32)


def spread(duration_s: float, count: int) -> list[int]:
    """Return the numbers of up to ``count`` windows, evenly over a track's inner part."""
    there = max(1, int(min(duration_s, FARTHEST_S) / WINDOW_S))
    return sorted({int((i + 0.5) * there / count) for i in range(count)})


def _from(path: Path, wanted: Sequence[int], decoder: Decoder) -> Iterator[Float32]:
    cutter, left = WindowCutter(), set(wanted)
    with decoder.open(path) as stream:
        for block in stream.blocks():
            for window in cutter.feed(to_int16(block.samples)):
                number = round(window.start_s / WINDOW_S)
                if number in left:
                    yield window.samples
                # Silent windows aren't given: whatever lies behind us won't come any more.
                left = {one for one in left if one > number}
            if not left:
                return
        if 0 in left:
            yield from (window.samples for window in cutter.finish())
