"""Copies: which of two files of one sound is the track, whoever goes and when the power fails."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.indexer.bench import Bench, Clock, ScriptedEar, Shelf, build
from tests.indexer.world import DAY_S, Crash, DiskGuard, Fuse, FusedLedger
from traumbox.library.folders import WatchedFolder, nested


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return build(tmp_path, guard=DiskGuard())


class MarkedLedger(FusedLedger):
    """Has a fuse at all it writes, and one more at the commit mark alone."""

    def __init__(self, path: Path, fuse: Fuse, mark: Fuse) -> None:
        super().__init__(path, fuse)
        setattr(self, "mark_indexed", mark.guarding(self.mark_indexed))  # noqa: B010 - a method


class House:
    """The folders m and n, and a daemon that can be killed."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.roots = {name: directory / name for name in ("m", "n")}
        for name, root in self.roots.items():
            root.mkdir()
            (root / "always.flac").write_text(f"always-{name}")
        self.folders = nested(WatchedFolder(name, root) for name, root in self.roots.items())
        self.fuse, self.mark = Fuse(), Fuse()
        self.shelf, self.ear, self.clock = Shelf(), ScriptedEar(), Clock()
        self.bench = self._build()

    def restart(self) -> None:
        """Begin anew with what lies on the disk, after an end or a crash."""
        self.fuse.left = None
        self.bench.ledger.close()
        self.bench = self._build()

    def _build(self) -> Bench:
        return build(
            self.directory,
            self.shelf,
            self.ear,
            self.clock,
            folders=self.folders,
            guard=DiskGuard(),
            open_ledger=lambda path: MarkedLedger(path, self.fuse, self.mark),
        )

    def take_away(self, name: str) -> Path:
        """Return where the folder lies now that it is away."""
        return self.roots[name].rename(self.directory / f"away {name}")

    def bring_back(self, name: str) -> None:
        (self.directory / f"away {name}").rename(self.roots[name])

    def ids(self) -> dict[str, str]:
        return ids(self.bench)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def ids(bench: Bench) -> dict[str, str]:
    return {
        f"{row.location.folder}/{row.location.display}": row.track_id
        for row in bench.ledger.page(limit=1000)[0]
        if row.location.display != "always.flac"
    }


def test_a_copy_and_a_removal_make_a_move(bench: Bench) -> None:
    path = bench.put("a.flac", "one")
    bench.settle()
    before = ids(bench)["m/a.flac"]
    copy = bench.root / "deep" / "a.flac"
    copy.parent.mkdir()
    shutil.copy(path, copy)
    bench.settle()
    path.unlink()
    bench.run()
    assert ids(bench) == {"m/deep/a.flac": before}
    assert bench.index.known_tracks() == {before: "one"}
    assert bench.ledger.missing_count() == 0


def test_an_old_copy_does_not_become_what_went(bench: Bench) -> None:
    path = bench.put("a.flac", "one")
    bench.put("deep/a.flac", "one")
    bench.settle()
    copy = ids(bench)["m/deep/a.flac"]
    bench.pass_time(2 * DAY_S)
    path.unlink()
    bench.run()
    assert ids(bench) == {"m/deep/a.flac": copy}
    assert bench.ledger.missing_count() == 1


def test_an_original_does_not_become_its_copy(bench: Bench) -> None:
    bench.put("a.flac", "one")
    bench.settle()
    original = ids(bench)["m/a.flac"]
    copy = bench.put("deep/a.flac", "one")
    bench.settle()
    copy.unlink()
    bench.run()
    assert ids(bench) == {"m/a.flac": original}


def copied_while_away(house: House) -> str:
    """Copy a track of m to n while m is away, then remove it there; return its id."""
    (house.roots["m"] / "a.flac").write_text("one")
    house.bench.settle()
    before = house.ids()["m/a.flac"]
    away = house.take_away("m")
    house.bench.run()
    assert house.bench.indexer.offline() == {"m"}
    shutil.copy2(away / "a.flac", house.roots["n"] / "a.flac")
    house.bench.settle()
    assert house.ids().keys() == {"m/a.flac", "n/a.flac"}
    (away / "a.flac").unlink()
    return before


@pytest.mark.parametrize("restarted", [False, True], ids=["at work", "restarted"])
def test_a_copy_of_what_went_while_away_becomes_the_track(house: House, restarted: bool) -> None:
    before = copied_while_away(house)
    house.bring_back("m")
    if restarted:  # then the first look at all brings both folders at once
        house.restart()
    house.bench.run()
    assert house.ids() == {"n/a.flac": before}
    assert house.bench.index.known_tracks()[before] == "one"
    assert len(house.bench.index.known_tracks()) == 3
    assert house.bench.ledger.missing_count() == 0


def test_a_copy_in_a_folder_that_is_away_does_not_become_the_track(house: House) -> None:
    (house.roots["m"] / "a.flac").write_text("one")
    house.bench.settle()
    shutil.copy2(house.roots["m"] / "a.flac", house.roots["n"] / "a.flac")
    house.bench.settle()
    before = house.ids()
    (house.roots["m"] / "a.flac").unlink()
    house.take_away("n")
    house.restart()
    house.bench.run()
    assert house.bench.indexer.offline() == {"n"}
    assert house.ids() == {"n/a.flac": before["n/a.flac"]}
    assert house.bench.ledger.missing_count() == 1


@pytest.mark.parametrize("points", range(4))  # before and after each of the two writes
def test_a_crash_between_a_removal_and_its_handing_on_leaves_neither(
    house: House, points: int
) -> None:
    before = copied_while_away(house)
    house.bring_back("m")
    house.restart()
    house.fuse.left = points
    with pytest.raises(Crash):
        house.bench.run()
    house.restart()
    assert house.ids()["m/a.flac"] == before
    house.bench.run()
    assert house.ids() == {"n/a.flac": before}
    assert len(house.bench.index.known_tracks()) == 3


def stored_but_not_marked(house: House, name: str, sound: str) -> Path:
    """Let the power fail after the index has stored a new file and before the ledger knows."""
    path = house.roots["n"] / name
    path.write_text(sound)
    house.mark.left = 0
    with pytest.raises(Crash):
        house.bench.settle()
    assert len(house.bench.index.known_tracks()) == 1 + house.bench.ledger.counts()["indexed"]
    return path


def test_what_was_stored_unmarked_and_went_leaves_nothing_behind(house: House) -> None:
    house.bench.settle()
    path = stored_but_not_marked(house, "a.flac", "one")
    path.unlink()
    house.restart()
    house.bench.run()
    assert house.ids() == {}
    assert sorted(house.bench.index.known_tracks().values()) == ["always-m", "always-n"]
    assert house.bench.index.count_windows() == 2


def test_what_was_stored_unmarked_and_became_an_older_track_is_stored_once(house: House) -> None:
    (house.roots["m"] / "a.flac").write_text("one")
    house.bench.settle()
    before = house.ids()["m/a.flac"]
    stored_but_not_marked(house, "b.flac", "one")
    (house.roots["m"] / "a.flac").unlink()
    house.restart()
    house.bench.settle()
    assert house.ids() == {"n/b.flac": before}
    assert sorted(house.bench.index.known_tracks().values()) == ["always-m", "always-n", "one"]
    assert house.bench.index.known_tracks()[before] == "one"
