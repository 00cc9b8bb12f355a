from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.stores.files import V1, V2, at, drop, gone, hear, heard, row, state
from traumbox.domain import Changes, Cut, Descriptors, FileStat, KnownFile, Location, Tags
from traumbox.errors import StoreError
from traumbox.stores.ledger import FileRow, Ledger, scanning


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
        fingerprint="",
        attempts=0,
        next_try_s=None,
        pending_since_s=7.0,
        urgent_since_s=None,
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
def test_any_64_bit_inode_is_kept_in_63_bits(ledger: Ledger, inode: int) -> None:
    (a,) = drop(ledger, "a.mp3", stat=FileStat(2**40, -1, inode))
    kept = FileStat(2**40, -1, inode % 2**63)
    assert row(ledger, a).stat == ledger.known()[at("a.mp3")].stat == kept
    ledger.mark_indexed([(a, FileStat(2**40, -1, inode), heard(), "")], 2.0)
    assert state(ledger, a) == "indexed"


def test_a_changed_file_is_pending_and_keeps_what_was_heard(ledger: Ledger) -> None:
    (a,) = drop(ledger, "a.mp3")
    ledger.mark_indexed([(a, V1, heard(tags=Tags(title="T")), "")], 3.0)
    ledger.apply(Changes(changed={a: V2}), 4.0)
    changed = row(ledger, a)
    assert (changed.state, changed.stat, changed.last_seen_s) == ("pending", V2, 4.0)
    assert (changed.audio_id, changed.tags.title) == ("sound", "T")
    assert changed.pending_since_s == 4.0
    # It goes on being found as it was until it has been heard anew.
    assert [found.track_id for found in ledger.rows_by_audio(["sound"])["sound"]] == [a]
    assert [found.track_id for found in ledger.recently_added(9)] == [a]
    assert list(ledger.present()) == []
    assert ledger.indexed() == {}


def test_a_moved_file_keeps_id_state_and_sound(ledger: Ledger) -> None:
    (a,) = drop(ledger, "a.mp3")
    ledger.mark_indexed([(a, V1, heard(), "")], 3.0)
    ledger.apply(Changes(gone=frozenset([a])), 4.0)
    ledger.apply(Changes(moved={a: (at("b/a.mp3", "new"), V2)}), 5.0)
    moved = row(ledger, a)
    assert (moved.location, moved.stat, moved.state) == (at("b/a.mp3", "new"), V2, "indexed")
    assert (moved.missing_since_s, moved.last_seen_s) == (None, 5.0)
    assert set(ledger.known()) == {at("b/a.mp3", "new")}


def test_two_files_may_change_places(ledger: Ledger) -> None:
    a, b = drop(ledger, "a.mp3", "b.mp3")
    ledger.hear_now(a, 1.5)
    ledger.apply(Changes(moved={a: (at("b.mp3"), V1), b: (at("a.mp3"), V1)}), 2.0)
    known = ledger.known()
    assert (known[at("b.mp3")].track_id, known[at("a.mp3")].track_id) == (a, b)
    assert row(ledger, a).urgent_since_s == 1.5


def test_whoever_is_where_a_file_moves_to_is_missing_from_then_on(ledger: Ledger) -> None:
    a, b, c = drop(ledger, "a.mp3", "b.mp3", "c.mp3")
    hear(ledger, b, sound="b's")
    ledger.apply(Changes(moved={a: (at("b.mp3"), V1)}, gone=frozenset([b])), 2.0)
    ledger.apply(Changes(moved={c: (at("b.mp3"), V1)}), 3.0)
    assert {place: file.track_id for place, file in ledger.known().items()} == {at("b.mp3"): c}
    assert [(row(ledger, i).location, row(ledger, i).missing_since_s) for i in (a, b)] == [
        (at("b.mp3"), 3.0),
        (at("b.mp3"), 2.0),
    ]
    assert ledger.known_ids() == {a, b, c}
    assert {found.track_id for found in ledger.missing_like([V1])} == {a, b}
    assert [found.track_id for found in ledger.heirs(["b's"])["b's"]] == [b]
    ledger.apply(Changes(moved={b: (at("B.mp3"), V1)}), 4.0)
    assert ledger.known()[at("B.mp3")].track_id == b
    assert row(ledger, b).missing_since_s is None
    gone(ledger, b, now_s=5.0)
    ledger.apply(Changes(moved={c: (at("B.mp3"), V1)}), 6.0)
    assert row(ledger, b).missing_since_s == 5.0


