"""What the ledger acknowledged survives a power cut, and no change is ever there by half."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.stores.files import V1, V2, at, drop, gone, hear, heard
from tests.stores.oldledger import write_schema_3
from tests.stores.powercut import RecordingDisk
from tests.stores.sounds import CARD, entry, noise
from tests.stores.sqlitecut import FATES, Fate, SqliteDisk, sqlite_on
from traumbox.domain import Changes, Cut, FileStat, Tags
from traumbox.stores.folders import FolderBook
from traumbox.stores.lance import LanceIndex
from traumbox.stores.ledger import Ledger
from traumbox.stores.switches import Switches

Content = list[tuple[object, ...]]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SqliteDisk]:
    root = tmp_path / "data"
    root.mkdir()
    disk = SqliteDisk(root)
    with sqlite_on(disk):
        yield disk


def content(ledger: Ledger) -> Content:
    with ledger.database.reading() as db:
        return [
            row
            for table in ("files", "watched", "switches", "spaces")
            for row in db.execute(f"SELECT '{table}', * FROM {table} ORDER BY 2")  # noqa: S608 - constants only
        ]


def opened(directory: Path) -> Content:
    ledger = Ledger(directory / "traumbox.db")
    with ledger.database.reading() as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    found = content(ledger)
    ledger.close()
    return found


def everything(ledger: Ledger) -> Iterator[None]:
    """All kinds of changes, one transaction after the other; a file's life in short."""
    book, switches = FolderBook(ledger.database), Switches(ledger.database)
    ids = drop(ledger, *(f"{number:03}.flac" for number in range(60)), stat=V1)
    yield
    for track_id in ids[:4]:
        ledger.begin(track_id, 2.0)
        yield
        hear(ledger, track_id, sound=f"s{track_id}")
        yield
    parts = {at("cd.flac", part=n): FileStat(9, 9, 9, Cut(n, None, Tags(str(n)))) for n in (1, 2)}
    ledger.apply(Changes(changed={ids[0]: V2}, excluded={ids[1]: "a rule"}, new=parts), 3.0)
    yield
    swapped = {ids[2]: (at("003.flac"), V1), ids[3]: (at("002.flac"), V1)}
    ledger.apply(Changes(moved=swapped, gone=frozenset(ids[10:])), 4.0)
    yield
    book.take("music", "/music")
    yield
    book.remember("music", "{}")
    yield
    ledger.take_over(ids[20], ids[4], 5.0)
    yield
    for day in range(5, 9):
        book.note_scan("music", float(day), 9, full=True, clean=True, day=f"2026-01-{day:02}")
        yield
    assert len(ledger.purge("music", 9.0)) == 49
    yield
    ledger.rename_folder("music", "Music", 9.0)
    yield
    assert ledger.set_aside([], 10.0) == 12
    yield
    switches.pause(11.0)
    yield


Step = Callable[[], None]


class Cuts:
    """Lets the power fail at every sync, in every way, and judges what is left each time.

    A step acknowledged is there; one under way is there as a whole or not at all.
    """

    def __init__(self, disk: SqliteDisk, target: Path) -> None:
        self._disk = disk
        self._target = target
        self._numbers = count()
        self._left: list[tuple[Path, int]] = []
        self.states: list[Content] = []
        disk.before_sync = lambda _path: self.cut()

    def cut(self) -> None:
        for fate in FATES:
            number = next(self._numbers)
            directory = self._target / f"{number}"
            self._disk.after_power_cut(directory, fate, seed=number)
            self._left.append((directory, len(self.states)))

    def judge(self) -> int:
        for directory, acknowledged in self._left:
            found = opened(directory)
            assert found in self.states[acknowledged - 1 : acknowledged + 1], directory
        return len(self._left)


@pytest.mark.parametrize("checkpoint_pages", [1000, 6])
def test_what_was_acknowledged_is_there_and_nothing_by_half(
    tmp_path: Path, disk: SqliteDisk, checkpoint_pages: int
) -> None:
    numbers = count(1)
    ledger = Ledger(tmp_path / "data" / "traumbox.db", fresh_id=lambda: f"id{next(numbers):03}")
    with ledger.database.writing() as db:
        db.execute(f"PRAGMA wal_autocheckpoint = {checkpoint_pages}")
    cuts = Cuts(disk, tmp_path / "after")
    cuts.states.append(content(ledger))
    for _ in everything(ledger):
        cuts.states.append(content(ledger))
        cuts.cut()
    ledger.close()
    disk.before_sync = lambda _path: None
    assert cuts.judge() > 100


def test_a_cut_in_the_middle_of_a_migration_leaves_the_old_ledger_or_the_new(
    tmp_path: Path, disk: SqliteDisk
) -> None:
    write_schema_3(tmp_path / "data" / "traumbox.db")
    cuts = Cuts(disk, tmp_path / "after")
    cuts.cut()
    ledger = Ledger(tmp_path / "data" / "traumbox.db")
    cuts.cut()
    disk.before_sync = lambda _path: None
    # Before or after: whoever opens it next has the whole of it.
    cuts.states = [content(ledger)]
    ledger.close()
    assert cuts.judge() >= 9


@pytest.mark.parametrize("fate", FATES)
def test_what_is_indexed_has_its_sound_after_a_cut_at_any_sync(
    tmp_path: Path, disk: SqliteDisk, fate: Fate
) -> None:
    data = tmp_path / "data"
    index_disk = RecordingDisk(data / "index")
    index = LanceIndex(data / "index", CARD, disk=index_disk)
    ledger = Ledger(data / "traumbox.db")
    acknowledged: dict[str, str] = {}
    left: list[tuple[Path, dict[str, str]]] = []
    events = count()

    def cut(_path: object) -> None:
        number = next(events)
        if number % 5 == 0:
            after = tmp_path / f"after-{number}"
            disk.after_power_cut(after, fate, seed=number)
            index_disk.after_power_cut(after / "index", "empty" if fate == "torn" else "gone")
            left.append((after, dict(acknowledged)))

    disk.before_sync = index_disk.before = cut
    for number in range(6):
        (track_id,) = drop(ledger, f"{number}.flac")
        ledger.begin(track_id, 2.0)
        index.add([entry(track_id, f"s{number}", noise(number, 3))])
        ledger.mark_indexed([(track_id, V1, heard(f"s{number}"), "")], 3.0)
        acknowledged[track_id] = f"s{number}"
    # One goes, and is a new file elsewhere: its id is handed on before the index forgets the other.
    old, new = list(acknowledged)[:2]
    gone(ledger, old)
    ledger.take_over(old, new, 5.0)
    del acknowledged[new]
    index.add([entry(old, "s1", None)])
    index.remove_tracks([new])
    disk.before_sync = index_disk.before = lambda _path: None
    cut(None)
    ledger.close()
    assert len(left) > 10
    for after, due in left:
        again, found = Ledger(after / "traumbox.db"), LanceIndex(after / "index", CARD)
        indexed, stored = again.indexed(), found.known_tracks()
        assert due.keys() <= indexed.keys() | {new}
        for track_id, audio_id in indexed.items():
            if track_id == old:  # what the index still has under another id is brought in anew
                continue
            assert stored[track_id] == audio_id
            assert len(found.windows_of(audio_id)[0]) == 3
        again.close()
