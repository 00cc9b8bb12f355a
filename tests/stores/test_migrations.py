from __future__ import annotations

from pathlib import Path

import pytest

from tests.stores.oldledger import STATES, write_schema_3
from traumbox.domain import Descriptors, FileStat, Location, Media, Tags
from traumbox.errors import StoreError
from traumbox.stores.folders import FolderBook, FolderRow
from traumbox.stores.ledger import Ledger
from traumbox.stores.migrations import LEDGER
from traumbox.stores.rows import FileRow
from traumbox.stores.spaces import Spaces
from traumbox.stores.sqlite import Database
from traumbox.stores.switches import Switches


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "traumbox.db"
    write_schema_3(path)
    return path


def test_every_row_of_the_old_ledger_is_there_as_it_was(old: Path) -> None:
    with_old = Database(old, LEDGER[:3])
    with with_old.reading() as db:
        ids = [track_id for (track_id,) in db.execute("SELECT track_id FROM files")]
    with_old.close()
    ledger = Ledger(old)
    assert len(ids) == 28
    assert ledger.known_ids() == set(ids)
    name = "Music-indexed-1-9"
    assert ledger.row(name) == FileRow(
        track_id=name,
        location=Location("Music", name.encode() + b"\xff.flac"),
        stat=FileStat(100, 1_700_000_000_000_000_001, 2**63 - 5),  # the lower 63 bits of -5
        state="indexed",
        reason="",
        audio_id=f"sound-{name}",
        fingerprint="",
        attempts=1,
        next_try_s=50.0,
        pending_since_s=None,
        urgent_since_s=None,
        first_seen_s=5.0,
        last_seen_s=6.0,
        missing_since_s=9.0,
        added_at_s=7.0,
        duration_s=12.5,
        media=Media("flac", "flac", 44_100, 2),
        tags=Tags(title="Song \ud83d", year=1999),
        descriptors=Descriptors(120.5, "F# minor", -14.2),
    )
    rows = ledger.rows(ids)
    for track_id, row in rows.items():
        folder, state, heard, missing = track_id.split("-")
        assert (row.location.folder, row.state) == (folder, state)
        assert (row.audio_id is not None, row.missing_since_s) == (
            heard == "1",
            float(missing) or None,
        )
        assert row.pending_since_s == (None if state == "indexed" else 5.0)
    assert ledger.struck() == ["Music-pending-0-0"]
    counts = {"indexed": 2, "pending": 4, "failed": 4, "excluded": 4}
    assert ledger.counts() == counts
    assert ledger.missing_count() == 14
    assert {state for state in STATES if ledger.page(99, states=[state], missing=True)} == set(
        STATES
    )


def test_the_time_of_the_last_scan_moves_into_the_book(old: Path) -> None:
    book = FolderBook(Ledger(old).database)
    assert book.all() == [
        FolderRow("Music", baseline_s=9.5, last_s=9.5, last_full_s=9.5, files=123)
    ]
    assert not Switches(Ledger(old).database).paused


def test_the_old_ledger_goes_on_working(old: Path) -> None:
    ledger = Ledger(old)
    assert Spaces(ledger.database).serving() is None
    found = ledger.next_pending(100.0, folders=[["Old"], ["Music"]], baselines={"Music": 9.5})
    assert found is not None
    assert found.track_id == "Old-pending-0-0"
    assert set(ledger.rows_by_audio(["sound-Music-indexed-1-0", "sound-Music-pending-1-0"])) == {
        "sound-Music-indexed-1-0",
        "sound-Music-pending-1-0",
    }
    assert (
        len(ledger.missing_like([found.stat])) == 3
    )  # pending, failed and excluded, none of them heard


def test_a_ledger_of_a_later_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "traumbox.db"
    Database(path, [*LEDGER, ("CREATE TABLE later (x)",)]).close()
    before = path.read_bytes()
    known = len(LEDGER)
    wanted = rf"newer traumbox \(schema {known + 1}; this one knows up to {known}\)"
    with pytest.raises(StoreError, match=wanted):
        Ledger(path)
    assert path.read_bytes()[100:] == before[100:]
