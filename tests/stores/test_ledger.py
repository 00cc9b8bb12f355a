from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from traumbox.domain import Changes, Descriptors, FileStat, Heard, Location, Media, Tags
from traumbox.errors import StoreError
from traumbox.stores.ledger import FileRow, Ledger

MEDIA = Media("matroska,webm", "opus", 48_000, 6)
V1, V2 = FileStat(100, 1_700_000_000_000_000_001, 11), FileStat(101, -5, 12)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    numbers = count(1)
    ledger = Ledger(tmp_path / "traumbox.db", fresh_id=lambda: f"id{next(numbers)}")
    yield ledger
    ledger.close()


def at(path: str, folder: str = "music") -> Location:
    return Location(folder, path.encode())


def heard(audio_id: str = "sound", **more: object) -> Heard:
    return Heard(audio_id, 12.5, MEDIA, **more)  # type: ignore[arg-type]


def drop(ledger: Ledger, *paths: str, now_s: float = 1.0, stat: FileStat = V1) -> list[str]:
    """New files appear; return their track ids."""
    ledger.apply(Changes(new={at(path): stat for path in paths}), now_s)
    known = ledger.known()
    return [known[at(path)].track_id for path in paths]


def row(ledger: Ledger, track_id: str) -> FileRow:
    found = ledger.row(track_id)
    assert found is not None
    return found


def test_a_new_file_is_pending_under_an_id_of_its_own(ledger: Ledger) -> None:
    a, b = drop(ledger, "a.mp3", "b.mp3", now_s=7.0)
    assert a != b
    assert row(ledger, a) == FileRow(
        track_id=a,
        location=at("a.mp3"),
        stat=V1,
        state="pending",
        reason="",
        audio_id=None,
        attempts=0,
        next_try_s=None,
        first_seen_s=7.0,
        last_seen_s=7.0,
        missing_since_s=None,
        added_at_s=None,
        duration_s=None,
        media=None,
        tags=Tags(),
        descriptors=Descriptors(),
    )
    with pytest.raises(ValueError, match=r"a\.mp3"):
        row(ledger, a).as_track()


def test_ids_are_made_up_fresh(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "traumbox.db")
    ids = drop(ledger, *(f"{i}.mp3" for i in range(100)))
    assert len(set(ids)) == 100
    assert all(len(track_id) == 16 and int(track_id, 16) >= 0 for track_id in ids)


def test_names_that_are_no_utf8_and_both_spellings_of_one_are_kept_apart(ledger: Ledger) -> None:
    places = [
        Location("music", b"K\xf6ln.mp3"),
        Location("music", "K\u00f6ln.mp3".encode()),
        Location("music", "Ko\u0308ln.mp3".encode()),
        Location("music", b"line\nbreak.mp3"),
        Location("other", b"K\xf6ln.mp3"),
    ]
    ledger.apply(Changes(new=dict.fromkeys(places, V1)), 1.0)
    assert set(ledger.known()) == set(places)
    rows, _ = ledger.page(10)
    assert {found.location for found in rows} == set(places)


@pytest.mark.parametrize("inode", [0, 1, 2**63 - 1, 2**63, 2**64 - 1])
def test_any_64_bit_inode_comes_back_as_it_was(ledger: Ledger, inode: int) -> None:
    (a,) = drop(ledger, "a.mp3", stat=FileStat(2**40, -1, inode))
    assert row(ledger, a).stat == ledger.known()[at("a.mp3")].stat == FileStat(2**40, -1, inode)


def test_what_was_heard_comes_back_whole(ledger: Ledger) -> None:
    (a,) = drop(ledger, "a.mp3")
    tags = Tags("Title ä", "half \ud83d", "Album", "Album Artist", "Genre", 1999, 3, 1)
    found = Descriptors(120.5, "F# minor", -14.2, 2048.0)
    ledger.begin(a, 2.0)
    ledger.mark_indexed(
        [(a, V2, heard(tags=tags, descriptors=found, mark="cut short: \udcff"))], 3.0
    )
    done = row(ledger, a)
    assert (done.state, done.audio_id, done.added_at_s) == ("indexed", "sound", 3.0)
    assert (done.stat, done.duration_s, done.attempts) == (V2, 12.5, 0)
    assert (done.media, done.tags, done.descriptors) == (MEDIA, tags, found)
    assert done.reason == "cut short: \\udcff"
    assert done.as_track().tags == tags
    assert ledger.indexed() == {a: "sound"}
    assert ledger.struck() == []


