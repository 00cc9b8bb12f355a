import threading
from collections.abc import Callable

from traumbox.daemon.chores import Chores
from traumbox.errors import StoreError

SOON_S = 20.0


def test_it_works_again_and_again_whatever_happens_and_stops_when_told() -> None:
    outcomes: list[Exception | None] = [StoreError("The disk is full."), ZeroDivisionError(), None]
    done, stopped = threading.Event(), threading.Event()

    def work(is_over: Callable[[], bool]) -> None:
        if outcomes:
            outcome = outcomes.pop(0)
            if outcome is not None:
                raise outcome
            return
        done.set()
        while not is_over():
            threading.Event().wait(0.01)
        stopped.set()

    chores = Chores(work, every_s=0.01, trouble_s=0.01)
    chores.start()
    assert done.wait(SOON_S)
    chores.stop()
    assert stopped.is_set()


def test_stopping_what_never_began_is_nothing() -> None:
    Chores(lambda _: None).stop()
