import threading

from traumbox.schedule import Ticker


def test_the_ticker_ticks_until_stopped() -> None:
    ticked = threading.Event()
    ticker = Ticker(ticked.set, every_s=0.05)
    ticker.start()
    assert ticked.wait(5)
    ticker.stop()


def test_ticks_do_not_pile_up_behind_a_long_one() -> None:
    """A tick that hangs on a dead share holds up the next ones; they collapse into one."""
    calls: list[int] = []
    began, release, again = threading.Event(), threading.Event(), threading.Event()

    def tick() -> None:
        calls.append(threading.get_ident())
        began.set()
        release.wait(10)
        if len(calls) > 1:
            again.set()

    ticker = Ticker(tick, every_s=0.05)
    ticker.start()
    assert began.wait(5)
    assert not again.wait(0.5)
    assert len(calls) == 1
    release.set()
    assert again.wait(5)
    ticker.stop()
    assert len(set(calls)) == 1
