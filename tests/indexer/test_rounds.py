"""When which folder is due."""

from pathlib import Path

import pytest

from traumbox.domain import WatchHealth
from traumbox.errors import UnknownFolderError
from traumbox.indexer.dirty import FIRST_S
from traumbox.indexer.rounds import OFFLINE_LOOK_S, SCAN_REST, Order, Rounds
from traumbox.indexer.terms import Terms
from traumbox.library.folders import WatchedFolder

TERMS = Terms(scan_every_s=3600.0, poll_every_s=600.0)
M, N = (WatchedFolder(name, Path("/music") / name) for name in "mn")
LIVE, POLLED = WatchHealth("live"), WatchHealth("polled", "it lies on a network share")


def begun(*folders: WatchedFolder, chance: float = 0.5) -> Rounds:
    """Return rounds after the first full scan of all, at 0 s."""
    rounds = Rounds(folders, TERMS, lambda: chance)
    for order in rounds.due(0.0, {}):
        carry_out(rounds, order, 0.0)
    return rounds


def carry_out(
    rounds: Rounds, order: Order, now_s: float, took_s: float = 0.0, *, good: bool = True
) -> None:
    rounds.done(order, took_s, now_s, is_good=good, is_network=False)


def due(rounds: Rounds, now_s: float) -> list[tuple[str, object]]:
    is_due = rounds.is_due(now_s, ())
    found = rounds.due(now_s, {})
    assert is_due == bool(found)
    return [(order.folder.name, order.directories) for order in found]


def test_everything_is_looked_through_at_the_start_and_then_by_the_clock() -> None:
    rounds = Rounds([M, N], TERMS)
    assert due(rounds, 0.0) == [("m", None), ("n", None)]
    rounds = begun(M, N)
    assert due(rounds, 3599.0) == []
    assert due(rounds, 3600.0) == [("m", None), ("n", None)]


def test_folders_whose_changes_do_not_tell_themselves_are_polled() -> None:
    rounds = begun(M, N)
    rounds.set_watch({"m": LIVE, "n": POLLED})
    assert due(rounds, 599.0) == []
    assert due(rounds, 600.0) == [("n", None)]


@pytest.mark.parametrize(("chance", "pause_s"), [(0.0, 450.0), (0.5, 600.0), (1.0, 750.0)])
def test_shares_are_polled_with_jitter(chance: float, pause_s: float) -> None:
    rounds = Rounds([M], TERMS, lambda: chance)
    rounds.set_watch({"m": POLLED})
    (order,) = rounds.due(0.0, {})
    rounds.done(order, 0.0, 0.0, is_good=True, is_network=True)
    assert rounds.next_full_s("m") == pause_s


def test_where_something_stirred_is_looked_at_soon() -> None:
    rounds = begun(M)
    rounds.dirty("m", b"a", 10.0)
    assert due(rounds, 10.0) == []
    assert rounds.next_s({}) == 10.0 + FIRST_S
    assert due(rounds, 10.0 + FIRST_S) == [("m", (b"a",))]


def test_settling_files_are_looked_at_where_they_lie() -> None:
    rounds = begun(M)
    rounds.dirty("m", b"b", 9.5)
    (order,) = rounds.due(10.5, {"m": (b"a",)})
    assert order.directories == (b"a", b"b")


def test_after_a_long_scan_a_folder_rests_but_for_a_request() -> None:
    rounds = begun(M)
    (order,) = rounds.due(3600.0, {})
    carry_out(rounds, order, 3620.0, took_s=20.0)
    rounds.dirty("m", b"a", 3621.0)
    assert due(rounds, 3620.0 + SCAN_REST * 20.0 - 1.0) == []
    rounds.ask("m")
    assert due(rounds, 3622.0) == [("m", None)], "and what stirred is seen with it"
    assert due(rounds, 3800.0) == []


def test_an_offline_folder_is_looked_at_again_soon_and_as_a_whole() -> None:
    rounds = begun(M)
    (order,) = rounds.due(3600.0, {})
    carry_out(rounds, order, 3600.0, good=False)
    rounds.dirty("m", b"a", 3601.0)
    assert due(rounds, 3600.0 + OFFLINE_LOOK_S - 1.0) == []
    assert rounds.next_s({"m": 3602.0}) == 3600.0 + OFFLINE_LOOK_S, "or it would never sleep"
    assert due(rounds, 3600.0 + OFFLINE_LOOK_S) == [("m", None)]


def test_a_root_that_is_not_what_it_was_is_looked_at_at_once() -> None:
    rounds = begun(M, N)
    rounds.hurry("m")
    assert due(rounds, 1.0) == [("m", None)]


def test_new_folders_and_new_rules_are_due_and_nothing_else_is() -> None:
    rounds = begun(M)
    rounds.take_folders([M, N])
    assert due(rounds, 1.0) == [("n", None)]
    rounds.take_folders([WatchedFolder("m", M.root, exclude=("*.wav",))])
    assert [name for name, _ in due(rounds, 2.0)] == ["m"]


def test_an_unknown_folder_is_told_with_the_names_there_are() -> None:
    with pytest.raises(UnknownFolderError, match=r"“x”.*“m”"):
        begun(M).ask("x")
