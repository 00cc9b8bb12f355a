"""The one scheduled job. It decides nothing itself: it wakes the workers, who look what is due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

TICK_S = 15


class Ticker:
    """Calls ``tick`` every 15 s in a thread of its own; late ticks collapse into one."""

    def __init__(self, tick: Callable[[], None], every_s: float = TICK_S) -> None:
        self._scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(1)}, timezone=UTC
        )
        # APScheduler's default grace of one second would drop every tick of a sleeping machine.
        self._scheduler.add_job(
            tick,
            "interval",
            seconds=every_s,
            id="tick",
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )

    def start(self) -> None:
        """Begin ticking."""
        self._scheduler.start()

    def stop(self) -> None:
        """End ticking; a tick under way finishes."""
        self._scheduler.shutdown(wait=False)
