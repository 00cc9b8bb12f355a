from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.stores.files import MEDIA, V1, V2, at, drop, hear, heard, row, state
from traumbox.domain import Changes, Descriptors, Tags
from traumbox.stores.ledger import Ledger


def test_what_was_heard_comes_back_whole(ledger: Ledger) -> None:
    (a,) = drop(ledger, "a.mp3")
    tags = Tags("Title ä", "half \ud83d", "Album", "Album Artist", "Genre", 1999, 3, 1)
    found = Descriptors(120.5, "F# minor", -14.2, 2048.0)
    ledger.begin(a, 2.0)
    ledger.mark_indexed(
        [(a, V1, heard(tags=tags, descriptors=found, mark="cut short: \udcff"), "f1")], 3.0
    )
    done = row(ledger, a)
    assert (done.state, done.audio_id, done.added_at_s) == ("indexed", "sound", 3.0)
    assert (done.stat, done.duration_s, done.attempts) == (V1, 12.5, 0)
    assert (done.fingerprint, done.pending_since_s) == ("f1", None)
    assert (done.media, done.tags, done.descriptors) == (MEDIA, tags, found)
    assert done.reason == "cut short: \\udcff"
    assert done.as_track().tags == tags
    assert ledger.indexed() == {a: "sound"}
    assert ledger.struck() == []


def test_hearing_a_file_again_keeps_when_it_was_added(ledger: Ledger) -> None:
    (a,) = drop(ledger, "a.mp3")
    ledger.mark_indexed([(a, V1, heard(), "")], 3.0)
    ledger.apply(Changes(changed={a: V2}), 4.0)
    ledger.mark_indexed([(a, V2, heard("other"), "")], 5.0)
    assert row(ledger, a).added_at_s == 3.0
    assert row(ledger, a).audio_id == "other"


def test_a_failed_file_that_changes_gets_all_its_tries_again(ledger: Ledger) -> None:
    (a,) = drop(ledger, "a.mp3")
    ledger.begin(a, 2.0)
    ledger.mark_failed(a, V1, "it is empty", 2.0)
    assert (row(ledger, a).state, row(ledger, a).reason) == ("failed", "it is empty")
    ledger.apply(Changes(changed={a: V2}), 3.0)
    again = row(ledger, a)
    assert (again.state, again.reason, again.attempts) == ("pending", "", 0)


def test_a_new_drop_goes_before_the_backlog_and_by_path_within(ledger: Ledger) -> None:
    old = drop(ledger, "b.mp3", "a.mp3", now_s=1.0)
    new = drop(ledger, "z/2.mp3", "z/1.mp3", now_s=2.0)
    order = []
    while found := ledger.next_pending(5.0, skip=order):
        order.append(found.track_id)
    assert order == [new[1], new[0], old[1], old[0]]


def test_only_files_of_the_folders_asked_for_are_next(ledger: Ledger) -> None:
    ledger.apply(Changes(new={at("a.mp3", "away"): V1}), 2.0)
    (b,) = drop(ledger, "b.mp3")
    found = ledger.next_pending(5.0, folders=[["music", "it's"]])
    assert found is not None
    assert found.track_id == b
    assert ledger.next_pending(5.0, folders=[]) is None
    assert ledger.next_pending(5.0, folders=[[]]) is None
    assert ledger.next_pending(5.0, skip=[b], folders=[["music"]]) is None
    ledger.hear_now(b, 3.0)
    assert ledger.next_pending(5.0, folders=[["away"]]) != found


def order(ledger: Ledger, **wishes: Any) -> list[str]:
    """Return the paths of all that waits, in the order in which it is heard."""
    ids: list[str] = []
    while found := ledger.next_pending(1000.0, skip=ids, **wishes):
        ids.append(found.track_id)
    rows = ledger.rows(ids)
    return [rows[track_id].location.display for track_id in ids]


