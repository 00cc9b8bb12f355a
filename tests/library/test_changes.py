from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from traumbox.domain import Changes, Cut, FileStat, KnownRow, Location, SeenRow, State, Tags
from traumbox.library.changes import Outcome, changes_of
from traumbox.library.diff import Differences, compare

BESIDE = tuple(Cut(10.0 * n, 10.0 * n + 10, Tags(track_no=n + 1)) for n in range(3))


@dataclass(frozen=True)
class Gone:
    """A row whose file went in an earlier scan."""

    track_id: str
    location: Location
    stat: FileStat
    audio_id: str | None = "sound"


def seen(path: str, sound: int, *, part: int = 0, cut: Cut | None = None, why: str = "") -> SeenRow:
    """A file whose inode, size and time all tell which sound it holds."""
    return path.encode(), part, sound, sound, sound, cut, why


def known(row: SeenRow, track: str, *, missing: bool = False, state: State = "indexed") -> KnownRow:
    return (*row, track, "excluded" if row[6] else state, missing)


def at(path: str, part: int = 0, folder: str = "m") -> Location:
    return Location(folder, path.encode(), part)


def stat(sound: int, cut: Cut | None = None) -> FileStat:
    return FileStat(sound, sound, sound, cut)


def looked(there: Iterable[SeenRow], rows: Iterable[KnownRow], folder: str = "m") -> Differences:
    return compare(folder, there, rows)


def outcome(
    *differences: Differences,
    settled: bool | Callable[[Location], bool] = True,
    missing: Iterable[Gone] = (),
    same: bool | Callable[[str, Location], bool] = False,
    covered: Callable[[Location], bool] = lambda _: True,
) -> Outcome:
    return changes_of(
        differences,
        is_settled=settled if callable(settled) else lambda _: settled,
        missing=missing,
        same_content=same if callable(same) else lambda _id, _at: same,
        is_covered=covered,
    )


def changes(*differences: Differences, **how: object) -> Changes:
    return outcome(*differences, **how).changes  # type: ignore[arg-type]


def test_new_and_changed_files_count_once_they_have_settled() -> None:
    result = looked([seen("a", 2), seen("b", 3), seen("c", 4, why="x")], [known(seen("a", 1), "t")])
    assert changes(result) == Changes(
        new={at("b"): stat(3)}, shut={at("c"): (stat(4), "x")}, changed={"t": stat(2)}
    )
    assert not changes(result, settled=False)


def test_only_what_would_have_been_seen_is_gone() -> None:
    result = looked([], [known(seen("a", 1), "t"), known(seen("b", 2), "u", missing=True)])
    assert changes(result) == Changes(gone=frozenset({"t"}))
    assert not changes(result, covered=lambda _: False)


def test_a_move_with_the_same_name_keeps_the_track_and_need_not_settle() -> None:
    result = looked([seen("b/x", 1)], [known(seen("a/x", 1), "t")])
    assert changes(result, settled=False) == Changes(moved={"t": (at("b/x"), stat(1))})


def test_a_rename_is_a_move_when_the_content_is_the_same() -> None:
    asked = []

    def same(track: str, place: Location) -> bool:
        asked.append((track, place))
        return True

    result = looked([seen("b", 1)], [known(seen("a", 1), "t")])
    assert changes(result, same=same).moved == {"t": (at("b"), stat(1))}
    assert asked == [("t", at("b"))]
    other = changes(result, same=False)  # an inode that was used again
    assert other == Changes(new={at("b"): stat(1)}, gone=frozenset({"t"}))


def test_what_was_never_heard_needs_no_proof() -> None:
    result = looked([seen("b", 1)], [known(seen("a", 1), "t", state="pending")])
    assert changes(result, same=False).moved == {"t": (at("b"), stat(1))}
    gone = [Gone("t", at("a"), stat(1), audio_id=None)]
    assert changes(looked([seen("b", 1)], []), missing=gone).moved == {"t": (at("b"), stat(1))}


