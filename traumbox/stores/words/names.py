"""The names of a library: suggested while somebody types, looked up, and put right."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from traumbox.stores.fold import key, spelled_words, spellings
from traumbox.stores.sqlite import Database
from traumbox.stores.words.asking import all_of, asked_words, directory_expression, in_column
from traumbox.stores.words.reading import NameKind
from traumbox.stores.words.schema import findable
from traumbox.stores.words.terms import Terms, begins, changes_of, frequency

_TITLES_FROM = 3
"""Letters in all: fewer begin too many titles, and say too little."""
_TITLES_LOOKED_AT = 100
_SAME_NAMES = 4  # spellings of one name that may lie beside each other
_SPELLED_MAX = 12


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name of this library, and how many tracks bear it."""

    text: str
    kind: NameKind
    tracks: int


class Vocabulary:
    """What the library holds, for whoever has to tell its names from other words.

    Safe to use from any thread; raises StoreError as every store does.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[int, Mapping[str, str]]] = {}

    def genres(self) -> Mapping[str, str]:
        """Return the genres in each spelling, folded -> as tagged."""
        return self._all("genre")

    def folders(self) -> Mapping[str, str]:
        """Return the names of the watched folders that hold tracks, folded -> as configured."""
        return self._all("folder")

    def has_directory(self, words: str) -> bool:
        """Tell whether tracks lie below directories whose names hold all these words."""
        expression = directory_expression(words)
        if not expression:
            return False
        with self._database.reading() as db:
            return db.execute(_ANY, (expression,)).fetchone() is not None

    def artist(self, folded: str) -> str | None:
        """Return the artist of exactly this name, as tagged in most tracks, or None."""
        wanted = spellings(folded)
        with self._database.reading() as db:
            found = [
                shown
                for one in wanted
                for (shown,) in db.execute(_ARTISTS, (one,))
                if not wanted.isdisjoint(spellings(shown))
            ]
        return found[0] if found else None

    def _all(self, kind: Literal["genre", "folder"]) -> Mapping[str, str]:
        with self._database.reading() as db, self._lock:
            changes = changes_of(db)
            as_of, known = self._kept.get(kind, (-1, {}))
            if as_of != changes:
                rows = db.execute(_OF_KIND, (kind,)).fetchall()
                # The most frequent last, so that it has the last word.
                known = {one: shown for (shown,) in rows for one in spellings(shown)}
                self._kept[kind] = changes, known
            return known


def suggest(db: sqlite3.Connection, prefix: str, limit: int) -> list[Suggestion]:
    """Return the suggestions for ``Words.suggest``."""
    asked = [replace(word, stems=()) for word in asked_words(prefix, typing=True)]
    if not asked or limit <= 0:
        return []
    expression = all_of(asked)
    rows = db.execute(_NAMED, (expression, limit * _SAME_NAMES)).fetchall()
    found: dict[tuple[str, str], Suggestion] = {}
    for kind, shown, tracks in rows:
        same = found.setdefault((kind, key(shown)), Suggestion(shown, kind, 0))
        found[kind, key(shown)] = replace(same, tracks=same.tracks + tracks)
    best = sorted(found.values(), key=lambda one: (-one.tracks, one.text))[:limit]
    if len(best) < limit and sum(len(word.word) for word in asked) >= _TITLES_FROM:
        best += _titles(db, in_column("title", expression), limit - len(best))
    return best


def _titles(db: sqlite3.Connection, expression: str, limit: int) -> list[Suggestion]:
    found: dict[str, Suggestion] = {}
    for shown, title_key in db.execute(_TITLED, (expression, _TITLES_LOOKED_AT)):
        same = found.setdefault(title_key, Suggestion(shown, "title", 0))
        found[title_key] = replace(same, tracks=same.tracks + 1)
    return sorted(found.values(), key=lambda one: (-one.tracks, one.text))[:limit]


def spelling(db: sqlite3.Connection, terms: Terms, text: str, known: Container[str]) -> str | None:
    """Return the spelling for ``Words.spelling``."""
    written = text.split()
    if not 0 < len(written) <= _SPELLED_MAX:
        return None
    right: list[str] = []
    wrong: list[tuple[int, list[str]]] = []
    for place, word in enumerate(written):
        folded = key(word)
        if folded in known or not folded or _is_known(db, word, folded):
            right.append(folded)
        elif near := terms.near(db, folded):
            wrong.append((place, near))
    for place, near in wrong:
        best = _together(db, near, right)
        right.append(best)
        written[place] = _as_written(db, best)
    return " ".join(written) if wrong else None


def _is_known(db: sqlite3.Connection, word: str, folded: str) -> bool:
    spelled = [one for each in spelled_words(word) for one in each.all()]
    return bool(frequency(db, spelled)) or begins(db, folded)


def _together(db: sqlite3.Connection, near: list[str], others: list[str]) -> str:
    """Return which of ``near`` stands with most of the other words in some track."""
    held = [_quoted(other) for other in others if other]
    for number in range(len(held), 0, -1):
        for one in near:
            expression = " AND ".join([_quoted(one), *held[:number]])
            if db.execute(_ANY, (expression,)).fetchone():
                return one
    return near[0]


def _quoted(folded: str) -> str:
    return " AND ".join(f'"{word}"' for word in folded.split())


def _as_written(db: sqlite3.Connection, folded: str) -> str:
    """Return a folded word as the library's names have it: Beyoncé of beyonce."""
    named = db.execute(_NAME_WITH, (f'"{folded}"',)).fetchall()
    titled = named or db.execute(_TITLE_WITH, (f'title : "{folded}"',)).fetchall()
    for (name,) in titled:
        for word in str(name).split():
            if folded in {one for each in spelled_words(word) for one in each.whole}:
                return word.strip("\"'()[],;:.!?")
    return folded


_ARTISTS = (
    "SELECT shown FROM name_keys CROSS JOIN names ON id = name_id"
    " WHERE key = ? AND kind = 'artist' ORDER BY tracks DESC, shown"
)
_OF_KIND = "SELECT shown FROM names WHERE kind = ? ORDER BY tracks, shown"
_NAMED = (
    "SELECT kind, shown, tracks FROM name_words CROSS JOIN names ON id = name_words.rowid"
    " WHERE name_words MATCH ? ORDER BY tracks DESC, shown LIMIT ?"
)
_TITLED = (
    "SELECT title, title_key FROM (SELECT rowid FROM words WHERE words MATCH ? LIMIT ?) AS found"  # noqa: S608 - constants only
    " CROSS JOIN words_of ON words_of.id = found.rowid"
    f" CROSS JOIN files ON files.track_id = words_of.track_id AND {findable('files')}"
)
_ANY = "SELECT 1 FROM words WHERE words MATCH ? LIMIT 1"
_NAME_WITH = (
    "SELECT shown FROM name_words CROSS JOIN names ON id = name_words.rowid"
    " WHERE name_words MATCH ? ORDER BY tracks DESC LIMIT 1"
)
_TITLE_WITH = (
    "SELECT words_of.title FROM words CROSS JOIN words_of ON words_of.id = words.rowid"
    " WHERE words MATCH ? LIMIT 1"
)