def test_what_somebody_asked_for_goes_first_then_drops_then_the_backlog(ledger: Ledger) -> None:
    drop(ledger, "old/1", "old/2", now_s=10.0)
    drop(ledger, "older", now_s=5.0)
    drop(ledger, "old/0", now_s=100.0)  # it belongs to the baseline
    drop(ledger, "low/old", now_s=50.0, folder="low")
    drop(ledger, "drop/b", "drop/a", now_s=200.0)
    drop(ledger, "newest", now_s=300.0, folder="low")
    (urgent,) = drop(ledger, "urgent", now_s=1.0)
    (sooner,) = drop(ledger, "urgent, sooner", now_s=1.0, folder="low")
    ledger.hear_now(sooner, 400.0)
    ledger.hear_now(urgent, 401.0)
    ledger.hear_now(sooner, 402.0)  # impatience changes nothing
    wishes = {"folders": [["music"], ["low"]], "baselines": {"music": 100.0, "low": 100.0}}
    asked = ["urgent, sooner", "urgent"]
    drops = ["newest", "drop/a", "drop/b"]
    backlog = ["old/0", "old/1", "old/2", "older", "low/old"]
    assert order(ledger, **wishes) == asked + drops + backlog
    assert order(ledger, **wishes, backlog=True) == asked + backlog + drops
    assert order(ledger, **wishes, urgent_only=True) == asked
    wishes["folders"] = [["low"], ["music"]]
    assert order(ledger, **wishes) == asked + drops + ["low/old", *backlog[:-1]]
    wishes["folders"] = [["low", "music"]]
    assert order(ledger, **wishes)[-4:] == ["low/old", *backlog[1:4]]
    # A folder without a baseline has backlog alone.
    assert order(ledger, folders=[["music"], ["low"]], baselines={"low": 100.0})[2:4] == [
        "newest",
        "drop/a",
    ]


def test_a_changed_file_waits_since_its_change(ledger: Ledger) -> None:
    a, b = drop(ledger, "a", "b", now_s=1.0)
    hear(ledger, a, b)
    ledger.apply(Changes(changed={b: V2}), 50.0)
    drop(ledger, "c", now_s=40.0)
    assert order(ledger, baselines={"music": 30.0}) == ["b", "c"]
    hear(ledger, b)
    assert order(ledger, baselines={"music": 30.0}) == ["c"]


def test_to_be_heard_now_means_whatever_has_come_of_it_before(ledger: Ledger) -> None:
    ids = drop(ledger, *"abcde")
    failed, waiting, done, shut, lost = ids
    ledger.begin(failed, 1.0)
    ledger.mark_failed(failed, V1, "x", 2.0)
    ledger.mark_failed(waiting, V1, "x", 2.0, next_try_s=1e6)
    hear(ledger, done)
    ledger.apply(Changes(excluded={shut: "a rule"}, gone=frozenset([lost])), 3.0)
    assert [ledger.hear_now(i, 4.0) for i in (*ids, "nothing")] == [True] * 3 + [False] * 3
    assert order(ledger, urgent_only=True) == ["a", "b", "c"]
    assert (row(ledger, failed).attempts, row(ledger, failed).reason) == (0, "")
    assert [found.track_id for found in ledger.rows_by_audio(["sound"])["sound"]] == [done]
    hear(ledger, done)
    ledger.mark_failed(failed, V1, "x", 5.0)
    ledger.mark_failed(waiting, V1, "x", 5.0, next_try_s=6.0)  # still wanted
    assert order(ledger, urgent_only=True) == ["b"]
    assert row(ledger, done).urgent_since_s is row(ledger, failed).urgent_since_s is None


def test_a_file_that_changed_while_its_hearing_waited_for_the_commit_stays_pending(
    ledger: Ledger,
) -> None:
    a, b, c, d = drop(ledger, *"abcd")
    ledger.apply(Changes(changed={a: V2}, moved={c: (at("e"), V1)}, gone=frozenset([d])), 2.0)
    done = [(i, V1, heard(i), "") for i in (a, b, c, d)]
    assert ledger.mark_indexed([*done, ("nothing", V1, heard(), "")], 3.0) == [b, c, d]
    assert (state(ledger, a), row(ledger, a).stat) == ("pending", V2)
    assert row(ledger, a).audio_id is None
    assert row(ledger, d).missing_since_s == 2.0


def test_a_file_that_was_excluded_while_its_hearing_waited_stays_so(ledger: Ledger) -> None:
    (a,) = drop(ledger, "a")
    ledger.apply(Changes(excluded={a: "a rule"}), 2.0)
    hear(ledger, a)
    assert (state(ledger, a), row(ledger, a).reason) == ("excluded", "a rule")
    ledger.apply(Changes(included={a: V1}), 4.0)
    assert state(ledger, a) == "indexed"


