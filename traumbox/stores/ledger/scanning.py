"""The side of the ledger that scans compare with and write to."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from traumbox.domain import Changes, FileStat, KnownFile, KnownRow, Location
from traumbox.stores.ledger.applying import apply_changes, park
from traumbox.stores.ledger.side import Side, folders_in
from traumbox.stores.rows import PARTS_MOST, cut_out

ROWS_A_READ = 4096


class ScanningSide(Side):
    """What is known, in the order of a walk; and what a walk changes."""

    def listing(self, folder: str, subtree: bytes = b"") -> Iterator[KnownRow]:
        """Yield what is known of a folder, or below one directory of it, missing files included.

        The rows come ascending by (path, part), as a walk finds them. They are read in portions,
        each with what is written by then: a scan may take an hour, and a transaction that long
        would keep the write-ahead log growing.
        """
        sql, values = _LISTING, list[object]([folder])
        after: tuple[bytes, int] = b"", 0
        if subtree:
            # "/" is followed by "0": what lies below a/b sorts from a/b/ to before a/b0.
            sql, after = _LISTING_BELOW, (subtree + b"/", 0)
            values.append(subtree + b"0")
        while True:
            with self._database.reading() as db:
                rows = db.execute(sql, (*values, *after, ROWS_A_READ)).fetchall()
            if any(row[5] for row in rows):
                yield from ((*row[:5], cut_out(row[5]), *row[6:]) for row in rows)
            else:
                yield from rows
            if len(rows) < ROWS_A_READ:
                return
            after = rows[-1][:2]

    def on_disk(self, folder: str, subtree: bytes = b"") -> Iterator[tuple[Location, KnownFile]]:
        """Yield the same as ``listing``, as values."""
        for (
            path, part, size, mtime_ns, inode, cut, reason, track_id, state, missing,
        ) in self.listing(folder, subtree):  # fmt: skip
            stat = FileStat(size, mtime_ns, inode, cut)
            yield (
                Location(folder, path, part),
                KnownFile(track_id, stat, state, bool(missing), reason),
            )

    def known(self) -> dict[Location, KnownFile]:
        """Return every file, missing ones included, as a scan compares them."""
        return dict(known for folder in self.folders() for known in self.on_disk(folder))

    def known_ids(self) -> set[str]:
        """Return every track id there is, those of missing files included."""
        with self._database.reading() as db:
            return {track_id for (track_id,) in db.execute("SELECT track_id FROM files")}

    def sample(self, folder: str, count: int = 16) -> list[tuple[Location, FileStat]]:
        """Return up to ``count`` files that are there, spread evenly over the folder by path."""
        found: list[tuple[Location, FileStat]] = []
        with self._database.reading() as db:
            (held,) = db.execute(_HELD, (folder,)).fetchone()
            after: tuple[bytes, int] = b"", 0
            for number in range(min(count, held)):
                # From the one before, so that the folder is gone through once in all.
                step = (number + 1) * held // count - number * held // count if held > count else 1
                row = db.execute(_SAMPLE, (folder, *after, step - 1)).fetchone()
                if row is None:
                    break
                path, part, size, mtime_ns, inode, cut = row
                stat = FileStat(size, mtime_ns, inode, cut_out(cut))
                found.append((Location(folder, path, part), stat))
                after = path, part
        return found

    def held_by(self, folder: str) -> int:
        """Return how many files of a folder are there, in whatever state."""
        with self._database.reading() as db:
            return int(db.execute(_HELD, (folder,)).fetchone()[0])

    @contextmanager
    def together(self) -> Iterator[None]:
        """Let all that is written within be in one transaction: a crash leaves all or nothing."""
        with self._database.writing():
            yield

    def apply(self, changes: Changes, now_s: float) -> None:
        """Write what a scan found, in one transaction.

        New files get a track id and are pending. Changed ones are pending again, and keep what
        was heard until they have been heard anew. Moved ones keep id and state; whatever row is
        written down for their new place becomes missing. Excluded ones keep what was heard, and
        are indexed again without hearing when no longer excluded and still of that version.
        """
        if changes:
            with self._database.writing() as db:
                apply_changes(db, changes, now_s, self._fresh_id)

    def set_aside(self, folders: Collection[str], now_s: float) -> int:
        """Note all files as missing whose folder isn't among ``folders``; return how many.

        They were taken out of the configuration, and return with their folder.
        """
        with self._database.writing() as db:
            others = folders_in(db) - set(folders)
            return sum(
                db.execute(
                    "UPDATE files SET missing_since_s = ?, urgent_since_s = NULL"
                    " WHERE folder = ? AND missing_since_s IS NULL",
                    (now_s, folder),
                ).rowcount
                for folder in others
            )

    def rename_folder(self, old: str, new: str, now_s: float) -> None:
        """Give the folder ``old`` another name, with all that is known of it, in one transaction.

        What a folder had that bore the new name before is missing from now on, where it is in the
        way.
        """
        with self._database.writing() as db:
            _move_in(db, old, new, now_s)
            db.execute("DELETE FROM watched WHERE folder = ?", (new,))
            db.execute("UPDATE watched SET folder = ? WHERE folder = ?", (new, old))


def _move_in(db: sqlite3.Connection, old: str, new: str, now_s: float) -> None:
    in_the_way = db.execute(
        "SELECT folder, path, part FROM files WHERE folder = ? AND part >= 0 AND EXISTS (SELECT 1"
        " FROM files AS other WHERE other.folder = ? AND other.path = files.path"
        " AND other.part = files.part)",
        (new, old),
    ).fetchall()
    park(db, in_the_way, now_s)
    # Rows without a place have numbers in both folders: beyond all of them no two are the same.
    db.execute(
        f"UPDATE files SET part = part - {PARTS_MOST} * (SELECT 1 + (-1 - min(part)) / {PARTS_MOST}"  # noqa: S608 - constants only
        " FROM files WHERE folder IN (?1, ?2)) WHERE folder = ?2 AND part < 0",
        (old, new),
    )
    db.execute("UPDATE files SET folder = ? WHERE folder = ?", (new, old))


_SCANNED = (
    "SELECT path, part, size, mtime_ns, inode, cut, iif(state = 'excluded', reason, ''), track_id,"
    " state, missing_since_s IS NOT NULL FROM files INDEXED BY files_on_disk WHERE folder = ?"
)
_ORDERED = " AND (path, part) > (?, ?) AND part >= 0 ORDER BY path, part LIMIT ?"
_LISTING = _SCANNED + _ORDERED
_LISTING_BELOW = _SCANNED + " AND path < ?" + _ORDERED

_SAMPLE = (
    "SELECT path, part, size, mtime_ns, inode, cut FROM files INDEXED BY files_on_disk"
    " WHERE folder = ? AND (path, part) > (?, ?) AND missing_since_s IS NULL"
    " ORDER BY path, part LIMIT 1 OFFSET ?"
)

_HELD = (
    "SELECT count(*) FROM files INDEXED BY files_by_state"
    " WHERE folder = ? AND missing_since_s IS NULL"
)