def test_a_file_moves_between_folders() -> None:
    here = looked([], [known(seen("x", 1), "t")])
    there = looked([seen("y/x", 1)], [], "n")
    assert changes(here, there).moved == {"t": (at("y/x", folder="n"), stat(1))}


def test_what_went_in_an_earlier_scan_comes_back_elsewhere() -> None:
    gone = [Gone("t", at("x"), stat(1))]
    assert changes(looked([seen("a/x", 1)], []), missing=gone).moved == {"t": (at("a/x"), stat(1))}


def test_what_is_back_at_its_place_is_not_taken_for_a_copy_s() -> None:
    result = looked([seen("a/x", 1), seen("x", 1)], [known(seen("x", 1), "t", missing=True)])
    gone = [Gone("t", at("x"), stat(1))]
    assert changes(result, missing=gone) == Changes(
        moved={"t": (at("x"), stat(1))}, new={at("a/x"): stat(1)}
    )


def test_a_hard_link_beside_the_original_is_a_new_file() -> None:
    result = looked([seen("a", 1), seen("b", 1)], [known(seen("a", 1), "t")])
    assert changes(result, same=True) == Changes(new={at("b"): stat(1)})


def test_one_row_serves_one_file_and_its_own_name_first() -> None:
    rows = [known(seen("old/a", 1), "ta"), known(seen("old/b", 1), "tb")]  # hard links
    result = looked([seen("new/b", 1), seen("new/c", 1), seen("new/d", 1)], rows)
    assert changes(result, same=True) == Changes(
        moved={"tb": (at("new/b"), stat(1)), "ta": (at("new/c"), stat(1))},
        new={at("new/d"): stat(1)},
    )


def test_an_offline_folder_s_files_cannot_have_moved() -> None:
    away = looked([], [known(seen("x", 1), "t")])
    here = looked([seen("x", 1)], [], "n")
    result = changes(away, here, covered=lambda place: place.folder == "n")
    assert result == Changes(new={at("x", folder="n"): stat(1)})


def test_names_that_are_swapped_or_counted_on_take_their_tracks_along() -> None:
    swapped = looked(
        [seen("a", 2), seen("b", 1)], [known(seen("a", 1), "ta"), known(seen("b", 2), "tb")]
    )
    assert changes(swapped, same=True, settled=False) == Changes(
        moved={"tb": (at("a"), stat(2)), "ta": (at("b"), stat(1))}
    )
    counted = looked(
        [seen("2", 1), seen("3", 2), seen("4", 3)],
        [known(seen(str(n), n), f"t{n}") for n in (1, 2, 3)],
    )
    assert changes(counted, same=True).moved == {
        f"t{n}": (at(str(n + 1)), stat(n)) for n in (1, 2, 3)
    }


def test_whose_file_is_overwritten_waits_at_the_place_that_became_free() -> None:
    result = looked(
        [seen("1", 2), seen("2", 3)], [known(seen(str(n), n), f"t{n}") for n in (1, 2, 3)]
    )
    found = outcome(result, same=True)
    assert found.changes == Changes(
        moved={"t2": (at("1"), stat(2)), "t3": (at("2"), stat(3)), "t1": (at("3"), stat(1))},
        gone=frozenset({"t1"}),
    )
    assert not found.going


def test_whose_file_is_overwritten_gets_what_lies_at_that_place_now() -> None:
    result = looked([seen("1", 2), seen("2", 9)], [known(seen(str(n), n), f"t{n}") for n in (1, 2)])
    assert changes(result, same=True) == Changes(
        moved={"t2": (at("1"), stat(2)), "t1": (at("2"), stat(1))}, changed={"t1": stat(9)}
    )


def test_a_missing_row_makes_room_too() -> None:
    rows = [known(seen("1", 1), "t1", missing=True), known(seen("2", 2), "t2")]
    result = changes(looked([seen("1", 2)], rows), same=True)
    assert result.moved == {"t2": (at("1"), stat(2)), "t1": (at("2"), stat(1))}
    assert result.gone == {"t1"}


