"""The ledger: what is known of every file, and how far it has come.

There is no job queue: what is to be done follows from the states.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from traumbox.domain import STATES, Changes, FileStat, Heard, KnownFile, Location, State
from traumbox.stores.migrations import LEDGER
from traumbox.stores.rows import (
    COLUMNS,
    FileRow,
    decode,
    inode_in,
    inode_out,
    text_in,
    to_json,
)
from traumbox.stores.sqlite import Database

__all__ = ["FileRow", "Ledger"]

FAILED: tuple[State, ...] = ("failed",)
_LISTED = "IN (SELECT value FROM json_each(?))"


class Ledger:
    """One row a file, in SQLite; every change is on the disk when its method returns.

    Safe to use from any thread. Every method raises StoreError, with the remedy, when the
    database can't be read or written.
    """

    def __init__(
        self, path: Path, fresh_id: Callable[[], str] = lambda: secrets.token_hex(8)
    ) -> None:
        self._database = Database(path, LEDGER)
        self._fresh_id = fresh_id

    @property
    def database(self) -> Database:
        """The file that holds the ledger, for what is kept beside it."""
        return self._database

    def close(self) -> None:
        """Close the file; readers in other threads may finish."""
        self._database.close()

    # Scans.

    def known(self) -> dict[Location, KnownFile]:
        """Return every file, missing ones included, as a scan compares them."""
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT track_id, folder, path, size, mtime_ns, inode, state, missing_since_s"
                " FROM files"
            )
            return {
                Location(folder, path): KnownFile(
                    track_id, FileStat(size, mtime_ns, inode_out(inode)), state, missing is not None
                )
                for track_id, folder, path, size, mtime_ns, inode, state, missing in rows
            }

    def apply(self, changes: Changes, now_s: float) -> None:
        """Write what a scan found, in one transaction.

        New files get a track id and are pending. Changed ones are pending again, and keep what
        was heard until they have been heard anew. Moved ones keep id and state.
        """
        if not changes:
            return
        with self._database.writing() as db:
            db.executemany(
                "UPDATE files SET missing_since_s = ? WHERE track_id = ?"
                " AND missing_since_s IS NULL",
                [(now_s, track_id) for track_id in changes.gone],
            )
            db.executemany(
                "UPDATE files SET state = 'excluded', reason = '', next_try_s = NULL,"
                " hearing_since_s = NULL, missing_since_s = NULL, last_seen_s = ?"
                " WHERE track_id = ?",
                [(now_s, track_id) for track_id in changes.excluded],
            )
            _move(db, changes.moved, now_s)
            db.executemany(
                "UPDATE files SET state = 'pending', reason = '', attempts = 0, next_try_s = NULL,"
                " hearing_since_s = NULL, missing_since_s = NULL, size = ?, mtime_ns = ?,"
                " inode = ?, last_seen_s = ? WHERE track_id = ?",
                [(*_stat(stat), now_s, track_id) for track_id, stat in changes.changed.items()],
            )
            db.executemany(
                "INSERT INTO files (track_id, folder, path, display, size, mtime_ns, inode, state,"
                " first_seen_s, last_seen_s) VALUES (?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?)",
                (
                    (self._fresh_id(), *_place(location), *_stat(stat), now_s, now_s)
                    for location, stat in changes.new.items()
                ),
            )

    def record_scan(self, folder: str, at_s: float, files: int) -> None:
        """Note that ``folder`` was scanned and held so many music files."""
        with self._database.writing() as db:
            db.execute(
                "INSERT INTO scans (folder, at_s, files) VALUES (?, ?, ?) ON CONFLICT (folder)"
                " DO UPDATE SET at_s = excluded.at_s, files = excluded.files",
                (folder, at_s, files),
            )

    def last_scan(self, folder: str) -> float | None:
        """Return when ``folder`` was last scanned, or None."""
        with self._database.reading() as db:
            row = db.execute("SELECT at_s FROM scans WHERE folder = ?", (folder,)).fetchone()
        return None if row is None else float(row[0])

    # Hearing.

    def next_pending(
        self, now_s: float, skip: Collection[str] = (), folders: Collection[str] | None = None
    ) -> FileRow | None:
        """Return the file to hear next, or None.

        What was dropped last goes before the backlog; what was found together goes by folder and
        path. ``skip`` are track ids, ``folders`` the names of the only folders to look in.
        """
        where = (
            "state = 'pending' AND missing_since_s IS NULL"
            " AND (next_try_s IS NULL OR next_try_s <= ?)"
            " AND track_id NOT " + _LISTED
        )
        values: list[object] = [now_s, _json(skip)]
        if folders is not None:
            where += " AND folder " + _LISTED
            values.append(_json(folders))
        rows = self._select(
            "FROM files INDEXED BY files_to_hear"
            f" WHERE {where} ORDER BY first_seen_s DESC, folder, path LIMIT 1",
            values,
        )
        return rows[0] if rows else None

    def begin(self, track_id: str, now_s: float) -> None:
        """Note, before it is done, that this file is going to be heard.

        One file is in hand at a time: whichever was before has come back.
        """
        with self._database.writing() as db:
            db.execute("UPDATE files SET hearing_since_s = NULL WHERE hearing_since_s IS NOT NULL")
            db.execute(
                "UPDATE files SET attempts = attempts + 1, hearing_since_s = ? WHERE track_id = ?",
                (now_s, track_id),
            )

    def struck(self) -> list[str]:
        """Return what was in hand when the last process died."""
        with self._database.reading() as db:
            rows = db.execute("SELECT track_id FROM files WHERE hearing_since_s IS NOT NULL")
            return [track_id for (track_id,) in rows]

    def came_back(self, track_id: str) -> None:
        """Note that hearing this file came to an end that changes nothing else about it."""
        with self._database.writing() as db:
            db.execute(
                "UPDATE files SET attempts = 0, hearing_since_s = NULL WHERE track_id = ?",
                (track_id,),
            )

    def mark_indexed(self, done: Sequence[tuple[str, FileStat, Heard]], now_s: float) -> None:
        """Note that these files, in the version ``stat``, are stored: the commit mark."""
        with self._database.writing() as db:
            db.executemany(
                "UPDATE files SET state = 'indexed', reason = ?, attempts = 0, next_try_s = NULL,"
                " hearing_since_s = NULL, size = ?, mtime_ns = ?, inode = ?, audio_id = ?,"
                " duration_s = ?, media = ?, tags = ?, descriptors = ?,"
                " added_at_s = coalesce(added_at_s, ?) WHERE track_id = ?",
                [
                    (
                        text_in(heard.mark),
                        *_stat(stat),
                        heard.audio_id,
                        heard.duration_s,
                        to_json(heard.media),
                        to_json(heard.tags),
                        to_json(heard.descriptors),
                        now_s,
                        track_id,
                    )
                    for track_id, stat, heard in done
                ],
            )

    def mark_failed(
        self,
        track_id: str,
        stat: FileStat,
        reason: str,
        now_s: float,
        next_try_s: float | None = None,
    ) -> None:
        """Note that this version of a file couldn't be heard, and why.

        With ``next_try_s`` it stays pending and is tried again then; without, it has failed until
        it changes or somebody asks.
        """
        with self._database.writing() as db:
            db.execute(
                "UPDATE files SET state = ?, reason = ?, next_try_s = ?, hearing_since_s = NULL,"
                " size = ?, mtime_ns = ?, inode = ?, last_seen_s = max(last_seen_s, ?)"
                " WHERE track_id = ?",
                (
                    "failed" if next_try_s is None else "pending",
                    text_in(reason),
                    next_try_s,
                    *_stat(stat),
                    now_s,
                    track_id,
                ),
            )

    def requeue(
        self,
        track_ids: Collection[str] | None = None,
        *,
        states: Collection[State] = FAILED,
    ) -> int:
        """Make files in one of ``states`` pending, all or those named; return how many."""
        where, values = "state " + _LISTED, [_json(states)]
        if track_ids is not None:
            where += " AND track_id " + _LISTED
            values.append(_json(track_ids))
        with self._database.writing() as db:
            done = db.execute(
                "UPDATE files SET state = 'pending', reason = '', attempts = 0, next_try_s = NULL,"  # noqa: S608 - constants only
                f" hearing_since_s = NULL WHERE {where}",
                values,
            )
            return done.rowcount

    def forget(self, track_ids: Collection[str]) -> None:
        """Delete rows for good."""
        with self._database.writing() as db:
            db.executemany(
                "DELETE FROM files WHERE track_id = ?", [(track_id,) for track_id in track_ids]
            )

    # Reading.

    def row(self, track_id: str) -> FileRow | None:
        """Return one row, or None."""
        return self.rows([track_id]).get(track_id)

    def rows(self, track_ids: Collection[str]) -> dict[str, FileRow]:
        """Return the rows of those track ids that exist."""
        found = self._select("FROM files WHERE track_id " + _LISTED, [_json(track_ids)])
        return {row.track_id: row for row in found}

    def rows_by_audio(self, audio_ids: Collection[str]) -> dict[str, list[FileRow]]:
        """Return the files that hold these sounds: indexed ones that are there, by path."""
        found = self._select(
            "FROM files WHERE audio_id "
            + _LISTED
            + " AND state = 'indexed' AND missing_since_s IS NULL ORDER BY folder, path",
            [_json(audio_ids)],
        )
        by_audio: dict[str, list[FileRow]] = {}
        for row in found:
            by_audio.setdefault(row.audio_id or "", []).append(row)
        return by_audio

    def indexed(self) -> dict[str, str]:
        """Return track id -> audio id of all that is indexed, missing ones included."""
        with self._database.reading() as db:
            return dict(
                db.execute(
                    "SELECT track_id, audio_id FROM files WHERE state = 'indexed'"
                ).fetchall()
            )

    def present(self) -> Iterator[tuple[str, str, str]]:
        """Yield (track id, audio id, folder) of what is indexed and there, the newest first."""
        with self._database.reading() as db:
            yield from db.execute(
                "SELECT track_id, audio_id, folder FROM files INDEXED BY files_by_added"
                " WHERE state = 'indexed' AND missing_since_s IS NULL"
                " ORDER BY added_at_s DESC, folder, path"
            )

    def failed_because(self, reason: str) -> list[FileRow]:
        """Return the failed files that are there and have exactly this reason."""
        return self._select(
            "FROM files WHERE state = 'failed' AND missing_since_s IS NULL AND reason = ?",
            [text_in(reason)],
        )

    def page(
        self, limit: int, after: str = "", states: Collection[State] = ()
    ) -> tuple[list[FileRow], str | None]:
        """Return up to ``limit`` files that are there, by folder and path, and the next cursor.

        Raises
        ------
        ValueError
            When ``after`` is no cursor that an earlier page gave.
        """
        where, values = "missing_since_s IS NULL", list[object]()
        if after:
            where += " AND (folder, path) > (?, ?)"
            values += _read_cursor(after)
        if states:
            where += " AND state " + _LISTED
            values.append(_json(states))
        rows = self._select(
            f"FROM files WHERE {where} ORDER BY folder, path LIMIT ?", [*values, limit + 1]
        )
        more = len(rows) > limit
        rows = rows[:limit]
        return rows, _cursor(rows[-1].location) if more and rows else None

    def recently_added(self, limit: int) -> list[FileRow]:
        """Return up to ``limit`` indexed files that are there, the newest first."""
        return self._select(
            "FROM files INDEXED BY files_by_added WHERE state = 'indexed'"
            " AND missing_since_s IS NULL"
            " ORDER BY added_at_s DESC, folder, path LIMIT ?",
            [limit],
        )

    def counts(self) -> dict[State, int]:
        """Return how many of the files that are there are in each state, 0 included."""
        with self._database.reading() as db:
            found = dict(
                db.execute(
                    "SELECT state, count(*) FROM files WHERE missing_since_s IS NULL GROUP BY state"
                ).fetchall()
            )
        return {state: found.get(state, 0) for state in STATES}

    def _select(self, rest: str, values: Sequence[object]) -> list[FileRow]:
        with self._database.reading() as db:
            return [decode(row) for row in db.execute(f"SELECT {COLUMNS} {rest}", values)]


def _move(
    db: sqlite3.Connection, moved: Mapping[str, tuple[Location, FileStat]], now_s: float
) -> None:
    # Two files may have changed places: all step aside before any takes its new place.
    db.executemany(
        "UPDATE files SET folder = '', path = CAST(track_id AS BLOB) WHERE track_id = ?",
        [(track_id,) for track_id in moved],
    )
    # Whoever else is written down for such a place is no longer there.
    db.executemany(
        "DELETE FROM files WHERE folder = ? AND path = ?",
        [(location.folder, location.path) for location, _ in moved.values()],
    )
    db.executemany(
        "UPDATE files SET folder = ?, path = ?, display = ?, size = ?, mtime_ns = ?, inode = ?,"
        " missing_since_s = NULL, last_seen_s = ? WHERE track_id = ?",
        [
            (*_place(location), *_stat(stat), now_s, track_id)
            for track_id, (location, stat) in moved.items()
        ],
    )


def _place(location: Location) -> tuple[str, bytes, str]:
    return location.folder, location.path, location.display


def _stat(stat: FileStat) -> tuple[int, int, int]:
    return stat.size, stat.mtime_ns, inode_in(stat.inode)


def _json(values: Iterable[str]) -> str:
    return json.dumps(list(values))


def _cursor(location: Location) -> str:
    text = json.dumps([location.folder, location.path.hex()])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[str, bytes]:
    try:
        text = base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
        folder, path = json.loads(text)
        return str(folder), bytes.fromhex(path)
    except (binascii.Error, TypeError, ValueError) as error:
        raise ValueError(f"{cursor!r} is no cursor that a page gave") from error
