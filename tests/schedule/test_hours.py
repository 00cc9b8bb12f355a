"""Quiet hours are a span with one beginning and one end each day, whatever the clocks do."""

import os
import time as clock
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traumbox.schedule import QuietHours, local_date
from traumbox.schedule.hours import instant_s

BERLIN = ZoneInfo("Europe/Berlin")
SPRING, AUTUMN = "2026-03-29", "2026-10-25"
DST_DAYS = [
    ("Europe/Berlin", SPRING),
    ("Europe/Berlin", AUTUMN),
    ("America/New_York", "2026-03-08"),
    ("America/New_York", "2026-11-01"),
    ("Australia/Lord_Howe", "2026-10-04"),  # by half an hour
    ("Australia/Lord_Howe", "2026-04-05"),
    ("America/Havana", "2026-03-08"),  # at midnight: the day begins at 01:00
    ("America/Havana", "2026-11-01"),  # midnight comes twice
    ("Pacific/Apia", "2011-12-30"),  # a day that never was
    ("Asia/Kolkata", "2026-03-29"),
]


def hours(span: str, zone: ZoneInfo | None = BERLIN) -> QuietHours:
    start, end = (time.fromisoformat(text) for text in span.split("-"))
    return QuietHours(start, end, zone)


def at(text: str, zone: ZoneInfo | None = BERLIN, fold: int = 0) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).timestamp()


@pytest.mark.parametrize(
    ("span", "moment", "quiet"),
    [
        ("22:00-07:00", "23:30", True),
        ("22:00-07:00", "21:59", False),
        ("22:00-07:00", "22:00", True),
        ("22:00-07:00", "06:59", True),
        ("22:00-07:00", "07:00", False),
        ("22:00-07:00", "12:00", False),
        ("13:00-15:00", "14:00", True),
        ("13:00-15:00", "15:00", False),
        ("13:00-15:00", "12:59", False),
    ],
)
def test_quiet_hours_by_the_wall_clock(span: str, moment: str, quiet: bool) -> None:
    for day in ("2026-06-15", "2026-12-31", SPRING, AUTUMN):
        assert hours(span).contain(at(f"{day}T{moment}")) is quiet


def test_the_reason_names_the_end() -> None:
    quiet = hours("22:00-07:00")
    assert quiet.reason(at("2026-06-15T23:00")) == "quiet hours until 07:00"
    assert quiet.reason(at("2026-06-15T07:00")) == ""
    assert hours("22:00-02:30").reason(at("2026-03-28T23:00")) == "quiet hours until 03:00"


def test_a_time_that_comes_twice_ends_the_quiet_once() -> None:
    quiet = hours("22:00-02:30")
    first, second = at(f"{AUTUMN}T02:30"), at(f"{AUTUMN}T02:30", fold=1)
    assert second - first == 3600
    assert quiet.ends_s(at(f"{AUTUMN}T01:00")) == second
    assert quiet.contain(first)
    assert quiet.contain(at(f"{AUTUMN}T02:10", fold=1))
    assert not quiet.contain(second)


def test_a_time_that_is_left_out_is_the_leap() -> None:
    leap = at(f"{SPRING}T03:00")
    assert instant_s(datetime.fromisoformat(f"{SPRING}T02:30"), BERLIN) == leap
    assert hours("22:00-02:30").ends_s(leap - 1) == leap
    assert not hours("22:00-02:30").contain(leap)
    assert hours("02:30-04:00").contain(leap)
    assert not hours("02:10-02:50").contain(leap)


@pytest.mark.parametrize(("name", "day"), DST_DAYS)
@pytest.mark.parametrize(
    "span",
    ["22:00-07:00", "22:00-02:30", "02:15-02:45", "01:45-02:15", "00:00-00:30", "23:30-00:30"],
)
def test_all_minutes_around_a_change_of_the_clock(name: str, day: str, span: str) -> None:
    zone = ZoneInfo(name)
    quiet = hours(span, zone)
    length_s = (
        datetime.combine(datetime.min, quiet.end) - datetime.combine(datetime.min, quiet.start)
    ) % timedelta(days=1)
    begin_s = datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() - 30 * 3600
    minutes = [begin_s + 60 * minute for minute in range(76 * 60)]
    runs: list[list[float]] = []
    before = True
    for moment_s in minutes:
        now = quiet.contain(moment_s)
        if now and not before:
            runs.append([])
        if now and runs:
            runs[-1].append(moment_s)
        before = now
    whole = [run for run in runs if run[-1] < minutes[-1]]
    days = {local_date(run[0], zone) for run in whole}
    assert len(days) == len(whole), "twice on one day"
    assert len(whole) >= 2
    for run in whole:
        assert quiet.ends_s(run[0]) == quiet.ends_s(run[-1]) or name == "Pacific/Apia"
        ends_s = quiet.ends_s(run[-1])
        assert ends_s is not None
        assert not quiet.contain(ends_s)
        run_s = run[-1] - run[0] + 60
        assert abs(run_s - length_s.total_seconds()) <= 3600


@settings(max_examples=300, deadline=None)
@given(
    zone=st.sampled_from(sorted({name for name, _ in DST_DAYS})),
    start=st.times(),
    end=st.times(),
    now_s=st.floats(0, 4e9),
    jump_s=st.floats(-2e8, 2e8),
)
def test_the_end_is_the_end_whenever_one_asks(zone, start, end, now_s, jump_s) -> None:
    quiet = QuietHours(start, end, ZoneInfo(zone))
    for moment_s in (now_s, max(0.0, now_s + jump_s), now_s + 5 * 365 * 86_400):  # a clock is set
        ends_s = quiet.ends_s(moment_s)
        assert quiet.contain(moment_s) is (ends_s is not None)
        if ends_s is not None and start != end:
            assert 0 < ends_s - moment_s <= 49 * 3600
            assert quiet.ends_s((moment_s + ends_s) / 2) in {ends_s, None}
            assert bool(quiet.reason(moment_s))


@pytest.fixture
def machine_in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    old = os.environ.get("TZ")
    monkeypatch.setenv("TZ", "Europe/Berlin")
    clock.tzset()
    yield
    monkeypatch.undo()
    assert os.environ.get("TZ") == old
    clock.tzset()


@pytest.mark.parametrize("day", ["2026-06-15", "2026-12-15", SPRING, AUTUMN])
@pytest.mark.parametrize("span", ["22:00-07:00", "22:00-02:30", "02:15-02:45"])
def test_the_machines_zone_is_like_any_other(machine_in_berlin, day: str, span: str) -> None:
    begin_s = at(f"{day}T00:00") - 6 * 3600
    for minute in range(36 * 60):
        moment_s = begin_s + 60 * minute
        assert hours(span, None).ends_s(moment_s) == hours(span).ends_s(moment_s)
        assert hours(span, None).reason(moment_s) == hours(span).reason(moment_s)
    assert local_date(begin_s) == local_date(begin_s, BERLIN)
