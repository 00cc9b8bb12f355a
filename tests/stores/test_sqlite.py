from __future__ import annotations

import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from traumbox.errors import StoreError
from traumbox.stores.ledger import Ledger
from traumbox.stores.sqlite import Database

V1 = ("CREATE TABLE notes (text TEXT UNIQUE)", "INSERT INTO notes VALUES ('from version 1')")
V2 = ("ALTER TABLE notes ADD COLUMN stars INTEGER NOT NULL DEFAULT 3",)


def notes(database: Database) -> list[tuple[object, ...]]:
    with database.reading() as db:
        return db.execute("SELECT * FROM notes ORDER BY 1").fetchall()


def test_every_commit_is_on_the_disk(tmp_path: Path) -> None:
    database = Database(tmp_path / "x.db", [V1])
    with database.writing() as db:
        assert db.execute("PRAGMA synchronous").fetchone() == (2,)
        assert db.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_an_older_schema_is_brought_up_step_by_step(tmp_path: Path) -> None:
    Database(tmp_path / "x.db", [V1]).close()
    for _ in range(2):
        database = Database(tmp_path / "x.db", [V1, V2])
        assert notes(database) == [("from version 1", 3)]
        database.close()


def test_a_migration_that_fails_leaves_the_schema_as_it_was(tmp_path: Path) -> None:
    Database(tmp_path / "x.db", [V1]).close()
    with pytest.raises(StoreError, match="nonsense"):
        Database(tmp_path / "x.db", [V1, (*V2, "nonsense")])
    assert notes(Database(tmp_path / "x.db", [V1])) == [("from version 1",)]


def test_a_newer_schema_is_refused_and_left_alone(tmp_path: Path) -> None:
    Database(tmp_path / "x.db", [V1, V2]).close()
    with pytest.raises(StoreError, match=r"x\.db.*newer traumbox \(schema 2.*up to 1"):
        Database(tmp_path / "x.db", [V1])
    assert notes(Database(tmp_path / "x.db", [V1, V2])) == [("from version 1", 3)]


@pytest.mark.parametrize("content", [b"This is no database." * 500, b"SQLite format 3\0" * 500])
def test_a_file_that_is_no_database_is_never_overwritten(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "traumbox.db"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"traumbox\.db.*(damaged|move the file away)"):
        Ledger(path)
    assert path.read_bytes() == content


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "traumbox.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE theirs (x)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        Ledger(path)
    assert path.read_bytes()[100:] == before[100:]
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT name FROM sqlite_master").fetchall() == [("theirs",)]


def test_a_torn_database_is_an_error_with_a_remedy_not_a_fresh_start(tmp_path: Path) -> None:
    path = tmp_path / "traumbox.db"
    Ledger(path).close()
    content = path.read_bytes()
    torn = content[:100] + b"\xff" * (len(content) - 100)
    path.write_bytes(torn)
    with pytest.raises(StoreError, match="Bring back a backup"):
        Ledger(path).counts()
    assert path.read_bytes() == torn


def test_a_full_disk_loses_nothing_and_says_so(tmp_path: Path) -> None:
    database = Database(tmp_path / "x.db", [V1])
    with database.writing() as db:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {pages}")
    with (
        pytest.raises(StoreError, match=r"x\.db is full.*Free some space"),
        database.writing() as db,
    ):
        db.execute("INSERT INTO notes VALUES (?)", ("x" * 100_000,))
    assert notes(database) == [("from version 1",)]
    with database.writing() as db:
        db.execute("PRAGMA max_page_count = 1000000")
        db.execute("INSERT INTO notes VALUES ('again')")
    assert len(notes(database)) == 2


def test_a_broken_block_is_rolled_back_and_the_next_one_works(tmp_path: Path) -> None:
    database = Database(tmp_path / "x.db", [V1])

    def write_and_fail() -> None:
        with database.writing() as db:
            db.execute("INSERT INTO notes VALUES ('half')")
            raise KeyError

    with pytest.raises(KeyError):
        write_and_fail()
    with database.writing() as db:
        db.execute("INSERT INTO notes VALUES ('whole')")
    assert notes(database) == [("from version 1",), ("whole",)]


def test_readers_see_the_last_commit_while_a_write_is_under_way(tmp_path: Path) -> None:
    database = Database(tmp_path / "x.db", [V1])
    with database.writing() as db, ThreadPoolExecutor(1) as other:
        db.execute("INSERT INTO notes VALUES ('new')")
        assert other.submit(notes, database).result(10) == [("from version 1",)]
    assert notes(database) == [("from version 1",), ("new",)]


def test_a_write_within_a_write_is_part_of_it(tmp_path: Path) -> None:
    database = Database(tmp_path / "x.db", [V1])

    def write_twice_and_fail() -> None:
        with database.writing():
            with database.writing() as db:
                db.execute("INSERT INTO notes VALUES ('inner')")
            assert notes(database) == [("from version 1",), ("inner",)]
            raise KeyError

    with pytest.raises(KeyError):
        write_twice_and_fail()
    assert notes(database) == [("from version 1",)]


def test_a_file_in_use_by_another_program_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("traumbox.stores.sqlite.BUSY_TIMEOUT_MS", 10)
    database = Database(tmp_path / "x.db", [V1])
    with sqlite3.connect(tmp_path / "x.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="another program"), database.writing():
            pass
        other.execute("ROLLBACK")


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="file"):
        Database(tmp_path / "file" / "x.db", [V1])
    (tmp_path / "folder.db").mkdir()
    with pytest.raises(StoreError, match=r"folder\.db can't be opened"):
        Database(tmp_path / "folder.db", [V1])


def test_a_folder_without_write_permission_is_named(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    Ledger(tmp_path / "traumbox.db").close()
    (tmp_path / "traumbox.db").chmod(0o444)
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(StoreError, match="right to write"):
            Ledger(tmp_path / "traumbox.db").begin("nothing", 1.0)
    finally:
        tmp_path.chmod(0o755)


def test_after_close_it_says_so(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "traumbox.db")
    ledger.counts()
    ledger.close()
    ledger.close()
    with pytest.raises(StoreError, match="closed"):
        ledger.counts()
    with pytest.raises(StoreError, match="closed"):
        ledger.begin("nothing", 1.0)


def test_closing_leaves_one_file(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "traumbox.db")
    ledger.begin("nothing", 1.0)
    ledger.counts()
    ledger.close()
    assert [path.name for path in tmp_path.iterdir()] == ["traumbox.db"]
