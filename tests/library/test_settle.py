from functools import partial

from traumbox.domain import FileStat, Location
from traumbox.library.settle import settle

A, B = Location("m", b"a.flac"), Location("n", b"b.flac")
ONE, TWO = FileStat(1, 1, 1), FileStat(2, 2, 1)


def after(seconds: float) -> partial[float]:
    return partial(lambda wait_s, _at: wait_s, seconds)


def test_a_file_settles_when_two_looks_far_enough_apart_agree() -> None:
    first = settle({}, {A: ONE}, 100.0, after(10.0))
    assert first.settled == frozenset()
    assert first.look_again_s == 110.0
    early = settle(first.sightings, {A: ONE}, 109.0, after(10.0))
    assert early.settled == frozenset()
    late = settle(early.sightings, {A: ONE}, 110.0, after(10.0))
    assert late.settled == {A}
    assert late.look_again_s is None


def test_a_change_starts_the_wait_anew() -> None:
    first = settle({}, {A: ONE}, 0.0, after(10.0))
    changed = settle(first.sightings, {A: TWO}, 10.0, after(10.0))
    assert changed.settled == frozenset()
    assert changed.look_again_s == 20.0


def test_a_file_that_vanished_is_forgotten_unless_the_look_went_elsewhere() -> None:
    first = settle({}, {A: ONE}, 0.0, after(10.0))
    assert settle(first.sightings, {}, 5.0, after(10.0)).sightings == {}
    elsewhere = settle(first.sightings, {B: ONE}, 5.0, after(10.0), spans=lambda at: at == B)
    assert elsewhere.sightings.keys() == {A, B}
    assert elsewhere.look_again_s == 10.0


def test_without_a_wait_everything_settles_at_once() -> None:
    assert settle({}, {A: ONE}, 0.0, after(0.0)).settled == {A}


def test_each_folder_has_its_own_wait() -> None:
    def wait_s(at: Location) -> float:
        return 10.0 if at == A else 30.0

    first = settle({}, {A: ONE, B: ONE}, 0.0, wait_s)
    second = settle(first.sightings, {A: ONE, B: ONE}, 10.0, wait_s)
    assert second.settled == {A}
    assert second.look_again_s == 30.0


def test_an_empty_file_never_settles_and_is_not_looked_at_for_ever() -> None:
    look = settle({}, {A: FileStat(0, 1, 1)}, 0.0, after(0.0))
    assert look.settled == frozenset()
    assert look.look_again_s is None


def test_a_file_that_is_being_written_has_not_settled() -> None:
    asked = []

    def is_busy(at: Location) -> bool:
        asked.append(at)
        return True

    first = settle({}, {A: ONE}, 0.0, after(10.0), is_busy=is_busy)
    assert not asked  # only of files that have settled otherwise
    second = settle(first.sightings, {A: ONE}, 10.0, after(10.0), is_busy=is_busy)
    assert asked == [A]
    assert second.settled == frozenset()
    assert second.look_again_s == 20.0
    third = settle(second.sightings, {A: ONE}, 20.0, after(10.0), is_busy=lambda _: None)
    assert third.settled == {A}
