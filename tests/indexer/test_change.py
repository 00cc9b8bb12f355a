"""Changing the model: filled in the background, switched at once, resumed after any crash."""

import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.indexer.bench import (
    SCAN_EVERY_S,
    SETTLE_S,
    Bench,
    assert_whole,
    build,
    progress,
    steps,
    three_tracks,
)
from traumbox.errors import AudioError, ModelError
from traumbox.indexer.change import BUSY, OPEN_AGAIN_S, PAUSED, QUIET


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return three_tracks(tmp_path)


def test_the_new_space_is_filled_beside_the_old_and_then_serves(bench: Bench) -> None:
    bench.change.begin("new")
    steps(bench, 2)
    assert bench.serving == "old"
    assert (progress(bench).old, progress(bench).new, progress(bench).total) == ("old", "new", 3)
    bench.run()
    assert bench.change.progress() is None
    assert_whole(bench, "new")
    assert bench.ear.embedded_for == [("new", "one"), ("new", "two"), ("new", "three")]
    assert bench.shelf.indices["old-1"].count_windows() == 3


def test_progress_counts_what_is_stored_and_tells_the_time_left(bench: Bench) -> None:
    bench.change.begin("new")
    assert progress(bench).done == 0
    steps(bench, 1)
    bench.clock.s += 10.0  # old enough to be committed
    steps(bench, 1)
    found = progress(bench)
    assert (found.done, found.total, found.waiting) == (2, 3, 0)
    assert found.left_s is not None
    assert found.left_s > 0


def test_a_model_that_is_not_installed_changes_nothing(bench: Bench) -> None:
    with pytest.raises(ModelError, match="nobody"):
        bench.change.begin("nobody")
    assert bench.change.progress() is None


def test_beginning_what_serves_is_staying_with_it(bench: Bench) -> None:
    bench.change.begin("old")
    assert bench.change.progress() is None
    bench.change.begin("new")
    bench.change.begin("old")
    assert bench.change.progress() is None
    bench.run()
    assert bench.serving == "old"
    assert bench.ear.heard == []


def test_a_new_file_is_heard_for_the_space_that_serves_first(bench: Bench) -> None:
    bench.change.begin("new")
    steps(bench, 1)
    bench.put("d.flac", "four")
    bench.indexer.scan()
    bench.clock.s += 2.0
    bench.indexer.step()  # sees the file
    bench.clock.s += SETTLE_S
    bench.indexer.step()
    assert bench.ear.embedded_for[-1] == ("old", "four")
    assert progress(bench).note == BUSY
    bench.run()
    assert_whole(bench, "new")
    assert ("new", "four") in bench.ear.embedded_for


def test_progress_survives_a_crash_while_new_music_is_heard(bench: Bench) -> None:
    bench.change.begin("new")
    steps(bench, 1)
    bench.put("d.flac", "four")
    bench.indexer.scan()
    bench.clock.s += 2.0
    bench.indexer.step()
    bench.clock.s += SETTLE_S
    bench.indexer.step()  # commits what was heard for the change, and hears the new file
    done = progress(bench).done
    assert done > 0
    assert progress(bench.after_a_crash()).done == done


def test_the_way_back_hears_only_what_was_added_since(bench: Bench) -> None:
    bench.change.begin("new")
    bench.run()
    bench.put("d.flac", "four")
    bench.settle()
    bench.ear.embedded_for.clear()
    bench.change.begin("old")
    bench.run()
    assert_whole(bench, "old")
    assert bench.ear.embedded_for == [("old", "four")]


def test_a_pause_holds_it_over_a_restart(bench: Bench) -> None:
    bench.change.begin("new")
    steps(bench, 1)
    bench.change.pause()
    bench.run()
    assert len(bench.ear.heard) == 1
    again = bench.after_a_crash()
    again.run()
    assert progress(again).paused
    assert PAUSED in progress(again).note
    assert len(again.ear.heard) == 1
    again.change.resume()
    again.run()
    assert_whole(again, "new")
    assert len(again.ear.embedded_for) == 3


def test_what_was_filled_before_a_cancel_is_kept(bench: Bench) -> None:
    bench.change.begin("new")
    steps(bench, 2)
    bench.change.cancel()
    bench.run()
    assert bench.change.progress() is None
    assert bench.serving == "old"
    assert bench.change.is_declined("new")
    heard = len(bench.ear.embedded_for)
    assert 0 < heard < 3
    bench.change.begin("new")
    assert not bench.change.is_declined("new")
    bench.run()
    assert_whole(bench, "new")
    assert len(bench.ear.embedded_for) == 3


def test_another_change_replaces_the_one_under_way(bench: Bench) -> None:
    bench.change.begin("new")
    steps(bench, 2)
    bench.change.begin("third")
    bench.run()
    assert_whole(bench, "third")
    assert bench.change.tracks("new") == 0


def test_a_crash_anywhere_resumes_and_embeds_nothing_twice_that_was_stored(bench: Bench) -> None:
    bench.change.begin("new")
    steps(bench, 1)
    bench.clock.s += 10.0
    steps(bench, 1)  # both are committed now
    again = bench.after_a_crash()
    assert (progress(again).done, progress(again).total) == (2, 3)
    again.run()
    assert_whole(again, "new")
    assert Counter(again.ear.embedded_for) == Counter(
        [("new", "one"), ("new", "two"), ("new", "three")]
    )


