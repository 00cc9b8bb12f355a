"""What was acknowledged survives kill -9 and a power cut."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tests.stores.powercut import Fate, IdleDisk, RecordingDisk
from tests.stores.sounds import CARD, entry, noise
from traumbox.errors import StoreError
from traumbox.stores import lance
from traumbox.stores.lance import LanceIndex
from traumbox.stores.upkeep import Upkeep

FATES: tuple[Fate, ...] = ("gone", "empty")

CHILD = """
import sys
from pathlib import Path
from tests.stores.sounds import CARD, entry, noise
from traumbox.domain import Changes, FileStat, Heard, Location, Media
from traumbox.stores.lance import LanceIndex
from traumbox.stores.ledger import Ledger

home = Path(sys.argv[1])
ledger, index = Ledger(home / "traumbox.db"), LanceIndex(home / "index", CARD)
first = len(ledger.known())
for i in range(first, first + 1000):
    at, stat = Location("music", b"%06d" % i), FileStat(i, i, i)
    ledger.apply(Changes(new={at: stat}), float(i))
    track_id = ledger.known()[at].track_id
    ledger.begin(track_id, float(i))
    index.add([entry(track_id, f"s{track_id}", noise(i, 3))])
    heard = Heard(f"s{track_id}", 1.0, Media("", "", 1, 1))
    ledger.mark_indexed([(track_id, stat, heard, "")], 1.0)
    print(track_id, flush=True)
