"""How long a track is."""

from __future__ import annotations

from collections.abc import Iterator

from traumbox.domain.conditions import Condition
from traumbox.search.sentence.amounts import Amount, Quantity, amounts
from traumbox.search.sentence.findings import Finding, Sentence, pattern
from traumbox.search.sentence.numbers import NUMBER, number

SHORT_TO_S = 150.0
LONG_FROM_S = 420.0
"""What "a short song" and "a long piece" mean: most songs lie between."""
TOLERANCE = 0.1
"""What "about 5 minutes" allows to both sides."""
_LONGEST_S = 100 * 3600.0

_SCALES = (("st", 3600.0), ("h", 3600.0), ("m", 60.0), ("s", 1.0))  # "Stunde" before "Sekunde"
_HEADS = r"tracks?|songs?|pieces?|tunes?|recordings?|lieder|lied|stücken?|stück|titel|aufnahmen?"

_TIME = Quantity(
    value=NUMBER,
    unit=r"minuten?|minutes?|mins?\.?|sekunden?|seconds?|secs?\.?|sek\.?|stunden?|std\.?"
    r"|hours?|hrs?|[msh]",
    more="longer|länger",
    less="shorter|kürzer",
    after=rf"long|lange?[nrsm]?|{_HEADS}",
    bare=False,
)
_CLOCK = Quantity(
    value=r"[0-9]{1,3}:[0-5][0-9](?::[0-5][0-9])?",
    unit=r"(?:minuten?|minutes?|mins?\.?|stunden|hours|h)?",
    more="longer|länger",
    less="shorter|kürzer",
    after=rf"long|lange?[nrsm]?|{_HEADS}|minuten?|minutes?|min",
    bare=False,
)
_ADJECTIVE = (
    r"(?<!\w)(?:(?:very|really|sehr|ganz) )?(?:(?P<short>short|kurze[nrsm]?)|(?P<long>long"
    r"|lange[nrsm]?))"
    rf"(?= (?:\w{{1,20}},? ){{0,2}}(?:{_HEADS}|\w{{1,20}}(?:stücke?|lieder|lied|songs?"
    rf"|tracks?))(?!\w))"
)


def durations(sentence: Sentence) -> Iterator[Finding]:
    """Find amounts of time and "short" or "long" before a word for a track.

    A bare "7 Seconds" is nobody's filter: it takes a comparison, or "long", or a track behind.
    """
    for quantity in (_CLOCK, _TIME):
        for amount in amounts(sentence.text, quantity):
            if amount.unit in {"s", "S"} and amount.bound in {"plain", "between"}:
                continue  # "60s and 80s", "70s song" are decades
            condition = duration_condition(amount)
            if condition is not None:
                yield Finding(amount.start, amount.end, (condition,))
    for found in pattern(_ADJECTIVE).finditer(sentence.text):
        condition = (
            Condition("duration_s", high=SHORT_TO_S)
            if found["short"]
            else Condition("duration_s", low=LONG_FROM_S)
        )
        yield Finding(*found.span(), (condition,))


def duration_condition(amount: Amount) -> Condition | None:
    """Return what an amount of time asks for; None when it is beyond all sense."""
    first = seconds(amount.first, amount.first_unit)
    last = seconds(amount.second, amount.unit) if amount.second else first
    low, high = sorted((first, last))
    if not 0 < low <= high <= _LONGEST_S:
        return None
    if amount.bound == "from":
        return Condition("duration_s", low=low)
    if amount.bound == "to":
        return Condition("duration_s", high=high)
    if amount.bound == "between":
        return Condition("duration_s", low, high)
    tolerance = 0.02 if amount.bound == "exactly" else TOLERANCE
    return Condition(
        "duration_s", round(low * (1 - tolerance), 1), round(high * (1 + tolerance), 1)
    )


def seconds(value: str, unit: str) -> float:
    """Return the seconds of "4:30", "1:02:03", "2,5" or "two" of a unit as written."""
    if ":" in value:
        total = 0.0
        for part in value.split(":"):
            total = total * 60 + float(part)
        return total
    folded = unit.casefold()
    scale = next(scale for begin, scale in _SCALES if folded.startswith(begin))
    return number(value) * scale
