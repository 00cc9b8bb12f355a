"""Quiet hours: a span of each day's wall-clock time in which nothing is heard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From ``start`` to ``end`` of each day; over midnight when ``end`` is the earlier one.

    ``zone`` None is the machine's. Times are POSIX seconds. Where the clock is put back, a time
    that comes twice begins the quiet at its first coming and ends it at its second, so that a night
    has one beginning and one end; where it is put forward, a time that is left out is the moment
    of the leap.
    """

    start: time
    end: time
    zone: tzinfo | None = None

    def contain(self, now_s: float) -> bool:
        """Tell whether ``now_s`` lies within.

        Judged anew at each tick, so that a clock that is set needs no care.
        """
        return self.ends_s(now_s) is not None

    def ends_s(self, now_s: float) -> float | None:
        """Return when the quiet ends that ``now_s`` lies in; None when it lies in none."""
        end_s: float | None = None
        today = datetime.fromtimestamp(now_s, self.zone).date()
        # Tomorrow's, too: where a day is left out or comes to less, spans can touch.
        for day in (today - timedelta(days=1), today, today + timedelta(days=1)):
            start_s, stop_s = self._span_s(day)
            if start_s <= (now_s if end_s is None else end_s) < stop_s:
                end_s = stop_s
        return end_s

    def reason(self, now_s: float) -> str:
        """Return “quiet hours until 07:00”, or "" when ``now_s`` doesn't lie within."""
        end_s = self.ends_s(now_s)
        if end_s is None:
            return ""
        return f"quiet hours until {datetime.fromtimestamp(end_s, self.zone):%H:%M}"

    def _span_s(self, day: date) -> tuple[float, float]:
        last = day if self.start < self.end else day + timedelta(days=1)
        return (
            instant_s(datetime.combine(day, self.start), self.zone),
            instant_s(datetime.combine(last, self.end), self.zone, last=True),
        )


def instant_s(wall: datetime, zone: tzinfo | None, *, last: bool = False) -> float:
    """Return when the clocks of ``zone`` show ``wall``, in POSIX seconds.

    The first time when they show it twice, or the ``last``. When they never do, because they are
    put forward over it: the moment of that.
    """
    early_s = wall.replace(tzinfo=zone, fold=0).timestamp()
    late_s = wall.replace(tzinfo=zone, fold=1).timestamp()
    if early_s <= late_s:
        return late_s if last else early_s
    # In a gap the meanings of fold are the other way round, and the leap lies between the two.
    before_s, after_s = late_s, early_s
    offset = _offset(before_s, zone)
    while after_s - before_s > 1.0:
        middle_s = (before_s + after_s) // 2
        if _offset(middle_s, zone) == offset:
            before_s = middle_s
        else:
            after_s = middle_s
    return after_s


def local_date(now_s: float, zone: tzinfo | None = None) -> str:
    """Return the day that it is in ``zone`` (None: the machine's), as 2026-03-29."""
    return datetime.fromtimestamp(now_s, zone).date().isoformat()


def _offset(at_s: float, zone: tzinfo | None) -> timedelta | None:
    return datetime.fromtimestamp(at_s, zone).astimezone(zone).utcoffset()
