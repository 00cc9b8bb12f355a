"""The indexer over real folders, a real ledger, an index in memory and a scripted ear."""

import os
from pathlib import Path

import pytest

from tests.indexer.bench import SCAN_EVERY_S, SETTLE_S, Bench, Shelf, build
from traumbox.domain import Location
from traumbox.errors import AudioError, ListenerError, StoreError
from traumbox.indexer.batch import BATCH_AGE_S
from traumbox.indexer.hearing import NO_PERMISSION, STRIKE_PAUSE_S
from traumbox.library.folders import WatchedFolder
from traumbox.library.sheets import Sheets


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return build(tmp_path)


def test_a_file_is_heard_once_it_has_settled_and_then_rests(bench: Bench) -> None:
    bench.put("a.flac", "one")
    bench.run()
    assert bench.ear.heard == []
    bench.pass_time(SETTLE_S)
    assert bench.states() == {"a.flac": "indexed"}
    bench.run()
    bench.pass_time(SCAN_EVERY_S)
    assert bench.ear.heard == ["a.flac"]


def test_a_growing_file_is_left_alone(bench: Bench) -> None:
    for length in range(1, 6):
        bench.put("a.flac", "x" * length)
        bench.settle() if length == 5 else bench.run()
    assert bench.ear.heard == ["a.flac"]


def test_the_timer_finds_what_no_event_told(bench: Bench) -> None:
    bench.settle()
    bench.put("a.flac", "one")
    bench.pass_time(SETTLE_S)
    assert bench.states() == {}
    bench.pass_time(SCAN_EVERY_S)
    bench.pass_time(SETTLE_S)
    assert bench.states() == {"a.flac": "indexed"}


def test_a_rename_keeps_the_track_and_is_not_heard_again(bench: Bench) -> None:
    bench.put("a.flac", "one")
    bench.settle()
    before = bench.rows()["a.flac"].track_id
    (bench.root / "deep").mkdir()
    (bench.root / "a.flac").rename(bench.root / "deep" / "b.flac")
    bench.run()
    assert {path: row.track_id for path, row in bench.rows().items()} == {"deep/b.flac": before}
    assert bench.ear.heard == ["a.flac"]


def test_a_retag_is_heard_but_not_embedded_again(bench: Bench) -> None:
    path = bench.put("a.flac", "one")
    bench.settle()
    os.utime(path, ns=(1, 1))
    bench.settle()
    assert bench.ear.heard == ["a.flac", "a.flac"]
    assert bench.ear.embedded == ["a.flac"]


def test_copies_of_one_sound_are_embedded_once(bench: Bench) -> None:
    bench.put("a.flac", "one")
    bench.put("b.flac", "one")
    bench.settle()
    assert bench.states() == {"a.flac": "indexed", "b.flac": "indexed"}
    assert len(bench.ear.embedded) == 1
    assert bench.index.count_windows() == 1


def test_a_deleted_file_is_hidden_and_comes_back_with_its_id(bench: Bench) -> None:
    path = bench.put("a.flac", "one")
    bench.put("b.flac", "two")
    bench.settle()
    track_id = bench.rows()["a.flac"].track_id
    path.rename(bench.root.parent / "kept")
    bench.run()
    assert bench.states() == {"b.flac": "indexed"}
    (bench.root.parent / "kept").rename(path)
    bench.run()
    assert bench.rows()["a.flac"].track_id == track_id
    assert len(bench.ear.heard) == 2


def test_a_vanished_mount_deletes_nothing(bench: Bench) -> None:
    bench.put("a.flac", "one")
    bench.settle()
    away = bench.root.rename(bench.root.parent / "away")
    bench.run()
    assert not bench.indexer.folder_states["m"].online
    assert bench.states() == {"a.flac": "indexed"}
    bench.root.mkdir()  # the empty mount point
    bench.run()
    assert "empty" in bench.indexer.folder_states["m"].note
    assert bench.states() == {"a.flac": "indexed"}
    bench.root.rmdir()
    away.rename(bench.root)
    bench.pass_time(30.0)
    assert bench.indexer.folder_states["m"].online
    assert bench.ear.heard == ["a.flac"]


