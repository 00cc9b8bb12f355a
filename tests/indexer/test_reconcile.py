"""Identity, the brake, folders that come and go: the reconciler at work within the indexer."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.indexer.bench import SETTLE_S, Bench, build
from tests.indexer.world import DAY_S, DiskGuard
from traumbox.domain import Location
from traumbox.errors import NothingHeldError, UnknownFolderError
from traumbox.library.folders import WatchedFolder, nested

KEPT_DAYS = 30


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return build(tmp_path, guard=DiskGuard())


def ids(bench: Bench) -> dict[str, str]:
    return {
        f"{row.location.folder}/{row.location.display}": row.track_id
        for row in bench.ledger.page(limit=1000)[0]
    }


def fill(bench: Bench, count: int, directory: str = "album") -> None:
    for number in range(count):
        bench.put(f"{directory}/{number:02}.flac", f"{directory}-{number}")
    bench.settle()


def folders(tmp_path: Path, *names: str) -> list[WatchedFolder]:
    for name in names:
        (tmp_path / name).mkdir(exist_ok=True, parents=True)
    return nested(WatchedFolder(name.rpartition("/")[2], tmp_path / name) for name in names)


# Identity.


def test_what_was_deleted_and_restored_elsewhere_is_the_same_track(bench: Bench) -> None:
    path = bench.put("a.flac", "one")
    bench.put("other.flac", "other")
    bench.settle()
    before = ids(bench)["m/a.flac"]
    path.unlink()
    bench.run()
    bench.put("restored/b.flac", "one|and retagged")
    bench.settle()
    assert ids(bench)["m/restored/b.flac"] == before
    assert bench.ear.embedded == ["a.flac", "other.flac"]
    row = bench.ledger.row(before)
    assert row is not None
    assert row.tags.title == "and retagged"


def test_of_two_lost_tracks_that_sound_alike_the_one_of_that_name_returns(bench: Bench) -> None:
    bench.put("a.flac", "one")
    bench.put("b.flac", "one")
    bench.put("other.flac", "other")
    bench.settle()
    before = ids(bench)
    for name in ("a", "b"):
        (bench.root / f"{name}.flac").unlink()
    bench.run()
    bench.put("back/a.flac", "one")
    bench.settle()
    assert ids(bench)["m/back/a.flac"] == before["m/a.flac"]


def test_the_same_inode_under_another_name_with_other_content_is_no_move(bench: Bench) -> None:
    path = bench.put("a.flac", "one")
    bench.put("other.flac", "other")
    os.utime(path, ns=(5, 5))
    bench.settle()
    before = ids(bench)["m/a.flac"]
    renamed = path.rename(path.with_name("b.flac"))
    renamed.write_text("eno")
    os.utime(renamed, ns=(5, 5))
    bench.settle()
    assert ids(bench)["m/b.flac"] != before
    assert bench.ear.embedded[-1] == "b.flac"


# The brake.


def test_a_large_removal_waits_for_a_word(bench: Bench) -> None:
    fill(bench, 24)
    bench.put("other.flac", "other")
    bench.settle()
    shutil.rmtree(bench.root / "album")
    bench.run()
    held = bench.indexer.folder_states["m"].held
    assert held is not None
    assert (held.count, held.total, held.gone) == (24, 25, 24)
    assert held.examples[0] == "album/00.flac"
    assert len(bench.states()) == 25
    bench.pass_time(3600.0)
    again = bench.indexer.folder_states["m"].held
    assert again is not None
    assert again.since_s == held.since_s
    assert bench.indexer.confirm("m") == 24
    bench.pass_time(1.0)
    assert bench.states() == {"other.flac": "indexed"}
    assert bench.indexer.folder_states["m"].held is None
    assert bench.ledger.missing_count() == 24


def test_a_word_covers_what_was_held_and_no_more(bench: Bench) -> None:
    fill(bench, 30, "first")
    fill(bench, 30, "second")
    shutil.rmtree(bench.root / "first")
    bench.run()
    shutil.rmtree(bench.root / "second")
    (bench.root / "lest it be empty").mkdir()
    assert bench.indexer.confirm("m") == 30
    bench.pass_time(1.0)
    assert len(bench.states()) == 30
    held = bench.indexer.folder_states["m"].held
    assert held is not None
    assert held.count == 30


def test_what_was_never_heard_goes_without_a_word(bench: Bench) -> None:
    fill(bench, 10, "heard")
    bench.indexer.pause()
    fill(bench, 60, "waiting")
    assert bench.ledger.counts()["pending"] == 60
    shutil.rmtree(bench.root / "waiting")
    bench.run()
    assert bench.indexer.folder_states["m"].held is None
    assert bench.ledger.counts() == {"indexed": 10, "pending": 0, "failed": 0, "excluded": 0}
    assert bench.ledger.missing_count() == 0


def test_what_was_never_heard_does_not_hide_a_large_removal(bench: Bench) -> None:
    fill(bench, 40, "heard")
    bench.indexer.pause()
    fill(bench, 200, "waiting")
    shutil.rmtree(bench.root / "waiting")
    shutil.rmtree(bench.root / "heard")
    bench.put("left.flac", "left")
    bench.run()
    held = bench.indexer.folder_states["m"].held
    assert held is not None
    assert (held.count, held.total) == (40, 40)


def test_the_brake_lets_go_when_the_files_are_back(bench: Bench) -> None:
    fill(bench, 24)
    bench.put("other.flac", "other")
    bench.settle()
    (bench.root / "album").rename(bench.root.parent / "away")
    bench.run()
    assert bench.indexer.folder_states["m"].held is not None
    (bench.root.parent / "away").rename(bench.root / "album")
    bench.run()
    assert bench.indexer.folder_states["m"].held is None
    with pytest.raises(NothingHeldError):
        bench.indexer.confirm("m")
    with pytest.raises(UnknownFolderError):
        bench.indexer.confirm("x")


def test_a_rule_that_leaves_out_too_much_is_held_too(bench: Bench) -> None:
    fill(bench, 24)
    (bench.root / ".traumboxignore").write_text("*.flac\n")
    bench.run()
    held = bench.indexer.folder_states["m"].held
    assert held is not None
    assert (held.count, held.gone) == (24, 0)
    assert set(bench.states().values()) == {"indexed"}
    (bench.root / ".traumboxignore").unlink()
    bench.run()
    assert bench.indexer.folder_states["m"].held is None


def test_what_moved_while_it_was_held_keeps_its_ids(bench: Bench) -> None:
    fill(bench, 24)
    bench.put("other.flac", "other")
    bench.settle()
    before = sorted(ids(bench).values())
    (bench.root / "album").rename(bench.root.parent / "away")
    bench.indexer.dirty("m", b"album")
    bench.pass_time(1.0)
    bench.pass_time(1.0)
    assert bench.indexer.folder_states["m"].held is not None
    (bench.root / "new").mkdir()
    (bench.root.parent / "away").rename(bench.root / "new" / "album")
    bench.pass_time(10.0)
    bench.indexer.dirty("m", b"new")
    bench.pass_time(1.0)
    assert sorted(ids(bench).values()) == before
    assert bench.indexer.folder_states["m"].held is None
    assert "m/new/album/00.flac" in ids(bench)


def test_an_emptied_root_and_another_disk_can_be_confirmed(bench: Bench) -> None:
    guard = DiskGuard()
    bench = build(bench.directory, guard=guard)
    fill(bench, 4)
    shutil.rmtree(bench.root / "album")
    bench.run()
    state = bench.indexer.folder_states["m"]
    assert not state.online
    assert state.held is not None
    assert state.held.count == 4
    assert len(bench.states()) == 4
    bench.indexer.confirm("m")
    bench.pass_time(1.0)
    assert bench.indexer.folder_states["m"].online
    assert bench.states() == {}
    fill(bench, 30, "new")
    shutil.rmtree(bench.root / "new")
    guard.disks[bench.root] = "another"
    bench.put("foreign.flac", "foreign")
    bench.settle()
    assert not bench.indexer.folder_states["m"].online
    assert len(bench.states()) == 30
    bench.indexer.confirm("m")
    bench.settle()
    assert bench.states() == {"foreign.flac": "indexed"}, "it needs no second word"


def test_a_word_about_one_disk_is_none_about_the_next(bench: Bench) -> None:
    guard = DiskGuard()
    bench = build(bench.directory, guard=guard)
    fill(bench, 4)
    shutil.rmtree(bench.root / "album")
    bench.put("foreign.flac", "foreign")
    guard.disks[bench.root] = "second"
    bench.run()
    bench.indexer.confirm("m")
    guard.disks[bench.root] = "a third one"
    bench.pass_time(1.0)
    assert not bench.indexer.folder_states["m"].online
    assert len(bench.states()) == 4


def test_what_the_brake_holds_shows_as_soon_as_the_right_disk_is_back(bench: Bench) -> None:
    guard = DiskGuard()
    bench = build(bench.directory, guard=guard)
    fill(bench, 24)
    bench.put("other.flac", "other")
    bench.settle()
    shutil.rmtree(bench.root / "album")
    away = bench.root.rename(bench.root.parent / "away")
    bench.root.mkdir()
    bench.run()
    assert not bench.indexer.folder_states["m"].online
    bench.root.rmdir()
    away.rename(bench.root)
    bench.run()
    held = bench.indexer.folder_states["m"].held
    assert held is not None
    assert held.count == 24
    bench.indexer.confirm("m")
    bench.pass_time(1.0)
    assert bench.states() == {"other.flac": "indexed"}


# Offline.


def test_an_offline_folder_is_found_without_any_scan_being_due(bench: Bench) -> None:
    bench.put("a.flac", "one")
    bench.settle()
    bench.root.rename(bench.root.parent / "away")
    bench.pass_time(30.0)
    assert bench.indexer.offline() == {"m"}
    assert bench.states() == {"a.flac": "indexed"}
    (bench.root.parent / "away").rename(bench.root)
    bench.indexer.mounts_changed()
    bench.pass_time(0.1)
    assert bench.indexer.offline() == frozenset()


def test_what_settles_in_a_folder_that_went_away_keeps_nobody_waiting(bench: Bench) -> None:
    bench.put("a.flac", "one")
    bench.settle()
    bench.put("b.flac", "two")
    bench.run()
    assert not bench.indexer.is_settled()
    away = bench.root.rename(bench.directory / "away")
    bench.pass_time(SETTLE_S)
    bench.run()
    assert bench.indexer.offline() == {"m"}
    assert bench.indexer.is_settled()
    away.rename(bench.root)
    bench.settle()
    assert bench.states() == {"a.flac": "indexed", "b.flac": "indexed"}


def test_a_root_exchanged_in_mid_scan_decides_nothing(bench: Bench) -> None:
    class Exchanging(DiskGuard):
        looks = 0

        def look(self, folder: WatchedFolder):  # type: ignore[no-untyped-def]
            self.looks += 1
            self.disks[folder.root] = "other" if self.looks == 2 else "own"
            return super().look(folder)

    fill(bench, 4)
    bench = build(bench.directory, bench.shelf, bench.ear, bench.clock, guard=Exchanging())
    (bench.root / "album" / "00.flac").unlink()
    bench.indexer.step()
    assert len(bench.states()) == 4
    bench.pass_time(30.0)
    assert len(bench.states()) == 3


# Folders come and go, and lie in one another.


def test_a_renamed_folder_keeps_its_tracks(bench: Bench) -> None:
    bench.put("a.flac", "one")
    bench.settle()
    before = ids(bench)["m/a.flac"]
    bench.indexer.set_folders([WatchedFolder("Music", bench.root)])
    bench.settle()
    assert ids(bench) == {"Music/a.flac": before}
    assert bench.ear.heard == ["a.flac"]


def test_files_change_hands_when_a_folder_within_is_watched_by_itself(tmp_path: Path) -> None:
    outer, inner = folders(tmp_path, "m", "m/inner")
    bench = build(tmp_path, folders=nested([outer]), guard=DiskGuard())
    for number in range(24):
        (outer.root / "inner" / f"{number:02}.flac").write_text(f"sound-{number}")
    (outer.root / "own.flac").write_text("own")
    bench.settle()
    before = {path.rpartition("/")[2]: track for path, track in ids(bench).items()}
    bench.indexer.set_folders(nested([outer, inner]))
    bench.run()
    there = ids(bench)
    assert "inner/00.flac" in there
    assert {path.rpartition("/")[2]: track for path, track in there.items()} == before
    bench.indexer.set_folders(nested([outer]))
    bench.run()
    assert {path.rpartition("/")[2]: track for path, track in ids(bench).items()} == before
    assert "m/inner/00.flac" in ids(bench)
    assert len(bench.ear.heard) == 25


def test_what_lies_in_a_folder_within_that_is_away_stays(tmp_path: Path) -> None:
    outer, inner = folders(tmp_path, "m", "m/inner")
    bench = build(tmp_path, folders=nested([outer]), guard=DiskGuard())
    (inner.root / "a.flac").write_text("one")
    (outer.root / "own.flac").write_text("own")
    bench.settle()
    before = ids(bench)["m/inner/a.flac"]
    away = inner.root.rename(tmp_path / "away")
    bench.indexer.set_folders(nested([outer, inner]))
    bench.run()
    assert ids(bench)["m/inner/a.flac"] == before
    away.rename(inner.root)
    bench.run()
    assert ids(bench)["inner/a.flac"] == before
    assert bench.ledger.missing_count() == 0


def test_moving_between_folders_keeps_the_id_whichever_is_looked_at_first(tmp_path: Path) -> None:
    pair = folders(tmp_path, "m", "n")
    bench = build(tmp_path, folders=pair, guard=DiskGuard())
    path = bench.put("../m/a.flac", "one")
    bench.put("../m/other.flac", "other")
    bench.settle()
    before = ids(bench)["m/a.flac"]
    path.rename(tmp_path / "n" / "b.flac")
    bench.indexer.scan("n")
    bench.pass_time(1.0)
    bench.pass_time(SETTLE_S)
    assert len(ids(bench)) == 3, "nobody has looked whether it left"
    bench.indexer.scan("m")
    bench.pass_time(1.0)
    assert ids(bench) == {"n/b.flac": before, "m/other.flac": ids(bench)["m/other.flac"]}


# What is missing is kept, and let go in the end.


def test_the_missing_are_kept_a_month_and_three_good_days(bench: Bench) -> None:
    path = bench.put("a.flac", "one")
    bench.put("other.flac", "other")
    bench.settle()
    path.unlink()
    bench.run()
    bench.clock.s += KEPT_DAYS * DAY_S
    for _ in range(2):
        bench.run()
        assert bench.ledger.missing_count() == 1
        bench.clock.s += DAY_S
    bench.run()
    assert bench.ledger.missing_count() == 0
    assert bench.index.count_windows() == 1
    assert bench.ear.embedded == ["a.flac", "other.flac"]


def test_forgetting_does_not_wait(bench: Bench) -> None:
    path = bench.put("a.flac", "one")
    bench.put("other.flac", "other")
    bench.settle()
    path.unlink()
    bench.run()
    assert bench.indexer.forget_missing("m") == 1
    bench.pass_time(0.0)
    assert bench.ledger.missing_count() == 0
    assert bench.index.count_windows() == 1
    assert bench.indexer.forget_missing("m") == 0
    with pytest.raises(UnknownFolderError):
        bench.indexer.forget_missing("x")


# Rules and parts.


def test_an_included_file_is_indexed_again_without_hearing(bench: Bench) -> None:
    fill(bench, 2)
    (bench.root / ".traumboxignore").write_text("00.flac\n")
    bench.run()
    assert bench.states()["album/00.flac"] == "excluded"
    (bench.root / ".traumboxignore").unlink()
    bench.run()
    assert set(bench.states().values()) == {"indexed"}
    assert len(bench.ear.heard) == 2


def test_what_was_left_out_during_a_change_of_models_is_heard_when_it_returns(
    bench: Bench,
) -> None:
    fill(bench, 2)
    (bench.root / ".traumboxignore").write_text("00.flac\n")
    bench.run()
    bench.change.begin("new")
    bench.run()
    assert bench.serving == "new"
    (bench.root / ".traumboxignore").unlink()
    bench.run()
    assert bench.index.count_windows() == 2


def test_a_subtree_is_judged_alone(bench: Bench) -> None:
    fill(bench, 2, "a")
    fill(bench, 2, "b")
    for directory in ("a", "b"):
        (bench.root / directory / "00.flac").unlink()
    bench.indexer.dirty("m", b"a")
    bench.pass_time(1.0)
    assert bench.states().keys() == {"a/01.flac", "b/00.flac", "b/01.flac"}


def test_settling_looks_only_where_files_settle(bench: Bench) -> None:
    fill(bench, 2, "a")
    bench.put("b/new.flac", "new")
    bench.indexer.dirty("m", b"b")
    bench.pass_time(1.0)
    (bench.root / "a" / "00.flac").unlink()
    bench.pass_time(SETTLE_S)
    assert bench.states().keys() == {"a/00.flac", "a/01.flac", "b/new.flac"}
    assert bench.states()["b/new.flac"] == "indexed"


def test_a_file_that_someone_writes_has_not_settled(bench: Bench) -> None:
    path = bench.put("a.flac", "one")
    with path.open("ab"):
        bench.settle()
        bench.pass_time(SETTLE_S)
        if bench.states():
            pytest.skip("leases tell nothing on this file system or for this user")
    bench.pass_time(SETTLE_S)
    assert bench.states() == {"a.flac": "indexed"}


def test_an_empty_file_is_left_alone(bench: Bench) -> None:
    path = bench.put("a.flac", "")
    bench.settle()
    bench.pass_time(3600.0)
    assert bench.states() == {}
    path.write_text("one")
    bench.settle()
    assert bench.states() == {"a.flac": "indexed"}


@pytest.mark.parametrize("link", [os.symlink, os.link])
def test_links_within_cost_nothing(bench: Bench, link: Callable[[Path, Path], None]) -> None:
    path = bench.put("a.flac", "one")
    link(path, bench.root / "b.flac")
    (bench.root / "circle").symlink_to(bench.root)
    bench.settle()
    assert len(bench.ear.embedded) == 1
    assert bench.states().keys() == {"a.flac", *(() if link is os.symlink else ("b.flac",))}


def test_what_lies_behind_a_link_settles_too(bench: Bench) -> None:
    store = bench.root / ".store"
    store.mkdir()
    (store / "a.flac").write_text("one")
    (bench.root / "seen").symlink_to(store)
    bench.settle()
    assert bench.states() == {"seen/a.flac": "indexed"}


def test_the_ledger_knows_where_a_subdirectory_s_files_lie(bench: Bench) -> None:
    bench.put("a/b/c.flac", "one")
    bench.settle()
    assert Location("m", b"a/b/c.flac") in bench.ledger.known()
