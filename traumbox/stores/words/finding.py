"""Finding tracks by what can be read of them.

Candidates come from four lists, each of them short: whose artist, album or title is named in full,
whose names hold all words, whose names hold some, whose lyrics hold all. Then every candidate is
weighed by the same measure, so that it doesn't matter from which list it came.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

from traumbox.stores.fold import key, keys, spellings
from traumbox.stores.words.asking import (
    TEXT_MAX,
    WORDS_MAX,
    Asked,
    all_of,
    any_of,
    asked_words,
    in_column,
    name_expression,
)
from traumbox.stores.words.reading import STEM, Field
from traumbox.stores.words.schema import findable
from traumbox.stores.words.terms import Terms, begins, frequency
from traumbox.stores.words.weighing import WEIGHTS, Weighed, rarity, weigh

NAME_WORDS_MAX = 8
_NAMES_MOST = 6
_MORE = 60  # looked at beyond what is wanted, for the order of FTS5 isn't ours
_COMMON = 0.02  # of all tracks: too many to look at for one word of several
_COMMON_MIN = 1000
_BEGINNING_MIN = 4
_CORRECTED_MOST = 4
_ALL = 1.0
_MOST_OF_IT = 0.5  # of artist and title, beside articles


_Rows = dict[int, tuple[Any, ...]]


Exact = Literal["whole", "part", ""]


@dataclass(frozen=True, slots=True)
class WordHit:
    """A track whose names, tags or lyrics hold what was asked for.

    ``exact`` is "whole" when all that was asked for is its artist, title or album, or artist and
    title; "part" when one of these is named in full among other words: an artist, or a title or
    album of two words and more. ``field`` is where most of the query stands. ``coverage`` is the
    share of the query that is there, rare words counting more: 1 when all is. ``score`` orders the
    hits of one query: from 4 on "whole", from 2 on "part", from 1 on all words.
    """

    track_id: str
    audio_id: str
    score: float
    field: Field
    exact: Exact
    coverage: float


@dataclass(frozen=True)
class _Wanted:
    """A query, looked up: its words and how rare they are, itself as a name, names within it."""

    asked: tuple[Asked, ...]
    rarities: tuple[float, ...]
    held_by: tuple[int, ...]
    tracks: int
    whole: frozenset[str]
    named: frozenset[str]

    @cached_property
    def spelled(self) -> tuple[str, ...]:
        """What a text holds that holds one of the words, other than by its stems."""
        every = {one for word in self.asked for some in word.alternatives() for one in some}
        every |= {word.prefix for word in self.asked if word.prefix}
        return tuple(one for one in every if not one.startswith(STEM))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The words' stems as they are marked."""
        return frozenset(stem for word in self.asked for stem in word.stems)


def find(
    db: sqlite3.Connection,
    terms: Terms,
    text: str,
    limit: int,
    *,
    among: Collection[str] | None,
    common: Container[str],
) -> list[WordHit]:
    """Return the hits for ``Words.find``."""
    asked = asked_words(text)
    if not asked or limit <= 0 or (among is not None and not among):
        return []
    asked = [_corrected(db, terms, word, common) for word in asked]
    with closing(_Search(db, limit, among)) as search:
        wanted, rows = _looked_up(search, terms, asked, text, common)
    hits = [_weighed(row, wanted) for row in rows.values()]
    hits.sort(key=lambda hit: -hit.score)  # stable: FTS5's order among equals
    return [hit for hit in hits if hit.coverage > 0][:limit]


def _looked_up(
    search: _Search, terms: Terms, asked: list[Asked], text: str, common: Container[str]
) -> tuple[_Wanted, _Rows]:
    """Return what is wanted, misspelled words put right, and the candidates for it."""
    db = search.db
    rows = search.holding(all_of(asked))
    if not rows and len(asked) <= _CORRECTED_MOST:
        # A misspelled word may be another word of the library: "mild davis".
        before = asked
        asked = [_corrected(db, terms, word, common, even_if_known=True) for word in asked]
        rows = search.holding(all_of(asked)) if asked != before else rows
    wanted = _wanted(db, asked, text, common)
    rows |= search.named(wanted)
    if len(rows) < search.limit:
        if len(asked) > 1:
            rows |= search.holding(any_of(_telling(wanted)))
        rows |= search.singing(wanted)
    return wanted, rows