def test_hearing_a_file_again_keeps_when_it_was_added(ledger: Ledger) -> None:
    (a,) = drop(ledger, "a.mp3")
    ledger.mark_indexed([(a, V1, heard())], 3.0)
    ledger.apply(Changes(changed={a: V2}), 4.0)
    ledger.mark_indexed([(a, V2, heard("other"))], 5.0)
    assert row(ledger, a).added_at_s == 3.0
    assert row(ledger, a).audio_id == "other"


def test_a_changed_file_is_pending_and_keeps_what_was_heard(ledger: Ledger) -> None:
    (a,) = drop(ledger, "a.mp3")
    ledger.mark_indexed([(a, V1, heard(tags=Tags(title="T")))], 3.0)
    ledger.apply(Changes(changed={a: V2}), 4.0)
    changed = row(ledger, a)
    assert (changed.state, changed.stat, changed.last_seen_s) == ("pending", V2, 4.0)
    assert (changed.audio_id, changed.tags.title) == ("sound", "T")
    assert ledger.rows_by_audio(["sound"]) == {}


def test_a_failed_file_that_changes_gets_all_its_tries_again(ledger: Ledger) -> None:
    (a,) = drop(ledger, "a.mp3")
    ledger.begin(a, 2.0)
    ledger.mark_failed(a, V1, "it is empty", 2.0)
    assert (row(ledger, a).state, row(ledger, a).reason) == ("failed", "it is empty")
    ledger.apply(Changes(changed={a: V2}), 3.0)
    again = row(ledger, a)
    assert (again.state, again.reason, again.attempts) == ("pending", "", 0)


def test_a_moved_file_keeps_id_state_and_sound(ledger: Ledger) -> None:
    (a,) = drop(ledger, "a.mp3")
    ledger.mark_indexed([(a, V1, heard())], 3.0)
    ledger.apply(Changes(gone=frozenset([a])), 4.0)
    ledger.apply(Changes(moved={a: (at("b/a.mp3", "new"), V2)}), 5.0)
    moved = row(ledger, a)
    assert (moved.location, moved.stat, moved.state) == (at("b/a.mp3", "new"), V2, "indexed")
    assert (moved.missing_since_s, moved.last_seen_s) == (None, 5.0)
    assert set(ledger.known()) == {at("b/a.mp3", "new")}


def test_two_files_may_change_places(ledger: Ledger) -> None:
    a, b = drop(ledger, "a.mp3", "b.mp3")
    ledger.apply(Changes(moved={a: (at("b.mp3"), V1), b: (at("a.mp3"), V1)}), 2.0)
    known = ledger.known()
    assert (known[at("b.mp3")].track_id, known[at("a.mp3")].track_id) == (a, b)


def test_a_file_may_move_to_where_a_vanished_one_was(ledger: Ledger) -> None:
    a, b = drop(ledger, "a.mp3", "b.mp3")
    ledger.apply(Changes(moved={a: (at("b.mp3"), V1)}, gone=frozenset([b])), 2.0)
    assert {place: file.track_id for place, file in ledger.known().items()} == {at("b.mp3"): a}
    assert ledger.row(b) is None


def test_a_new_file_may_take_the_place_of_a_moved_one_in_the_same_scan(ledger: Ledger) -> None:
    (a,) = drop(ledger, "a.mp3")
    ledger.apply(Changes(moved={a: (at("b.mp3"), V1)}, new={at("a.mp3"): V2}), 2.0)
    known = ledger.known()
    assert known[at("b.mp3")].track_id == a
    assert known[at("a.mp3")].track_id != a


def test_a_vanished_file_is_remembered_but_not_shown(ledger: Ledger) -> None:
    a, b = drop(ledger, "a.mp3", "b.mp3")
    ledger.mark_indexed([(a, V1, heard()), (b, V1, heard())], 3.0)
    ledger.apply(Changes(gone=frozenset([a])), 4.0)
    ledger.apply(Changes(gone=frozenset([a])), 9.0)
    assert row(ledger, a).missing_since_s == 4.0
    assert ledger.known()[at("a.mp3")].missing
    assert not ledger.known()[at("b.mp3")].missing
    assert [found.track_id for found in ledger.rows_by_audio(["sound"])["sound"]] == [b]
    assert [found.track_id for found in ledger.page(9)[0]] == [b]
    assert ledger.counts()["indexed"] == 1
    assert set(ledger.indexed()) == {a, b}
    ledger.apply(Changes(changed={a: V2}), 10.0)
    assert row(ledger, a).missing_since_s is None


