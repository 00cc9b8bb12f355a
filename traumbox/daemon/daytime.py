"""The house's idea of the day: its quiet hours and its calendar, by the owner's time zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from time import time

from traumbox.config import Schedule
from traumbox.schedule import QuietHours, local_date


class Daytime:
    """Answers by the schedule that was last taken over; safe in any thread.

    ``heeds_quiet`` False: somebody asked and waits, there are no quiet hours.
    """

    def __init__(
        self,
        schedule: Schedule,
        *,
        heeds_quiet: bool = True,
        now_s: Callable[[], float] = time,
    ) -> None:
        self._heeds_quiet = heeds_quiet
        self._now_s = now_s
        self._zone: tzinfo | None = None
        self._quiet: QuietHours | None = None
        self.take(schedule)

    def take(self, schedule: Schedule) -> None:
        """Go by ``schedule`` from now on."""
        span = schedule.quiet_span if self._heeds_quiet else None
        self._zone = schedule.zone
        self._quiet = QuietHours(*span, zone=schedule.zone) if span else None

    def resting(self) -> str:
        """Return why nothing is to be heard now (“quiet hours until 07:00”), or ""."""
        quiet = self._quiet
        return "" if quiet is None else quiet.reason(self._now_s())

    def day(self, at_s: float) -> str:
        """Return the date of a POSIX time, in ISO's form."""
        return local_date(at_s, self._zone)