class _Search:
    """Asks for candidates: rows by their number, the best of each list first."""

    def __init__(self, db: sqlite3.Connection, limit: int, among: Collection[str] | None) -> None:
        self.db = db
        self.limit = limit
        self._most = limit + _MORE
        # A function, for among may be most of a large library: too much to hand over each time.
        wanted = among if isinstance(among, (set, frozenset)) else frozenset(among or ())
        self._among = None if among is None else True
        db.create_function("is_among", 1, wanted.__contains__)

    def close(self) -> None:
        """Let go of what was wanted: the connection is used by others afterwards."""
        self.db.create_function("is_among", 1, None)

    def holding(self, expression: str) -> _Rows:
        """Return the rows whose names and tags meet this expression of FTS5."""
        if self._among is None:
            best = [row_id for (row_id,) in self.db.execute(_MATCHED, (expression, self._most))]
            rows = self._rows(_BEST, (json.dumps(best),))
            # Those that are missing, and not read anew yet, have taken the places of others.
            if len(best) < self._most or len(rows) >= self.limit:
                return rows
        return self._rows(_BEST_THERE, (expression, self._most, self._among))

    def named(self, wanted: _Wanted) -> _Rows:
        """Return the rows whose artist, album or title is one of these."""
        found: _Rows = {}
        names = json.dumps(list(wanted.whole | wanted.named))
        rest = any_of(wanted.asked)
        for kind, shown in self.db.execute(_NAMES, (names, _NAMES_MOST)).fetchall():
            held = in_column(kind, name_expression(key(shown)))
            found |= self.holding(f"({held}) AND ({rest})")
        return found | self._rows(_TITLED, (names, self._most, self._among))

    def singing(self, wanted: _Wanted) -> _Rows:
        """Return the rows whose lyrics hold all of these words, unless that tells nothing."""
        held = [replace(word, prefix="", near=()) for word in wanted.asked]
        rarest = min(frequency(self.db, _alone(word), "lyric_terms") for word in held)
        if rarest > _common(wanted.tracks):
            return {}
        return self._rows(_SUNG, (all_of(held), self._most, self._among))

    def _rows(self, sql: str, values: tuple[object, ...]) -> _Rows:
        return {row[0]: row for row in self.db.execute(sql, values)}


def _corrected(
    db: sqlite3.Connection,
    terms: Terms,
    word: Asked,
    common: Container[str],
    *,
    even_if_known: bool = False,
) -> Asked:
    """Return the word with what it may have been meant for, if the library doesn't know it.

    What describes a sound is spelled right, whether the library knows it or not.
    """
    if word.near or word.word in common:
        return word
    if not even_if_known and (_held_by(db, word) or (word.prefix and begins(db, word.prefix))):
        return word
    near = [(other,) for other in terms.near(db, word.word)]
    return replace(word, near=(*near, *_halves(db, word.word)))


def _halves(db: sqlite3.Connection, word: str) -> Iterator[tuple[str, str]]:
    """Yield the first way to read one word as two: "aphextwin"."""
    for middle in range(3, len(word) - 2):
        halves = word[:middle], word[middle:]
        if all(frequency(db, (half,)) for half in halves):
            yield halves
            return


def _held_by(db: sqlite3.Connection, word: Asked) -> int:
    return frequency(db, _alone(word))


def _alone(word: Asked) -> list[str]:
    return [one[0] for one in word.alternatives() if len(one) == 1]


def _common(tracks: int) -> float:
    return max(_COMMON_MIN, _COMMON * tracks)


def _wanted(
    db: sqlite3.Connection, asked: Sequence[Asked], text: str, common: Container[str]
) -> _Wanted:
    (tracks,) = db.execute("SELECT count(*) FROM words_of").fetchone()
    held_by = tuple(_held_by(db, word) for word in asked)
    text = " ".join(text[:TEXT_MAX].split()[:WORDS_MAX])
    return _Wanted(
        asked=tuple(asked),
        rarities=tuple(rarity(tracks, held) for held in held_by),
        held_by=held_by,
        tracks=tracks,
        whole=keys(text),
        named=frozenset(_names_within(text, common)),
    )


def _names_within(text: str, common: Container[str]) -> Iterator[str]:
    """Yield each run of words, spelled in each way, that may be a name among other words.

    A name of nothing but ``common`` words (folded) may be meant as a description instead.
    """
    for spelled in spellings(text):
        words = spelled.split()
        for first in range(len(words)):
            for behind in range(first + 1, min(len(words), first + NAME_WORDS_MAX) + 1):
                run = words[first:behind]
                if len(run) == len(words) or not all(word in common for word in run):
                    yield " ".join(run)


def _telling(wanted: _Wanted) -> list[Asked]:
    """Return the words that aren't in too many tracks; all of them if none is rarer.

    Few letters are the beginning of too many.
    """
    most = _common(wanted.tracks)
    words = [
        replace(word, prefix="") if len(word.prefix) < _BEGINNING_MIN else word
        for word in wanted.asked
    ]
    pairs = list(zip(words, wanted.held_by, strict=True))
    return [word for word, held_by in pairs if held_by <= most] or words


def _weighed(row: tuple[Any, ...], wanted: _Wanted) -> WordHit:
    _, track_id, audio_id, names, title, lyrics, more, *columns = row
    fields: dict[Field, str] = {**dict(zip(_COLUMNS, columns, strict=True)), "lyrics": lyrics or ""}
    if wanted.stems.isdisjoint(more.split()):
        # To take the words of a text apart takes longer than to see that it holds none of these.
        fields = {
            name: text
            for name, text in fields.items()
            if any(one in text for one in wanted.spelled)
        }
    weighed = weigh(wanted.asked, wanted.rarities, fields, more)
    exact, where = _exactly(json.loads(names), title, wanted, weighed)
    # A name may be written with less: "Simon & Garfunkel" has no "and".
    coverage = 1.0 if exact == "whole" else min(1.0, weighed.covered)
    score = weighed.worth * weighed.covered + _BONUS[exact]
    return WordHit(
        track_id=track_id,
        audio_id=audio_id,
        score=score + (_ALL if coverage > 1 - 1e-9 else 0.0),
        field=where or weighed.field,
        exact=exact,
        coverage=coverage,
    )


