"""When tracks came into the library, and when they were played."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from re import Match

from traumbox.domain.conditions import Condition, NumberField
from traumbox.search.sentence.findings import Finding, Sentence, pattern
from traumbox.search.sentence.numbers import NUMBER
from traumbox.search.sentence.periods import TIME, UNIT, days_of, span

NEW_DAYS = 30
"""What "new" and "recently added" mean."""
RECENT_DAYS = 14
"""What "recently played" means."""
LONG_DAYS = 182
"""What "not played for a long time" means."""

_ADDED = r"(?:added|imported|hinzugefügt|hinzugekommen|dazugekommen|importiert)"
_PLAYED = r"(?:been )?(?:played|heard|listened to|gehört|gespielt|angehört|abgespielt)"
_LATELY = r"(?:recently|newly|lately|kürzlich|neulich|zuletzt|neu|frisch|last)"
_WHO = (
    r"(?:(?:that|which|die|das|was) )?"
    r"(?:(?:i|we)(?:['’]ve| have)? |(?:was|were|has|have) |(?:ich|wir) )?"
)
_HAVE = r"(?: (?:habe|haben|hab|wurden?))?"
_NOT_HAVE = r"(?:(?:that |which )?(?:i|we) (?:haven['’]?t|have not|didn['’]?t) |not )"
_AGES = r"(?:a long (?:time|while)|a while|ages|years|langem|längerem|langer zeit|ewigkeiten)"
_PERIOD = rf"(?:(?P<ages>{_AGES})|(?:the last |den letzten )?(?P<many>{NUMBER}) (?P<of>{UNIT}))"
_NEW_HEADS = (
    r"(?:songs?|tracks?|albums?|records?|arrivals|additions|stuff|music|lieder[n]?"
    r"|stücke[n]?|titel[n]?|alben|musik"
    r"|aufnahmen|zugänge|sachen)"
)

_ADDED_WHEN = (
    pattern(rf"(?<!\w){_WHO}{_ADDED}{_HAVE} {TIME}(?!\w)"),
    pattern(rf"(?<!\w){_WHO}(?:new )?{TIME} (?:neu )?{_ADDED}{_HAVE}(?!\w)"),
    pattern(rf"(?<!\w)(?:new|neu) {TIME}(?!\w)"),
)
_NEW = pattern(
    rf"(?<!\w)(?:{_WHO}{_LATELY} {_ADDED}{_HAVE}|{_ADDED} (?:recently|lately|kürzlich|neulich)"
    rf"|(?:my |our |the |meine |die )?(?:new|newest|latest|neue[nr]?"
    rf"|neueste[nr]?)(?= {_NEW_HEADS}(?!\w))"
    r"|(?:what(?:['’]s| is) new|was gibt['’]?(?:s| es) neues|(?:something|anything) new"
    r"|(?:et)?was neues))"
    r"(?!\w)|^(?:new|neu|neues)$"
)
_NEVER = pattern(
    rf"(?<!\w)(?:{_WHO}(?:never|(?:noch )?(?:nie|niemals)) {_PLAYED}(?: before| yet)?{_HAVE}"
    rf"|{_WHO}noch nicht {_PLAYED}{_HAVE}|{_NOT_HAVE}(?:yet {_PLAYED}|{_PLAYED} (?:yet|before))"
    r"|(?:unplayed|unheard|ungehörte?[nrs]?|ungespielte?[nrs]?))(?!\w)"
)
_NOT_SINCE = (
    pattern(rf"(?<!\w){_NOT_HAVE}{_PLAYED} (?:for|in|since|seit) {_PERIOD}(?!\w)"),
    pattern(rf"(?<!\w){_WHO}(?:seit|in) {_PERIOD} nicht (?:mehr )?{_PLAYED}{_HAVE}(?!\w)"),
    pattern(rf"(?<!\w){_WHO}nicht {_PLAYED}{_HAVE} seit {_PERIOD}(?!\w)"),
)
_LONG_NOT = pattern(
    rf"(?<!\w){_WHO}(?:schon )?(?:lange|ewig) nicht (?:mehr )?{_PLAYED}{_HAVE}(?!\w)"
)
_RECENTLY = pattern(
    rf"(?<!\w)(?:{_WHO}{_LATELY} {_PLAYED}{_HAVE}|{_WHO}{_PLAYED} (?:recently|lately|kürzlich"
    rf"|neulich|zuletzt))(?!\w)"
)
_PLAYED_WHEN = (
    pattern(rf"(?<!\w){_WHO}{_PLAYED}{_HAVE} {TIME}(?!\w)"),
    pattern(rf"(?<!\w){_WHO}{TIME} {_PLAYED}{_HAVE}(?!\w)"),
)
_EVER = pattern(
    rf"(?<!\w){_WHO}(?:(?:already|schon(?: ein)?mal|schon|bereits) {_PLAYED}{_HAVE}"
    rf"|{_PLAYED} before)(?!\w)"
)


def added(sentence: Sentence) -> Iterator[Finding]:
    """Find "added this week", "neu hinzugefügt", "new songs"; but not "new wave"."""
    for rule in _ADDED_WHEN:
        yield from _timed(rule.finditer(sentence.text), "added_s", sentence.now)
    for found in _NEW.finditer(sentence.text):
        yield Finding(*found.span(), (Condition("added_s", low=_ago(NEW_DAYS, sentence.now)),))


def played(sentence: Sentence) -> Iterator[Finding]:
    """Find "never played", "zuletzt gehört", "not played for a year".

    What has not been played for a year includes what never was.
    """
    text, now = sentence.text, sentence.now
    for rule in _NOT_SINCE:
        for found in rule.finditer(text):
            days = LONG_DAYS if found["ages"] else days_of(found["many"], found["of"])
            if days is not None:
                yield Finding(*found.span(), (_not_since(days, now),))
    for found in _LONG_NOT.finditer(text):
        yield Finding(*found.span(), (_not_since(LONG_DAYS, now),))
    for found in _NEVER.finditer(text):
        yield Finding(*found.span(), (Condition("played", values=("never",)),))
    for rule in _PLAYED_WHEN:
        yield from _timed(rule.finditer(text), "played_s", now)
    for found in _RECENTLY.finditer(text):
        yield Finding(*found.span(), (Condition("played_s", low=_ago(RECENT_DAYS, now)),))
    for found in _EVER.finditer(text):
        yield Finding(*found.span(), (Condition("played", values=("ever",)),))


def _timed(matches: Iterator[Match[str]], field: NumberField, now: datetime) -> Iterator[Finding]:
    for found in matches:
        when = span(found, now)
        if when is not None:
            begin, end = when
            # Both ends belong to a condition: the second before the next day begins is the last.
            high = None if end is None else end.timestamp() - 1
            yield Finding(*found.span(), (Condition(field, begin.timestamp(), high),))


def _not_since(days: int, now: datetime) -> Condition:
    return Condition("played_s", low=_ago(days, now), negated=True)


def _ago(days: int, now: datetime) -> float:
    """Return the POSIX time at which the day began ``days`` days ago."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return (today - timedelta(days=days)).timestamp()
