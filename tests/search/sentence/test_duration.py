import pytest

from tests.search.sentence.library import ask, chips

DURATIONS = {
    "shorter than 3 minutes": "..180",
    "under 3 min": "..180",
    "less than 3 minutes": "..180",
    "no longer than 3 minutes": "..180",
    "at most 3 minutes long": "..180",
    "< 3 min": "..180",
    "<3m": "..180",
    "kürzer als 3 Minuten": "..180",
    "kuerzer als drei Minuten": "..180",
    "unter 3 Minuten": "..180",
    "höchstens 2,5 Minuten": "..150",
    "under 30 seconds": "..30",
    "longer than 10 minutes": "600..",
    "länger als 10 Minuten": "600..",
    "laenger als 10 Min": "600..",
    "at least ten minutes": "600..",
    "over an hour": "3600..",
    "länger als eine Stunde": "3600..",
    "länger als eine halbe Stunde": "1800..",
    "more than half an hour": "1800..",
    "about 4:30": "243..297",
    "etwa 4:30": "243..297",
    "4:30 long": "243..297",
    "shorter than 4:30": "..270",
    "over 1:00:00": "3600..",
    "about 5 minutes": "270..330",
    "5 minutes long": "270..330",
    "5-minute song": "270..330",
    "3 Minuten lang": "162..198",
    "2-3 minutes": "120..180",
    "2 bis 3 Minuten": "120..180",
    "between 2 and 3 minutes": "120..180",
    "zwischen 2 und 3 Minuten": "120..180",
    "between 30 seconds and 2 minutes": "30..120",
    "2:30-3:30": "150..210",
    "short songs": "..150",
    "short piano pieces": "..150",
    "kurze Stücke": "..150",
    "kurze Klavierstücke": "..150",
    "long tracks": "420..",
    "lange Lieder": "420..",
}
NOT_MEANT = (
    *("7 Seconds", "4 Minutes", "30 Seconds to Mars", "4:33", "60 Minuten", "half an hour"),
    *("short skirt long jacket", "a long way home", "Short People", "0 minutes", "5 minutes alone"),
    *("Lange Nacht", "under the bridge", "over the rainbow", "one hour photo"),
)


@pytest.mark.parametrize(("text", "seconds"), DURATIONS.items())
def test_durations(text: str, seconds: str) -> None:
    assert chips(text) == [f"duration_s:{seconds}"]


@pytest.mark.parametrize("text", NOT_MEANT)
def test_times_that_are_no_filter(text: str) -> None:
    assert chips(text) == []
    assert ask(text).names == text
