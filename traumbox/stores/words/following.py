"""Keeps the words in step with the files: what triggers have put on the list is read anew."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from traumbox.domain import Heard, Location, Tags
from traumbox.stores.fold import fold, keys
from traumbox.stores.rows import cut_out, filled_up, part_out, tags_out, text_in
from traumbox.stores.words.reading import Readable, readable
from traumbox.stores.words.schema import findable

TRACKS_AT_ONCE = 256
"""How many are followed in the transaction that changes them; what is more waits for the next."""

_Name = tuple[str, str]


def keep_said(db: sqlite3.Connection, track_id: str, heard: Heard) -> None:
    """Keep what is only searched of a file that was heard, within the caller's transaction."""
    if heard.credits or heard.lyrics:
        said = track_id, text_in(heard.credits), text_in(heard.lyrics)
        db.execute(_SAID, said)
    else:
        db.execute("DELETE FROM said WHERE track_id = ?", (track_id,))


def take_over_said(db: sqlite3.Connection, old_id: str, new_id: str) -> None:
    """Let ``old_id`` say what ``new_id`` says, within the caller's transaction."""
    db.execute("DELETE FROM said WHERE track_id = ?", (old_id,))
    db.execute("UPDATE said SET track_id = ? WHERE track_id = ?", (old_id, new_id))


def follow(db: sqlite3.Connection) -> None:
    """Read up to ``TRACKS_AT_ONCE`` of the stale tracks anew, within the caller's transaction."""
    stale = [track_id for (track_id,) in db.execute(_STALE, (TRACKS_AT_ONCE,))]
    if not stale:
        return
    listed = json.dumps(stale)
    counted: Counter[_Name] = Counter()
    _drop(db, listed, counted)
    for row in db.execute(_ROWS, (listed,)).fetchall():
        _add(db, row, counted)
    _count(db, {name: by for name, by in counted.items() if by})
    db.executemany("DELETE FROM words_stale WHERE track_id = ?", ((one,) for one in stale))
    db.execute("UPDATE words_state SET changes = changes + ?", (len(stale),))


def _drop(db: sqlite3.Connection, listed: str, counted: Counter[_Name]) -> None:
    for number, names, with_lyrics in db.execute(_OLD, (listed,)).fetchall():
        db.execute("DELETE FROM words WHERE rowid = ?", (number,))
        if with_lyrics:
            db.execute("DELETE FROM lyric_words WHERE rowid = ?", (number,))
        db.execute("DELETE FROM words_of WHERE id = ?", (number,))
        counted.subtract((kind, shown) for kind, shown in json.loads(names))


def _add(db: sqlite3.Connection, row: tuple[Any, ...], counted: Counter[_Name]) -> None:
    track_id, folder, path, part, cut, tags, credits_, lyrics = row
    location = Location(folder, path, part_out(part))
    found = readable(location, _tags(cut, tags), credits_ or "", lyrics or "")
    number = _insert(db, track_id, found)
    db.execute(_WORDS, (number, *found.columns))
    if found.lyrics:
        db.execute("INSERT INTO lyric_words (rowid, lyrics) VALUES (?, ?)", (number, found.lyrics))
    counted.update(found.names)


def _insert(db: sqlite3.Connection, track_id: str, found: Readable) -> int:
    names = json.dumps(found.names, ensure_ascii=False, separators=(",", ":"))
    row = track_id, found.title_key, found.title, names, bool(found.lyrics)
    number: int = db.execute(_WORDS_OF, row).fetchone()[0]
    return number


def _tags(cut: str | None, tags: str | None) -> Tags:
    found = tags_out(tags)
    known = cut_out(cut)
    return filled_up(known.tags, found) if known is not None else found


def _count(db: sqlite3.Connection, counted: Mapping[_Name, int]) -> None:
    """Add these to the counts of names; what no track bears any more is gone."""
    for (kind, shown), by in counted.items():
        number, tracks = db.execute(_COUNTED, (kind, shown, by)).fetchone()
        if tracks == by:
            _name(db, number, shown)
        elif tracks <= 0:
            _forget_name(db, number, shown)


def _name(db: sqlite3.Connection, number: int, shown: str) -> None:
    db.executemany("INSERT INTO name_keys VALUES (?, ?)", _keyed(number, keys(shown)))
    db.execute("INSERT INTO name_words (rowid, name) VALUES (?, ?)", (number, fold(shown)))


def _forget_name(db: sqlite3.Connection, number: int, shown: str) -> None:
    db.execute("DELETE FROM names WHERE id = ?", (number,))
    db.executemany(
        "DELETE FROM name_keys WHERE key = ? AND name_id = ?", _keyed(number, keys(shown))
    )
    db.execute("DELETE FROM name_words WHERE rowid = ?", (number,))


def _keyed(number: int, found: Collection[str]) -> list[tuple[str, int]]:
    return [(one, number) for one in found]


_LISTED = "track_id IN (SELECT value FROM json_each(?))"

_STALE = "SELECT track_id FROM words_stale LIMIT ?"

_OLD = f"SELECT id, names, with_lyrics FROM words_of WHERE {_LISTED}"  # noqa: S608 - constants only

_ROWS = (
    "SELECT files.track_id, folder, path, part, cut, tags, credits, lyrics FROM files"  # noqa: S608 - constants only
    f" LEFT JOIN said ON said.track_id = files.track_id WHERE files.{_LISTED}"
    f" AND {findable('files')}"
)

_SAID = (
    "INSERT INTO said (track_id, credits, lyrics) VALUES (?, ?, ?)"
    " ON CONFLICT (track_id) DO UPDATE SET credits = excluded.credits, lyrics = excluded.lyrics"
)

_WORDS_OF = (
    "INSERT INTO words_of (track_id, title_key, title, names, with_lyrics) VALUES (?, ?, ?, ?, ?)"
    " RETURNING id"
)

_WORDS = (
    "INSERT INTO words (rowid, artist, title, album, genre, name, folder, credits, comment, more)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)

_COUNTED = (
    "INSERT INTO names (kind, shown, tracks) VALUES (?1, ?2, ?3)"
    " ON CONFLICT (kind, shown) DO UPDATE SET tracks = tracks + ?3 RETURNING id, tracks"
)
