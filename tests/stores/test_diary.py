from __future__ import annotations

from tests.stores.files import drop, gone
from traumbox.stores.diary import Diary
from traumbox.stores.ledger import Ledger


def test_every_play_is_kept_the_last_comes_first(ledger: Ledger) -> None:
    diary = Diary(ledger.database)
    a, b = drop(ledger, "a", "b")
    assert diary.latest(9) == []
    assert diary.last_played([a, b]) == {}
    for track_id, at_s in ((a, 10.0), (b, 20.0), (a, 30.0)):
        assert diary.played(track_id, at_s, 5.0)
    assert diary.latest(9) == [(a, 30.0, 5.0), (b, 20.0, 5.0), (a, 10.0, 5.0)]
    assert diary.latest(1) == [(a, 30.0, 5.0)]
    assert diary.last_played([a, b, "other"]) == {a: 30.0, b: 20.0}
    assert (diary.count(), diary.count(since_s=20.0)) == (3, 2)


def test_a_play_that_goes_on_is_one(ledger: Ledger) -> None:
    diary = Diary(ledger.database)
    (a,) = drop(ledger, "a")
    for seconds in (0.0, 30.0, 20.0, -5.0):
        assert diary.played(a, 10.0, seconds)
    assert diary.latest(9) == [(a, 10.0, 30.0)]


def test_what_is_not_known_is_not_noted(ledger: Ledger) -> None:
    diary = Diary(ledger.database)
    assert not diary.played("nobody", 10.0)
    assert diary.count() == 0


def test_plays_go_with_their_track_and_not_before(ledger: Ledger) -> None:
    diary = Diary(ledger.database)
    a, b = drop(ledger, "a", "b")
    diary.played(a, 10.0)
    diary.played(b, 20.0)
    gone(ledger, a)
    assert diary.last_played([a]) == {a: 10.0}
    ledger.forget([a])
    assert diary.latest(9) == [(b, 20.0, 0.0)]


def test_a_track_that_takes_another_over_has_the_plays_of_both(ledger: Ledger) -> None:
    diary = Diary(ledger.database)
    old, new = drop(ledger, "a", "b")
    diary.played(old, 10.0)
    diary.played(new, 10.0)
    diary.played(new, 20.0)
    ledger.take_over(old, new, 30.0)
    assert [(track_id, at_s) for track_id, at_s, _ in diary.latest(9)] == [(old, 20.0), (old, 10.0)]
