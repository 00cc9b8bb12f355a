"""The side of the ledger that tells which tracks meet the conditions of a search."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from traumbox.domain import Condition
from traumbox.domain.keys import spelled
from traumbox.stores.facts import WORD_COLUMNS
from traumbox.stores.fold import keys
from traumbox.stores.ledger.side import LISTED, Side, listed
from traumbox.stores.rows import FileRow
from traumbox.stores.sqlite import Database
from traumbox.stores.words.asking import directory_expression

_ROUNDED = frozenset({"bpm", "duration_s", "loudness_lufs", "dynamic_range_lu", "brightness_hz"})
"""One number of these means all that are shown as it."""

_ROWS_AT_ONCE = 64

_BETWEEN_GENRES = re.compile(r"[;/,|\0]")
_BETWEEN_ARTISTS = re.compile(
    r"[;/,|&+\0()\[\]]|\b(?:feat|ft|featuring|vs|with|and|und|mit|et|x)\b\.?", re.IGNORECASE
)
_BETWEEN_FORMATS = re.compile(r",")

Sql = tuple[str, list[object]]
"""A condition in SQL, and its values."""


class FilteringSide(Side):
    """Conditions on tracks that can be found, answered from the table of facts."""

    def __init__(self, database: Database, fresh_id: Callable[[], str]) -> None:
        super().__init__(database, fresh_id)
        self._words = _Words()

    def matching(self, conditions: Sequence[Condition]) -> list[str] | None:
        """Return the audio ids of the tracks that meet all conditions; None: there are none.

        One number of what is shown rounded (tempo, length, loudness …) means all that are shown as
        it. A genre is met as a whole and by each that a tag lists; an artist as artist or album
        artist, alone or with others ("feat."); a format by codec or container; a folder as the
        watched folder's name, or that and the directories below it ("Music/Jazz/Live"); where
        none is called so, any directory is.

        Raises
        ------
        ValueError
            When a condition is on the kind, which only the owner's rules know.
        """
        if not conditions:
            return None
        with self._database.reading() as db:
            where, values = self._all(db, conditions)
            found = db.execute(f"SELECT audio_id FROM facts WHERE {where}", values)  # noqa: S608 - constants only
            return list(dict.fromkeys(audio_id for (audio_id,) in found))

    def matching_tracks(
        self, conditions: Sequence[Condition], among: Collection[str] | None = None
    ) -> set[str]:
        """Return the ids of the tracks that can be found and meet all conditions.

        Only those of ``among``, if given.

        Raises
        ------
        ValueError
            See ``matching``.
        """
        with self._database.reading() as db:
            where, values = self._all(db, conditions)
            if among is not None:
                where += f" AND track_id {LISTED}"
                values.append(listed(among))
            found = db.execute(f"SELECT track_id FROM facts WHERE {where}", values)  # noqa: S608 - constants only
            return {track_id for (track_id,) in found}

    def meets(self, rows: Iterable[FileRow], conditions: Sequence[Condition]) -> list[FileRow]:
        """Return those of ``rows`` that meet all conditions, in their order.

        Tracks of one sound may differ in what they tell.

        Raises
        ------
        ValueError
            See ``matching``.
        """
        rows = list(rows)
        if not conditions:
            return rows
        found = self.matching_tracks(conditions, [row.track_id for row in rows])
        return [row for row in rows if row.track_id in found]

    def newest_matching(self, conditions: Sequence[Condition]) -> Iterator[FileRow]:
        """Yield the tracks that can be found and meet all conditions, the best met first.

        That is, the nearest to the middle of ranges with two ends, and then the latest added; where
        a tempo is ruled out, those without any come last.

        Raises
        ------
        ValueError
            See ``matching``.
        """
        with self._database.reading() as db:
            where, values = self._all(db, conditions)
            off, middles = _off_middle(conditions)
            found = [
                track_id
                for (track_id,) in db.execute(
                    f"SELECT track_id FROM facts WHERE {where}"  # noqa: S608 - constants only
                    f" ORDER BY {off}, added_s DESC, track_id",
                    values + middles,
                )
            ]
        for begin in range(0, len(found), _ROWS_AT_ONCE):
            some = found[begin : begin + _ROWS_AT_ONCE]
            rows = {
                row.track_id: row
                for row in self._select(f"FROM files WHERE track_id {LISTED}", [listed(some)])
            }
            yield from (rows[track_id] for track_id in some if track_id in rows)

    def explain(self, conditions: Sequence[Condition]) -> dict[str, int]:
        """Return how many tracks meet each condition by itself, by ``str(condition)``.

        Raises
        ------
        ValueError
            See ``matching``.
        """
        if not conditions:
            return {}
        with self._database.reading() as db:
            written = [self._one(db, condition) for condition in conditions]
            counted = ", ".join(f"coalesce(sum({where}), 0)" for where, _ in written)
            values = [value for _, some in written for value in some]
            counts = db.execute(f"SELECT {counted} FROM facts", values).fetchone()  # noqa: S608 - constants only
        return dict(zip(map(str, conditions), counts, strict=True))

    def _all(self, db: sqlite3.Connection, conditions: Sequence[Condition]) -> Sql:
        written = [self._one(db, condition) for condition in conditions]
        where = " AND ".join(where for where, _ in written)
        return where or "true", [value for _, some in written for value in some]

    def _one(self, db: sqlite3.Connection, condition: Condition) -> Sql:
        where, values = self._unturned(db, condition)
        # Also true where nothing is told.
        return (f"(({where}) IS NOT TRUE)" if condition.negated else f"({where})"), values

    def _unturned(self, db: sqlite3.Connection, condition: Condition) -> Sql:
        match condition.field:
            case "kind":
                raise ValueError("the kind of a track is known by the owner's rules alone")
            case "played":
                return _played(condition.values), []
            case "folder":
                return self._in_folders(db, condition.values)
            case "artist":
                columns = ["artist", "album_artist"]
            case "format":
                columns = ["codec", "container"]
            case "key" | "genre" | "album" as column:
                columns = [column]
            case _:
                return _in_range(condition)
        each = zip(columns, self._ids(db, columns, condition.values), strict=True)
        return " OR ".join(f"{column} IN ({some})" for column, some in each), []

    def _ids(
        self, db: sqlite3.Connection, columns: Sequence[str], names: Sequence[str]
    ) -> list[str]:
        # What this very transaction has written may never be: its ids would go to other words.
        words = _Words() if db.in_transaction else self._words
        found = words.ids(db, columns, names)
        return [",".join(map(str, sorted(ids))) for ids in found]

    def _in_folders(self, db: sqlite3.Connection, names: Sequence[str]) -> Sql:
        (whole,) = self._ids(db, ["folder"], names)
        where, values = [f"folder IN ({whole})"], list[object]()
        for name in names:
            folder, slash, below = name.strip("/").partition("/")
            if not slash:
                if not whole and (expression := directory_expression(name)):
                    where.append(f"track_id IN ({_BELOW_DIRECTORY})")
                    values.append(expression)
                continue
            wanted = keys(folder)
            for known in self.folders():
                if wanted & keys(known):
                    path = below.strip("/").encode("utf-8", "surrogateescape")
                    # "/" is followed by "0": see ScanningSide.listing.
                    where.append(
                        "track_id IN (SELECT track_id FROM files INDEXED BY files_on_disk"
                        " WHERE folder = ? AND path > ? AND path < ?)"
                    )
                    values += [known, path + b"/", path + b"0"]
        return " OR ".join(where), values


class _Words:
    """Which words of the facts mean a name; grows with the table, from which nothing is deleted.

    Safe to use from any thread.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last_id = 0
        self._unread: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        self._ids: defaultdict[str, dict[str, list[int]]] = defaultdict(dict)

    def ids(
        self, db: sqlite3.Connection, columns: Sequence[str], names: Sequence[str]
    ) -> list[set[int]]:
        """Return for each column the ids of the words in it that mean one of these names."""
        with self._lock:
            for word_id, field, text in db.execute(_FURTHER_WORDS, (self._last_id,)):
                # From tags, which may hold halves of characters.
                self._unread[field].append((word_id, text.decode("utf-8", "replace")))
                self._last_id = word_id
            found = []
            for column in columns:
                field = WORD_COLUMNS[column]
                self._read(field)
                known = self._ids[field]
                wanted = {key for name in names for key in _keys_of(field, name)}
                found.append({word_id for key in wanted for word_id in known.get(key, ())})
            return found

    def _read(self, field: str) -> None:
        known = self._ids[field]
        for word_id, text in self._unread.pop(field, ()):
            several = _BETWEEN[field].split(text) if field in _BETWEEN else ()
            for key in {key for name in (text, *several) for key in _keys_of(field, name)}:
                known.setdefault(key, []).append(word_id)