def test_what_was_put_back_was_never_tried(ledger: Ledger) -> None:
    (a,) = drop(ledger, "a")
    ledger.begin(a, 2.0)
    ledger.put_back(a)
    assert (row(ledger, a).attempts, ledger.struck()) == (0, [])
    ledger.mark_failed(a, V1, "reading it failed", 3.0, next_try_s=5.0)
    ledger.begin(a, 6.0)
    ledger.put_back(a)
    assert (row(ledger, a).reason, row(ledger, a).next_try_s) == ("reading it failed", 5.0)
    ledger.begin(a, 6.0)
    ledger.put_back(a, "its folder is offline", 36.0)
    waiting = row(ledger, a)
    assert (waiting.state, waiting.attempts) == ("pending", 0)
    assert (waiting.reason, waiting.next_try_s) == ("its folder is offline", 36.0)
    ledger.put_back(a)
    assert row(ledger, a).attempts == 0


def test_a_retry_waits_for_its_time(ledger: Ledger) -> None:
    (a,) = drop(ledger, "a.mp3")
    ledger.begin(a, 10.0)
    ledger.mark_failed(a, V1, "reading it failed", 10.0, next_try_s=70.0)
    waiting = row(ledger, a)
    assert (waiting.state, waiting.reason, waiting.next_try_s) == (
        "pending",
        "reading it failed",
        70.0,
    )
    assert waiting.attempts == 1
    assert ledger.next_pending(69.9) is None
    assert ledger.next_pending(70.0) == waiting


def test_a_missing_file_is_not_heard(ledger: Ledger) -> None:
    (a,) = drop(ledger, "a.mp3")
    ledger.apply(Changes(gone=frozenset([a])), 2.0)
    assert ledger.next_pending(5.0) is None
    ledger.apply(Changes(moved={a: (at("a.mp3"), V1)}), 3.0)
    assert ledger.next_pending(5.0) is not None


def test_what_was_in_hand_when_the_process_died_is_known(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "traumbox.db")
    a, b = drop(ledger, "a.mp3", "b.mp3")
    ledger.begin(a, 1.0)
    ledger.begin(b, 2.0)  # a was heard, and waits in the batch
    again = Ledger(tmp_path / "traumbox.db")
    assert again.struck() == [b]
    assert row(again, b).attempts == 1
    again.begin(b, 3.0)
    assert row(again, b).attempts == 2
    again.mark_failed(b, V1, "it never came to an end", 4.0)
    assert again.struck() == []


def test_requeue_takes_those_asked_for(ledger: Ledger) -> None:
    a, b, c = drop(ledger, "a.mp3", "b.mp3", "c.mp3")
    ledger.begin(a, 1.0)
    ledger.mark_failed(a, V1, "x", 2.0)
    ledger.mark_failed(b, V1, "x", 2.0)
    ledger.mark_indexed([(c, V1, heard(), "")], 2.0)
    assert ledger.requeue([a, c, "no such id"]) == 1
    assert [row(ledger, i).state for i in (a, b, c)] == ["pending", "failed", "indexed"]
    assert (row(ledger, a).attempts, row(ledger, a).reason) == (0, "")
    assert ledger.requeue() == 1
    assert ledger.requeue([c], states=("indexed",)) == 1
    assert ledger.requeue([]) == 0
    assert ledger.counts() == {"indexed": 0, "pending": 3, "failed": 0, "excluded": 0}


def test_requeued_files_wait_since_they_were_found_or_asked_for(ledger: Ledger) -> None:
    lost, failed = drop(ledger, "lost", "failed", now_s=7.0)
    hear(ledger, lost)
    ledger.mark_failed(failed, V1, "x", 8.0)
    ledger.requeue([lost], states=("indexed",))
    ledger.requeue(now_s=20.0)
    assert [row(ledger, i).pending_since_s for i in (lost, failed)] == [7.0, 20.0]


def test_failures_are_found_by_their_reason(ledger: Ledger) -> None:
    a, b, c = drop(ledger, "a.mp3", "b.mp3", "c.mp3")
    for track_id, reason in ((a, "no right"), (b, "empty"), (c, "no right")):
        ledger.mark_failed(track_id, V1, reason, 2.0)
    ledger.apply(Changes(gone=frozenset([c])), 3.0)
    assert [found.track_id for found in ledger.failed_because("no right")] == [a]
