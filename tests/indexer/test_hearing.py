"""Hearing over a real ledger and folder: what is looked ahead at, who is blamed, which space."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from tests.fakes import MemoryIndex, ToneEmbedder
from traumbox.domain import Changes, Cut, Embedding, FileStat, Heard, Location, Media
from traumbox.errors import AudioError, ListenerError, ListenerStartError, ModelError
from traumbox.indexer.clocks import Clocks
from traumbox.indexer.hearing import STRIKE_PAUSE_S, TROUBLE_PAUSES_S, Hearing, Sequel
from traumbox.indexer.turns import Turns
from traumbox.library.folders import WatchedFolder
from traumbox.library.guard import Guard
from traumbox.ports import Space
from traumbox.stores.cache import MediaCache
from traumbox.stores.folders import FolderBook
from traumbox.stores.ledger import FileRow, Ledger


@dataclass
class Clock:
    s: float = 1_000_000.0

    def __call__(self) -> float:
        return self.s


class CarefulEar:
    """Notes who was heard in whose company; dies as the real one does when a poison is in hand."""

    def __init__(self) -> None:
        self.poison: set[str] = set()
        self.errors: list[Exception] = []
        self.heard: list[tuple[str, str | None]] = []
        self.models: list[str] = []
        self.meanwhile: list[Callable[[Path], object]] = []
        self._expected: Path | None = None
        self._ahead: Path | None = None

    def expect(self, path: Path, cut: Cut | None = None) -> None:
        self._expected = path

    def hear(
        self, path: Path, model: str, is_known: Callable[[str], bool], cut: Cut | None = None
    ) -> tuple[Heard, Embedding | None]:
        in_hand = {path, self._ahead, self._expected} - {None}
        expected, self._expected = self._expected, None
        self._ahead = expected
        self.heard.append((path.name, expected.name if expected else None))
        self.models.append(model)
        for deed in self.meanwhile:
            deed(path)
        if self.errors:
            raise self.errors.pop(0)
        if any(other.name in self.poison for other in in_hand if other):
            self._ahead = None
            error = ListenerError("it ended the listener (SIGSEGV)")
            error.company = frozenset(other for other in in_hand - {path} if other)
            raise error
        audio_id = path.read_text()
        heard = Heard(audio_id, 10.0, Media("flac", "flac", 48_000, 2))
        if is_known(audio_id):
            return heard, None
        embedding = Embedding(model, np.zeros(1, np.float32), np.eye(1, 72, dtype=np.float32))
        return heard, embedding

    def close(self) -> None:
        pass


@dataclass
class Room:
    """One or more folders with files, their ledger, and what hears them."""

    directory: Path
    ledger: Ledger
    ear: CarefulEar
    clock: Clock
    hearing: Hearing
    folders: list[WatchedFolder] = field(default_factory=list)

    def put(self, *names: str, folder: str = "m") -> None:
        root = self.directory / folder
        if not root.exists():
            root.mkdir()
            self.folders.append(WatchedFolder(folder, root))
        new = {}
        for name in names:
            (root / name).write_text(f"sound-{name}")
            new[Location(folder, name.encode())] = stat_of(root / name)
        self.ledger.apply(Changes(new=new), self.clock())

    def hear_one(self) -> FileRow | None:
        row = self.hearing.next(self.folders)
        if row is not None:
            folder = next(f for f in self.folders if f.name == row.location.folder)
            self.hearing.hear(row, folder)
        return row

    def hear_all(self) -> None:
        """Hear until nothing is left now or within the pause after a strike."""
        for _ in range(100):
            if self.hear_one() is None:
                self.hearing.commit()
                self.clock.s += STRIKE_PAUSE_S
                if self.hearing.next(self.folders) is None:
                    return
        raise AssertionError("there is no end to it")

    def states(self) -> dict[str, str]:
        return {row.location.display: row.state for row in self.ledger.page(limit=100)[0]}


def stat_of(path: Path) -> FileStat:
    stat = path.stat()
    return FileStat(stat.st_size, stat.st_mtime_ns, stat.st_ino)


def space(model: str) -> Space:
    embedder = ToneEmbedder(model)
    return Space(model, embedder, MemoryIndex(embedder.card))


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    ledger, ear, clock = Ledger(tmp_path / "ledger.db"), CarefulEar(), Clock()
    cache = MediaCache(tmp_path / "cache")
    hearing = Hearing(
        ledger=ledger,
        turns=Turns(ledger, FolderBook(ledger.database)),
        guard=Guard(),
        space=space("one"),
        ear=ear,
        cache=cache,
        clocks=Clocks(clock, clock),
    )
    yield Room(tmp_path, ledger, ear, clock, hearing)
    ledger.close()


def test_the_file_after_this_one_is_expected(room: Room) -> None:
    room.put("a", "b", "c")
    room.hear_all()
    assert room.ear.heard == [("a", "b"), ("b", "c"), ("c", None)]


def test_the_next_file_may_lie_in_another_folder(room: Room) -> None:
    room.put("a", folder="m")
    room.clock.s -= 1  # what was found earlier is heard later
    room.put("b", folder="n")
    room.hear_all()
    assert room.ear.heard == [("a", "b"), ("b", None)]


def test_who_could_not_be_heard_before_is_heard_alone(room: Room) -> None:
    room.put("a", "b", "c")
    row = room.hearing.next(room.folders)
    assert row is not None
    room.ledger.begin(row.track_id, room.clock())  # and then the power went
    room.hear_all()
    assert room.ear.heard == [("a", None), ("b", "c"), ("c", None)]


@pytest.mark.parametrize("poison", ["a", "b", "c"])
def test_a_crash_in_company_blames_nobody_and_then_the_one_to_blame(
    room: Room, poison: str
) -> None:
    room.ear.poison = {poison}
    room.put("a", "b", "c", "d")
    room.hear_all()
    assert room.states() == dict.fromkeys("abcd", "indexed") | {poison: "failed"}
    alone = [name for name, company in room.ear.heard if company is None]
    assert alone.count(poison) == 2
    row = next(row for row in room.ledger.page(limit=9)[0] if row.location.display == poison)
    assert "failed 2 times" in row.reason
    assert "SIGSEGV" in row.reason


def test_one_crash_alone_is_forgiven(room: Room) -> None:
    room.put("a")
    room.ear.errors = [ListenerError("killed")]
    room.hear_all()
    assert room.states() == {"a": "indexed"}


def test_suspects_are_looked_ahead_at_no_more(room: Room) -> None:
    room.ear.poison = {"b"}
    room.put("a", "b", "c", "d")
    room.hear_one()
    room.ear.poison = set()
    room.hear_all()
    assert room.ear.heard == [("a", "b"), ("b", None), ("c", "d"), ("d", None), ("a", None)]
    assert set(room.states().values()) == {"indexed"}


@pytest.mark.parametrize("error", [ListenerStartError("broken"), ModelError("damaged")])
def test_trouble_that_no_file_can_help_rests_all_hearing(room: Room, error: Exception) -> None:
    room.put("a", "b")
    room.ear.errors = [error] * 5
    waited_s = 0.0
    for pause_s in (*TROUBLE_PAUSES_S, TROUBLE_PAUSES_S[-1]):
        assert room.hear_one() is not None
        room.clock.s += pause_s - 0.1
        assert room.hear_one() is None
        room.clock.s += 0.1
        waited_s += pause_s
    rows = room.ledger.page(limit=9)[0]
    assert {row.state for row in rows} == {"pending"}
    assert str(error) in {row.reason for row in rows}
    room.hear_all()
    assert set(room.states().values()) == {"indexed"}
    room.put("c")
    room.ear.errors = [error]
    room.hear_one()
    room.clock.s += TROUBLE_PAUSES_S[0]
    assert room.hear_one() is not None, "after a success the pauses begin anew"


def test_an_unreadable_file_leaves_the_expectation_to_the_next(room: Room) -> None:
    room.put("a", "b")
    room.ear.errors = [AudioError("it isn't audio")]
    room.hear_all()
    assert room.states() == {"a": "failed", "b": "indexed"}


def test_another_space_is_heard_for_and_stored_to_from_then_on(room: Room) -> None:
    old, new = space("one"), space("two")
    room.hearing.use(old)
    room.put("a")
    room.hear_one()
    room.hearing.commit()
    room.put("b")
    room.hear_one()
    room.hearing.use(new)  # b was not committed yet
    room.hear_all()
    assert room.ear.models == ["one", "one", "two"]
    assert (old.index.count_windows(), new.index.count_windows()) == (1, 1)
    assert set(room.states().values()) == {"indexed"}


def test_what_was_heard_of_another_version_is_not_stored(room: Room) -> None:
    room.put("a")
    row = room.hearing.next(room.folders)
    assert row is not None
    room.ear.meanwhile = [lambda path: path.write_text("written anew")]
    assert room.hearing.hear(row, room.folders[0]) is Sequel.DIRECTORY
    room.hearing.commit()
    assert room.states() == {"a": "pending"}
    assert room.hearing.next(room.folders) is None, "it is looked for first"


def test_another_version_than_the_one_that_settled_is_not_heard(room: Room) -> None:
    room.put("a")
    row = room.hearing.next(room.folders)
    assert row is not None
    (room.directory / "m" / "a").write_text("written anew")
    assert room.hearing.hear(row, room.folders[0]) is Sequel.DIRECTORY
    assert room.ear.heard == []
    assert room.states() == {"a": "pending"}
    assert room.ledger.struck() == []
    assert room.hearing.next(room.folders) is None, "it is looked for first"
