"""Tempo: numbers of beats, and words for fast and slow."""

from __future__ import annotations

from collections.abc import Iterator

from traumbox.domain.conditions import Condition
from traumbox.search.sentence.amounts import Amount, Quantity, amounts
from traumbox.search.sentence.findings import Finding, Sentence, Stay, pattern
from traumbox.search.sentence.sounds import beside_sound

TOLERANCE = 0.04
"""What "120 bpm" allows to both sides: as far as a measured tempo may be off."""
FAST_FROM_BPM, VERY_FAST_FROM_BPM = 130.0, 150.0
SLOW_TO_BPM, VERY_SLOW_TO_BPM = 85.0, 70.0
MEDIUM_BPM = (90.0, 125.0)
"""What the words mean, in BPM as shown, that is in whole numbers. A measured tempo may be half or
double the felt one, and the usual choice lies around 120. From 85 to 130 is therefore neither fast
nor slow: only tracks clearly on the other side are left out, and none whose tempo isn't known. The
words also stay in the description of the sound, which ranks what is left."""
_ROUNDED_BPM = 0.5
"""So far a tempo may lie from the whole number that is shown for it."""
_LOWEST_BPM, _HIGHEST_BPM = 20.0, 400.0

_BEATS = Quantity(
    value=r"[0-9]{2,3}(?:[.,][0-9]{1,2})?",
    unit=r"b\.?p\.?m\.?|beats (?:per|a) minute|beats/min|schläge(?:n)? (?:pro|in der) minute",
    more="faster|quicker|higher|schneller|höher",
    less="slower|lower|langsamer|niedriger",
    before=r"(?:with a |at a |in )?(?:tempo|speed)(?: of| von|:)?|at|with|mit|bei",
)
_FAST = r"fast|up-?tempo|schnelle[nrsm]?|schnell|flotte[nrsm]?|flott|rasante[nrsm]?|rasant"
_SLOW = r"slow|langsame[nrsm]?|langsam"
_VERY = r"very|really|super|extremely|sehr|richtig|extrem|ganz|total"
_TOO = r"(?:not|nicht|kein(?:e[nrsm]?)?)(?: (?:too|so|that|very|zu|sehr|allzu))?"
_ADJECTIVE = (
    rf"(?<![\w'-])(?:(?P<less>{_TOO}) |(?P<very>{_VERY}) )?"
    rf"(?:(?P<fast>{_FAST})|(?P<slow>{_SLOW}))(?![\w'-])"
)
_MEDIUM = (
    r"(?<!\w)(?:not too fast (?:and|but|or) not too slow|(?:in |at )?(?:a )?(?:mid|medium|moderate)"
    r"[ -]?tempo|(?:in |im )?mittlere[nsm]? tempo|mittelschnelle?[nrsm]?"
    r"|nicht zu schnell (?:und|aber) nicht zu langsam)(?!\w)"
)
# German for "almost": "fast nur Klavier", "fast ohne Worte".
_ALMOST = pattern(
    r" (?:nur|alle[sr]?|kein\w{0,2}|nichts?|niemand|wie|immer|nie|ohne|ein\w{0,2}|so|zu"
    r"|schon|ganz|jede\w?|lautlos)\b"
)


def beats(sentence: Sentence) -> Iterator[Finding]:
    """Find numbers of beats a minute, and words for a medium tempo."""
    for amount in amounts(sentence.text, _BEATS):
        condition = bpm_condition(amount)
        if condition is not None:
            yield Finding(amount.start, amount.end, (condition,))
    for found in pattern(_MEDIUM).finditer(sentence.text):
        low, high = MEDIUM_BPM
        yield Finding(*found.span(), (_not_slower(low), _not_faster(high)), stay=Stay.SOUND)


def bpm_condition(amount: Amount) -> Condition | None:
    """Return what an amount of beats asks for; None when no music has such a tempo."""
    first = float(amount.first.replace(",", "."))
    last = float(amount.second.replace(",", ".")) if amount.second else first
    low, high = sorted((first, last))
    if not _LOWEST_BPM <= low <= high <= _HIGHEST_BPM:
        return None
    if amount.bound == "from":
        return Condition("bpm", low=low)
    if amount.bound == "to":
        return Condition("bpm", high=high)
    if amount.bound == "between":
        return Condition("bpm", low, high)
    tolerance = TOLERANCE / 4 if amount.bound == "exactly" else TOLERANCE
    return Condition("bpm", round(low * (1 - tolerance), 1), round(high * (1 + tolerance), 1))


def fast_and_slow(sentence: Sentence) -> Iterator[Finding]:
    """Find "fast" and "slow" where they describe a sound: not in "fast food" or "Fast Car".

    They stay in the sound, but not when turned round: a text tower that reads "not too fast" hears
    "fast".
    """
    text = sentence.text
    for found in pattern(_ADJECTIVE).finditer(text):
        if (
            found["fast"]
            and found["fast"].casefold() == "fast"
            and _ALMOST.match(text, found.end())
        ):
            continue
        if not beside_sound(text, found.start(), found.end()):
            continue
        if found["less"]:
            condition = _not_faster(FAST_FROM_BPM) if found["fast"] else _not_slower(SLOW_TO_BPM)
            yield Finding(*found.span(), (condition,))
        elif found["fast"]:
            low = VERY_FAST_FROM_BPM if found["very"] else FAST_FROM_BPM
            yield Finding(*found.span(), (_not_slower(low),), stay=Stay.SOUND)
        else:
            high = VERY_SLOW_TO_BPM if found["very"] else SLOW_TO_BPM
            yield Finding(*found.span(), (_not_faster(high),), stay=Stay.SOUND)


def _not_faster(than_bpm: float) -> Condition:
    """Return a condition that also tracks meet whose tempo isn't known: words are no numbers."""
    return Condition("bpm", low=than_bpm + _ROUNDED_BPM, negated=True)


def _not_slower(than_bpm: float) -> Condition:
    return Condition("bpm", high=than_bpm - _ROUNDED_BPM, negated=True)