def _exactly(
    names: Sequence[tuple[str, str]], title: str, wanted: _Wanted, weighed: Weighed
) -> tuple[Exact, Field | None]:
    """Tell whether the query is a name of this track, or holds one, and which."""
    artists = [name for kind, name in names if kind == "artist"]
    albums = [name for kind, name in names if kind == "album"]
    by_field: tuple[tuple[Field, list[str]], ...] = (
        ("artist", artists),
        # Only where it may be: titles are many, and to fold one takes longer than all the rest.
        ("title", [title] if "title" in weighed.fields else []),
        ("album", albums),
    )
    for where, some in by_field:
        if any(not wanted.whole.isdisjoint(keys(name)) for name in some):
            return "whole", where
    if weighed.covered > _MOST_OF_IT:
        pairs = [(a, b) for artist in artists for a, b in ((artist, title), (title, artist))]
        if any(not wanted.whole.isdisjoint(keys(f"{a} {b}")) for a, b in pairs):
            return "whole", "title"
    for where, some in by_field:
        # A word of a sentence is the title of something as a rule: "rain", "home", "night".
        least = 1 if where == "artist" else 2
        for name in some:
            if any(one in wanted.named and one.count(" ") >= least - 1 for one in keys(name)):
                return "part", where
    return "", None


_BONUS: Mapping[Exact, float] = {"whole": 4.0, "part": 2.0, "": 0.0}


_COLUMNS: tuple[Field, ...] = (
    "artist", "title", "album", "genre", "name", "folder", "credits", "comment",
)  # fmt: skip
_ROW = (
    "words.rowid, files.track_id, files.audio_id, words_of.names, words_of.title, {lyrics},"
    f" words.more, {', '.join(f'words.{column}' for column in _COLUMNS)}"
)
# FTS5 has the columns in this order, and the last one is of stems.
_RANKED = f"rank MATCH 'bm25({', '.join(str(WEIGHTS[column]) for column in _COLUMNS)}, 0.5)'"
_THERE = (
    "CROSS JOIN words_of ON words_of.id = {found}.rowid"
    f" CROSS JOIN files ON files.track_id = words_of.track_id AND {findable('files')}"
)
_AMONG = "(?3 IS NULL OR is_among(files.audio_id))"


def _read(chosen: str, lyrics: str = "NULL", more: str = "") -> str:
    """Write the query for the rows that another one chooses, as ``rowid`` and ``place``."""
    return (
        f"SELECT {_ROW.format(lyrics=lyrics)} FROM ({chosen}) AS best"  # noqa: S608 - constants only
        f" CROSS JOIN words ON words.rowid = best.rowid {_THERE.format(found='best')}{more}"
        " ORDER BY best.place"
    )


_MATCHED = f"SELECT rowid FROM words WHERE words MATCH ?1 AND {_RANKED} ORDER BY rank LIMIT ?2"  # noqa: S608 - constants only
_BEST = _read("SELECT value AS rowid, key AS place FROM json_each(?1)")
_BEST_THERE = _read(
    f"SELECT words.rowid AS rowid, rank AS place FROM words {_THERE.format(found='words')}"  # noqa: S608 - constants only
    f" WHERE words MATCH ?1 AND {_RANKED} AND {_AMONG} ORDER BY rank LIMIT ?2"
)
_SUNG = _read(
    "SELECT lyric_words.rowid AS rowid, rank AS place FROM lyric_words"  # noqa: S608 - constants only
    f" {_THERE.format(found='lyric_words')}"
    f" WHERE lyric_words MATCH ?1 AND {_AMONG} ORDER BY rank LIMIT ?2",
    "lyric_words.lyrics",
    " CROSS JOIN lyric_words ON lyric_words.rowid = best.rowid",
)
_TITLED = _read(
    "SELECT words_of.id AS rowid, 0 AS place FROM words_of CROSS JOIN files"  # noqa: S608 - constants only
    f" ON files.track_id = words_of.track_id AND {findable('files')}"
    f" WHERE title_key IN (SELECT value FROM json_each(?1)) AND {_AMONG} LIMIT ?2"
)
_NAMES = (
    "SELECT kind, shown FROM json_each(?) AS wanted"
    " CROSS JOIN name_keys ON name_keys.key = wanted.value"
    " CROSS JOIN names ON names.id = name_id WHERE kind IN ('artist', 'album')"
    " GROUP BY names.id ORDER BY max(length(name_keys.key)) DESC, tracks DESC LIMIT ?"
)
