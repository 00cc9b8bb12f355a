"""From a sentence to what is meant by it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from traumbox.domain.conditions import NUMBER_FIELDS, VALUES_MOST, Condition
from traumbox.domain.search import Chip, Understood
from traumbox.search.sentence.absence import absences
from traumbox.search.sentence.duration import durations
from traumbox.search.sentence.files import formats, kinds
from traumbox.search.sentence.findings import Finding, Rule, Sentence, Stay
from traumbox.search.sentence.frames import politeness, quotations, starts
from traumbox.search.sentence.history import added, played
from traumbox.search.sentence.key import keys
from traumbox.search.sentence.loudness import loudnesses
from traumbox.search.sentence.names import known_artists
from traumbox.search.sentence.sounds import is_generic
from traumbox.search.sentence.syntax import typed
from traumbox.search.sentence.tagged import artists, folders, genres
from traumbox.search.sentence.tempo import beats, fast_and_slow
from traumbox.search.sentence.vocabulary import Vocabulary
from traumbox.search.sentence.years import decades, years

UNDERSTOOD_MOST: Final = 1000
"""Characters of a sentence that rules read; what comes after is words for sound and names."""

RULES: Final[tuple[Rule, ...]] = (
    # What says itself what it is, and what nobody else may touch.
    *(typed, artists, folders, genres, quotations, known_artists),
    # Frames before what stands in them; longer sayings before the words they share with others.
    *(starts, politeness, added, played, loudnesses, beats, keys, durations, decades, years),
    *(formats, kinds, absences, fast_and_slow),
)
"""In this order: a word belongs to the first that wants it."""

_BETWEEN = re.compile(
    r",? ?(?:and|or|to|through|und|oder|bis|/|-|–|&|\+|,)? ?(?:the |den |die |zu den )?",
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"^(?:(?:and|or|but|with|und|oder|aber|mit|in|from|aus)(?= |$)|[\s,;:&+/–—-])+", re.IGNORECASE
)
_TRAILING = re.compile(
    r"(?:(?<= )(?:and|or|but|with|in|from|und|oder|aber|mit|aus)|[\s,;:&+/–—-])+$", re.IGNORECASE
)
_JOINING = re.compile(r"^(?:(?:and|or|nor|but|und|oder|noch|aber|[&/+]) ){1,2}", re.IGNORECASE)
_DANGLING_MOST = 60
_COMMAS = re.compile(r"\s*([,;])(?:\s*[,;])*")


def understand(
    text: str, vocabulary: Vocabulary, now: datetime, taken_back: Collection[str] = ()
) -> Understood:
    """Return how ``text`` is to be taken, in English or German or both.

    ``now`` knows its time zone. Chips whose id is in ``taken_back`` aren't applied: their words are
    plain ones. ``sound`` is in the language of the sentence, see ``translated``. Any text is
    understood somehow; the time is linear in its length.
    """
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    sentence = Sentence(plain[:UNDERSTOOD_MOST], vocabulary, now)
    findings = _merged(sentence.text, _found(sentence))
    chips: dict[str, Chip] = {}
    kept: list[Finding] = []
    for finding in _numbers_before_words(findings, taken_back):
        own = _chips(sentence.text, finding)
        applied = [chip for chip in own if chip.id not in taken_back]
        if own and not applied:
            continue
        kept.append(finding)
        chips.update((chip.id, chip) for chip in applied if chip.id not in chips)
    sound = _left(plain, kept, names=False)
    names = _left(plain, kept, names=True)
    return Understood(
        text=text,
        sound="" if kept and _says_nothing(sound) else sound,
        names="" if kept and _says_nothing(names) else names,
        chips=tuple(chips.values()),
        starts=any(finding.starts for finding in kept),
    )


def _found(sentence: Sentence) -> list[Finding]:
    """Return what the rules find, in the order of the sentence, no word twice."""
    taken = bytearray(len(sentence.text))
    findings: list[Finding] = []
    for rule in RULES:
        for finding in rule(sentence):
            if finding.start < finding.end and not any(taken[finding.start : finding.end]):
                taken[finding.start : finding.end] = b"\1" * (finding.end - finding.start)
                findings.append(finding)
    return sorted(findings, key=lambda finding: finding.start)


def _numbers_before_words(
    findings: list[Finding], taken_back: Collection[str]
) -> Iterator[Finding]:
    """Yield the findings, words for a tempo as mere sound where a number is named.

    What is fast to somebody who says "fast techno, 125 bpm" is 125.
    """
    conditions = [condition for finding in findings for condition in finding.conditions]
    named = any(
        condition.field == "bpm" and not condition.negated and str(condition) not in taken_back
        for condition in conditions
    )
    for finding in findings:
        is_word = finding.stay is Stay.SOUND and all(
            condition.field == "bpm" and condition.negated for condition in finding.conditions
        )
        yield replace(finding, conditions=()) if named and is_word else finding


def _merged(text: str, findings: list[Finding]) -> list[Finding]:
    """Join neighbours about one thing: "80s and 90s" is one range, not two that exclude each other.

    Decades or lengths that lie apart become one range with all between.
    """
    merged: list[Finding] = []
    for finding in findings:
        if merged and _BETWEEN.fullmatch(text, merged[-1].end, finding.start):
            joined = _joined(merged[-1], finding)
            if joined is not None:
                merged[-1] = joined
                continue
        merged.append(finding)
    return merged


def _joined(left: Finding, right: Finding) -> Finding | None:
    if len(left.conditions) != 1 or len(right.conditions) != 1 or left.without or right.without:
        return None
    one, other = left.conditions[0], right.conditions[0]
    if one.field != other.field or one.negated != other.negated:
        return None
    whole = replace(left, end=right.end)
    if one.field not in NUMBER_FIELDS:
        values = tuple(dict.fromkeys(one.values + other.values))[:VALUES_MOST]
        return replace(whole, conditions=(replace(one, values=values),))
    if one.negated or None in {one.low, one.high, other.low, other.high}:
        return _between(whole, one, other)
    low = min(end for end in (one.low, other.low) if end is not None)
    high = max(end for end in (one.high, other.high) if end is not None)
    return replace(whole, conditions=(replace(one, low=low, high=high),))


def _between(whole: Finding, one: Condition, other: Condition) -> Finding | None:
    """Join two open ranges that meet: "over 90 and under 110 bpm"; None for all others.

    Words that together rule out all there is mean what both rule out: "slow or fast". Typed
    conditions stay as they are.
    """
    if one.negated and whole.stay is not Stay.SOUND:
        return None
    lows = [end for end in (one.low, other.low) if end is not None]
    highs = [end for end in (one.high, other.high) if end is not None]
    if len(lows) != 1 or len(highs) != 1 or lows[0] > highs[0]:
        return None
    return replace(whole, conditions=(replace(one, low=lows[0], high=highs[0]),))


def _chips(text: str, finding: Finding) -> list[Chip]:
    words = text[finding.start : finding.end].strip(" ,;")
    if finding.without:
        words = _JOINING.sub("", words)
    return [
        *(Chip(words, condition) for condition in finding.conditions),
        *(Chip(words, without=sound) for sound in finding.without),
    ]


def _left(text: str, findings: list[Finding], *, names: bool) -> str:
    """Return the words that stay for the names or for the sound."""
    stay = {Stay.BOTH, Stay.NAMES if names else Stay.SOUND}
    plain: list[str] = []  # what no finding has touched, before, between and behind them
    kept: list[str] = []  # what the findings between leave
    position = 0
    for finding in findings:
        plain.append(text[position : finding.start])
        own = text[finding.start : finding.end] if finding.name is None else finding.name
        kept.append(own if finding.stay in stay else "")
        position = finding.end
    plain.append(text[position:])
    _trim(plain, kept, _LEADING)
    plain.reverse()
    kept.reverse()
    _trim(plain, kept, _TRAILING)
    plain.reverse()
    kept.reverse()
    parts = [part for pair in zip(plain, (*kept, ""), strict=True) for part in pair]
    left = " ".join(" ".join(parts).split())
    return _COMMAS.sub(r"\1", left) if kept else left


def _trim(plain: list[str], kept: list[str], dangling: re.Pattern[str]) -> None:
    """Cut commas and joining words that stand alone where the words beyond them were taken."""
    for index in range(1, len(plain)):
        if plain[index - 1].strip() or kept[index - 1]:
            return
        plain[index] = _cut(plain[index], dangling)


def _cut(part: str, dangling: re.Pattern[str]) -> str:
    if dangling is _LEADING:
        return dangling.sub("", part[:_DANGLING_MOST]) + part[_DANGLING_MOST:]
    at = max(0, len(part) - _DANGLING_MOST)
    return part[:at] + dangling.sub("", part[at:])


def _says_nothing(words: str) -> bool:
    """Tell whether only words such as "song" or "something" are left."""
    if len(words) > _DANGLING_MOST:
        return False
    return all(
        is_generic(word.strip(".,;:!?")) or word.casefold() in _ARTICLES for word in words.split()
    )


_ARTICLES: Final = frozenset(
    [
        "the",
        "a",
        "an",
        "some",
        "any",
        "der",
        "die",
        "das",
        "ein",
        "eine",
        "einen",
        "dem",
        "den",
        "ist",
        "is",
    ]
)
