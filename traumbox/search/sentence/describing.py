"""Which words of a sentence describe a sound, and which may only be names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from traumbox.search.sentence import hints
from traumbox.search.sentence.english import BOUNDARIES
from traumbox.search.sentence.findings import pattern
from traumbox.search.sentence.sounds import SOUND_WORDS_MOST, is_generic, kind_of

_WORD = pattern(r"[^\W_]+(?:['’&-][^\W_]+)*")
_READ_MOST = 200
"""Words; the share of the first says enough of longer sentences."""
_ARTICLES = (
    *("a", "an", "the", "this", "that", "der", "die", "das", "den", "dem", "des"),
    *("ein", "eine", "einen", "einem", "einer", "eines"),
)


@dataclass(frozen=True, slots=True)
class Described:
    """``share`` (0-1) of the telling words describe a sound; ``others`` are those that don't."""

    share: float
    others: str


def described(text: str) -> Described:
    """Tell sound words from others; articles, prepositions and "music" are neither.

    Without any telling word the share is 1: there is nothing that could be a name.
    """
    words = [match.group() for match in _WORD.finditer(text)][:_READ_MOST]
    sounds, others, place = 0, list[str](), 0
    while place < len(words):
        length = _sound_at(words, place)
        if length:
            sounds += 1
        elif not is_generic(words[place]) and words[place].casefold() not in _neutral():
            others.append(words[place])
        place += length or 1
    told = sounds + len(others)
    return Described(sounds / told if told else 1.0, " ".join(others))


def _sound_at(words: list[str], place: int) -> int:
    """Return how many words from ``place`` on are the name or quality of a sound; 0: none."""
    for length in range(min(SOUND_WORDS_MOST, len(words) - place), 0, -1):
        phrase = " ".join(words[place : place + length])
        if phrase.casefold() in _hints() or kind_of(phrase) is not None:
            return length
    return 0


@cache
def _hints() -> frozenset[str]:
    tables = hints.ENGLISH, hints.GERMAN
    return frozenset(" ".join(word.split()) for table in tables for word in table.split(";"))


@cache
def _neutral() -> frozenset[str]:
    return frozenset((*(word.strip() for word in BOUNDARIES.split(";")), *_ARTICLES))
