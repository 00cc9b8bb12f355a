"""Filling a space: which files are heard, which wait, which are left out."""

import os
from collections import Counter
from pathlib import Path

import pytest

from tests.indexer.bench import (
    Bench,
    assert_whole,
    build,
    progress,
    steps,
    three_tracks,
)
from traumbox.errors import AudioError, ListenerError, ModelError, StoreError
from traumbox.indexer.filling import FEW, LATER_S, LEFT_OUT_AGAIN_S
from traumbox.indexer.hearing import STRIKE_PAUSE_S
from traumbox.library.folders import WatchedFolder


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return three_tracks(tmp_path)


def test_a_sound_is_embedded_once_for_all_its_copies(bench: Bench) -> None:
    bench.put("copy.flac", "one")
    bench.settle()
    bench.ear.heard.clear()
    bench.change.begin("new")
    bench.run()
    assert_whole(bench, "new")
    assert len(bench.ear.heard) == 3
    assert bench.index.count_windows() == 3


def test_files_of_an_offline_folder_are_waited_for(bench: Bench) -> None:
    away = bench.root.rename(bench.root.parent / "away")
    bench.run()
    bench.change.begin("new")
    bench.run()
    assert bench.serving == "old"
    found = progress(bench)
    assert (found.done, found.waiting) == (0, 3)
    assert "offline: “m”" in found.note
    away.rename(bench.root)
    bench.pass_time(30.0)
    assert_whole(bench, "new")


def test_a_file_that_fails_is_left_out_and_becomes_the_ledger_s_business(bench: Bench) -> None:
    damaged = AudioError("it is damaged")
    bench.ear.script = {"b.flac": [damaged, damaged]}
    bench.change.begin("new")
    while bench.spaces.filling() is not None:
        assert bench.states()["b.flac"] == "indexed"
        bench.indexer.step()
    bench.run()
    assert bench.states() == {"a.flac": "indexed", "b.flac": "failed", "c.flac": "indexed"}
    assert bench.rows()["b.flac"].reason == "it is damaged"


def test_a_file_that_kills_the_listener_twice_is_left_out(bench: Bench) -> None:
    died = ListenerError("it ended the listener (SIGSEGV)")
    bench.ear.script = {"b.flac": [died] * 4}
    bench.change.begin("new")
    while bench.spaces.filling() is not None:
        bench.indexer.step()
    assert len(bench.ear.script["b.flac"]) == 2
    bench.run()
    bench.pass_time(STRIKE_PAUSE_S)
    assert bench.states() == {"a.flac": "indexed", "b.flac": "failed", "c.flac": "indexed"}
    assert "SIGSEGV" in bench.rows()["b.flac"].reason


def test_nobody_is_blamed_for_a_death_in_company(bench: Bench) -> None:
    died = ListenerError("it ended the listener (SIGSEGV)")
    died.company = frozenset({bench.root / "b.flac"})
    bench.ear.script = {"a.flac": [died, died, died]}
    bench.change.begin("new")
    bench.run()
    assert_whole(bench, "new")
    # Neither of the two was looked ahead at again.
    assert Counter(bench.ear.expected)["a.flac"] == 0
    assert Counter(bench.ear.expected)["b.flac"] == 1


def test_the_next_file_is_announced(bench: Bench) -> None:
    bench.change.begin("new")
    bench.run()
    assert bench.ear.expected == ["b.flac", "c.flac"]


def test_a_file_that_cannot_be_read_just_now_is_tried_again(bench: Bench) -> None:
    bench.ear.script = {"b.flac": [OSError(5, "Input/output error")]}
    bench.change.begin("new")
    bench.run()
    assert bench.serving == "old"
    bench.pass_time(LATER_S[0])
    assert_whole(bench, "new")


def test_an_ill_disk_does_not_lead_to_an_empty_library(tmp_path: Path) -> None:
    bench = build(tmp_path)
    names = [f"{number:02}.flac" for number in range(FEW + 5)]
    for name in names:
        bench.put(name, name.removesuffix(".flac"))
    bench.settle()
    ill = [OSError(5, "Input/output error")] * (len(LATER_S) + 1)
    bench.ear.script = {name: list(ill) for name in names[: FEW + 1]}
    bench.change.begin("new")
    for pause_s in (0.0, *LATER_S):
        bench.pass_time(pause_s)
    bench.run()
    assert bench.serving == "old"
    assert "11 tracks can't be heard" in progress(bench).note
    bench.pass_time(LEFT_OUT_AGAIN_S)
    assert_whole(bench, "new")


