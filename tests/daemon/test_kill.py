"""Power cuts in small: kill -9 in the middle of indexing loses nothing and doubles nothing."""

import contextlib
import os
import random
import signal
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.house import DaemonHouse, wait_for
from traumbox.embedders import registry
from traumbox.stores.lance import LanceIndex
from traumbox.stores.ledger import Ledger

pytestmark = pytest.mark.process

FILES = 24
DURATION_S = 12.0
WINDOW_STARTS_S = [0.0, 2.0]


def fill(folder: Path) -> None:
    times_s = np.arange(int(DURATION_S * 48_000)) / 48_000
    for i in range(FILES):
        tone = 0.3 * np.sin(2 * np.pi * (110.0 + 20 * i) * times_s)
        soundfile.write(folder / f"{i:02}.flac", tone.astype(np.float32), 48_000)


def assert_each_indexed_exactly_once(house: DaemonHouse) -> None:
    ledger = Ledger(house.data / "traumbox.db")
    index = LanceIndex(house.data / "index", registry.card("builtin", house.data / "models"))
    try:
        rows, _ = ledger.page(limit=1000)
        assert [row.state for row in rows] == ["indexed"] * FILES
        stored = index.known_tracks()
        assert stored == {row.track_id: row.audio_id for row in rows}
        for row in rows:
            assert row.audio_id is not None
            starts_s, vectors = index.windows_of(row.audio_id)
            assert starts_s.tolist() == pytest.approx(WINDOW_STARTS_S)
            assert np.isfinite(vectors).all()
        assert index.count_windows() == FILES * len(WINDOW_STARTS_S)
    finally:
        index.close()
        ledger.close()


def test_killing_the_daemon_while_it_indexes(tmp_path: Path) -> None:
    house = DaemonHouse(tmp_path)
    fill(house.music)
    moments = random.Random(1)
    for _ in range(4):
        house.start()
        time.sleep(moments.uniform(0.3, 2.5))
        house.kill9()
    with house:
        house.wait_until_heard(FILES)
    assert_each_indexed_exactly_once(house)


def test_killing_the_listener_while_it_hears(tmp_path: Path) -> None:
    house = DaemonHouse(tmp_path)
    fill(house.music)
    with house:
        wait_for(lambda: house.counts()["pending"] > 0, "the files to be found", 30)
        for pid in wait_for(house.listener_pids, "a listener", 30):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        house.wait_until_heard(FILES)
        assert house.json("/api/v1/health")
    assert_each_indexed_exactly_once(house)