def test_an_excluded_file_comes_back_when_it_turns_up(ledger: Ledger) -> None:
    (a,) = drop(ledger, "a.mp3")
    ledger.apply(Changes(excluded=frozenset([a])), 2.0)
    assert ledger.counts() == {"indexed": 0, "pending": 0, "failed": 0, "excluded": 1}
    assert ledger.next_pending(9.0) is None
    ledger.apply(Changes(changed={a: V1}), 3.0)
    assert row(ledger, a).state == "pending"


def test_a_scan_is_written_as_a_whole_or_not_at_all(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "traumbox.db", fresh_id=lambda: "always the same")
    with pytest.raises(StoreError, match="UNIQUE"):
        ledger.apply(Changes(new={at("a.mp3"): V1, at("b.mp3"): V1}), 1.0)
    assert ledger.known() == {}
    drop(ledger, "c.mp3")
    assert set(ledger.known()) == {at("c.mp3")}


def test_a_new_drop_goes_before_the_backlog_and_by_path_within(ledger: Ledger) -> None:
    old = drop(ledger, "b.mp3", "a.mp3", now_s=1.0)
    new = drop(ledger, "z/2.mp3", "z/1.mp3", now_s=2.0)
    order = []
    while found := ledger.next_pending(5.0, skip=order):
        order.append(found.track_id)
    assert order == [new[1], new[0], old[1], old[0]]


def test_only_files_of_the_folders_asked_for_are_next(ledger: Ledger) -> None:
    ledger.apply(Changes(new={at("a.mp3", "away"): V1}), 2.0)
    (b,) = drop(ledger, "b.mp3")
    found = ledger.next_pending(5.0, folders=["music", "it's"])
    assert found is not None
    assert found.track_id == b
    assert ledger.next_pending(5.0, folders=[]) is None
    assert ledger.next_pending(5.0, skip=[b], folders=["music"]) is None


def test_a_retry_waits_for_its_time(ledger: Ledger) -> None:
    (a,) = drop(ledger, "a.mp3")
    ledger.begin(a, 10.0)
    ledger.mark_failed(a, V1, "reading it failed", 10.0, next_try_s=70.0)
    waiting = row(ledger, a)
    assert (waiting.state, waiting.reason, waiting.next_try_s) == (
        "pending",
        "reading it failed",
        70.0,
    )
    assert waiting.attempts == 1
    assert ledger.next_pending(69.9) is None
    assert ledger.next_pending(70.0) == waiting


def test_a_missing_file_is_not_heard(ledger: Ledger) -> None:
    (a,) = drop(ledger, "a.mp3")
    ledger.apply(Changes(gone=frozenset([a])), 2.0)
    assert ledger.next_pending(5.0) is None
    ledger.apply(Changes(moved={a: (at("a.mp3"), V1)}), 3.0)
    assert ledger.next_pending(5.0) is not None


def test_what_was_in_hand_when_the_process_died_is_known(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "traumbox.db")
    a, b = drop(ledger, "a.mp3", "b.mp3")
    ledger.begin(a, 1.0)
    ledger.begin(b, 2.0)  # a was heard, and waits in the batch
    again = Ledger(tmp_path / "traumbox.db")
    assert again.struck() == [b]
    assert row(again, b).attempts == 1
    again.begin(b, 3.0)
    assert row(again, b).attempts == 2
    again.mark_failed(b, V1, "it never came to an end", 4.0)
    assert again.struck() == []


