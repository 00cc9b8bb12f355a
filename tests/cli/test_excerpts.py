from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from tests.cli.heard import hear
from traumbox.audio.decode import MediaDecoder
from traumbox.cli.model.excerpts import chosen, gather, spread
from traumbox.domain import WINDOW_SAMPLES, Audio, Heard, Location, Media
from traumbox.library.folders import WatchedFolder
from traumbox.ports import Decoder
from traumbox.stores.ledger import Ledger

RATE_HZ = 48_000  # no resampling, which would let a tone ring into the silence


def level(windows):
    return [round(float(np.abs(window).max()), 1) for window in windows]


@pytest.fixture
def library(tmp_path):
    """``a.flac``: 10 s each of silence and of the levels 0.2, 0.4 and 0.6, then 5 s of 0.9;
    ``b.flac``: 3 s of 0.8; ``c.flac``: no sound at all; ``gone.flac`` isn't there."""
    music = tmp_path / "music"
    music.mkdir()
    tone = np.sin(np.arange(10 * RATE_HZ) * 0.5)
    steps = np.concatenate([loudness * tone for loudness in (0.0, 0.2, 0.4, 0.6)])
    steps = np.concatenate([steps, 0.9 * tone[: 5 * RATE_HZ]])
    soundfile.write(music / "a.flac", steps, RATE_HZ)
    soundfile.write(music / "b.flac", 0.8 * tone[: 3 * RATE_HZ], RATE_HZ)
    (music / "c.flac").write_bytes(b"no sound")
    hear(tmp_path / "data", "Music", [b"a.flac", b"b.flac", b"c.flac", b"gone.flac"], [b"d.flac"])
    return tmp_path


def rows_of(library, count=24):
    ledger = Ledger(library / "data" / "traumbox.db")
    try:
        return chosen(ledger, count)
    finally:
        ledger.close()


def durations(rows, **by_path):
    return [replace(row, duration_s=by_path[row.location.display.split(".")[0]]) for row in rows]


def test_heard_tracks_are_chosen_evenly(library):
    names = [row.location.path for row in rows_of(library)]
    assert names == [b"a.flac", b"b.flac", b"c.flac", b"gone.flac"]
    assert [row.location.path for row in rows_of(library, 2)] == [b"a.flac", b"c.flac"]


def test_no_sound_is_chosen_twice(library):
    ledger = Ledger(library / "data" / "traumbox.db")
    known = ledger.known()
    row = ledger.row(known[Location("Music", b"a.flac")].track_id)
    again = known[Location("Music", b"b.flac")]
    sound = Heard(row.audio_id, 9.0, Media("flac", "flac", 44_100, 2))
    ledger.mark_indexed([(again.track_id, again.stat, sound, "")], 3.0)
    assert len(chosen(ledger)) == 3
    ledger.close()


def test_windows_come_from_all_over_a_track_and_unreadable_ones_give_none(library):
    rows = durations(rows_of(library), a=45.0, b=3.0, c=9.0, gone=9.0)
    told = []
    windows = gather(
        rows,
        [WatchedFolder("Music", library / "music")],
        MediaDecoder(),
        lambda done, total: told.append((done, total)),
        count=16,
    )
    assert windows.dtype == np.float32
    assert windows.shape[1] == WINDOW_SAMPLES
    assert level(windows) == [0.2, 0.4, 0.6, 0.8]
    assert told == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]


def test_nothing_readable_is_an_empty_array(library):
    rows = durations(rows_of(library), a=45.0, b=3.0, c=9.0, gone=9.0)
    elsewhere = [WatchedFolder("Music", library / "absent")]
    assert gather(rows, elsewhere, MediaDecoder(), lambda *_: None).shape == (0, WINDOW_SAMPLES)


def test_the_count_is_kept_to(library):
    rows = durations(rows_of(library), a=45.0, b=3.0, c=9.0, gone=9.0)[:2]
    folders = [WatchedFolder("Music", library / "music")]
    windows = gather(rows, folders, MediaDecoder(), lambda *_: None, count=2)
    assert level(windows) == [0.4, 0.8], "one from the middle of each"


class Endless(Decoder):
    """A recording of which nobody should read the end."""

    def __init__(self):
        self.read_s = 0.0

    @contextmanager
    def open(self, path):
        yield self

    def blocks(self):
        while True:
            self.read_s += 5.0
            yield Audio(np.full(5 * RATE_HZ, 0.5, np.float32))


def test_no_more_is_decoded_than_is_wanted(library):
    rows = durations(rows_of(library, 1), a=36_000.0)
    decoder = Endless()
    folders = [WatchedFolder("Music", library / "music")]
    assert len(gather(rows, folders, decoder, lambda *_: None, count=4)) == 4
    assert decoder.read_s == 1_060.0, "the last window is the one from 1,050 s"


@pytest.mark.parametrize(
    ("duration_s", "count", "numbers"),
    [
        (180.0, 2, [4, 13]),
        (180.0, 1, [9]),
        (3.0, 4, [0]),
        (25.0, 4, [0, 1]),
        (0.0, 2, [0]),
        (36_000.0, 2, [30, 90]),
    ],
)
def test_spread(duration_s, count, numbers):
    assert spread(duration_s, count) == numbers
