from __future__ import annotations

import pytest

from tests.stores.files import V1, V2, at, drop, gone, hear, heard, row, state
from traumbox.domain import Changes, FileStat, Tags
from traumbox.stores.ledger import Ledger, MissingFile


def test_missing_files_are_found_by_inode_size_and_mtime(ledger: Ledger) -> None:
    stats = [
        FileStat(size, mtime, inode) for size in (1, 2) for mtime in (-1, 2) for inode in (0, 9)
    ]
    ids = [drop(ledger, f"{number}", stat=stat)[0] for number, stat in enumerate(stats)]
    assert ledger.missing_like(stats) == []  # all are there
    hear(ledger, ids[3])
    gone(ledger, *ids[:7])
    (found,) = ledger.missing_like([stats[3], stats[7], FileStat(3, 2, 9)])
    assert found == MissingFile(ids[3], at("3"), stats[3], "sound", "", 4.0)
    assert {found.track_id for found in ledger.missing_like(stats)} == set(ids[:7])


def test_missing_files_are_found_among_very_many(ledger: Ledger) -> None:
    ids = drop(ledger, "a", "b", stat=V2)
    gone(ledger, *ids)
    many = [FileStat(1, 1, inode) for inode in range(25_000)]
    assert {found.track_id for found in ledger.missing_like([*many, V2, *many])} == set(ids)


def test_fingerprints_come_only_where_there_are_some(ledger: Ledger) -> None:
    a, b = drop(ledger, "a", "b")
    ledger.mark_indexed([(a, V1, heard(), "f1"), (b, V1, heard(), "")], 2.0)
    assert ledger.fingerprints([a, b, "nothing"]) == {a: "f1"}
    gone(ledger, a)
    assert [found.fingerprint for found in ledger.missing_like([V1])] == ["f1"]


def test_what_was_heard_once_is_told_from_what_never_was(ledger: Ledger) -> None:
    a, b, c = drop(ledger, "a", "b", "c")
    hear(ledger, a, b)
    gone(ledger, b)
    assert ledger.heard_among([a, b, c, "nothing"]) == {a, b}
    assert ledger.heard_among([]) == set()


def test_heirs_are_missing_and_the_last_to_go_comes_first(ledger: Ledger) -> None:
    a, b, c, d = drop(ledger, *"abcd")
    hear(ledger, a, b, c, sound="x")
    hear(ledger, d, sound="y")
    gone(ledger, a, now_s=5.0)
    gone(ledger, b, d, now_s=6.0)
    found = ledger.heirs(["x", "y", "z"])
    assert {sound: [heir.track_id for heir in heirs] for sound, heirs in found.items()} == {
        "x": [b, a],
        "y": [d],
    }


def test_twins_hold_the_same_sound_and_are_younger(ledger: Ledger) -> None:
    (a,) = drop(ledger, "a", now_s=1.0)
    old, pending, lost, other = drop(ledger, "old", "pending", "lost", "other", now_s=10.0)
    (young,) = drop(ledger, "young", now_s=20.0)
    hear(ledger, a, old, lost, young, pending, sound="x")
    hear(ledger, other, sound="y")
    ledger.apply(Changes(changed={pending: V2}), 21.0)
    gone(ledger, a, lost)
    found = ledger.twins([a, other], 10.0)
    assert {i: [twin.track_id for twin in twins] for i, twins in found.items()} == {a: [young, old]}
    assert found[a][0] == row(ledger, young)
    assert [twin.track_id for twin in ledger.twins([a], 11.0)[a]] == [young]
    # Twins that vanish together are no home for one another.
    assert ledger.twins([a, young, old], 0.0) == {}


def test_an_heir_takes_the_place_of_what_has_not_been_heard(ledger: Ledger) -> None:
    (old,) = drop(ledger, "a.flac", now_s=1.0)
    ledger.mark_indexed([(old, V1, heard(tags=Tags("T")), "f1")], 3.0)
    gone(ledger, old)
    (new,) = drop(ledger, "b/c.flac", now_s=9.0, stat=V2, folder="other")
    ledger.hear_now(new, 9.5)
    ledger.begin(new, 10.0)
    ledger.take_over(old, new, 11.0)
    assert ledger.row(new) is None
    taken = row(ledger, old)
    assert (taken.location, taken.stat, taken.state) == (at("b/c.flac", "other"), V2, "pending")
    assert (taken.missing_since_s, taken.attempts) == (None, 1)
    assert (taken.pending_since_s, taken.urgent_since_s) == (9.0, 9.5)
    assert (taken.first_seen_s, taken.added_at_s, taken.last_seen_s) == (1.0, 3.0, 11.0)
    assert (taken.audio_id, taken.tags, taken.fingerprint) == ("sound", Tags("T"), "f1")
    assert ledger.struck() == [old]
    hear(ledger, old, now_s=12.0)
    assert (state(ledger, old), row(ledger, old).added_at_s) == ("indexed", 3.0)


def test_an_heir_takes_over_what_was_heard_of_its_twin(ledger: Ledger) -> None:
    old, new = drop(ledger, "a", "b", now_s=1.0)
    ledger.mark_indexed([(old, V1, heard(tags=Tags("before")), "f1")], 3.0)
    ledger.mark_indexed([(new, V1, heard(tags=Tags("after")), "f2")], 4.0)
    gone(ledger, old)
    ledger.take_over(old, new, 5.0)
    taken = row(ledger, old)
    assert (taken.state, taken.tags, taken.fingerprint) == ("indexed", Tags("after"), "f2")
    assert (taken.added_at_s, taken.pending_since_s) == (3.0, None)
    assert ledger.known_ids() == {old}


@pytest.mark.parametrize(("old", "new"), [("nothing", "id1"), ("id1", "nothing"), ("id1", "id1")])
def test_nothing_is_taken_over_from_or_by_nobody(ledger: Ledger, old: str, new: str) -> None:
    drop(ledger, "a")
    with pytest.raises(KeyError):
        ledger.take_over(old, new, 2.0)
    assert ledger.known_ids() == {"id1"}
