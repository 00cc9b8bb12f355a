import threading
from datetime import datetime, time

import pytest

from traumbox.schedule import QuietHours, Ticker


@pytest.mark.parametrize(
    ("span", "at", "quiet"),
    [
        ("22:00-07:00", "23:30", True),
        ("22:00-07:00", "06:59", True),
        ("22:00-07:00", "07:00", False),
        ("22:00-07:00", "12:00", False),
        ("13:00-15:00", "14:00", True),
        ("13:00-15:00", "15:00", False),
    ],
)
def test_quiet_hours_by_the_wall_clock(span: str, at: str, quiet: bool) -> None:
    now = datetime.fromisoformat(f"2026-03-29T{at}:00")
    start, end = (time.fromisoformat(text) for text in span.split("-"))
    assert QuietHours(start, end).contain(now) is quiet


def test_the_ticker_ticks_until_stopped() -> None:
    ticked = threading.Event()
    ticker = Ticker(ticked.set, every_s=0.05)
    ticker.start()
    assert ticked.wait(5)
    ticker.stop()
