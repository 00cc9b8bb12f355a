"""SQLite as we use it: WAL, every commit on the disk, one writer, readers in any thread."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from traumbox.errors import StoreError
from traumbox.stores.durability import Disk

BUSY_TIMEOUT_MS = 10_000
IDLE_READERS = 4

Migration = Sequence[str]
"""The statements that lead from one schema version to the next."""


class Database:
    """One database file; safe to use from any thread.

    Readers have connections of their own, so a long read never waits for a write or for another
    read. ``before_commit`` is called at the end of every transaction, as its last part.

    Raises
    ------
    StoreError
        When the file can't be opened, isn't ours, or was written by a newer traumbox. It is left
        as it is.
    """

    def __init__(
        self,
        path: Path,
        migrations: Sequence[Migration],
        before_commit: Callable[[sqlite3.Connection], None] | None = None,
    ) -> None:
        self._path = path
        self._before_commit = before_commit
        self._write_lock = threading.RLock()
        self._writing_thread: int | None = None
        self._pool_lock = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        self._changes = 0
        self._closed = False
        with self._explained():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = self._connect()
            try:
                self._migrate(migrations)
            except BaseException:
                self._writer.close()
                raise

    def close(self) -> None:
        """Close every connection; those in use, when their reader is done."""
        with self._write_lock, self._pool_lock:
            self._closed = True
            while self._idle:
                self._idle.pop().close()
            self._writer.close()

    @property
    def changes(self) -> int:
        """How many transactions this process has written: what was read before is as good now."""
        return self._changes

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give the writer's connection inside one transaction, on the disk when it is left.

        Within another ``writing`` of the same thread it is part of that one, and so is ``reading``.
        """
        with self._write_lock, self._explained():
            if self._writing_thread is not None:  # the lock is held: it is this one
                yield self._writer
                return
            self._writer.execute("BEGIN IMMEDIATE")
            self._writing_thread = threading.get_ident()
            try:
                yield self._writer
                if self._before_commit is not None:
                    self._before_commit(self._writer)
                self._writer.execute("COMMIT")
                self._changes += 1
            except BaseException:
                with suppress(sqlite3.Error):  # SQLite has rolled back by itself after a full disk
                    self._writer.execute("ROLLBACK")
                raise
            finally:
                self._writing_thread = None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give a connection for reading that nobody else uses meanwhile."""
        with self._explained():
            if self._writing_thread == threading.get_ident():
                yield self._writer
                return
            with self._pool_lock:
                if self._closed:
                    raise sqlite3.ProgrammingError("it has been closed")
                connection = self._idle.pop() if self._idle else None
            connection = connection or self._connect()
            try:
                yield connection
            finally:
                with self._pool_lock:
                    if self._closed or len(self._idle) >= IDLE_READERS:
                        connection.close()
                    else:
                        self._idle.append(connection)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        try:
            connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
        except BaseException:
            connection.close()
            raise
        return connection

    def _migrate(self, migrations: Sequence[Migration]) -> None:
        with self.writing() as db:
            version = int(db.execute("PRAGMA user_version").fetchone()[0])
            if version > len(migrations):
                raise StoreError(
                    f"{self._path} was written by a newer traumbox (schema {version}; this one"
                    f" knows up to {len(migrations)}). Install that version again or a later one;"
                    " the file was left as it is."
                )
            if version == 0 and db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
                raise StoreError(
                    f"{self._path} is a database of another program and was left as it is. Set"
                    " data_dir to a folder of traumbox's own."
                )
            for migration in migrations[version:]:
                for statement in migration:
                    db.execute(statement)
            db.execute(f"PRAGMA user_version = {len(migrations)}")
        if version == 0:
            Disk().sync_path(self._path.parent)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StoreError(_explain(self._path, error)) from error


_EXPLAINED = {
    ("SQLITE_FULL",): (
        "The disk with {path} is full. Free some space; what was stored before is safe."
    ),
    ("SQLITE_READONLY", "SQLITE_PERM"): (
        "{path} can't be written. Give the user that runs traumbox the right to write to it and to"
        " {folder}, and see that the disk isn't mounted read-only."
    ),
    ("SQLITE_NOTADB", "SQLITE_CORRUPT"): (
        "{path} is damaged or no database at all ({error}); it was left as it is. Bring back a"
        " backup, or move the file away and start again: all music is then heard anew."
    ),
    ("SQLITE_CANTOPEN",): (
        "{path} can't be opened. See that {folder} is a folder, and that the user who runs"
        " traumbox may write to it."
    ),
    ("SQLITE_BUSY", "SQLITE_LOCKED"): (
        "{path} is in use by another program. Close that, and try again."
    ),
    ("SQLITE_IOERR",): (
        "The disk with {path} reports errors ({error}). Check its cable and its health."
    ),
}


def _explain(path: Path, error: Exception) -> str:
    name = getattr(error, "sqlite_errorname", "")
    if isinstance(error, PermissionError):
        name = "SQLITE_PERM"
    for names, text in _EXPLAINED.items():
        if name.startswith(names):
            return text.format(path=path, folder=path.parent, error=error)
    return f"{path} can't be used: {error}."