"""


def test_what_was_acknowledged_is_there_after_kill_9(tmp_path: Path) -> None:
    acknowledged: list[str] = []
    for lines in (1, 4, 7):
        with subprocess.Popen(
            [sys.executable, "-c", CHILD, str(tmp_path)], stdout=subprocess.PIPE, text=True
        ) as child:
            assert child.stdout is not None
            acknowledged += [child.stdout.readline().strip() for _ in range(lines)]
            child.send_signal(signal.SIGKILL)
            acknowledged += child.stdout.read().split()
    index = LanceIndex(tmp_path / "index", CARD)
    stored = index.known_tracks()
    assert len(acknowledged) >= 12
    assert set(acknowledged) <= stored.keys()
    assert len(stored) - len(set(acknowledged)) <= 3  # one in hand at each death
    for track_id in acknowledged:
        assert len(index.windows_of(f"s{track_id}")[0]) == 3
    assert index.count_windows() == 3 * len(stored)


@pytest.mark.parametrize("fate", FATES)
def test_acknowledged_tracks_survive_a_power_cut(tmp_path: Path, fate: Fate) -> None:
    disk = RecordingDisk(tmp_path / "index")
    index = LanceIndex(tmp_path / "index", CARD, disk=disk)
    for i in range(6):
        index.add([entry(f"t{i}", f"s{i}", noise(i))])
    index.remove_tracks(["t0"])
    index.add([entry("t1", "s1-again", noise(100))])
    before = (index.known_tracks(), index.nearest_windows(noise(7, 1).vectors[0], 20))
    disk.after_power_cut(tmp_path / "after", fate)
    again = LanceIndex(tmp_path / "after", CARD)
    assert (again.known_tracks(), again.nearest_windows(noise(7, 1).vectors[0], 20)) == before
    again.add([entry("t9", "s9", noise(9))])
    assert again.known_audio(["s9", "s5"]) == {"s9", "s5"}


@pytest.mark.parametrize("fate", FATES)
@pytest.mark.parametrize("ends_after", ["windows", "tracks", "nothing"])
def test_a_cut_in_the_middle_of_a_batch_costs_that_batch_alone(
    tmp_path: Path, fate: Fate, ends_after: str
) -> None:
    disk = RecordingDisk(tmp_path / "index")
    index = LanceIndex(tmp_path / "index", CARD, disk=disk)
    index.add([entry("t1", "s1", noise(1))])

    def power_fails(path: Path) -> None:
        if ends_after not in str(path.relative_to(tmp_path / "index")):
            raise _PowerCutError

    disk.before = power_fails
    with pytest.raises(_PowerCutError):
        index.add([entry("t2", "s2", noise(2))])
    disk.after_power_cut(tmp_path / "after", fate)
    again = LanceIndex(tmp_path / "after", CARD)
    assert again.known_tracks()["t1"] == "s1"
    assert len(again.windows_of("s1")[0]) == 20
    # Whether the batch in hand survived or not: all of it, or none.
    for track_id, audio_id in again.known_tracks().items():
        assert len(again.windows_of(audio_id)[0]) == 20, track_id
    again.add([entry("t2", "s2", noise(2))])
    assert again.count_windows() == 40


@pytest.mark.parametrize("fate", FATES)
def test_tidying_up_never_drops_the_last_version_that_is_on_the_disk(
    tmp_path: Path, fate: Fate
) -> None:
    root = tmp_path / "index"
    disk = RecordingDisk(root)
    upkeep = Upkeep(
        commits=1, keep=timedelta(milliseconds=1), vector_index_rows=256, key_index_rows=1
    )
    index = LanceIndex(root, CARD, upkeep=upkeep, disk=disk)
    cuts = [0]

    def cut_before(path: Path) -> None:
        cuts[0] += 1
        if cuts[0] % 4 == 1:
            disk.after_power_cut(tmp_path / f"after-{cuts[0]}", fate)

    for i in range(15):
        index.add([entry(f"t{i}", f"s{i}", noise(i))])
    disk.before = cut_before
    index.maintain()
    disk.after_power_cut(tmp_path / "after-all", fate)
    assert cuts[0] > 10
    for directory in tmp_path.glob("after-*"):
        again = LanceIndex(directory, CARD)
        assert again.known_tracks() == {f"t{i}": f"s{i}" for i in range(15)}
        assert again.count_windows() == 300
        assert len(again.nearest_windows(noise(3, 1).vectors[0], 30)) == 30


def test_a_batch_that_fails_half_way_is_stored_once_when_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = LanceIndex(tmp_path, CARD)
    batch = [entry("t1", "s1", noise(1)), entry("t2", "s2", noise(2))]

    def no_space(*_: object) -> None:
        raise RuntimeError("lance error: No space left on device (os error 28)")

    with monkeypatch.context() as patched:
        patched.setattr(lance, "track_rows", no_space)  # after the windows, before the tracks
        with pytest.raises(StoreError, match="Free some space"):
            index.add(batch)
    assert index.count_windows() == 40
    assert index.known_audio(["s1", "s2"]) == set()
    index.add(batch)
    assert index.count_windows() == 40
    assert index.known_tracks() == {"t1": "s1", "t2": "s2"}


def test_what_a_dead_process_left_unsynchronised_is_made_up_for(tmp_path: Path) -> None:
    killed = LanceIndex(tmp_path / "index", CARD, disk=IdleDisk())
    killed.add([entry("t1", "s1", noise(1))])
    disk = RecordingDisk(tmp_path / "index")
    index = LanceIndex(tmp_path / "index", CARD, disk=disk)
    index.add([entry("t2", "s1", None)])  # its windows were written by the one that died
    disk.after_power_cut(tmp_path / "after", "gone")
    again = LanceIndex(tmp_path / "after", CARD)
    assert again.known_tracks() == {"t1": "s1", "t2": "s1"}
    assert again.count_windows() == 20


def test_a_disk_that_fails_to_synchronise_is_no_acknowledgement(tmp_path: Path) -> None:
    disk = RecordingDisk(tmp_path / "index")
    index = LanceIndex(tmp_path / "index", CARD, disk=disk)

    def broken(_: Path) -> None:
        raise OSError(5, "Input/output error")

    disk.before = broken
    with pytest.raises(StoreError, match="Input/output error"):
        index.add([entry("t1", "s1", noise(1))])
    disk.before = lambda _: None
    index.add([entry("t1", "s1", None)])
    disk.after_power_cut(tmp_path / "after", "gone")
    again = LanceIndex(tmp_path / "after", CARD)
    assert again.known_tracks() == {"t1": "s1"}
    assert again.count_windows() == 20


class _PowerCutError(BaseException):
    """Not an Exception: nothing in the program may catch and survive it."""
