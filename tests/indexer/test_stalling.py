"""Work that hangs is given up, work that gets on isn't."""

import threading

import pytest

from traumbox.indexer.stalling import Stalling

STALLED_S = 0.05


def test_what_it_returns_and_raises_comes_through() -> None:
    stalling = Stalling(STALLED_S)
    assert stalling.run("m", lambda: 7, lambda: 0) == 7
    with pytest.raises(ZeroDivisionError):
        stalling.run("m", lambda: 1 // 0, lambda: 0)


def test_slow_work_that_gets_on_may_take_its_time() -> None:
    steps, tick = [0], threading.Event()

    def work() -> str:
        for _ in range(6):
            tick.wait(STALLED_S / 2)
            steps[0] += 1
        return "done"

    def progress() -> int:
        steps[0] += 1  # as if it were the work's: however long the machine lets it wait
        return steps[0]

    assert Stalling(STALLED_S).run("m", work, progress) == "done"


def test_work_that_hangs_is_given_up_and_not_begun_again_while_it_does() -> None:
    stalling, server = Stalling(STALLED_S), threading.Event()
    with pytest.raises(TimeoutError):
        stalling.run("m", server.wait, lambda: 0)
    with pytest.raises(TimeoutError):
        stalling.run("m", lambda: True, lambda: 0)
    assert stalling.run("n", lambda: True, lambda: 0), "other folders aren't concerned"
    hanging = [thread for thread in threading.enumerate() if thread.name == "looking through m"]
    server.set()
    for thread in hanging:
        thread.join()
    assert stalling.run("m", lambda: True, lambda: 0)
