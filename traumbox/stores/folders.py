"""The book of folders: what outlives a restart of what is known of each watched one."""

from __future__ import annotations

import json
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from traumbox.stores.sqlite import Database

CLEAN_DAYS = 3
"""So many days with a clean full scan must pass before a missing file is taken for lost."""

_COLUMNS = "folder, root, identity, baseline_s, last_s, last_full_s, files"


@dataclass(frozen=True, slots=True)
class FolderRow:
    """What is written down of a folder; times are POSIX seconds, None for what never was.

    ``root`` is its path (alien bytes as surrogates) and ``identity`` how its disk is recognised, as
    JSON; both are empty when never noted. Files that were pending at ``baseline_s`` are the
    backlog, later ones are drops. ``files`` is what the last full scan counted.
    """

    folder: str
    root: str = ""
    identity: str = ""
    baseline_s: float | None = None
    last_s: float | None = None
    last_full_s: float | None = None
    files: int = 0


class FolderBook:
    """One row a folder, in the ledger's file, kept also while it isn't in the configuration.

    Safe to use from any thread; every change is one transaction, on the disk when its method
    returns. Every method raises StoreError when the database can't be read or written.
    ``Ledger.rename_folder`` renames its rows too.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[FolderRow]:
        """Return every folder that was ever noted, by name."""
        with self._database.reading() as db:
            rows = db.execute(f"SELECT {_COLUMNS} FROM watched ORDER BY folder")  # noqa: S608 - constants only
            return [_decode(row) for row in rows]

    def row(self, folder: str) -> FolderRow | None:
        """Return what is written down of a folder, or None."""
        with self._database.reading() as db:
            row = db.execute(
                f"SELECT {_COLUMNS} FROM watched WHERE folder = ?",  # noqa: S608 - constants only
                (folder,),
            ).fetchone()
        return None if row is None else _decode(row)

    def take(self, folder: str, root: Path | str) -> None:
        """Note where a folder lies."""
        self._set(folder, "root", os.fsencode(root))

    def identity(self, folder: str) -> str:
        """Return how the folder's disk is recognised, as JSON; empty when it isn't known."""
        row = self.row(folder)
        return "" if row is None else row.identity

    def remember(self, folder: str, identity: str) -> None:
        """Note how the folder's disk is recognised."""
        self._set(folder, "identity", identity)

    def baseline_s(self, folder: str) -> float | None:
        """Return until when what was found is backlog; None: all of it."""
        row = self.row(folder)
        return None if row is None else row.baseline_s

    def baselines(self) -> dict[str, float]:
        """Return the baseline of every folder that has one."""
        return {row.folder: row.baseline_s for row in self.all() if row.baseline_s is not None}

    def set_baseline(self, folder: str, at_s: float) -> None:
        """Note that what comes from now on is a drop; the first such note counts."""
        with self._database.writing() as db:
            db.execute(
                "INSERT INTO watched (folder, baseline_s) VALUES (?, ?) ON CONFLICT (folder)"
                " DO UPDATE SET baseline_s = coalesce(baseline_s, excluded.baseline_s)",
                (folder, at_s),
            )

    def note_scan(
        self, folder: str, now_s: float, files: int | None, *, full: bool, clean: bool, day: str
    ) -> None:
        """Note that a folder was looked through, all of it (``full``) or a part.

        ``files`` is how many there were; None leaves the number as it is. A full scan is ``clean``
        when everything could be seen. ``day`` is the local date, such as "2026-03-29".
        """
        with self._database.writing() as db:
            db.execute(
                "INSERT INTO watched (folder, last_s, last_full_s, files) VALUES (?1, ?2, ?3, ?4)"
                " ON CONFLICT (folder) DO UPDATE SET last_s = ?2,"
                " last_full_s = coalesce(?3, last_full_s), files = coalesce(?5, files)",
                (folder, now_s, now_s if full else None, files or 0, files),
            )
            if full and clean:
                days = _clean_days(db, folder)
                days.pop(day, None)  # the last scan of a day is the one that counts
                kept = [*days.items(), (day, now_s)][-CLEAN_DAYS:]
                db.execute(
                    "UPDATE watched SET clean_days = ? WHERE folder = ?", (json.dumps(kept), folder)
                )

    def forget(self, folder: str) -> None:
        """Forget a folder; its files are the ledger's business."""
        with self._database.writing() as db:
            db.execute("DELETE FROM watched WHERE folder = ?", (folder,))

    def _set(self, folder: str, column: str, value: object) -> None:
        with self._database.writing() as db:
            db.execute(
                f"INSERT INTO watched (folder, {column}) VALUES (?, ?) ON CONFLICT (folder)"  # noqa: S608 - constants only
                f" DO UPDATE SET {column} = excluded.{column}",
                (folder, value),
            )


def clean_since(db: sqlite3.Connection, folder: str) -> float | None:
    """Return the time before which what is missing was missed by enough clean full scans.

    POSIX seconds; None while there were too few.
    """
    days = _clean_days(db, folder)
    return min(days.values()) if len(days) >= CLEAN_DAYS else None


def _clean_days(db: sqlite3.Connection, folder: str) -> dict[str, float]:
    row = db.execute("SELECT clean_days FROM watched WHERE folder = ?", (folder,)).fetchone()
    return {} if row is None else dict(json.loads(row[0]))


def _decode(row: tuple[Any, ...]) -> FolderRow:
    folder, root, *more = row
    return FolderRow(folder, os.fsdecode(root), *more)
