import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import pytest

from traumbox.domain import Cut, Embedding, Heard, Media
from traumbox.errors import (
    AudioError,
    ListenerBusyError,
    ListenerClosedError,
    ListenerError,
)
from traumbox.indexer.sharing import WAITING_MOST, SharedEar

SOON_S = 20.0


@dataclass
class SlowEar:
    """Hears a file when it is let go; what is in ``trouble`` is raised first."""

    heard: list[str] = field(default_factory=list)
    trouble: list[Exception] = field(default_factory=list)
    began: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    may_end: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    closed: bool = False
    ends_at_once: bool = True

    def expect(self, path: Path, cut: Cut | None = None) -> None:
        self.heard.append(f"expect {path}")

    def hear(
        self, path: Path, model: str, is_known: Callable[[str], bool], cut: Cut | None = None
    ) -> tuple[Heard, Embedding | None]:
        self.heard.append(str(path))
        self.began.release()
        assert self.may_end.acquire(timeout=SOON_S)
        if self.closed:
            raise ListenerClosedError("The listener is shutting down.")
        if self.trouble:
            raise self.trouble.pop(0)
        return Heard(str(path), 1.0, Media("flac", "flac", 48_000, 1)), None

    def close(self) -> None:
        self.closed = True
        if self.ends_at_once:
            self.may_end.release()


def known(_: str) -> bool:
    return True


@contextmanager
def side_by_side(*works: Callable[[], object]) -> Iterator[list[object]]:
    """Run each in a thread; what they return or raise is there at the end."""
    outcomes: list[object] = [None] * len(works)

    def run(place: int) -> None:
        try:
            outcomes[place] = works[place]()
        except Exception as error:  # noqa: BLE001 - it is the outcome
            outcomes[place] = error

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    yield outcomes
    for thread in threads:
        thread.join(SOON_S)
        assert not thread.is_alive()


def waiting(shared: SharedEar, count: int) -> None:
    """Return when so many people wait for the ear."""
    for _ in range(2_000):
        if shared._waiting == count:
            return
        threading.Event().wait(0.01)
    raise AssertionError(f"{shared._waiting} wait instead of {count}")


def test_somebody_goes_after_the_file_in_hand_and_before_the_next() -> None:
    ear = SlowEar()
    shared = SharedEar(ear)

    def backlog() -> None:
        for name in ("one", "two"):
            shared.hear(Path(name), "m", known)

    with side_by_side(backlog):
        assert ear.began.acquire(timeout=SOON_S)
        with side_by_side(lambda: shared.hear_for(Path("mine"), "m", known, within_s=SOON_S)):
            waiting(shared, 1)
            ear.may_end.release(3)
    assert ear.heard == ["one", "mine", "two"]


def test_a_hint_stays_the_workers() -> None:
    ear = SlowEar()
    ear.may_end.release(2)
    shared = SharedEar(ear)
    shared.expect(Path("next"))
    shared.hear_for(Path("mine"), "m", known)
    shared.hear(Path("one"), "m", known)
    assert ear.heard == ["mine", "expect next", "one"]


def test_who_waits_too_long_is_told() -> None:
    ear = SlowEar()
    shared = SharedEar(ear)
    with side_by_side(lambda: shared.hear(Path("long"), "m", known)) as outcomes:
        assert ear.began.acquire(timeout=SOON_S)
        with pytest.raises(ListenerBusyError, match="long recording"):
            shared.hear_for(Path("mine"), "m", known, within_s=0.05)
        ear.may_end.release()
    assert isinstance(outcomes[0], tuple)
    assert ear.heard == ["long"]


def test_only_so_many_wait() -> None:
    ear = SlowEar()
    shared = SharedEar(ear)

    def mine() -> object:
        return shared.hear_for(Path("mine"), "m", known, within_s=SOON_S)

    with side_by_side(lambda: shared.hear(Path("long"), "m", known)):
        assert ear.began.acquire(timeout=SOON_S)
        with side_by_side(*[mine] * WAITING_MOST) as outcomes:
            waiting(shared, WAITING_MOST)
            with pytest.raises(ListenerBusyError, match="waiting to be heard"):
                mine()
            ear.may_end.release(1 + WAITING_MOST)
    assert all(isinstance(outcome, tuple) for outcome in outcomes)


def test_what_goes_wrong_frees_the_ear() -> None:
    ear = SlowEar(trouble=[AudioError("no sound"), OSError(5, "I/O error")])
    ear.may_end.release(4)
    shared = SharedEar(ear)
    with pytest.raises(AudioError):
        shared.hear_for(Path("mine"), "m", known)
    with pytest.raises(OSError, match="I/O"):
        shared.hear(Path("one"), "m", known)
    shared.hear_for(Path("mine"), "m", known)
    shared.hear(Path("one"), "m", known)


def test_a_file_in_company_may_be_without_blame() -> None:
    together, alone = ListenerError("It died."), ListenerError("It died again.")
    together.company = frozenset([Path("next")])
    ear = SlowEar(trouble=[together])
    ear.may_end.release(4)
    heard, _ = SharedEar(ear).hear_for(Path("mine"), "m", known)
    assert (heard.audio_id, ear.heard) == ("mine", ["mine", "mine"])
    ear.trouble = [alone]
    with pytest.raises(ListenerError, match="again"):
        SharedEar(ear).hear_for(Path("mine"), "m", known)


def test_closing_tells_who_waits_even_while_a_file_is_in_hand() -> None:
    ear = SlowEar(ends_at_once=False)
    shared = SharedEar(ear)
    with side_by_side(lambda: shared.hear(Path("long"), "m", known)):
        assert ear.began.acquire(timeout=SOON_S)
        with side_by_side(
            lambda: shared.hear_for(Path("mine"), "m", known, within_s=4 * SOON_S)
        ) as people:
            waiting(shared, 1)
            shared.close()
            closed_s = monotonic()
        assert isinstance(people[0], ListenerClosedError)
        assert monotonic() - closed_s < SOON_S / 2
        ear.may_end.release()


def test_closing_ends_all_waiting() -> None:
    ear = SlowEar()
    shared = SharedEar(ear)
    with side_by_side(lambda: shared.hear(Path("long"), "m", known)) as worker:
        assert ear.began.acquire(timeout=SOON_S)
        with side_by_side(
            lambda: shared.hear_for(Path("mine"), "m", known, within_s=SOON_S)
        ) as people:
            waiting(shared, 1)
            shared.close()
    assert isinstance(worker[0], ListenerClosedError)
    assert isinstance(people[0], ListenerClosedError)
    with pytest.raises(ListenerClosedError):
        shared.hear(Path("one"), "m", known)
    with pytest.raises(ListenerClosedError):
        shared.hear_for(Path("mine"), "m", known)
