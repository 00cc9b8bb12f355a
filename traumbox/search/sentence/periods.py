"""Times of the calendar, seen from now: "this week", "in den letzten 7 Tagen", "seit März".

All of them begin and end with a day, so that the same words mean the same for as long as possible.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from re import Match
from typing import Final

from traumbox.search.sentence.numbers import NUMBER, number

_MONTHS: Final = (
    "january|januar|jänner|jan",
    "february|februar|feb",
    "march|märz|maerz|mar",
    "april|apr",
    "may|mai",
    "june|juni|jun",
    "july|juli|jul",
    "august|aug",
    "september|sept|sep",
    "october|oktober|oct|okt",
    "november|nov",
    "december|dezember|dec|dez",
)
_DAYS: Final = {"d": 1, "t": 1, "w": 7, "m": 30, "j": 365, "y": 365}
_LONGEST_DAYS: Final = 100 * 365

UNIT: Final = r"(?:days?|weeks?|months?|years?|tage?n?|wochen?|monate?n?|jahre?n?|jahr)"
_MONTH: Final = "|".join(_MONTHS)
TIME: Final = (
    r"(?:(?P<today>today|heute)|(?P<yesterday>(?:since |seit )?(?:yesterday|gestern))"
    r"|(?:in )?(?:this|diese[rnsm]?) (?P<this>week|month|year|woche|monat|jahr)"
    rf"|(?:in |within |during |over |innerhalb der |während der |seit )?(?:the |den "
    rf"|der )?(?:last|past|letzten?|vergangenen?) (?P<count>{NUMBER}) (?P<unit>{UNIT})"
    r"|(?:in |within |during )(?:the )?(?:last|past) (?P<past>week|month|year)"
    r"|(?:im |in der )?(?:last|letzte[rnsm]?|vergangene[rnsm]?) (?P<last>week|month|year"
    r"|woche|monat|jahr)"
    rf"|(?P<bound>since|after|seit|in|im"
    rf"|ab) (?:(?P<month>{_MONTH})(?: (?P<month_year>20[0-9]{{2}}))?"
    r"|(?P<iso>20[0-9]{2}-[0-9]{2}-[0-9]{2})"
    r"|(?P<day>[0-9]{1,2})\.(?P<day_month>[0-9]{1,2})\.(?P<day_year>20[0-9]{2})?"
    r"|(?P<year>20[0-9]{2})))"
)
"""The pattern of a time, to be followed by a word's end."""


def span(found: Match[str], now: datetime) -> tuple[datetime, datetime | None] | None:
    """Return from when to when ``TIME`` means; an open end is None. None for no date at all."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if found["today"]:
        return today, None
    if found["yesterday"]:
        before = today - timedelta(days=1)
        return before, None if " " in found["yesterday"] else today
    if found["this"] or found["last"]:
        return _calendar(found, today)
    if found["count"] or found["past"]:
        days = days_of(found["count"] or "1", found["unit"] or found["past"])
        return None if days is None else (today - timedelta(days=days), None)
    return _dated(found, today)


def days_of(count: str, unit: str) -> int | None:
    """Return the days of e.g. "two" "weeks"; None when they reach back beyond all records."""
    days = round(number(count) * _DAYS[unit[0].casefold()])
    return days if 0 < days <= _LONGEST_DAYS else None


def _calendar(found: Match[str], today: datetime) -> tuple[datetime, datetime | None]:
    unit = (found["this"] or found["last"])[0].casefold()
    begin = _begin(unit, today)
    if found["this"]:
        return begin, None
    return _begin(unit, begin - timedelta(days=1)), begin


def _begin(unit: str, day: datetime) -> datetime:
    """Return the first day of the week (w), month (m) or year (y, j) of ``day``."""
    if unit == "w":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if unit == "m" else day.replace(month=1, day=1)


def _dated(found: Match[str], today: datetime) -> tuple[datetime, datetime | None] | None:
    try:
        begin, end = _first_day(found, today)
    except ValueError:  # such as 31 February
        return None
    within = found["bound"].casefold() in {"in", "im"} and not found["iso"] and not found["day"]
    return begin, end if within else None


def _first_day(found: Match[str], today: datetime) -> tuple[datetime, datetime]:
    if found["iso"]:
        year, month, day = (int(part) for part in found["iso"].split("-"))
        return today.replace(year=year, month=month, day=day), today
    if found["day"]:
        month, day = int(found["day_month"]), int(found["day"])
        begin = today.replace(year=int(found["day_year"] or today.year), month=month, day=day)
        return (begin if begin <= today else begin.replace(year=begin.year - 1)), today
    if found["year"]:
        begin = today.replace(year=int(found["year"]), month=1, day=1)
        return begin, begin.replace(year=begin.year + 1)
    name = found["month"].casefold().replace("marz", "märz").replace("janner", "jänner")
    month = next(n for n, names in enumerate(_MONTHS, 1) if name in names.split("|"))
    begin = today.replace(year=int(found["month_year"] or today.year), month=month, day=1)
    if begin > today:
        begin = begin.replace(year=begin.year - 1)
    return begin, (begin + timedelta(days=32)).replace(day=1)
