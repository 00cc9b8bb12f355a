from traumbox.domain import FileStat, Location
from traumbox.library.settle import settle

A = Location("m", b"a.flac")
ONE, TWO = FileStat(1, 1, 1), FileStat(2, 2, 1)


def test_a_file_settles_when_two_looks_far_enough_apart_agree() -> None:
    first = settle({}, {A: ONE}, now_s=100.0, settle_s=10.0)
    assert first.settled == frozenset()
    assert first.look_again_s == 110.0
    early = settle(first.sightings, {A: ONE}, now_s=109.0, settle_s=10.0)
    assert early.settled == frozenset()
    late = settle(early.sightings, {A: ONE}, now_s=110.0, settle_s=10.0)
    assert late.settled == {A}
    assert late.look_again_s is None


def test_a_change_starts_the_wait_anew() -> None:
    first = settle({}, {A: ONE}, now_s=0.0, settle_s=10.0)
    changed = settle(first.sightings, {A: TWO}, now_s=10.0, settle_s=10.0)
    assert changed.settled == frozenset()
    assert changed.look_again_s == 20.0


def test_a_file_that_vanished_is_forgotten() -> None:
    first = settle({}, {A: ONE}, now_s=0.0, settle_s=10.0)
    assert settle(first.sightings, {}, now_s=5.0, settle_s=10.0).sightings == {}


def test_without_a_wait_everything_settles_at_once() -> None:
    assert settle({}, {A: ONE}, now_s=0.0, settle_s=0.0).settled == {A}
