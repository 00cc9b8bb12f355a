"""The words that a library's names consist of: how frequent they are, and which are alike."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable
from typing import Literal

from traumbox.stores.words.reading import STEM

SHORTEST = 4
"""Shorter words have too many neighbours: a letter more or less makes them another word."""
_TWO_ERRORS = 8
_NEAR_MOST = 8
_LOOKED_AT = 60
_KEPT = 1_000  # misspelled words that are remembered: each comes with every letter typed
_OLD_AFTER = 50  # words for which one track may have changed since they were read


class Terms:
    """Looks words up; safe to use from any thread.

    The list for likeness is held in memory (about 60 bytes a word) and read anew when more tracks
    have changed than one for every fifty words: what is spelled right is found without it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._words: list[str] = []
        self._as_of: int | None = None
        self._near: dict[str, list[str]] = {}

    def near(self, db: sqlite3.Connection, word: str) -> list[str]:
        """Return up to eight words of the library that differ from ``word`` by a typing error.

        One letter left out, added, changed or swapped with the next, two in words of eight letters
        and more; the likeliest first. Source: Damerau 1964, four errors in five are one of these.
        """
        if len(word) < SHORTEST or not word.isalpha():
            return []
        words, known = self._all(db)
        if word not in known:
            if len(known) >= _KEPT:
                known.clear()
            known[word] = _near(db, words, word)
        return known[word]

    def _all(self, db: sqlite3.Connection) -> tuple[list[str], dict[str, list[str]]]:
        changes = changes_of(db)
        with self._lock:
            if self._as_of is None or abs(changes - self._as_of) > len(self._words) // _OLD_AFTER:
                # What is written without spaces lies beyond, and has no letters to swap.
                rows = db.execute("SELECT term FROM word_terms WHERE term < ?", (STEM,))
                self._words = [term for (term,) in rows]
                self._as_of = changes
                self._near = {}
            return self._words, self._near


def _near(db: sqlite3.Connection, words: list[str], word: str) -> list[str]:
    from rapidfuzz import process  # noqa: PLC0415 - at the first misspelled word
    from rapidfuzz.distance import OSA  # noqa: PLC0415

    most = 2 if len(word) >= _TWO_ERRORS else 1
    found = process.extract(word, words, scorer=OSA.distance, score_cutoff=most, limit=_LOOKED_AT)
    ranked = sorted(
        (distance, other[0] != word[0], -frequency(db, (other,)), other)
        for other, distance, _ in found
        if distance and len(other) >= SHORTEST - 1
    )
    return [other for *_, other in ranked[:_NEAR_MOST]]


def changes_of(db: sqlite3.Connection) -> int:
    """Return how many tracks have been read since there are words: grows with every change."""
    return int(db.execute("SELECT changes FROM words_state").fetchone()[0])


def frequency(
    db: sqlite3.Connection,
    words: Iterable[str],
    table: Literal["word_terms", "lyric_terms"] = "word_terms",
) -> int:
    """Return how many tracks hold the most frequent of these in names and tags, or in lyrics."""
    held = f"SELECT doc FROM {table} WHERE term = ?"  # noqa: S608 - constants only
    rows = (db.execute(held, (word,)).fetchone() for word in words)
    return max((row[0] for row in rows if row), default=0)


def begins(db: sqlite3.Connection, prefix: str) -> bool:
    """Tell whether a word of the library begins like this."""
    row = db.execute(
        "SELECT 1 FROM word_terms WHERE term >= ? AND term < ? LIMIT 1",
        (prefix, prefix + "\U0010ffff"),
    )
    return row.fetchone() is not None