def test_requeue_takes_those_asked_for(ledger: Ledger) -> None:
    a, b, c = drop(ledger, "a.mp3", "b.mp3", "c.mp3")
    ledger.begin(a, 1.0)
    ledger.mark_failed(a, V1, "x", 2.0)
    ledger.mark_failed(b, V1, "x", 2.0)
    ledger.mark_indexed([(c, V1, heard())], 2.0)
    assert ledger.requeue([a, c, "no such id"]) == 1
    assert [row(ledger, i).state for i in (a, b, c)] == ["pending", "failed", "indexed"]
    assert (row(ledger, a).attempts, row(ledger, a).reason) == (0, "")
    assert ledger.requeue() == 1
    assert ledger.requeue([c], states=("indexed",)) == 1
    assert ledger.requeue([]) == 0
    assert ledger.counts() == {"indexed": 0, "pending": 3, "failed": 0, "excluded": 0}


def test_the_newest_additions_come_first(ledger: Ledger) -> None:
    ids = drop(ledger, *"abcd")
    for track_id, now_s in zip(ids, (5.0, 9.0, 7.0, 9.0), strict=True):
        ledger.mark_indexed([(track_id, V1, heard())], now_s)
    ledger.apply(Changes(gone=frozenset([ids[2]])), 10.0)
    assert [found.track_id for found in ledger.recently_added(9)] == [ids[1], ids[3], ids[0]]
    assert [found.track_id for found in ledger.recently_added(1)] == [ids[1]]


def test_failures_are_found_by_their_reason(ledger: Ledger) -> None:
    a, b, c = drop(ledger, "a.mp3", "b.mp3", "c.mp3")
    for track_id, reason in ((a, "no right"), (b, "empty"), (c, "no right")):
        ledger.mark_failed(track_id, V1, reason, 2.0)
    ledger.apply(Changes(gone=frozenset([c])), 3.0)
    assert [found.track_id for found in ledger.failed_because("no right")] == [a]


def test_the_four_counts_add_up(ledger: Ledger) -> None:
    ids = drop(ledger, *(f"{i}.mp3" for i in range(10)))
    ledger.mark_indexed([(i, V1, heard(i)) for i in ids[:4]], 2.0)
    ledger.mark_failed(ids[4], V1, "x", 2.0)
    ledger.mark_failed(ids[5], V1, "x", 2.0, next_try_s=9.0)
    ledger.apply(Changes(excluded=frozenset(ids[6:8]), gone=frozenset(ids[8:9])), 3.0)
    assert ledger.counts() == {"indexed": 4, "pending": 2, "failed": 1, "excluded": 2}
    assert sum(ledger.counts().values()) == len(ledger.page(100)[0]) == 9


def test_copies_of_a_sound_come_by_path(ledger: Ledger) -> None:
    ids = drop(ledger, "b.mp3", "a.mp3", "c.mp3")
    ledger.mark_indexed(
        [(ids[0], V1, heard("x")), (ids[1], V1, heard("x")), (ids[2], V1, heard("y"))], 2.0
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


def test_scans_are_remembered_by_folder(ledger: Ledger) -> None:
    assert ledger.last_scan("music") is None
    ledger.record_scan("music", 5.0, 10)
    ledger.record_scan("music", 6.5, 11)
    ledger.record_scan("other", 1.0, 0)
    assert ledger.last_scan("music") == 6.5
    assert ledger.last_scan("other") == 1.0


def test_forgotten_files_are_new_when_they_come_back(ledger: Ledger) -> None:
    (a,) = drop(ledger, "a.mp3")
    ledger.forget([a, "no such id"])
    assert ledger.row(a) is None
    assert drop(ledger, "a.mp3") != [a]


def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    first = Ledger(tmp_path / "traumbox.db")
    (a,) = drop(first, "a.mp3")
    first.mark_indexed([(a, V1, heard())], 2.0)
    before = first.row(a)
    first.close()
    assert Ledger(tmp_path / "traumbox.db").row(a) == before


def test_many_threads_read_while_one_writes(ledger: Ledger) -> None:
    errors: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                total = sum(ledger.counts().values())
                rows, _ = ledger.page(1000)
                assert len(rows) >= total
                assert total % 10 == 0  # never half a scan
                ledger.next_pending(1e9)
                ledger.known()
        except BaseException as error:  # noqa: BLE001 - a thread's errors are judged below
            errors.append(error)

    readers = [threading.Thread(target=read) for _ in range(8)]
    for reader in readers:
        reader.start()
    for batch in range(20):
        drop(ledger, *(f"{batch}-{i}" for i in range(10)), now_s=float(batch))
    done.set()
    for reader in readers:
        reader.join()
    assert errors == []
    assert ledger.counts()["pending"] == 200
