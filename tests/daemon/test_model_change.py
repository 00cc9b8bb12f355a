"""Changing the model under load, killed in the middle: nothing is lost, nothing doubled."""

from __future__ import annotations

import random
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from tests.daemon import tonehouse
from tests.fakes import ToneEmbedder
from tests.house import DaemonHouse, wait_for
from traumbox.embedders import registry
from traumbox.stores.lance import LanceIndex
from traumbox.stores.ledger import Ledger

pytestmark = pytest.mark.process

FILES = 48
WINDOW_STARTS_S = [0.0, 2.0]
KILLS = 3


def write_tone(path: Path, frequency_hz: float) -> None:
    times_s = np.arange(12 * 48_000) / 48_000
    tone = 0.3 * np.sin(2 * np.pi * frequency_hz * times_s)
    soundfile.write(path, tone.astype(np.float32), 48_000)


class ToneHouse(DaemonHouse):
    """A house with the second model of ``tonehouse``."""

    @property
    def models_dir(self) -> Path:
        return self.data / "models"

    def command(self, *arguments: str) -> list[str]:
        return tonehouse.command(self.config)

    def post(self, path: str) -> int:
        request = urllib.request.Request(  # noqa: S310 - loopback
            self.url + path, data=b"{}", headers={"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - loopback
            status: int = answer.status
            return status

    def models(self) -> dict[str, Any]:
        found: dict[str, Any] = self.json("/api/v1/models")
        return found

    def done(self) -> int:
        """Tracks that are stored in the space being filled."""
        change = self.models()["change"]
        return 0 if change is None else int(change["done"])

    def wait_for_more_than(self, done: int) -> int:
        """Wait until the space being filled holds more tracks; return how many."""
        wait_for(lambda: self.done() > done, "the change to go on", 60)
        return self.done()

    def kill_with_its_listener_gone(self) -> None:
        listeners = self.listener_pids()
        self.kill9()
        for pid in listeners:
            wait_for(lambda pid=pid: not Path(f"/proc/{pid}").exists(), "the listener to leave", 60)  # type: ignore[misc]

    def embedded(self) -> int:
        """Windows that went through the second model, ever."""
        return len((self.models_dir / tonehouse.NAME / tonehouse.NOTES).read_text().split())

    def stored(self) -> int:
        """Windows in the second model's space; while no daemon runs."""
        with closing(LanceIndex(self.data / "index", ToneEmbedder(tonehouse.MODEL_ID).card)) as i:
            return i.count_windows()


@dataclass
class Searcher:
    """Someone who searches all the time; only what fails while the daemon lives is a failure."""

    house: ToneHouse
    answered: int = 0
    failures: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._life = 0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def daemon_lives(self, lives: bool) -> None:
        """Lives are counted, so that an answer that spans a death isn't held against anyone."""
        self._life = abs(self._life) + 1 if lives else -self._life

    def stop(self) -> None:
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._end.wait(0.05):
            life = self._life
            try:
                hits = self.house.search("440 Hz, drums")
            except (OSError, urllib.error.URLError, AssertionError, ValueError) as error:
                trouble = repr(error)
            else:
                trouble = "" if hits else "nothing was found"
            if life > 0 and life == self._life:
                self.answered += not trouble
                self.failures += [trouble] if trouble else []


def assert_each_track_exactly_once(house: ToneHouse) -> None:
    card = ToneEmbedder(tonehouse.MODEL_ID).card
    with (
        closing(Ledger(house.data / "traumbox.db")) as ledger,
        closing(LanceIndex(house.data / "index", card)) as index,
    ):
        rows, _ = ledger.page(limit=1000)
        assert [row.state for row in rows] == ["indexed"] * FILES
        stored = index.known_tracks()
        assert {row.track_id: row.audio_id for row in rows}.items() <= stored.items()
        assert index.count_windows() == len(set(stored.values())) * len(WINDOW_STARTS_S)
        for row in rows:
            assert row.audio_id is not None
            starts_s, vectors = index.windows_of(row.audio_id)
            assert starts_s.tolist() == pytest.approx(WINDOW_STARTS_S)
            frequency_hz = row.location.stem
            expected = ToneEmbedder().embed_text([f"{frequency_hz} Hz"])
            assert vectors @ expected.T == pytest.approx(np.ones((len(starts_s), 1)))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[ToneHouse]:
    """A house with the built-in model, not started yet; whatever happens it is stopped."""
    house = ToneHouse(tmp_path, model="{name: builtin, fetch: false}")
    yield house
    house.stop()


@pytest.fixture
def searcher(house: ToneHouse) -> Iterator[Searcher]:
    searcher = Searcher(house)
    yield searcher
    searcher.stop()


def test_a_change_under_load_survives_being_killed(house: ToneHouse, searcher: Searcher) -> None:
    tones_hz = [110 + 23 * number for number in range(FILES)]
    for tone_hz in tones_hz:
        write_tone(house.music / f"{tone_hz}.flac", tone_hz)
    house.start()
    house.wait_until_heard(FILES)
    searcher.daemon_lives(True)
    tonehouse.install(house.models_dir)
    house.post(f"/api/v1/models/{tonehouse.NAME}/use")
    assert "name: clap-general" in house.config.read_text()
    moments, done, wasted = random.Random(7), 0, 0
    for kill in range(KILLS):
        if kill == 1:
            write_tone(house.music / "3000.flac", 3000)
            (house.music / f"{tones_hz[-1]}.flac").unlink()
        done = house.wait_for_more_than(done)
        time.sleep(moments.uniform(0.0, 0.8))
        assert house.models()["serving"] == "builtin", "it must be in the middle"
        searcher.daemon_lives(False)
        house.kill_with_its_listener_gone()
        wasted, before_wasted = house.embedded() - house.stored(), wasted
        assert wasted >= before_wasted
        house.start()
        searcher.daemon_lives(True)
        assert house.done() >= done - 1, "what was stored is still there, but for a deleted file"

    def has_switched() -> bool:
        models = house.models()
        return models["serving"] == tonehouse.NAME and models["change"] is None

    wait_for(has_switched, "the switch", 120)
    house.wait_until_heard(FILES)
    assert house.search("3000 Hz")[0]["track"]["path"] == "3000.flac"
    searcher.stop()
    house.stop()
    assert not searcher.failures
    assert searcher.answered > 50
    assert_each_track_exactly_once(house)
    assert house.embedded() - house.stored() == wasted, "what was stored is not embedded again"
    old = LanceIndex(house.data / "index", registry.card("builtin", house.models_dir))
    with closing(old):
        assert old.count_windows() >= FILES * len(WINDOW_STARTS_S), "for the way back"


def test_a_model_that_disappears_does_not_keep_the_house_from_starting(tmp_path: Path) -> None:
    house = ToneHouse(tmp_path, model=f"{{name: {tonehouse.NAME}, fetch: false}}")
    write_tone(house.music / "440.flac", 440)
    tonehouse.install(house.models_dir)
    with house:
        house.wait_until_heard(1)
        assert house.models()["serving"] == tonehouse.NAME
        assert house.search("440 Hz")
    (house.models_dir / tonehouse.NAME / tonehouse.MARK).unlink()
    with house:
        assert house.models()["serving"] == "builtin"
        wait_for(lambda: house.search("a tone"), "it to be heard by the other model", 60)
        assert tonehouse.NAME in house.models()["notice"]
    tonehouse_mark = house.models_dir / tonehouse.NAME / tonehouse.MARK
    tonehouse_mark.touch()
    with house:
        wait_for(lambda: house.models()["serving"] == tonehouse.NAME, "the way back", 60)
        assert house.search("440 Hz")[0]["match"] > 50
