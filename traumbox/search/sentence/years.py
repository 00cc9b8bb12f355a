"""Years and decades."""

from __future__ import annotations

from collections.abc import Iterator
from re import Match

from traumbox.domain.conditions import Condition
from traumbox.search.sentence.findings import Finding, Sentence, Stay, pattern
from traumbox.search.sentence.numbers import NUMBER, number

_TENS = {
    **dict.fromkeys(("twenties", "zwanziger"), 20),
    **dict.fromkeys(("thirties", "dreißiger", "dreissiger"), 30),
    **dict.fromkeys(("forties", "vierziger"), 40),
    **dict.fromkeys(("fifties", "fünfziger", "fuenfziger"), 50),
    **dict.fromkeys(("sixties", "sechziger"), 60),
    **dict.fromkeys(("seventies", "siebziger"), 70),
    **dict.fromkeys(("eighties", "achtziger"), 80),
    **dict.fromkeys(("nineties", "neunziger"), 90),
    **dict.fromkeys(("noughties", "nuller"), 100),
}
_PARTS = {
    **dict.fromkeys(("early", "anfang", "früh", "frueh", "frühe", "fruehe"), (0, 3)),
    **dict.fromkeys(("mid", "middle", "mitte"), (4, 6)),
    **dict.fromkeys(("late", "ende", "spät", "spaet", "späte", "spaete"), (7, 9)),
}
_BEFORE = r"before|prior to|older than|earlier than|pre|vor|älter als"
_UNTIL = r"until|till|up to|bis zu|bis"
_AFTER = r"after|newer than|later than|post|nach|neuer als|jünger als"
_SINCE = r"since|seit|ab"
_BOUND = (
    rf"(?:(?P<before>{_BEFORE})|(?P<until>{_UNTIL})|(?P<after>{_AFTER})|(?P<since>{_SINCE}))[ -]"
)
_YEAR = r"(?:1[4-9]|20)[0-9]{2}"
_THE_YEAR = r"(?:(?:the|dem|den) )?(?:(?:years?|jahre?n?) )?"

_DECADE = pattern(
    rf"(?<![\w.,:/'’])(?:{_BOUND}|(?P<lead>from|of|in|aus|von|out of) )?(?:the |den |dem "
    rf"|der |die )?"
    r"(?:(?P<part>early|middle|mid|late|anfang|mitte|ende|frühe|früh|späte"
    r"|spät)[nrs]?[ -](?:of the |der |den )?)?"
    r"(?:the )?(?:(?:(?P<full>(?:1[5-9]|20)[0-9]0)|['’‘]?(?P<short>[02-9]0))(?:['’]?s|er[n]?)"
    rf"|(?:nineteen[ -])?(?P<name>{'|'.join(_TENS)})n?)(?:[ -]?jahren?)?(?!\w)"
)
_RANGE = pattern(
    rf"(?<![\w.,:-])(?:(?P<lead>between|from|in|zwischen|von|aus"
    rf"|aus den) )?{_THE_YEAR}(?P<first>{_YEAR})"
    rf" ?(?P<link>-|–|—|\.\.|to|through|and|bis|und) ?(?P<last>{_YEAR}|[0-9]{{2}})(?![\w.:,]\w|\w)"
)
_SINGLE = pattern(
    rf"(?<!\w)(?:(?:recorded|released|made|aufgenommen|erschienen) )?(?:{_BOUND}{_THE_YEAR}"
    rf"|(?:(?:from|in|aus|von|vom|im) {_THE_YEAR}|year |jahr |jahrgang ))(?P<year>{_YEAR})"
    r"(?P<on> on(?:wards?)?| and later)?(?![\w-])"
)
_RELATIVE = pattern(
    r"(?<!\w)(?:from|aus|von|vom) (?:(?P<this>this year|diesem jahr)|(?P<last>last year"
    r"|(?:dem )?letzten jahr)"
    rf"|(?:the |den )?(?:last|past|letzten|vergangenen) (?P<count>{NUMBER}) (?:years"
    rf"|jahren?))(?!\w)"
)


def decades(sentence: Sentence) -> Iterator[Finding]:
    """Find decades, whole or in part.

    "80s synth" says how it sounds as well and stays in the sound; "from the 80s" doesn't. Two
    digits are of the last century; "20s" are the 1920s.
    """
    for found in _DECADE.finditer(sentence.text):
        first = _decade_start(found)
        begin, end = first, first + 9
        if found["part"]:
            after, before = _PARTS[_plain(found["part"])]
            begin, end = first + after, first + before
        bounded = any(found[name] for name in ("before", "until", "after", "since"))
        stay = Stay.NOWHERE if bounded or found["lead"] else Stay.SOUND
        yield Finding(*found.span(), (_bounded(found, begin, end),), stay=stay)


def years(sentence: Sentence) -> Iterator[Finding]:
    """Find years that are said to be years: "from 1975", "1970-1975", "seit 2010".

    A bare number is a title more often ("1999", "1812 Overture").
    """
    text, latest = sentence.text, sentence.now.year + 1
    for found in _RANGE.finditer(text):
        if found["link"] in {"and", "und"} and found["lead"] not in {"between", "zwischen"}:
            continue
        first = int(found["first"])
        last = int(found["last"]) + (first // 100 * 100 if len(found["last"]) == 2 else 0)
        if first <= last <= latest:
            yield Finding(*found.span(), (Condition("year", first, last),))
    for found in _SINGLE.finditer(text):
        year = int(found["year"])
        if year <= latest:
            condition = Condition("year", low=year) if found["on"] else _bounded(found, year, year)
            yield Finding(*found.span(), (condition,))
    for found in _RELATIVE.finditer(text):
        yield Finding(*found.span(), (_relative(found, sentence.now.year),))


def _relative(found: Match[str], this_year: int) -> Condition:
    if found["count"]:
        return Condition("year", low=this_year - int(number(found["count"])))
    year = this_year if found["this"] else this_year - 1
    return Condition("year", year, year)


def _bounded(found: Match[str], first: int, last: int) -> Condition:
    if found["before"]:
        return Condition("year", high=first - 1)
    if found["until"]:
        return Condition("year", high=last)
    if found["after"]:
        return Condition("year", low=last + 1)
    if found["since"]:
        return Condition("year", low=first)
    return Condition("year", first, last)


def _decade_start(found: Match[str]) -> int:
    if found["full"]:
        return int(found["full"])
    tens = int(found["short"]) if found["short"] else _TENS[_plain(found["name"])]
    return 2000 if tens in {0, 100} else 1900 + tens


def _plain(word: str) -> str:
    """Return a word as the tables have it."""
    folded = word.casefold()
    return {"fruh": "früh", "fruhe": "frühe", "spat": "spät", "spate": "späte"}.get(folded, folded)