def test_an_unreadable_file_has_its_reason_and_is_not_tried_again(bench: Bench) -> None:
    bench.put("a.flac", "one")
    bench.ear.script = {"a.flac": [AudioError("it isn't audio")]}
    bench.settle()
    bench.pass_time(7 * 24 * 3600.0)
    assert bench.rows()["a.flac"].reason == "it isn't audio"
    assert bench.ear.heard == ["a.flac"]
    bench.put("a.flac", "mended")
    bench.settle()
    assert bench.states() == {"a.flac": "indexed"}


def test_an_io_error_is_tried_again_later(bench: Bench) -> None:
    bench.put("a.flac", "one")
    bench.ear.script = {"a.flac": [OSError(5, "Input/output error")]}
    bench.settle()
    assert bench.states() == {"a.flac": "pending"}
    bench.pass_time(60.0)
    assert bench.states() == {"a.flac": "indexed"}


def test_a_permission_given_later_is_noticed_by_a_scan(bench: Bench) -> None:
    bench.put("a.flac", "one")
    bench.ear.script = {"a.flac": [PermissionError(13, "Permission denied")]}
    bench.settle()
    # The next scan finds that the file opens now (it always did: the ear's refusal was scripted).
    assert bench.rows()["a.flac"].reason == NO_PERMISSION
    bench.run()
    assert bench.states() == {"a.flac": "indexed"}


def test_a_file_that_kills_the_listener_costs_itself_only(bench: Bench) -> None:
    bench.put("a.flac", "poison")
    bench.put("b.flac", "fine")
    died = ListenerError("it ended the listener (SIGSEGV)")
    bench.ear.script = {"a.flac": [died, died]}
    bench.settle()
    assert bench.states() == {"a.flac": "pending", "b.flac": "indexed"}
    bench.pass_time(STRIKE_PAUSE_S)
    assert bench.states() == {"a.flac": "failed", "b.flac": "indexed"}
    assert "SIGSEGV" in bench.rows()["a.flac"].reason


def test_one_crash_is_forgiven(bench: Bench) -> None:
    bench.put("a.flac", "one")
    bench.ear.script = {"a.flac": [ListenerError("killed")]}
    bench.settle()
    bench.pass_time(STRIKE_PAUSE_S)
    assert bench.states() == {"a.flac": "indexed"}


def test_a_file_written_to_while_it_was_heard_settles_again(bench: Bench) -> None:
    def grow(path: Path) -> None:
        path.write_text("grown")

    bench.put("a.flac", "one")
    bench.ear.script = {"a.flac": [grow]}
    bench.settle()
    assert bench.states() == {"a.flac": "pending"}
    bench.settle()
    assert bench.rows()["a.flac"].audio_id == "grown"


def test_a_full_disk_loses_nothing(bench: Bench) -> None:
    bench.put("a.flac", "one")
    bench.run()
    bench.index.is_full = True
    with pytest.raises(StoreError):
        bench.pass_time(SETTLE_S)
    assert bench.states() == {"a.flac": "pending"}
    bench.index.is_full = False
    bench.pass_time(BATCH_AGE_S)
    assert bench.states() == {"a.flac": "indexed"}


def test_tracks_the_index_lost_are_heard_again(tmp_path: Path, bench: Bench) -> None:
    bench.put("a.flac", "one")
    bench.settle()
    again = build(tmp_path, Shelf(), bench.ear, bench.clock)
    again.run()
    assert again.states() == {"a.flac": "indexed"}
    assert again.index.count_windows() == 1
    assert again.ear.embedded == ["a.flac", "a.flac"]


def test_what_the_ledger_does_not_know_leaves_the_index(bench: Bench) -> None:
    path = bench.put("a.flac", "one")
    bench.settle()
    bench.ledger.forget([bench.rows()["a.flac"].track_id])
    path.unlink()
    again = bench.after_a_crash()
    again.run()
    assert again.index.count_windows() == 0


