"""Files come, change, move and go: the cases that need no mount. Numbers are those of the cases."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cases.keeper import SETTLE_S, Keeper, id_of
from tests.house import wait_for

pytestmark = pytest.mark.process


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Keeper]:
    with Keeper(tmp_path) as keeper:
        yield keeper


def tree(root: Path, folders: int, each: int) -> None:
    for folder in range(folders):
        place = root / f"artist {folder % 10}" / f"album {folder}"
        place.mkdir(parents=True)
        for track in range(each):
            (place / f"{track:02}.flac").write_text(f"sound {folder}-{track}")


def test_01_a_large_copy_is_indexed_whole_and_once(tmp_path: Path, keeper: Keeper) -> None:
    tree(tmp_path / "source", folders=400, each=5)
    subprocess.run(["cp", "-r", tmp_path / "source", keeper.root], check=True)
    keeper.wait_until_indexed(2000, timeout_s=240)
    assert keeper.inferences == 2000
    keeper.assert_whole()


def test_02_a_tree_moved_in_is_indexed(tmp_path: Path, keeper: Keeper) -> None:
    tree(tmp_path / "source", folders=20, each=5)
    (tmp_path / "source").rename(keeper.root / "moved in")
    keeper.wait_until_indexed(100)
    keeper.assert_whole()


def test_03_short_pauses_of_a_writer_cost_nothing(keeper: Keeper) -> None:
    with (keeper.root / "a.flac").open("w") as file:
        for letter in "growing":
            file.write(letter)
            file.flush()
            time.sleep(SETTLE_S / 3)
            assert keeper.counts()["indexed"] == 0
    keeper.wait_until_indexed(1)
    assert keeper.ear.heard == {"growing": 1}


def test_04_after_a_long_pause_the_final_content_counts(keeper: Keeper) -> None:
    path = keeper.put("a.flac", "first half")
    keeper.wait_until_indexed(1)
    with path.open("a") as file:
        file.write(" and second half")
    whole = id_of("first half and second half")
    wait_for(lambda: keeper.rows()["a.flac"].audio_id == whole, "the end", 30)
    keeper.wait_until_indexed(1)
    assert keeper.inferences == 2
    keeper.assert_whole()


def test_05_a_preallocated_file_waits_until_it_is_written(keeper: Keeper) -> None:
    text = "x" * 40
    with (keeper.root / "a.flac").open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, len(text))
        for start in range(0, len(text), 5):
            file.seek(start)
            file.write(text[start : start + 5].encode())
            file.flush()
            assert not keeper.ear.heard
            time.sleep(SETTLE_S / 3)
    keeper.wait_until_indexed(1)
    assert keeper.ear.heard == {text: 1}


def test_06_an_old_mtime_proves_nothing(tmp_path: Path, keeper: Keeper) -> None:
    source = tmp_path / "old.flac"
    source.write_text("old")
    os.utime(source, (1_000_000_000, 1_000_000_000))
    begin_s = time.monotonic()
    subprocess.run(["cp", "-p", source, keeper.root], check=True)
    keeper.wait_until_indexed(1)
    assert time.monotonic() - begin_s >= SETTLE_S


def test_07_a_download_counts_from_its_last_rename(keeper: Keeper) -> None:
    path = keeper.put("x.flac.part", "download")
    keeper.put("other.flac", "other")
    keeper.wait_until_indexed(1)
    path.rename(keeper.root / "x.flac")
    keeper.wait_until_indexed(2)
    assert set(keeper.states()) == {"x.flac", "other.flac"}
    assert keeper.inferences == 2


def test_08_replaced_and_retagged_files_are_read_again(keeper: Keeper) -> None:
    for name in ("a.flac", "b.flac"):
        keeper.put(name, f"{name}|before")
    keeper.wait_until_indexed(2)
    ids = {path: row.track_id for path, row in keeper.rows().items()}
    keeper.put(".fresh", "a.flac|after").rename(keeper.root / "a.flac")
    (keeper.root / "b.flac").write_text("b.flac|after!")

    def retagged() -> bool:
        titles = {path: row.tags.title for path, row in keeper.rows().items()}
        return titles == {"a.flac": "after", "b.flac": "after!"}

    keeper.wait_for(retagged, "the new tags")
    assert keeper.inferences == 2
    assert {path: row.track_id for path, row in keeper.rows().items()} == ids


def test_09_renaming_a_hundred_folders_hears_nothing(keeper: Keeper) -> None:
    tree(keeper.root, folders=100, each=10)
    keeper.wait_until_indexed(1000, timeout_s=180)
    ids = {row.audio_id: row.track_id for row in keeper.rows().values()}
    heard = keeper.ear.heard.total()
    for folder in sorted(keeper.root.glob("*/*")):
        folder.rename(folder.with_name(folder.name + " (renamed)"))
    (keeper.root / "artist 0").rename(keeper.root / "somebody else")
    keeper.wait_for(
        lambda: sum("renamed" in path for path in keeper.rows()) == 1000, "the new names", 60
    )
    keeper.wait_until_indexed(1000)
    assert keeper.ear.heard.total() == heard
    assert keeper.counts()["missing"] == 0
    assert {row.audio_id: row.track_id for row in keeper.rows().values()} == ids
    keeper.assert_whole()


def test_10_a_deleted_file_restored_from_a_backup_is_the_same_track(
    tmp_path: Path, keeper: Keeper
) -> None:
    path = keeper.put("a.flac", "one")
    keeper.put("b.flac", "two")
    keeper.wait_until_indexed(2)
    track_id = keeper.rows()["a.flac"].track_id
    shutil.copyfile(path, tmp_path / "backup")
    path.unlink()
    keeper.wait_for(lambda: keeper.counts()["missing"] == 1, "it to be missing")
    shutil.copyfile(tmp_path / "backup", path)
    keeper.wait_until_indexed(2)
    assert keeper.rows()["a.flac"].track_id == track_id
    assert keeper.inferences == 2
    assert keeper.counts()["missing"] == 0


def test_18_a_handler_that_fails_once_loses_no_file(keeper: Keeper) -> None:
    dirty = keeper.indexer.dirty
    failed: list[str] = []

    def fail_once(folder: str, directory: bytes | None) -> None:
        if not failed:
            failed.append(folder)
            raise RuntimeError("as scripted")
        dirty(folder, directory)

    keeper.wait_until_indexed(0)
    keeper.on_dirty = fail_once
    keeper.put("a.flac")
    keeper.wait_for(lambda: failed, "the handler to fail")
    keeper.put("b.flac")
    keeper.wait_until_indexed(2)
    keeper.assert_whole()


def test_19_a_root_made_anew_is_watched_again_and_nothing_is_removed(keeper: Keeper) -> None:
    for number in range(30):
        keeper.put(f"{number}.flac")
    keeper.wait_until_indexed(30)
    shutil.rmtree(keeper.root)
    keeper.wait_for(lambda: not keeper.state.online, "it to be offline")
    assert keeper.counts()["indexed"] == 30
    keeper.root.mkdir()
    keeper.put("new.flac")
    keeper.scan()
    assert not keeper.state.online or keeper.state.held
    assert keeper.counts()["missing"] == 0
    keeper.indexer.confirm(keeper.folders[0].name)
    keeper.wait_until_indexed(1)
    keeper.put("newer.flac")
    keeper.wait_until_indexed(2)


def test_21_names_of_every_kind(keeper: Keeper) -> None:
    alien = keeper.root / os.fsdecode(b"caf\xe9.flac")
    alien.write_text("alien")
    for form in ("NFC", "NFD"):
        keeper.put(unicodedata.normalize(form, "Bjö­rk – Jóga.flac"), f"spelled {form}")
    keeper.wait_until_indexed(3)
    assert len(keeper.rows()) == 3
    assert "caf\\xe9.flac" in keeper.rows()
    assert keeper.ear.heard == {"alien": 1, "spelled NFC": 1, "spelled NFD": 1}


def test_23_a_broken_file_costs_itself_only(keeper: Keeper) -> None:
    keeper.put("bad.flac", "broken")
    for number in range(5):
        keeper.put(f"{number}.flac")
    keeper.wait_for(
        lambda: keeper.counts()["failed"] == 1 and keeper.counts()["indexed"] == 5, "the rest"
    )
    row = keeper.rows()["bad.flac"]
    assert row.reason == "it isn't audio"
    keeper.put("bad.flac", "mended, and no longer broken")
    keeper.wait_until_indexed(6)


def test_25_a_drop_does_not_wait_for_the_backlog(keeper: Keeper) -> None:
    keeper.ear.pause_s = 0.01
    tree(keeper.root, folders=500, each=10)
    keeper.wait_for(lambda: sum(keeper.counts().values()) == 5000, "the backlog to be found", 60)
    keeper.put("dropped.flac", "dropped")
    keeper.wait_for(lambda: keeper.ear.heard["dropped"], "the drop", 60)
    assert keeper.ear.heard.total() < 4000


def test_case_changes_and_hard_links(keeper: Keeper) -> None:
    path = keeper.put("song.flac", "one")
    keeper.wait_until_indexed(1)
    track_id = keeper.rows()["song.flac"].track_id
    path.rename(keeper.root / "Song.FLAC")
    keeper.wait_for(lambda: "Song.FLAC" in keeper.rows(), "the new name")
    assert keeper.rows()["Song.FLAC"].track_id == track_id
    (keeper.root / "link.flac").hardlink_to(keeper.root / "Song.FLAC")
    keeper.wait_until_indexed(2)
    assert keeper.rows()["Song.FLAC"].track_id == track_id
    assert keeper.inferences == 1


def test_links_are_followed_inside_and_never_out(tmp_path: Path, keeper: Keeper) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.flac").write_text("secret")
    keeper.put("album/a.flac", "one")
    keeper.put(".annex/b.flac", "two")
    (keeper.root / "again").symlink_to("album")
    (keeper.root / "loop").symlink_to(".")
    (keeper.root / "out").symlink_to(outside)
    (keeper.root / "a too.flac").symlink_to("album/a.flac")
    (keeper.root / "shown.flac").symlink_to(".annex/b.flac")
    keeper.wait_for(lambda: keeper.counts()["indexed"] == 2, "both sounds")
    keeper.scan()
    assert {path for path, row in keeper.rows().items() if row.state == "indexed"} == {
        "album/a.flac",
        "shown.flac",
    }
    assert "secret" not in keeper.ear.heard
