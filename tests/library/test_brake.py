import pytest

from traumbox.domain import Changes, FileStat, KnownFile, Location
from traumbox.library.brake import brake, is_too_much
from traumbox.library.changes import Outcome


@pytest.mark.parametrize(
    ("count", "present", "too_much"),
    [(20, 20, False), (21, 21, True), (21, 70, False), (22, 73, True), (31, 100, True)],
)
def test_more_than_twenty_and_more_than_the_share_is_too_much(
    count: int, present: int, too_much: bool
) -> None:
    assert is_too_much(count, present, 30) == too_much


def test_each_folder_is_judged_alone_and_what_was_confirmed_goes() -> None:
    stat = FileStat(1, 1, 1)
    going = {
        f"{folder}{n}": (Location(folder, b"%d" % n), KnownFile(f"{folder}{n}", stat, "indexed"))
        for folder, count in (("a", 30), ("b", 30))
        for n in range(count)
    }
    outcome = Outcome(Changes(gone=frozenset(going)), going)
    held = brake(outcome, {"a": 40, "b": 400}, 30)
    assert held == {"a": frozenset(f"a{n}" for n in range(30))}
    assert outcome.without(held["a"]).gone == {f"b{n}" for n in range(30)}
    assert not brake(outcome, {"a": 40, "b": 400}, 30, {f"a{n}" for n in range(10)})