def test_a_retag_reaches_the_new_space_too(bench: Bench) -> None:
    bench.change.begin("new")
    steps(bench, 3)
    bench.change.pause()
    bench.put("a.flac", "one|A better title")
    bench.settle()
    assert bench.serving == "old"
    bench.change.resume()
    bench.run()
    assert_whole(bench, "new")
    track_id = bench.rows()["a.flac"].track_id
    assert bench.index.told[track_id].track.title == "A better title"
    assert Counter(bench.ear.embedded_for)["new", "one"] == 1


def test_a_file_that_sounds_different_is_heard_for_the_old_space_first(bench: Bench) -> None:
    def replace(path: Path) -> None:
        stat = path.stat()
        path.write_text("six")
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))

    bench.ear.script = {"a.flac": [replace]}
    bench.change.begin("new")
    bench.run()
    assert_whole(bench, "new")
    assert bench.rows()["a.flac"].audio_id == "six"
    assert ("old", "six") in bench.ear.embedded_for
    assert ("new", "one") not in bench.ear.embedded_for


def test_a_file_written_to_while_it_was_heard_is_not_stored(bench: Bench) -> None:
    def grow(path: Path) -> None:
        path.write_text("grown-longer")

    bench.ear.script = {"a.flac": [grow]}
    bench.change.begin("new")
    bench.settle()
    bench.pass_time(LATER_S[0])
    assert_whole(bench, "new")
    assert bench.rows()["a.flac"].audio_id == "grown-longer"


def test_a_file_touched_while_it_was_heard_waits_for_the_scan(bench: Bench) -> None:
    bench.ear.script = {"a.flac": [lambda path: os.utime(path, ns=(1, 1))]}
    bench.change.begin("new")
    bench.run()
    assert bench.serving == "old"
    assert bench.rows()["a.flac"].track_id not in bench.shelf.indices["new-1"].known_tracks()
    bench.settle()
    bench.pass_time(LATER_S[0])
    assert_whole(bench, "new")


def test_a_file_that_goes_is_no_longer_counted(bench: Bench) -> None:
    bench.change.begin("new")
    steps(bench, 1)
    bench.change.pause()
    (bench.root / "b.flac").unlink()
    bench.run()
    bench.change.resume()
    bench.clock.s += 1.0
    bench.indexer.step()
    assert progress(bench).total == 2


def test_a_file_deleted_meanwhile_does_not_hold_the_switch(bench: Bench) -> None:
    bench.change.begin("new")
    bench.put("d.flac", "four")
    steps(bench, 1)
    (bench.root / "b.flac").unlink()
    bench.settle()
    assert_whole(bench, "new")
    assert sorted(bench.states()) == ["a.flac", "c.flac", "d.flac"]


def test_a_listener_without_the_model_blames_no_file(bench: Bench) -> None:
    bench.ear.script = {"a.flac": [ModelError("The model's file is damaged.")]}
    bench.change.begin("new")
    bench.run()
    assert "damaged" in progress(bench).note
    bench.pass_time(60.0)
    assert_whole(bench, "new")


def test_a_folder_taken_out_is_not_waited_for(bench: Bench) -> None:
    bench.indexer.set_folders([])
    bench.run()
    bench.change.begin("new")
    bench.run()
    assert bench.serving == "new"
    bench.indexer.set_folders([WatchedFolder("m", bench.root)])
    bench.run()
    assert_whole(bench, "new")


def test_a_full_disk_loses_nothing(bench: Bench) -> None:
    bench.change.begin("new")
    steps(bench, 1)
    bench.shelf.indices["new-1"].is_full = True
    bench.clock.s += 10.0
    with pytest.raises(StoreError):
        bench.run()
    bench.change.drop_batch()
    bench.shelf.indices["new-1"].is_full = False
    bench.run()
    assert_whole(bench, "new")
