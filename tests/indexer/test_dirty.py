"""The throttle of events: quick at first, patient in a flood, starved by nothing."""

from hypothesis import given
from hypothesis import strategies as st

from traumbox.indexer.dirty import EVERY_S, FIRST_S, MANY, Dirty, joined, outermost


def test_the_first_event_after_a_quiet_time_is_followed_up_at_once() -> None:
    dirty = Dirty()
    assert dirty.next_s("m") is None
    dirty.note("m", b"a", 100.0)
    dirty.note("m", b"b", 100.4)
    assert dirty.next_s("m") == 100.0 + FIRST_S
    assert dirty.take("m") == (b"a", b"b")
    assert dirty.next_s("m") is None
    assert dirty.take("m") == ()


def test_a_flood_is_looked_at_every_few_seconds() -> None:
    dirty = Dirty()
    dirty.note("m", b"a", 100.0)
    dirty.take("m")
    dirty.note("m", b"a", 102.0)
    dirty.note("m", b"a", 104.0)
    assert dirty.next_s("m") == 102.0 + EVERY_S, "what follows puts nothing off"
    dirty.take("m")
    dirty.note("m", b"a", 104.0 + EVERY_S)
    assert dirty.next_s("m") == 104.0 + EVERY_S + FIRST_S, "it was quiet in between"


def test_a_copy_of_six_hours_starves_nothing() -> None:
    dirty, now_s, looks = Dirty(), 0.0, []
    while now_s < 6 * 3600:
        dirty.note("m", b"copying", now_s)
        due_s = dirty.next_s("m")
        if due_s is not None and due_s <= now_s:
            assert dirty.take("m")
            looks.append(now_s)
        now_s += 0.25
    gaps = [later - earlier for earlier, later in zip([0.0, *looks], looks, strict=False)]
    assert max(gaps) <= EVERY_S + 1.0
    assert min(gaps[1:]) >= EVERY_S


def test_folders_are_throttled_apart() -> None:
    dirty = Dirty()
    dirty.note("m", b"a", 100.0)
    dirty.note("n", b"b", 200.0)
    assert (dirty.next_s("m"), dirty.next_s("n")) == (100.0 + FIRST_S, 200.0 + FIRST_S)
    dirty.forget("n")
    assert dirty.next_s("n") is None


def test_the_whole_folder_swallows_its_directories() -> None:
    dirty = Dirty()
    dirty.note("m", b"a", 0.0)
    dirty.note("m", None, 0.0)
    dirty.note("m", b"b", 0.0)
    assert dirty.take("m") is None
    for number in range(MANY + 1):
        dirty.note("m", b"%d" % number, 0.0)
    assert dirty.take("m") is None


def test_a_directory_swallows_what_lies_in_it() -> None:
    assert outermost([b"a/b", b"a", b"a b", b"a/b/c", b"z"]) == (b"a b", b"a", b"z")
    assert outermost([b"a", b""]) is None
    assert outermost([]) == ()
    assert joined((b"a/b",), (b"a",)) == (b"a",)
    assert joined(None, (b"a",)) is None


@given(st.lists(st.lists(st.sampled_from((b"a", b"b", b"a b", b"a!")), min_size=1, max_size=4)))
def test_outermost_covers_everything_once(paths: list[list[bytes]]) -> None:
    directories = [b"/".join(path) for path in paths]
    kept = outermost(directories)
    assert kept is not None
    for directory in directories:
        above = [one for one in kept if (directory + b"/").startswith(one + b"/")]
        assert len(above) == 1