def test_a_link_out_of_the_folder_is_left_out(bench: Bench) -> None:
    (bench.root / "out.flac").symlink_to("/etc/hostname")
    bench.put("a.flac", "one")
    bench.settle()
    assert bench.states() == {"a.flac": "indexed", "out.flac": "excluded"}


def test_a_folder_taken_out_hides_its_tracks_until_it_returns(bench: Bench) -> None:
    bench.put("a.flac", "one")
    bench.settle()
    folders = bench.indexer.folders
    bench.indexer.set_folders([])
    bench.run()
    assert bench.states() == {}
    bench.indexer.set_folders(folders)
    bench.run()
    assert bench.states() == {"a.flac": "indexed"}
    assert bench.ear.heard == ["a.flac"]


def test_a_new_drop_is_heard_before_the_backlog(bench: Bench) -> None:
    def drop(_: Path) -> None:
        bench.put("z new.flac", "new")
        bench.indexer.scan()
        bench.clock.s += 2.0

    def linger(_: Path) -> None:
        bench.clock.s += SETTLE_S

    for number in range(6):
        bench.put(f"{number}.flac", f"sound{number}")
    bench.ear.script = {"0.flac": [drop], "1.flac": [linger]}
    bench.settle()
    assert bench.ear.heard.index("z new.flac") < bench.ear.heard.index("5.flac")


def test_paths_that_are_not_utf8_are_heard(bench: Bench) -> None:
    (bench.root / os.fsdecode(b"caf\xe9.flac")).write_text("one")
    bench.settle()
    rows, _ = bench.ledger.page(limit=10)
    assert [row.location for row in rows] == [Location("m", b"caf\xe9.flac")]
    assert rows[0].state == "indexed"


# Who is heard when.


def test_a_pause_outlives_a_restart_and_what_was_asked_for_is_heard_all_the_same(
    bench: Bench,
) -> None:
    bench.put("a.flac", "one")
    bench.put("b.flac", "two")
    bench.indexer.pause()
    bench.settle()
    again = bench.after_a_crash()
    again.settle()
    assert again.indexer.is_paused
    assert again.indexer.status().paused
    assert again.indexer.status().resting
    assert again.ear.heard == []
    assert again.indexer.is_settled()
    again.indexer.hear_now(again.rows()["b.flac"].track_id)
    again.pass_time(0.0)
    assert again.ear.heard == ["b.flac"]
    again.indexer.resume()
    again.pass_time(0.0)
    assert again.ear.heard == ["b.flac", "a.flac"]


def test_quiet_hours_hold_the_hearing_and_say_so(bench: Bench) -> None:
    bench.put("a.flac", "one")
    bench.resting[0] = "quiet hours until 07:00"
    bench.settle()
    assert bench.ear.heard == []
    assert bench.indexer.status().resting == "quiet hours until 07:00"
    bench.resting[0] = ""
    bench.pass_time(0.0)
    assert bench.ear.heard == ["a.flac"]


def test_what_is_asked_for_goes_first_and_failed_files_too(bench: Bench) -> None:
    bench.ear.script = {"b.flac": [AudioError("it is damaged")]}
    for name in "abc":
        bench.put(f"{name}.flac", f"sound-{name}")
    bench.settle()
    failed = bench.rows()["b.flac"].track_id
    bench.indexer.hear_now(failed)
    bench.pass_time(0.0)
    assert bench.states()["b.flac"] == "indexed"
    with pytest.raises(KeyError):
        bench.indexer.hear_now("unknown")


def test_failed_files_are_tried_again_on_request(bench: Bench) -> None:
    bench.ear.script = {"a.flac": [AudioError("it is damaged")]}
    bench.put("a.flac", "one")
    bench.settle()
    assert bench.indexer.retry_failed() == 1
    bench.pass_time(0.0)
    assert bench.states() == {"a.flac": "indexed"}