def _keys_of(field: str, name: str) -> frozenset[str]:
    if field == "key":
        key = spelled(name)
        return frozenset((key,)) if key else frozenset()
    return keys(name)


def _in_range(condition: Condition) -> Sql:
    if condition.field == "bpm":
        # A tempo may be counted twice as fast, or half: one count that meets the condition will do.
        # A negated one is met by a count outside of the range, unless both lie in it.
        one, values = _between("bpm", condition)
        other, more = _between("coalesce(bpm_other, bpm)", condition)
        return f"({one}) {'AND' if condition.negated else 'OR'} ({other})", values + more
    return _between(condition.field, condition)


def _off_middle(conditions: Sequence[Condition]) -> Sql:
    """Write how far a track is from the middles of the ranges, in halves of their widths."""
    terms, values = ["0.0"], list[object]()
    for condition in conditions:
        low, high = condition.low, condition.high
        if low is not None and high is not None and not condition.negated:
            middle, half = (low + high) / 2, max((high - low) / 2, 0.5)
            off = f"abs({condition.field} - ?)"
            values.append(middle)
            if condition.field == "bpm":
                off = f"min({off}, abs(coalesce(bpm_other, bpm) - ?))"
                values.append(middle)
            terms.append(f"coalesce({off} / ?, 1)")
            values.append(half)
        elif condition.field == "bpm" and condition.negated:
            terms.append("(bpm IS NULL)")  # met, but perhaps only as nothing is known
    return " + ".join(terms), values


def _between(column: str, condition: Condition) -> Sql:
    low, high = condition.low, condition.high
    ends, values = [], list[object]()
    if low is not None and low == high and condition.field in _ROUNDED:
        low, high = low - 0.5, low + 0.5
    if low is not None:
        ends.append(f"{column} >= ?")
        values.append(low)
    if high is not None:
        ends.append(f"{column} <= ?")
        values.append(high)
    return " AND ".join(ends), values


def _played(values: Sequence[str]) -> str:
    meant = {value.casefold() for value in values}
    wheres = {"never": "played_s IS NULL", "ever": "played_s IS NOT NULL"}
    return " OR ".join(where for name, where in wheres.items() if name in meant) or "false"


_BETWEEN = {
    "genre": _BETWEEN_GENRES,
    "artist": _BETWEEN_ARTISTS,
    "format": _BETWEEN_FORMATS,
}

_BELOW_DIRECTORY = (
    "SELECT words_of.track_id FROM words CROSS JOIN words_of ON words_of.id = words.rowid"
    " WHERE words MATCH ?"
)

_FURTHER_WORDS = "SELECT id, field, CAST(text AS BLOB) FROM fact_words WHERE id > ? ORDER BY id"
