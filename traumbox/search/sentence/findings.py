"""What rules read and what they find."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from functools import cache
from typing import Protocol

from traumbox.domain.conditions import Condition
from traumbox.search.sentence.vocabulary import Vocabulary

_LETTERS = (("ä", "(?:ä|ae|a)"), ("ö", "(?:ö|oe|o)"), ("ü", "(?:ü|ue|u)"), ("ß", "(?:ß|ss)"))


class Stay(Enum):
    """Where the words of a finding stay."""

    NOWHERE = auto()
    SOUND = auto()
    NAMES = auto()
    BOTH = auto()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with single spaces, what the library holds, and now (with its time zone)."""

    text: str
    vocabulary: Vocabulary
    now: datetime


@dataclass(frozen=True, slots=True)
class Finding:
    """A part of a sentence, from character ``start`` up to ``end``, that a rule has understood.

    Without ``conditions`` and ``without`` it makes no chip: it is a frame, or a name that no other
    rule may touch. ``name`` is what a quotation stands for among the names.
    """

    start: int
    end: int
    conditions: tuple[Condition, ...] = ()
    without: tuple[str, ...] = ()
    stay: Stay = Stay.NOWHERE
    starts: bool = False
    name: str | None = None


class Rule(Protocol):
    """One kind of understanding. Findings of one rule may overlap: the first of them counts."""

    def __call__(self, sentence: Sentence) -> Iterator[Finding]: ...


@cache
def pattern(source: str) -> re.Pattern[str]:
    """Compile ``source``: case doesn't matter, "ä" is also "ae" and "a", and "ß" also "ss".

    What a sentence holds of a pattern must be bounded in length, so that the time stays linear.
    """
    for letter, ways in _LETTERS:
        source = source.replace(letter, ways)
    return re.compile(source, re.IGNORECASE)