def test_the_backlog_goes_by_priority_and_drops_leave_it_every_fifth_turn(tmp_path: Path) -> None:
    for name, count in (("low", 12), ("high", 3)):
        (tmp_path / name).mkdir()
        for number in range(count):
            (tmp_path / name / f"{name}{number:02}.flac").write_text(f"{name}-{number}")
    pair = [
        WatchedFolder("low", tmp_path / "low", priority=-1),
        WatchedFolder("high", tmp_path / "high"),
    ]
    bench = build(tmp_path, folders=pair)
    bench.indexer.pause()
    bench.settle()
    for number in range(8):
        (tmp_path / "low" / f"drop{number}.flac").write_text(f"drop-{number}")
    bench.settle()
    bench.indexer.resume()
    bench.pass_time(0.0)
    kinds = ["drop" if name.startswith("drop") else name[:2] for name in bench.ear.heard]
    assert len(kinds) == 23
    assert kinds[:10] == ["drop"] * 4 + ["hi"] + ["drop"] * 4 + ["hi"]
    assert kinds[10:] == ["hi"] + ["lo"] * 12


def test_a_disk_that_cannot_be_read_is_no_fault_of_the_file_s(bench: Bench) -> None:
    bench.put("a.flac", "one")
    bench.ear.script = {"a.flac": [OSError(5, "Input/output error")] * 8}
    bench.settle()
    for _ in range(7):
        bench.pass_time(24 * 3600.0)
    row = bench.rows()["a.flac"]
    assert (row.state, row.attempts) == ("pending", 0)
    assert "Input/output error" in row.reason
    bench.pass_time(24 * 3600.0)
    assert bench.states() == {"a.flac": "indexed"}


@pytest.mark.parametrize(
    "error",
    [AudioError("it is damaged"), ListenerError("it hung"), OSError(107, "not connected")],
)
def test_no_file_is_blamed_for_a_folder_that_is_away(bench: Bench, error: Exception) -> None:
    def vanish(_: Path) -> None:
        bench.root.rename(bench.root.parent / "away")
        raise error

    bench.put("a.flac", "one")
    bench.put("b.flac", "two")
    bench.ear.script = {"a.flac": [vanish]}
    bench.settle()
    assert bench.indexer.offline() == {"m"}
    assert set(bench.states().values()) == {"pending"}
    assert {row.attempts for row in bench.rows().values()} == {0}
    (bench.root.parent / "away").rename(bench.root)
    bench.pass_time(30.0)
    assert set(bench.states().values()) == {"indexed"}


def test_a_file_replaced_while_it_failed_is_not_failed(bench: Bench) -> None:
    def exchange(path: Path) -> None:
        path.write_text("whole")
        raise AudioError("it ends too early")

    bench.put("a.flac", "half")
    bench.ear.script = {"a.flac": [exchange]}
    bench.settle()
    assert bench.states() == {"a.flac": "pending"}
    bench.pass_time(5.0)
    bench.pass_time(SETTLE_S)
    assert bench.rows()["a.flac"].audio_id == "whole"


def test_the_tracks_of_a_sheet_are_heard_as_passages(tmp_path: Path) -> None:
    bench = build(tmp_path, sheets=Sheets())
    bench.put("album.flac", "album")
    (bench.root / "album.cue").write_text(
        'TITLE "Whole"\nFILE "album.flac" WAVE\n'
        '  TRACK 01 AUDIO\n    TITLE "First"\n    INDEX 01 00:00:00\n'
        '  TRACK 02 AUDIO\n    TITLE "Second"\n    INDEX 01 01:00:00\n'
    )
    bench.settle()
    rows = bench.ledger.page(limit=9)[0]
    assert [(row.location.part, row.audio_id) for row in rows] == [
        (1, "album-from-0"),
        (2, "album-from-60"),
    ]
    assert [row.tags.title for row in rows] == ["First", "Second"]
    assert bench.index.count_windows() == 2


def test_a_clock_that_is_set_makes_nothing_wild(bench: Bench) -> None:
    bench.put("a.flac", "one")
    bench.settle()
    due_s = bench.indexer.next_scan_s("m")
    assert due_s == bench.clock.s + SCAN_EVERY_S
    assert bench.indexer.next_scan_s("unknown") is None