def test_files_may_move_in_a_circle_and_one_of_them_be_gone(ledger: Ledger) -> None:
    a, b, c = drop(ledger, "a.mp3", "b.mp3", "c.mp3")
    circle = {a: (at("b.mp3"), V1), b: (at("c.mp3"), V1), c: (at("a.mp3"), V2)}
    ledger.apply(Changes(moved=circle, gone=frozenset([c])), 2.0)
    known = ledger.known()
    assert [known[at(f"{name}.mp3")].track_id for name in "abc"] == [c, a, b]
    assert [known[at(f"{name}.mp3")].missing for name in "abc"] == [True, False, False]


def test_a_new_file_may_take_the_place_of_a_moved_one_in_the_same_scan(ledger: Ledger) -> None:
    (a,) = drop(ledger, "a.mp3")
    ledger.apply(Changes(moved={a: (at("b.mp3"), V1)}, new={at("a.mp3"): V2}), 2.0)
    known = ledger.known()
    assert known[at("b.mp3")].track_id == a
    assert known[at("a.mp3")].track_id != a


def test_a_vanished_file_is_remembered_but_not_shown(ledger: Ledger) -> None:
    a, b = drop(ledger, "a.mp3", "b.mp3")
    ledger.mark_indexed([(a, V1, heard(), ""), (b, V1, heard(), "")], 3.0)
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


def test_a_scan_is_written_as_a_whole_or_not_at_all(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "traumbox.db", fresh_id=lambda: "always the same")
    with pytest.raises(StoreError, match="UNIQUE"):
        ledger.apply(Changes(new={at("a.mp3"): V1, at("b.mp3"): V1}), 1.0)
    assert ledger.known() == {}
    drop(ledger, "c.mp3")
    assert set(ledger.known()) == {at("c.mp3")}


def test_forgotten_files_are_new_when_they_come_back(ledger: Ledger) -> None:
    (a,) = drop(ledger, "a.mp3")
    ledger.forget([a, "no such id"])
    assert ledger.row(a) is None
    assert drop(ledger, "a.mp3") != [a]


def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    first = Ledger(tmp_path / "traumbox.db")
    (a,) = drop(first, "a.mp3")
    first.mark_indexed([(a, V1, heard(), "")], 2.0)
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


CUT = Cut(1.1, 240.26666666666668, Tags(title="half \ud83d", track_no=2), embedded=True)
PART = FileStat(100, 5, 11, CUT)


def test_parts_of_a_file_are_kept_apart_and_know_their_cut(ledger: Ledger) -> None:
    whole = Cut(240.26666666666668, None, Tags())
    parts = {at("a.flac", part=1): PART, at("a.flac", part=2): FileStat(100, 5, 11, whole)}
    ledger.apply(Changes(new=parts), 1.0)
    assert {place: file.stat for place, file in ledger.known().items()} == parts
    (a, b) = (file.track_id for file in ledger.known().values())
    assert row(ledger, a).location == at("a.flac", part=1)
    # What was heard is of the file's stat; where the passage lies only the sheet knows.
    ledger.mark_indexed([(a, FileStat(100, 5, 11), heard(tags=Tags("T", album="A")), "")], 2.0)
    assert row(ledger, a).stat == PART
    assert row(ledger, a).as_track().tags == Tags(title="half \ud83d", album="A", track_no=2)
    moved = FileStat(100, 5, 11, Cut(3.0, 4.0, Tags()))
    ledger.apply(Changes(changed={a: moved}, moved={b: (at("b.flac"), V1)}), 3.0)
    assert (row(ledger, a).stat, row(ledger, b).stat) == (moved, V1)
    assert row(ledger, b).location == at("b.flac")


def test_a_listing_comes_in_the_order_of_a_walk(ledger: Ledger) -> None:
    names = [b"b/z", b"b", b"b!", b"b/a", b"b0", b"a\xff", b"A", b"b/a/c", "ä".encode(), b"ba/x"]
    places = [Location(folder, name, part) for folder in "yx" for name in names for part in (2, 10)]
    ledger.apply(Changes(new=dict.fromkeys(places, V1)), 1.0)
    for folder in "xy":
        wanted = sorted(place for place in places if place.folder == folder)
        assert [place for place, _ in ledger.on_disk(folder)] == wanted
        below = [place for place in wanted if place.path.startswith(b"b/")]
        assert [place for place, _ in ledger.on_disk(folder, b"b")] == below
    assert list(ledger.on_disk("z")) == []


@pytest.mark.parametrize("files", [1, 4, 5, 8, 9])
def test_a_listing_comes_whole_whatever_is_read_at_a_time(
    ledger: Ledger, files: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "ROWS_A_READ", 4)
    places = [at("a.flac", part=part) for part in range(1, files + 1)] + [at("b")]
    ledger.apply(Changes(new=dict.fromkeys(places, V1)), 1.0)
    assert [place for place, _ in ledger.on_disk("music")] == places