def test_a_place_left_by_a_move_is_free_for_a_new_file() -> None:
    result = looked([seen("a", 9), seen("b/a", 1)], [known(seen("a", 1), "t")])
    assert changes(result) == Changes(moved={"t": (at("b/a"), stat(1))}, new={at("a"): stat(9)})


# Rules.


def test_a_file_moved_to_where_a_rule_covers_it_is_excluded_there_and_back() -> None:
    out = looked([seen("x/a", 1, why="no")], [known(seen("a", 1), "t")])
    assert changes(out) == Changes(moved={"t": (at("x/a"), stat(1))}, excluded={"t": "no"})
    back = looked([seen("a", 1)], [known(seen("x/a", 1, why="no"), "t")])
    assert changes(back) == Changes(moved={"t": (at("a"), stat(1))}, included={"t": stat(1)})


def test_a_changed_file_that_a_rule_covers_is_both() -> None:
    result = looked([seen("a", 2, why="no")], [known(seen("a", 1), "t")])
    assert changes(result) == Changes(changed={"t": stat(2)}, excluded={"t": "no"})


def test_a_verdict_alone_need_not_settle() -> None:
    rows = [known(seen("a", 1), "t"), known(seen("b", 2, why="x"), "u")]
    result = looked([seen("a", 1, why="no"), seen("b", 2)], rows)
    assert changes(result, settled=False) == Changes(excluded={"t": "no"}, included={"u": stat(2)})


# Inodes.


def renumbered(row: KnownRow) -> Differences:
    path, part, size, mtime_ns, _, cut, why = row[:7]
    return looked([(path, part, size, mtime_ns, 99, cut, why)], [row])


def test_a_copied_disk_is_not_heard_again() -> None:
    kept = changes(renumbered(known(seen("a", 1), "t")), same=True)
    assert kept == Changes(moved={"t": (at("a"), FileStat(1, 1, 99))})
    replaced = changes(renumbered(known(seen("a", 1), "t")), same=False)
    assert replaced == Changes(changed={"t": FileStat(1, 1, 99)})
    restored = changes(renumbered(known(seen("a", 1), "t", missing=True)), same=True)
    assert restored == kept


def test_without_inodes_a_name_is_no_proof_and_the_content_is() -> None:
    def row(path: str) -> SeenRow:
        return path.encode(), 0, 1, 1, 0, None, ""

    result = looked([row("b/x")], [known(row("a/x"), "t")])
    assert changes(result, same=False).gone == {"t"}
    assert changes(result, same=True).moved


# Files in parts.


def parts(path: str, sound: int, cuts: tuple[Cut, ...] = BESIDE) -> list[SeenRow]:
    return [seen(path, sound, part=n, cut=cut) for n, cut in enumerate(cuts, 1)]


def test_an_album_in_one_file_moves_with_its_tracks() -> None:
    rows = [known(row, f"t{row[1]}") for row in parts("a/x", 1)]
    result = changes(looked(parts("b/x", 1), rows))
    assert result == Changes(
        moved={f"t{n}": (at("b/x", n), stat(1, BESIDE[n - 1])) for n in (1, 2, 3)}
    )


def test_a_file_stays_what_it_was_until_its_other_form_has_settled() -> None:
    result = looked(parts("a", 1), [known(seen("a", 1), "t")])
    assert not changes(result, settled=False)
    found = outcome(result)
    assert found.changes.gone == {"t"}
    assert len(found.changes.new) == 3
    assert not found.going


@pytest.mark.parametrize("settled", [True, False])
def test_a_track_less_on_the_sheet_takes_one_away(settled: bool) -> None:
    rows = [known(row, f"t{row[1]}") for row in parts("a", 1)]
    found = outcome(looked(parts("a", 1, BESIDE[:2]), rows), settled=settled)
    assert found.changes.gone == {"t3"}
    assert not found.going