def test_a_crash_right_after_the_switch_is_no_harm(bench: Bench) -> None:
    bench.ear.script = {"b.flac": [AudioError("it is damaged")]}
    bench.change.begin("new")
    while bench.spaces.filling() is not None:
        bench.indexer.step()
    again = bench.after_a_crash()
    again.run()
    assert_whole(again, "new")


def test_switching_now_leaves_the_rest_to_the_new_model(bench: Bench) -> None:
    away = bench.root.rename(bench.root.parent / "away")
    bench.run()
    bench.change.begin("new")
    bench.change.switch_now()
    bench.run()
    assert bench.serving == "new"
    assert set(bench.states().values()) == {"pending"}
    away.rename(bench.root)
    bench.pass_time(30.0)
    assert_whole(bench, "new")


def test_an_empty_library_switches_at_once_before_anything_is_heard(tmp_path: Path) -> None:
    bench = build(tmp_path)
    bench.put("a.flac", "one")
    bench.run()
    bench.change.begin("new")
    bench.pass_time(SETTLE_S)
    assert_whole(bench, "new")
    assert bench.ear.embedded_for == [("new", "one")]


def test_quiet_hours_hold_it(bench: Bench) -> None:
    bench.resting[0] = "quiet hours"
    bench.change.begin("new")
    bench.run()
    assert bench.ear.heard == []
    assert progress(bench).note == QUIET
    assert bench.indexer.is_settled()
    bench.resting[0] = ""
    bench.run()
    assert_whole(bench, "new")


def test_a_model_that_cannot_be_loaded_says_so_and_is_tried_again(bench: Bench) -> None:
    bench.change.begin("new")
    bench.shelf.installed.discard("new")
    bench.run()
    assert bench.serving == "old"
    assert "isn't installed" in progress(bench).note
    bench.shelf.installed.add("new")
    bench.pass_time(OPEN_AGAIN_S)
    assert_whole(bench, "new")
    assert bench.change.progress() is None


def test_forgetting_drops_the_tables_of_a_kept_space(bench: Bench) -> None:
    bench.change.begin("new")
    bench.run()
    assert bench.change.tracks("old") == 3
    with pytest.raises(ModelError, match="answers searches"):
        bench.change.forget("new")
    bench.change.forget("old")
    bench.run()
    assert bench.shelf.indices.keys() == {"new-1"}
    assert [row.model for row in bench.spaces.all()] == ["new"]
    assert bench.change.tracks("old") == 0


def test_forgetting_what_is_being_filled_gives_the_change_up(bench: Bench) -> None:
    bench.change.begin("new")
    steps(bench, 2)
    bench.change.forget("new")
    bench.run()
    assert bench.change.progress() is None
    assert bench.shelf.indices.keys() == {"old-1"}


NAMES = ("a.flac", "b.flac", "c.flac", "d.flac")
SOUNDS = ("one", "two", "three")
DEEDS = st.one_of(
    st.tuples(st.just("put"), st.sampled_from(NAMES), st.sampled_from(SOUNDS)),
    st.tuples(st.just("delete"), st.sampled_from(NAMES)),
    st.tuples(st.just("begin"), st.sampled_from(("old", "new", "third"))),
    st.tuples(st.just("forget"), st.sampled_from(("old", "new", "third"))),
    st.tuples(st.just("steps"), st.integers(1, 4)),
    st.tuples(st.just("time"), st.sampled_from((1.0, SETTLE_S, 60.0))),
    st.tuples(st.sampled_from(("crash", "pause", "resume", "cancel", "switch now"))),
)


@given(deeds=st.lists(DEEDS, max_size=40))
@example(deeds=[("put", "a.flac", "one"), ("time", 10.0), ("begin", "new"), ("delete", "a.flac")])
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_happens_each_track_ends_up_in_the_new_space_once(
    deeds: list[tuple[Any, ...]], tmp_path: Path
) -> None:
    directory = Path(tempfile.mkdtemp(dir=tmp_path))
    bench = build(directory)
    bench.put("always.flac", "always")  # a folder that turns up empty counts as offline
    pardons = 1
    for deed in deeds:
        bench = done(bench, *deed)
        pardons += deed[0] in {"crash", "put", "delete", "forget"}
    bench.change.begin("new")
    bench.change.resume()
    for _ in range(3):
        bench.settle()
        bench.pass_time(SCAN_EVERY_S)
    assert bench.change.progress() is None
    assert_whole(bench, "new")
    assert set(bench.states()) == {path.name for path in bench.root.glob("*.flac")}
    # What was stored isn't embedded again, unless its tracks went away in between.
    assert max(Counter(bench.ear.embedded_for).values(), default=0) <= pardons
    shutil.rmtree(directory)


def done(bench: Bench, deed: object, *what: object) -> Bench:
    if deed == "crash":
        return bench.after_a_crash()
    change = bench.change
    simple = {
        "pause": change.pause,
        "resume": change.resume,
        "cancel": change.cancel,
        "switch now": change.switch_now,
    }
    match deed, what:
        case "put", (str(name), str(sound)):
            bench.put(name, sound)
            bench.indexer.scan()
        case "delete", (str(name),):
            (bench.root / name).unlink(missing_ok=True)
            bench.indexer.scan()
        case "begin", (str(model),):
            change.begin(model)
        case "forget", (str(model),):
            if model != bench.serving:
                change.forget(model)
        case "steps", (int(count),):
            steps(bench, count)
        case "time", (float(seconds),):
            bench.pass_time(seconds)
        case _:
            simple[str(deed)]()
    return bench