def test_a_listing_has_all_that_a_scan_compares(ledger: Ledger) -> None:
    a, b, c, d = drop(ledger, *"abcd", stat=PART)
    hear(ledger, b)
    ledger.mark_failed(c, V1, "it is empty", 2.0)
    gone(ledger, b)
    ledger.apply(Changes(excluded={d: "a rule"}), 3.0)
    assert [(*seen[:9], bool(seen[9])) for seen in ledger.listing("music")] == [
        (b"a", 0, 100, 5, 11, CUT, "", a, "pending", False),
        (b"b", 0, 100, 5, 11, CUT, "", b, "indexed", True),
        (b"c", 0, *(V1.size, V1.mtime_ns, V1.inode), CUT, "", c, "failed", False),
        (b"d", 0, 100, 5, 11, CUT, "a rule", d, "excluded", False),
    ]
    assert ledger.known()[at("d")] == KnownFile(d, PART, "excluded", reason="a rule")


def test_a_sample_is_spread_over_what_is_there(ledger: Ledger) -> None:
    ids = drop(ledger, *(f"{number:03}" for number in range(200)))
    drop(ledger, "other", folder="other")
    gone(ledger, *ids[:100])
    paths = [int(place.path) for place, _ in ledger.sample("music", 10)]
    assert paths == [109, 119, 129, 139, 149, 159, 169, 179, 189, 199]
    assert [stat for _, stat in ledger.sample("music", 1)] == [V1]
    for count in (99, 100, 101):
        assert len(set(ledger.sample("music", count))) == min(count, 100)
    assert ledger.sample("nothing") == []
    assert (ledger.held_by("music"), ledger.held_by("nothing")) == (100, 0)


def test_an_excluded_file_keeps_what_was_heard_and_comes_back_unheard(ledger: Ledger) -> None:
    a, b = drop(ledger, "a", "b")
    hear(ledger, a)
    ledger.apply(Changes(excluded={a: "“.traumboxignore” leaves it out", b: ""}), 4.0)
    assert ledger.counts() == {"indexed": 0, "pending": 0, "failed": 0, "excluded": 2}
    assert row(ledger, a).reason == "“.traumboxignore” leaves it out"
    assert row(ledger, b).reason != ""  # a scan tells by it that nothing has changed
    assert (ledger.next_pending(9.0), ledger.rows_by_audio(["sound"])) == (None, {})
    ledger.apply(Changes(included={a: V1, b: V1}), 5.0)
    assert (state(ledger, a), state(ledger, b)) == ("indexed", "pending")
    assert row(ledger, a).reason == row(ledger, b).reason == ""
    assert row(ledger, b).pending_since_s == 5.0


@pytest.mark.parametrize("when", ["before", "while", "after"])
def test_a_file_that_changes_while_it_is_excluded_is_heard_again(ledger: Ledger, when: str) -> None:
    (a,) = drop(ledger, "a")
    hear(ledger, a)
    if when == "before":
        ledger.apply(Changes(changed={a: V2}), 4.0)
    excluded = {a: "a rule"}
    ledger.apply(Changes(excluded=excluded), 5.0)
    if when == "while":
        ledger.apply(Changes(changed={a: V2}, excluded=excluded), 6.0)
        assert (state(ledger, a), row(ledger, a).stat) == ("excluded", V2)
    ledger.apply(Changes(included={a: V2}), 7.0)
    assert (state(ledger, a), row(ledger, a).stat) == ("pending", V2)


def test_a_new_file_that_a_rule_excludes_is_shut_with_its_reason(ledger: Ledger) -> None:
    ledger.apply(Changes(shut={at("a"): (V1, "a rule")}), 1.0)
    (a,) = ledger.known_ids()
    assert (state(ledger, a), row(ledger, a).reason) == ("excluded", "a rule")
    assert ledger.next_pending(9.0) is None


def test_a_file_may_move_to_where_a_rule_excludes_it(ledger: Ledger) -> None:
    (a,) = drop(ledger, "a")
    hear(ledger, a)
    gone(ledger, a)
    ledger.apply(Changes(moved={a: (at("live/a"), V1)}, excluded={a: "a rule"}), 5.0)
    assert (row(ledger, a).location, state(ledger, a)) == (at("live/a"), "excluded")
    assert row(ledger, a).missing_since_s is None


def test_a_new_file_that_is_known_after_all_changes_nothing(ledger: Ledger) -> None:
    (a,) = drop(ledger, "a")
    hear(ledger, a)
    ledger.apply(Changes(new={at("a"): V2, at("b"): V2}, shut={at("a"): (V2, "a rule")}), 5.0)
    assert (state(ledger, a), row(ledger, a).stat) == ("indexed", V1)
    assert set(ledger.known()) == {at("a"), at("b")}
