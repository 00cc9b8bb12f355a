from __future__ import annotations

from tests.stores.files import V1, at, drop, gone, hear, row
from traumbox.domain import Changes, Removal
from traumbox.stores.folders import FolderBook
from traumbox.stores.ledger import Ledger

DAY_S = 86_400.0


def test_removals_are_what_one_scan_found_gone_in_a_folder(ledger: Ledger) -> None:
    ids = drop(ledger, *"edcba")
    (other,) = drop(
        ledger, "x\udcff".encode(errors="surrogateescape").decode("latin-1"), folder="o"
    )
    gone(ledger, ids[0], now_s=5.0)
    gone(ledger, *ids[1:], other, now_s=7.0)
    latest, second, first = ledger.removals(100.0)
    assert latest == Removal("o", 7.0, 107.0, 1, ("xÿ",))
    assert second == Removal("music", 7.0, 107.0, 4, ("a", "b", "c"))
    assert first == Removal("music", 5.0, 105.0, 1, ("e",))
    assert ledger.removals(100.0, limit=1) == [latest]
    ledger.apply(Changes(moved={other: (at("x", "o"), V1)}), 8.0)
    assert [removal.folder for removal in ledger.removals(100.0)] == ["music", "music"]


def look(ledger: Ledger, *days: int, full: bool = True, clean: bool = True) -> None:
    book = FolderBook(ledger.database)
    for day in days:
        at_s = day * DAY_S
        book.note_scan("music", at_s, 1, full=full, clean=clean, day=f"2026-03-{day:02}")


def test_what_is_missing_is_purged_after_its_time_and_three_clean_days(ledger: Ledger) -> None:
    a, b, c = drop(ledger, *"abc")
    hear(ledger, a)
    gone(ledger, a, now_s=1 * DAY_S)
    gone(ledger, b, now_s=2 * DAY_S)
    look(ledger, 1, 2, 3)
    assert ledger.purge("music", 9 * DAY_S) == []  # the scan that found it gone doesn't count
    look(ledger, 4)
    assert ledger.purge("music", 1 * DAY_S - 1.0) == []
    assert ledger.purge("other", 9 * DAY_S) == []
    assert ledger.purge("music", 1 * DAY_S) == [a]
    assert ledger.purge("music", 9 * DAY_S) == []
    look(ledger, 5)
    assert ledger.purge("music", 9 * DAY_S) == [b]
    assert ledger.known_ids() == {c}


def test_scans_that_are_not_full_and_clean_or_on_one_day_do_not_count(ledger: Ledger) -> None:
    (a,) = drop(ledger, "a")
    gone(ledger, a, now_s=1 * DAY_S)
    look(ledger, 2, 3)
    look(ledger, 4, full=False)
    look(ledger, 5, clean=False)
    assert ledger.purge("music", 9 * DAY_S) == []
    book = FolderBook(ledger.database)
    for hour in range(24):
        now_s = 3 * DAY_S + 3600 * hour
        book.note_scan("music", now_s, 1, full=True, clean=True, day="2026-03-03")
    assert ledger.purge("music", 9 * DAY_S) == []
    look(ledger, 6, 6, 6)
    assert ledger.purge("music", 9 * DAY_S) == [a]


def test_a_clock_that_was_wrong_purges_nothing_early(ledger: Ledger) -> None:
    (a,) = drop(ledger, "a")
    look(ledger, 28, 29, 30)  # the future, as it turns out
    gone(ledger, a, now_s=3 * DAY_S)
    look(ledger, 3, 4)
    assert ledger.purge("music", 9 * DAY_S) == []
    look(ledger, 5)
    assert ledger.purge("music", 9 * DAY_S) == []
    look(ledger, 6)
    assert ledger.purge("music", 9 * DAY_S) == [a]


def test_all_that_is_missing_in_a_folder_can_be_forgotten_at_once(ledger: Ledger) -> None:
    a, b = drop(ledger, "a", "b")
    (c,) = drop(ledger, "c", folder="other")
    gone(ledger, a, c)
    assert ledger.forget_missing("music") == [a]
    assert ledger.known_ids() == {b, c}
    assert row(ledger, c).missing_since_s == 4.0
