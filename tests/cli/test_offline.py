"""The commands over real files, real model and real store, with no service running."""

import json
from dataclasses import dataclass

import numpy as np
import pytest
import soundfile

from traumbox.cli.app import main
from traumbox.domain import SAMPLE_RATE_HZ, Changes, FileStat, Heard, Location, Media
from traumbox.stores.ledger import Ledger
from traumbox.web.schemas import SearchView

pytestmark = pytest.mark.process


def write_noise(path, seed: int) -> None:
    noise = np.random.default_rng(seed).normal(0.0, 0.2, 11 * SAMPLE_RATE_HZ)
    soundfile.write(path, noise.astype(np.float32), SAMPLE_RATE_HZ)


def write_tone(path) -> None:
    seconds = np.arange(11 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    soundfile.write(path, 0.3 * np.sin(2 * np.pi * 110.0 * seconds), SAMPLE_RATE_HZ)


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


def know(data_dir, music, names) -> None:
    """Let the ledger know files as they lie on the disk, and believe that they were heard."""
    data_dir.mkdir()
    found = {}
    for name in names:
        (music / name).write_bytes(b"no sound, and never listened to " + name.encode())
        stat = (music / name).stat()
        found[Location("Music", name.encode())] = FileStat(
            stat.st_size, stat.st_mtime_ns, stat.st_ino
        )
    ledger = Ledger(data_dir / "traumbox.db")
    ledger.apply(Changes(new=found), 1.0)
    media = Media("flac", "flac", 44_100, 2)
    ledger.mark_indexed(
        [
            (known.track_id, known.stat, Heard(known.track_id, 9.0, media), "")
            for known in ledger.known().values()
        ],
        2.0,
    )
    ledger.close()


def missing(data_dir) -> int:
    ledger = Ledger(data_dir / "traumbox.db")
    count = ledger.missing_count()
    ledger.close()
    return count


@pytest.fixture
def traumbox(config_file, capfd):
    config_file.write_text(config_file.read_text() + "schedule: {settle: 0.1}\n")

    def run(*arguments: str) -> Ended:
        capfd.readouterr()
        code = main(["-c", str(config_file), *arguments])
        return Ended(code, *capfd.readouterr())

    return run


def test_scan_then_search_by_words_and_by_likeness(traumbox, tmp_path):
    music = tmp_path / "music"
    write_noise(music / "noise.flac", seed=1)
    write_tone(music / "tone.flac")
    (music / "broken.mp3").write_text("no sound at all")

    nothing = traumbox("search", "noise")
    assert nothing.code == 3
    assert "nothing has been heard yet" in nothing.err

    scan = traumbox("scan")
    assert (scan.code, scan.out) == (
        0,
        "2 of 3 files heard, 1 failed (the panel says why).\n",
    ), scan.err

    found = traumbox("search", "noise", "--json")
    assert found.code == 0, found.err
    answer = SearchView.model_validate(json.loads(found.out))
    assert answer.query.text == "noise"
    assert {hit.track.path for hit in answer.hits} == {"noise.flac", "tone.flac"}
    assert answer.searched == 2
    assert answer.total == 3

    write_noise(tmp_path / "other.wav", seed=2)
    alike = traumbox("search", "--like", str(tmp_path / "other.wav"), "--limit", "1")
    assert alike.code == 0, alike.err
    assert alike.out.endswith("\tnoise\tMusic/noise.flac\tsounds like it\n")

    known = traumbox("search", "--like", str(music / "noise.flac"), "--json")
    assert [hit["track"]["path"] for hit in json.loads(known.out)["hits"]] == ["tone.flac"]

    deaf = traumbox("search", "--like", str(music / "broken.mp3"))
    assert deaf.code == 1
    assert "Traceback" not in deaf.err
    assert deaf.err.startswith("traumbox: ")


def test_a_large_removal_waits_for_a_word(traumbox, tmp_path):
    music, data = tmp_path / "music", tmp_path / "data"
    names = [f"{number:02}.flac" for number in range(40)]
    know(data, music, names)
    assert "Nothing waits" in traumbox("folder", "confirm", "Music", "--yes").err
    for name in names[:30]:
        (music / name).unlink()
    assert traumbox("pause").code == 0
    scan = traumbox("scan")
    assert scan.code == 0, scan.err
    assert "30 of 40 tracks of “Music” (75 %) would go: 30 are gone" in scan.err
    assert "traumbox folder confirm Music" in scan.err
    assert missing(data) == 0
    done = traumbox("folder", "confirm", "Music", "--yes")
    assert done.code == 0, done.err
    assert "30 of 40 tracks" in done.out
    assert done.out.endswith("30 tracks of “Music” taken out.\n")
    assert missing(data) == 30
    assert "30 missing" in traumbox("folder", "list").out


def test_an_emptied_folder_waits_for_a_word_too(traumbox, tmp_path):
    music, data = tmp_path / "music", tmp_path / "data"
    know(data, music, ["a.flac", "b.flac"])
    assert traumbox("pause").code == 0
    for file in music.iterdir():
        file.unlink()
    assert "“Music”: offline: " in traumbox("scan").err
    assert missing(data) == 0
    done = traumbox("folder", "confirm", "Music", "--yes")
    assert done.code == 0, done.err
    assert missing(data) == 2
