from __future__ import annotations

import pytest

from tests.stores.files import V1, at, drop, gone, hear, heard
from traumbox.domain import Changes, Location
from traumbox.stores.ledger import Ledger


def test_the_newest_additions_come_first(ledger: Ledger) -> None:
    ids = drop(ledger, *"abcd")
    for track_id, now_s in zip(ids, (5.0, 9.0, 7.0, 9.0), strict=True):
        ledger.mark_indexed([(track_id, V1, heard(), "")], now_s)
    ledger.apply(Changes(gone=frozenset([ids[2]])), 10.0)
    assert [found.track_id for found in ledger.recently_added(9)] == [ids[1], ids[3], ids[0]]
    assert [found.track_id for found in ledger.recently_added(1)] == [ids[1]]


def test_the_four_counts_add_up(ledger: Ledger) -> None:
    ids = drop(ledger, *(f"{i}.mp3" for i in range(10)))
    ledger.mark_indexed([(i, V1, heard(i), "") for i in ids[:4]], 2.0)
    ledger.mark_failed(ids[4], V1, "x", 2.0)
    ledger.mark_failed(ids[5], V1, "x", 2.0, next_try_s=9.0)
    ledger.apply(
        Changes(excluded=dict.fromkeys(ids[6:8], "left out"), gone=frozenset(ids[8:9])), 3.0
    )
    assert ledger.counts() == {"indexed": 4, "pending": 2, "failed": 1, "excluded": 2}
    assert sum(ledger.counts().values()) == len(ledger.page(100)[0]) == 9


def test_counts_go_by_folder_and_tell_what_is_missing(ledger: Ledger) -> None:
    a, b = drop(ledger, "a", "b")
    (c,) = drop(ledger, "c", folder="other")
    hear(ledger, a, c)
    gone(ledger, b, c)
    nothing = {"indexed": 0, "pending": 0, "failed": 0, "excluded": 0, "missing": 0}
    assert ledger.counts_by_folder() == {
        "music": nothing | {"indexed": 1, "missing": 1},
        "other": nothing | {"missing": 1},
    }
    assert ledger.missing_count() == 2


def test_pages_of_one_folder_and_of_what_is_missing(ledger: Ledger) -> None:
    drop(ledger, "z")
    ids = drop(ledger, *"abcde", folder="other")
    gone(ledger, ids[1], ids[3])
    rows, cursor = ledger.page(2, folder="other")
    rows += ledger.page(2, cursor or "", folder="other")[0]
    assert [found.track_id for found in rows] == [ids[0], ids[2], ids[4]]
    rows, cursor = ledger.page(1, missing=True)
    rows += ledger.page(1, cursor or "", missing=True)[0]
    assert [found.track_id for found in rows] == [ids[1], ids[3]]
    assert ledger.page(9, folder="music", missing=True) == ([], None)


def test_pages_cover_the_parts_of_one_file_and_rows_without_a_place(ledger: Ledger) -> None:
    places = [at("a.flac", part=part) for part in range(5)]
    ledger.apply(Changes(new=dict.fromkeys(places, V1)), 1.0)
    for number in range(6):
        (moved,) = drop(ledger, f"{number}.flac")
        ledger.apply(Changes(moved={moved: (places[2], V1)}), 2.0)
    for missing, wanted in ((False, places), (True, [places[2]] * 6)):
        seen: list[Location] = []
        cursor: str | None = ""
        while cursor is not None:
            rows, cursor = ledger.page(2, cursor, missing=missing)
            seen += [found.location for found in rows]
        assert seen == wanted


def test_copies_of_a_sound_come_by_path(ledger: Ledger) -> None:
    ids = drop(ledger, "b.mp3", "a.mp3", "c.mp3")
    ledger.mark_indexed(
        [(ids[0], V1, heard("x"), ""), (ids[1], V1, heard("x"), ""), (ids[2], V1, heard("y"), "")],
        2.0,
    )
    found = ledger.rows_by_audio(["x", "nothing"])
    assert {k: [r.track_id for r in v] for k, v in found.items()} == {"x": [ids[1], ids[0]]}
    assert len(ledger.rows_by_audio([f"s{i}" for i in range(5000)] + ["y"])) == 1
    assert set(ledger.rows([ids[0], "nothing"])) == {ids[0]}


@pytest.mark.parametrize("size", [1, 3, 7, 100])
def test_pages_cover_every_file_once_in_order(ledger: Ledger, size: int) -> None:
    names = [b"b", b"a\xff", b"a", b"a/z", b"A", "ä".encode(), b"c"]
    places = [Location(folder, name) for folder in ("y", "x") for name in names]
    ledger.apply(Changes(new=dict.fromkeys(places, V1)), 1.0)
    seen: list[Location] = []
    cursor: str | None = ""
    while cursor is not None:
        rows, cursor = ledger.page(size, cursor)
        assert len(rows) <= size
        seen += [found.location for found in rows]
    assert seen == sorted(places)


def test_paging_goes_on_where_it_was_although_files_come_and_go(ledger: Ledger) -> None:
    ids = drop(ledger, "a", "c", "e", "g")
    _, cursor = ledger.page(2)
    assert cursor is not None
    drop(ledger, "b", "d")
    ledger.forget([ids[1]])  # the very file the cursor was taken at
    rows, _ = ledger.page(10, cursor)
    assert [found.location.path for found in rows] == [b"d", b"e", b"g"]


def test_pages_of_some_states(ledger: Ledger) -> None:
    ids = drop(ledger, *"abcdef")
    for track_id in ids[::2]:
        ledger.mark_failed(track_id, V1, "x", 2.0)
    rows, cursor = ledger.page(2, states=("failed",))
    assert [found.track_id for found in rows] == [ids[0], ids[2]]
    assert cursor is not None
    rows, cursor = ledger.page(2, cursor, states=("failed", "indexed"))
    assert [found.track_id for found in rows] == [ids[4]]
    assert cursor is None


@pytest.mark.parametrize("cursor", ["nonsense", "WzFd", "e30", "ä", "WyJhIiwgInp6Il0"])
def test_a_made_up_cursor_is_refused(ledger: Ledger, cursor: str) -> None:
    with pytest.raises(ValueError, match="cursor"):
        ledger.page(10, cursor)
