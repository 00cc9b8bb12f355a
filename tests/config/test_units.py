from datetime import time

import pytest

from traumbox.config.units import parse_duration, parse_span


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("1h", 3600.0),
        ("1h 30m", 5400.0),
        ("1h30m", 5400.0),
        ("45s", 45.0),
        ("15min", 900.0),
        ("250ms", 0.25),
        ("1.5h", 5400.0),
        ("2d", 172_800.0),
        ("90", 90.0),
        (90, 90.0),
        (0.5, 0.5),
    ],
)
def test_a_duration_is_read_as_people_write_it(written, seconds):
    assert parse_duration(written) == pytest.approx(seconds)


@pytest.mark.parametrize("wrong", ["", " ", "soon", "1 fortnight", "h", "-5s", "1h x", True, None])
def test_what_is_no_duration_is_refused(wrong):
    with pytest.raises(ValueError, match="not a duration"):
        parse_duration(wrong)


def test_a_span_may_run_over_midnight():
    assert parse_span("22:00-07:30") == (time(22), time(7, 30))
    assert parse_span(" 9:05 – 17:00 ") == (time(9, 5), time(17))


@pytest.mark.parametrize("wrong", ["22:00", "25:00-07:00", "22:60-07:00", "7-9", "08:00-08:00"])
def test_what_is_no_span_is_refused(wrong):
    with pytest.raises(ValueError, match=r"not a span|the same"):
        parse_span(wrong)
