from __future__ import annotations

from pathlib import Path

import pytest

from tests.stores.files import V1, at, drop, gone, hear, row, state
from traumbox.domain import Changes
from traumbox.stores.folders import FolderBook, FolderRow
from traumbox.stores.ledger import Ledger
from traumbox.stores.switches import Switches


@pytest.fixture
def book(ledger: Ledger) -> FolderBook:
    return FolderBook(ledger.database)


def test_nothing_is_known_of_a_folder_that_was_never_noted(book: FolderBook) -> None:
    assert (book.row("music"), book.all(), book.baselines()) == (None, [], {})
    assert (book.identity("music"), book.baseline_s("music")) == ("", None)


def test_scans_are_remembered_by_folder(book: FolderBook) -> None:
    book.note_scan("music", 5.0, 10, full=True, clean=True, day="2026-01-01")
    book.note_scan("music", 6.5, None, full=False, clean=True, day="2026-01-01")
    book.note_scan("other", 1.0, None, full=False, clean=False, day="2026-01-01")
    assert book.row("music") == FolderRow("music", last_s=6.5, last_full_s=5.0, files=10)
    assert book.row("other") == FolderRow("other", last_s=1.0)
    book.note_scan("music", 9.0, 7, full=True, clean=False, day="2026-01-02")
    assert book.row("music") == FolderRow("music", last_s=9.0, last_full_s=9.0, files=7)


def test_root_and_identity_are_kept_whatever_bytes_they_have(book: FolderBook) -> None:
    book.take("music", "/old")
    book.take("music", Path("/mnt/M\udcfcsik"))
    book.remember("music", '{"kind": "ext4"}')
    assert book.row("music") == FolderRow("music", "/mnt/M\udcfcsik", '{"kind": "ext4"}')
    assert book.identity("music") == '{"kind": "ext4"}'


def test_the_first_baseline_counts(book: FolderBook) -> None:
    book.take("other", "/other")
    book.set_baseline("music", 5.0)
    book.set_baseline("music", 9.0)
    assert (book.baseline_s("music"), book.baselines()) == (5.0, {"music": 5.0})


def test_a_forgotten_folder_starts_afresh(book: FolderBook) -> None:
    book.set_baseline("music", 5.0)
    book.forget("music")
    book.set_baseline("music", 9.0)
    assert book.baseline_s("music") == 9.0


def test_folders_taken_out_are_missing_and_nothing_else_changes(ledger: Ledger) -> None:
    (a,) = drop(ledger, "a")
    (b,) = drop(ledger, "b", folder="old")
    (c,) = drop(ledger, "c", folder="older")
    hear(ledger, b)
    gone(ledger, c)
    assert ledger.folders() == ["music", "old", "older"]
    assert ledger.set_aside(["music"], 9.0) == 1
    assert [row(ledger, i).missing_since_s for i in (a, b, c)] == [None, 9.0, 4.0]
    assert state(ledger, b) == "indexed"
    assert ledger.set_aside(["music"], 10.0) == 0
    assert ledger.set_aside([], 11.0) == 1


def test_a_renamed_folder_keeps_every_file_and_its_page_in_the_book(ledger: Ledger) -> None:
    book = FolderBook(ledger.database)
    book.take("old", "/music")
    book.take("new", "/gone")
    a, _ = drop(ledger, "a", "b", folder="old")
    hear(ledger, a)
    ledger.rename_folder("old", "new", 5.0)
    assert set(ledger.known()) == {at("a", "new"), at("b", "new")}
    assert (row(ledger, a).location, state(ledger, a)) == (at("a", "new"), "indexed")
    assert [(entry.folder, entry.root) for entry in book.all()] == [("new", "/music")]


def test_a_renamed_folder_makes_way_for_itself_and_loses_nothing(ledger: Ledger) -> None:
    everything = []
    for folder in ("old", "new"):  # each with files that are missing and have no place
        everything += drop(ledger, "a", "b", folder=folder)
        for _ in range(3):
            everything += drop(ledger, "c", folder=folder)
            ledger.apply(Changes(moved={everything[-1]: (at("a", folder), V1)}), 2.0)
    ledger.set_aside(["old"], 3.0)
    ledger.rename_folder("old", "new", 4.0)
    assert ledger.known_ids() == set(everything)
    assert ledger.folders() == ["new"]
    there = {row.track_id for row in ledger.rows(everything).values() if not row.missing_since_s}
    assert there == {everything[1], everything[4]}
    assert {place.path for place in ledger.known()} == {b"a", b"b"}


def test_a_pause_survives_a_restart(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "traumbox.db")
    switches = Switches(ledger.database)
    assert not switches.paused
    switches.pause(5.0)
    switches.pause(9.0)
    ledger.close()
    ledger = Ledger(tmp_path / "traumbox.db")
    switches = Switches(ledger.database)
    assert switches.paused
    assert switches.paused_since_s == 5.0
    switches.resume()
    switches.resume()
    assert not Switches(ledger.database).paused
    ledger.close()
