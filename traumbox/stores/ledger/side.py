"""What the sides of the ledger share: the database, and how a row gets out of and into it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence

from traumbox.domain import FileStat, Location
from traumbox.stores.rows import COLUMNS, FileRow, cut_in, decode, inode_in
from traumbox.stores.sqlite import Database

LISTED = "IN (SELECT value FROM json_each(?))"

Place = tuple[str, bytes, int]


class Side:
    """One side of the ledger."""

    def __init__(self, database: Database, fresh_id: Callable[[], str]) -> None:
        self._database = database
        self._fresh_id = fresh_id

    def folders(self) -> list[str]:
        """Return the names of all folders that have rows, configured or not."""
        with self._database.reading() as db:
            return sorted(folders_in(db))

    def _select(self, rest: str, values: Sequence[object]) -> list[FileRow]:
        with self._database.reading() as db:
            return [decode(row) for row in db.execute(f"SELECT {COLUMNS} {rest}", values)]


def folders_in(db: sqlite3.Connection) -> set[str]:
    """Return the names of all folders that have rows."""
    return {folder for (folder,) in db.execute(_FOLDERS)}


def columns_of(table: str, columns: str) -> str:
    """Return the same columns, named as those of one table of several."""
    return ", ".join(f"{table}.{column}" for column in columns.split(", "))


def place(location: Location) -> Place:
    """Return the columns folder, path, part."""
    return location.folder, location.path, location.part


def stat_in(stat: FileStat) -> tuple[int, int, int]:
    """Return the columns size, mtime_ns, inode."""
    return stat.size, stat.mtime_ns, inode_in(stat.inode)


def version_in(stat: FileStat) -> tuple[int, int, int, str | None]:
    """Return the columns size, mtime_ns, inode, cut."""
    return (*stat_in(stat), cut_in(stat.cut))


def listed(values: Iterable[str]) -> str:
    """Return what ``LISTED`` takes."""
    return json.dumps(list(values))


# From name to name, for there are many rows and few names.
_FOLDERS = """
WITH RECURSIVE named(folder) AS (
    SELECT min(folder) FROM files
    UNION ALL
    SELECT (SELECT min(folder) FROM files WHERE folder > named.folder)
    FROM named WHERE folder IS NOT NULL)
SELECT folder FROM named WHERE folder IS NOT NULL
"""
