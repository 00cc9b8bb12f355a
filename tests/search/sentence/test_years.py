import pytest

from tests.search.sentence.library import ask, chips

YEARS = {
    "80s": "1980..1989",
    "'80s": "1980..1989",
    "80's": "1980..1989",
    "the 1980s": "1980..1989",
    "1980's": "1980..1989",
    "80er": "1980..1989",
    "80er Jahre": "1980..1989",
    "80er-Jahre": "1980..1989",
    "1980er": "1980..1989",
    "aus den 80ern": "1980..1989",
    "Achtziger": "1980..1989",
    "aus den Achtzigern": "1980..1989",
    "achtziger Jahre": "1980..1989",
    "eighties": "1980..1989",
    "nineties": "1990..1999",
    "20s": "1920..1929",
    "zwanziger Jahre": "1920..1929",
    "2000s": "2000..2009",
    "00s": "2000..2009",
    "2010er": "2010..2019",
    "dreißiger Jahre": "1930..1939",
    "fuenfziger": "1950..1959",
    "early 90s": "1990..1993",
    "mid-90s": "1994..1996",
    "late 60s": "1967..1969",
    "Anfang der 90er": "1990..1993",
    "Ende der 60er": "1967..1969",
    "Mitte der Siebziger": "1974..1976",
    "frühe 90er": "1990..1993",
    "späte 60er": "1967..1969",
    "before the 70s": "..1969",
    "since the 90s": "1990..",
    "nach den 80ern": "1990..",
    "80s and 90s": "1980..1999",
    "80er oder 90er": "1980..1999",
    "from the 60s to the 80s": "1960..1989",
    "60s and 80s": "1960..1989",
    "from 1975": "1975",
    "from the year 1975": "1975",
    "aus 1975": "1975",
    "aus dem Jahr 1975": "1975",
    "von 1975": "1975",
    "in 1975": "1975",
    "recorded in 1975": "1975",
    "1970-1975": "1970..1975",
    "1970–75": "1970..1975",
    "between 1970 and 1975": "1970..1975",
    "zwischen 1970 und 1975": "1970..1975",
    "von 1970 bis 1975": "1970..1975",
    "from 1970 to 1975": "1970..1975",
    "before 1960": "..1959",
    "vor 1960": "..1959",
    "pre-1960": "..1959",
    "until 1960": "..1960",
    "bis 1960": "..1960",
    "after 2010": "2011..",
    "nach 2010": "2011..",
    "since 2010": "2010..",
    "seit 2010": "2010..",
    "ab 2010": "2010..",
    "from 2010 onwards": "2010..",
    "from this year": "2026",
    "aus diesem Jahr": "2026",
    "from last year": "2025",
    "aus den letzten 10 Jahren": "2016..",
}
NOT_MEANT = (
    *("1999", "1812 Overture", "50 Cent", "Blink 182", "in the year 2525", "in 2112", "1985"),
    *("Summer of '69", "99 Luftballons", "10s", "UB40", "1980-60-60", "December 1963", "24K"),
    *("In the Court of 1234567", "80", "from 3000"),
)


@pytest.mark.parametrize(("text", "span"), YEARS.items())
def test_years_and_decades(text: str, span: str) -> None:
    assert chips(text) == [f"year:{span}"]


@pytest.mark.parametrize("text", NOT_MEANT)
def test_numbers_that_are_no_years(text: str) -> None:
    assert chips(text) == []
    assert ask(text).names == text


def test_a_decade_as_an_adjective_stays_in_the_sound() -> None:
    assert ask("80s synth").sound == "80s synth"
    assert ask("synth from the 80s").sound == "synth"
    assert ask("80er Synthesizer").sound == "80er Synthesizer"
    assert ask("Synthesizer aus den 80ern").sound == "Synthesizer"
