from __future__ import annotations

from pathlib import Path

import pytest

from tests.stores.files import V1, V2, at, drop, gone, hear, heard, row, state
from tests.stores.oldledger import write_schema_3
from traumbox.domain import Changes, Descriptors
from traumbox.stores.ledger import Ledger
from traumbox.stores.ledger.renewing import FIRST


def outdate(ledger: Ledger, *track_ids: str) -> None:
    with ledger.database.writing() as db:
        for track_id in track_ids:
            db.execute("UPDATE files SET heard_version = 0 WHERE track_id = ?", (track_id,))


@pytest.fixture
def old(ledger: Ledger) -> list[str]:
    """Three tracks, all of them heard by an older edition."""
    ids = [*drop(ledger, "a", "b"), *drop(ledger, "c", folder="other")]
    hear(ledger, *ids)
    outdate(ledger, *ids)
    return ids


def ids_of(ledger: Ledger, *folders: str) -> list[str]:
    found, after = [], FIRST
    while (one := ledger.next_outdated(folders, after)) is not None:
        after = one[0]
        found.append(one[1].track_id)
    return found


def test_all_that_was_heard_before_editions_were_counted_is_outdated(tmp_path: Path) -> None:
    write_schema_3(tmp_path / "traumbox.db")
    ledger = Ledger(tmp_path / "traumbox.db")
    assert ledger.outdated_count() == ledger.counts()["indexed"] == 2
    assert ids_of(ledger, "Music", "Old") == ["Music-indexed-1-0", "Old-indexed-1-0"]
    ledger.close()


def test_what_is_heard_now_is_not(ledger: Ledger) -> None:
    (a,) = drop(ledger, "a")
    assert ledger.outdated_count() == 0  # it waits to be heard for the first time
    hear(ledger, a)
    assert ledger.outdated_count() == 0
    assert ids_of(ledger, "music") == []


def test_they_come_one_by_one_from_the_folders_named(ledger: Ledger, old: list[str]) -> None:
    assert ledger.outdated_count() == 3
    assert ids_of(ledger, "music", "other") == old
    assert ids_of(ledger, "other") == old[2:]
    assert ids_of(ledger) == []


def test_hearing_one_again_takes_it_out_and_keeps_what_it_is(
    ledger: Ledger, old: list[str]
) -> None:
    before = row(ledger, old[0])
    more = Descriptors(120.0, percussive=0.5)
    ledger.mark_indexed([(old[0], V1, heard(descriptors=more), "")], 9.0)
    after = row(ledger, old[0])
    assert after.descriptors == more
    assert (after.added_at_s, after.first_seen_s) == (before.added_at_s, before.first_seen_s)
    assert ids_of(ledger, "music", "other") == old[1:]


def test_what_waits_fails_or_is_gone_is_no_matter_of_renewal(
    ledger: Ledger, old: list[str]
) -> None:
    ledger.apply(Changes(changed={old[0]: V2}), 5.0)
    gone(ledger, old[1])
    ledger.mark_failed(old[2], V1, "it is empty", 5.0)
    assert ledger.outdated_count() == 0
    assert not ledger.keep_as_known(old[2])
    assert state(ledger, old[2]) == "failed"


def test_one_that_returns_from_a_rule_is_outdated_as_before(ledger: Ledger, old: list[str]) -> None:
    ledger.apply(Changes(excluded={old[0]: "a rule"}), 5.0)
    assert ids_of(ledger, "music") == [old[1]]
    ledger.apply(Changes(included={old[0]: V1}), 6.0)
    assert ids_of(ledger, "music") == old[:2]


def test_what_is_known_of_one_can_be_let_do(ledger: Ledger, old: list[str]) -> None:
    before = row(ledger, old[0])
    ledger.begin(old[0], 8.0)
    assert ledger.keep_as_known(old[0])
    assert row(ledger, old[0]) == before
    assert ledger.struck() == []
    assert ledger.outdated_count() == 2
    assert not ledger.keep_as_known(old[0])


def test_who_takes_over_an_id_brings_the_edition_along(ledger: Ledger, old: list[str]) -> None:
    (fresh,) = drop(ledger, "fresh")
    hear(ledger, fresh)
    gone(ledger, old[0])
    ledger.take_over(old[0], fresh, 9.0)
    assert row(ledger, old[0]).location == at("fresh")
    assert ids_of(ledger, "music") == [old[1]]
