"""Loudness in LUFS; "loud" and "quiet" describe a sound and aren't touched."""

from __future__ import annotations

from collections.abc import Iterator

from traumbox.domain.conditions import Condition
from traumbox.search.sentence.amounts import Amount, Quantity, amounts
from traumbox.search.sentence.findings import Finding, Sentence

TOLERANCE_LU = 1.0
"""What "-14 LUFS" allows to both sides."""

_LUFS = Quantity(
    value=r"(?:[-–−+]|minus )?[0-9]{1,2}(?:[.,][0-9]{1,2})?",
    unit="lufs|lkfs",
    more="louder|higher|lauter|höher",
    less="quieter|softer|lower|leiser|niedriger",
    before="at|with|mit|bei",
)


def loudnesses(sentence: Sentence) -> Iterator[Finding]:
    """Find amounts of LUFS."""
    for amount in amounts(sentence.text, _LUFS):
        yield Finding(amount.start, amount.end, (loudness_condition(amount),))


def loudness_condition(amount: Amount) -> Condition:
    """Return what an amount of LUFS asks for. Nothing is louder than 0: the sign may be missing."""
    first = -_size(amount.first)
    last = -_size(amount.second) if amount.second else first
    low, high = sorted((first, last))
    if amount.bound == "from":
        return Condition("loudness_lufs", low=low)
    if amount.bound == "to":
        return Condition("loudness_lufs", high=high)
    if amount.bound == "between":
        return Condition("loudness_lufs", low, high)
    return Condition("loudness_lufs", low - TOLERANCE_LU, high + TOLERANCE_LU)


def _size(written: str) -> float:
    return float(written.casefold().removeprefix("minus ").lstrip("-–−+").replace(",", "."))
