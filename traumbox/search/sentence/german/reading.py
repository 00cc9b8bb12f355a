"""Finding German words in the tables: inflected, compounded, or written without umlauts."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from traumbox.search.sentence.german import grammar, instruments, qualities, styles

Kind = Literal["played", "style", "scene", "quality"]
"""What sort of sound a word names: something played or sung, a style, a scene, a quality."""

_TABLES: tuple[tuple[str, Kind], ...] = (
    (qualities.MOODS, "quality"),
    (qualities.PRODUCTION, "quality"),
    (qualities.TEMPO, "quality"),
    (styles.OCCASIONS, "scene"),
    (qualities.NATURE, "scene"),
    (styles.STYLES, "style"),
    (instruments.MUSIC, "style"),
    (instruments.VOICES, "played"),
    (instruments.INSTRUMENTS, "played"),
)
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_LEFT_OUT = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
_ENDINGS = ("ern", "en", "em", "er", "es", "e", "n", "s")
_LINKS = ("", "s", "n", "en", "es", "er", "e", "-")
_HALF_LEAST, _COMPOUND_MOST = 3, 32
_STEM_LEAST = 3
_KEPT = 4096


@dataclass(frozen=True, slots=True)
class Reading:
    """What a German word means; ``sure`` is False where it may as well be English or a name.

    ``english`` is empty for a word that isn't known.
    """

    english: str = ""
    kind: Kind | None = None
    sure: bool = False


_UNKNOWN = Reading()


@cache
def _entries() -> dict[str, Reading]:
    found: dict[str, Reading] = {}
    shared = frozenset(grammar.SHARED.split())
    for word, english in _rows(grammar.SMALL):
        _enter(found, word, Reading(english))
    for table, kind in _TABLES:
        for word, english in _rows(table):
            sure = word not in shared and word != english
            _enter(found, word, Reading(english, kind, sure))
    return found


def _enter(entries: dict[str, Reading], word: str, reading: Reading) -> None:
    entries[word.translate(_WRITTEN_OUT)] = reading
    # "basse" may be "Bässe", but "basses" is English.
    entries.setdefault(word.translate(_LEFT_OUT), Reading(reading.english, reading.kind))


@cache
def _first_halves() -> dict[str, str]:
    return {word.translate(_WRITTEN_OUT): english for word, english in _rows(grammar.FIRST_HALVES)}


@cache
def _second_halves() -> dict[str, str]:
    return dict(_rows(grammar.SECOND_HALVES))


def _rows(table: str) -> list[tuple[str, str]]:
    rows = [line.split(":") for line in table.strip().splitlines()]
    return [(word.strip(), english.strip()) for words, english in rows for word in words.split(",")]


@lru_cache(maxsize=_KEPT)
def lookup(words: str) -> Reading:
    """Return what a German word or phrase in lower case means; an empty reading when unknown."""
    folded = unicodedata.normalize("NFC", words).translate(_WRITTEN_OUT)
    simple = _simple(folded)
    if simple.english or " " in folded:
        return simple
    return _compound(folded)


def longest_phrase() -> int:
    """Return how many words the longest phrase of the tables has."""
    return max(word.count(" ") for word in _entries()) + 1


def _simple(folded: str) -> Reading:
    entries = _entries()
    if folded in entries:
        return entries[folded]
    for ending in _ENDINGS:
        stem = folded.removesuffix(ending)
        if stem != folded and len(stem) >= _STEM_LEAST:
            found = entries.get(stem, _UNKNOWN)
            if found.kind is not None:
                # "warmer" and "wilder" are English as well, and mean something else there.
                return found if found.english != stem else Reading(found.english, found.kind)
    return _UNKNOWN


def _compound(folded: str) -> Reading:
    if not 2 * _HALF_LEAST <= len(folded) <= _COMPOUND_MOST:
        return _UNKNOWN
    for cut in range(len(folded) - _HALF_LEAST, _HALF_LEAST - 1, -1):
        left, left_sure = _first(folded[:cut])
        if not left:
            continue
        right = _second(folded[cut:].removeprefix("-"))
        if right.english and (left_sure or right.sure):
            return Reading(f"{left} {right.english}", right.kind or "style", sure=True)
    return _UNKNOWN


def _first(half: str) -> tuple[str, bool]:
    """Return the English of a compound's first half, and whether it is German for sure."""
    for link in _LINKS:
        stem = half.removesuffix(link) if link else half
        if (link and stem == half) or len(stem) < _HALF_LEAST:
            continue
        if stem in _first_halves():
            return _first_halves()[stem], _first_halves()[stem] != stem
        for whole in (stem, f"{stem}e"):  # "Geige" in "Geigenmusik", "Flöte" in "Flötenspiel"
            found = _entries().get(whole, _UNKNOWN)
            if found.kind is not None and (whole == stem or link in {"", "n"}):
                return found.english, found.sure
    return "", False


def _second(half: str) -> Reading:
    if half in _second_halves():
        english = _second_halves()[half]
        return Reading(english, "style", sure=half != english)
    found = _simple(half)
    return found if found.kind is not None else _UNKNOWN