# Brake.


def test_what_goes_is_told_and_can_be_held() -> None:
    rows = [known(seen(path, n), path) for n, path in enumerate("abcd", 1)]
    there = [seen("b", 2, why="no"), seen("c", 9, why="no"), seen("d", 4), seen("e", 5)]
    found = outcome(looked(there, rows))
    assert {track: place for track, (place, _) in found.going.items()} == {
        "a": at("a"),
        "b": at("b"),
        "c": at("c"),
    }
    assert found.without({"a", "b", "c"}) == Changes(new={at("e"): stat(5)})
    assert found.without({"a"}).excluded == {"b": "no", "c": "no"}
    assert found.without(()) == found.changes


# Whatever happens to a tree: rows and files agree afterwards, and tracks follow their sounds.

TREE = st.dictionaries(st.sampled_from(["a", "b", "c", "d/a", "d/b"]), st.integers(1, 4))


def applied(rows: Mapping[Location, KnownRow], changes: Changes) -> dict[Location, KnownRow]:
    """Write changes as the ledger does: moved, changed, included, excluded, gone, new, shut."""
    by_id = {row[7]: row for row in rows.values()}
    for track, (place, now) in changes.moved.items():
        by_id[track] = _row(place, now, by_id[track], missing=False)
    for track, now in changes.changed.items():
        row = by_id[track]
        by_id[track] = _row(at(row[0].decode()), now, row, missing=False)
    for track in changes.gone:
        by_id[track] = (*by_id[track][:9], True)
    for number, (place, now) in enumerate(changes.new.items()):
        track = f"new{len(by_id)}-{number}"
        by_id[track] = known((place.path, 0, now.size, now.mtime_ns, now.inode, None, ""), track)
    result = {Location("m", row[0], row[1]): row for row in by_id.values()}
    assert len(result) == len(by_id), "two rows claim one place"
    return result


def _row(place: Location, now: FileStat, row: KnownRow, *, missing: bool) -> KnownRow:
    stat = (now.size, now.mtime_ns, now.inode, now.cut)
    return (place.path, place.part, *stat, *row[6:9], missing)


@given(st.lists(TREE, max_size=4), st.booleans())
@example([{"a": 1, "b": 2}, {"a": 2, "b": 1}], True)
def test_rows_and_files_agree_after_every_scan(trees: list[dict[str, int]], same: bool) -> None:
    rows: dict[Location, KnownRow] = {}
    for tree in trees:
        there = sorted(seen(path, sound) for path, sound in tree.items())
        before = {row[7]: row for row in rows.values()}
        sizes = set(tree.values())
        missing = [
            Gone(row[7], place, FileStat(row[2], row[3], row[4]))
            for place, row in rows.items()
            if row[9] and row[2] in sizes
        ]
        differences = compare("m", there, sorted(rows.values(), key=lambda row: row[:2]))
        found = changes(differences, missing=missing, same=same)
        rows = applied(rows, found)
        present = {row[0].decode(): row[2] for row in rows.values() if not row[9]}
        assert present == tree
        if same:
            # Whoever was alone in holding a sound that is there once now, holds it still.
            held = Counter(row[2] for row in before.values())
            files = Counter(tree.values())
            for track, row in before.items():
                if not row[9] and held[row[2]] == files[row[2]] == 1:
                    (holder,) = (r for r in rows.values() if not r[9] and r[2] == row[2])
                    assert holder[7] == track
        again = compare("m", there, sorted(rows.values(), key=lambda row: row[:2]))
        assert not changes(again, same=same)


def test_the_cut_is_part_of_what_moves() -> None:
    other = replace(BESIDE[0], start_s=1.0)
    result = looked(
        [seen("b/x", 1, part=1, cut=other)], [known(seen("a/x", 1, part=1, cut=BESIDE[0]), "t")]
    )
    assert not changes(result, same=True).moved
