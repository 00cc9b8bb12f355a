from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from traumbox.domain import Cut, FileStat, Found, KnownFile, KnownRow, Location, SeenRow, Tags
from traumbox.library.diff import RENUMBERED_MAX, Differences, compare

BESIDE = tuple(Cut(10.0 * n, 10.0 * n + 10, Tags(track_no=n + 1)) for n in range(3))
WITHIN = tuple(replace(cut, embedded=True) for cut in BESIDE)


def seen(
    path: str,
    size: int = 1,
    part: int = 0,
    *,
    inode: int = 7,
    cut: Cut | None = None,
    why: str = "",
) -> SeenRow:
    return path.encode(), part, size, 1000, inode, cut, why


def known(row: SeenRow, track: str = "", *, missing: bool = False) -> KnownRow:
    state = "excluded" if row[6] else "indexed"
    track = track or row[0].decode() + (str(row[1]) if row[1] else "")
    return (*row, track, state, missing)  # type: ignore[return-value]


def at(path: str, part: int = 0) -> Location:
    return Location("m", path.encode(), part)


def differing(there: Iterable[SeenRow], rows: Iterable[KnownRow]) -> Differences:
    return compare("m", there, rows)


def test_nothing_is_kept_of_what_did_not_change() -> None:
    rows = [seen("a"), seen("b", why="no"), seen("c", part=1, cut=BESIDE[0])]
    assert differing(rows, map(known, rows)) == Differences("m", seen=3)


def test_what_is_new_or_changed_has_to_settle() -> None:
    result = differing([seen("a", 2), seen("b")], [known(seen("a"), "t")])
    assert result.fresh == {
        at("a"): Found(at("a"), FileStat(2, 1000, 7)),
        at("b"): Found(at("b"), FileStat(1, 1000, 7)),
    }
    assert result.changed == {at("a"): KnownFile("t", FileStat(1, 1000, 7), "indexed")}


def test_what_is_not_seen_is_absent_unless_it_was_missing_already() -> None:
    result = differing([seen("b")], [known(seen(p)) for p in "abc"])
    assert list(result.absent) == [at("a"), at("c")]
    assert not result.replaced
    assert not differing([], [known(seen("a"), missing=True)]).absent


def test_a_missing_file_may_be_back_as_it_was_or_as_another() -> None:
    rows = [known(seen("a"), missing=True), known(seen("b"), missing=True)]
    result = differing([seen("a"), seen("b", 2)], rows)
    assert list(result.back) == [at("a")]
    assert list(result.fresh) == [at("b")]
    assert result.changed[at("b")].missing


def test_only_the_verdict_of_the_rules_may_be_another() -> None:
    rows = [known(seen("a")), known(seen("b", why="x")), known(seen("c", why="x"))]
    there = [seen("a", why="y"), seen("b"), seen("c", why="z")]
    result = differing(there, rows)
    assert {path: found.excluded for path, (_, found) in result.excluded.items()} == {
        at("a"): "y",
        at("c"): "z",
    }
    assert list(result.included) == [at("b")]
    assert not result.fresh


def test_a_missing_file_that_is_back_where_a_rule_covers_it() -> None:
    result = differing([seen("a", why="y")], [known(seen("a"), missing=True)])
    assert list(result.back) == list(result.excluded) == [at("a")]


def test_an_inode_alone_is_no_other_version() -> None:
    result = differing([seen("a", inode=8)], [known(seen("a", inode=7))])
    assert list(result.renumbered) == [at("a")]
    assert not result.fresh
    many = [f"{n:05d}" for n in range(2 * RENUMBERED_MAX)]
    some = differing([seen(n, inode=8) for n in many], [known(seen(n, inode=7)) for n in many])
    assert len(some.renumbered) == RENUMBERED_MAX


def test_where_inodes_do_not_last_none_is_compared() -> None:
    assert differing([seen("a", inode=0)], [known(seen("a", inode=7))]) == Differences("m", seen=1)


# Files in parts.


def parts(path: str, cuts: tuple[Cut, ...], **how: int) -> list[SeenRow]:
    return [seen(path, part=n, cut=cut, **how) for n, cut in enumerate(cuts, 1)]


def test_a_sheet_that_comes_replaces_the_whole_file_by_its_parts_and_back() -> None:
    divided = differing(parts("a", BESIDE), [known(seen("a"))])
    assert list(divided.fresh) == [at("a", 1), at("a", 2), at("a", 3)]
    assert list(divided.absent) == [at("a")]
    assert divided.replaced == {at("a")}
    whole = differing([seen("a"), seen("b")], map(known, [*parts("a", BESIDE), seen("b")]))
    assert list(whole.fresh) == [at("a")]
    assert whole.replaced == set(whole.absent) == {at("a", n) for n in (1, 2, 3)}


def test_a_sheet_with_a_track_less_takes_one_away() -> None:
    result = differing(parts("a", BESIDE[:2]), map(known, parts("a", BESIDE)))
    assert set(result.absent) == result.replaced == {at("a", 3)}
    assert not result.fresh


def test_a_sheet_that_changes_a_part_changes_that_one() -> None:
    other = (BESIDE[0], replace(BESIDE[1], start_s=11.0), BESIDE[2])
    result = differing(parts("a", other), map(known, parts("a", BESIDE)))
    assert list(result.changed) == [at("a", 2)]


def test_a_whole_file_on_the_disk_matches_the_parts_its_own_sheet_gave() -> None:
    rows = [known(row) for row in parts("a", WITHIN)]
    assert differing([seen("a")], rows) == Differences("m", seen=3)
    changed = differing([seen("a", 2)], rows)
    assert list(changed.fresh) == [at("a")]
    assert changed.replaced == set(changed.absent) == {at("a", n) for n in (1, 2, 3)}
    excluded = differing([seen("a", why="no")], rows)
    assert set(excluded.excluded) == {at("a", n) for n in (1, 2, 3)}
    back = differing([seen("a")], [known(row, missing=True) for row in parts("a", WITHIN)])
    assert set(back.back) == {at("a", n) for n in (1, 2, 3)}


def test_parts_gone_long_ago_do_not_claim_a_file_that_is_whole_now() -> None:
    gone = [known(row, missing=True) for row in parts("a", WITHIN)]
    assert differing([seen("a")], [known(seen("a")), *gone]) == Differences("m", seen=1)
    was_whole = known(seen("a"), missing=True)
    there = [known(row) for row in parts("a", WITHIN)]
    assert differing([seen("a")], [was_whole, *there]) == Differences("m", seen=3)


def test_a_part_that_an_older_sheet_told_does_not_hold_the_others_up() -> None:
    rows = [known(row) for row in parts("a", WITHIN[:2])]
    old = known(seen("a", 5, 3, cut=WITHIN[2]), missing=True)
    assert differing([seen("a")], [*rows, old]) == Differences("m", seen=2)
    gone = [known(row, missing=True) for row in parts("a", WITHIN[:2])]
    assert set(differing([seen("a")], [*gone, old]).back) == {at("a", 1), at("a", 2)}


def test_a_fresh_file_is_divided_by_the_sheet_within_it() -> None:
    rows = [known(row) for row in parts("a", WITHIN)]
    result = differing([seen("a", 2)], rows)
    result.divide(at("a"), WITHIN[:2])
    assert set(result.fresh) == set(result.changed) == {at("a", 1), at("a", 2)}
    assert result.fresh[at("a", 2)].stat == FileStat(2, 1000, 7, WITHIN[1])
    assert set(result.absent) == result.replaced == {at("a", 3)}
    assert result.seen == 2


def test_a_changed_whole_file_that_is_divided_goes() -> None:
    result = differing([seen("a", 2)], [known(seen("a"), "t")])
    result.divide(at("a"), WITHIN)
    assert list(result.absent) == [at("a")]
    assert result.replaced == {at("a")}
    assert not result.changed


# Against the plain definition.

ROWS = st.dictionaries(
    st.tuples(st.sampled_from(["a", "a/b", "a-b", "b", "c"]), st.integers(0, 2)),
    st.tuples(st.integers(1, 2), st.integers(1, 2), st.sampled_from(["", "x"]), st.booleans()),
)


@given(ROWS, ROWS)
def test_comparing_streams_is_comparing_dictionaries(
    there: dict[tuple[str, int], tuple[int, int, str, bool]],
    before: dict[tuple[str, int], tuple[int, int, str, bool]],
) -> None:
    def row(key: tuple[str, int], value: tuple[int, int, str, bool]) -> SeenRow:
        cut = BESIDE[key[1]] if key[1] else None
        return seen(key[0], value[0], key[1], inode=value[1], cut=cut, why=value[2])

    disk = {key: row(key, value) for key, value in there.items()}
    rows = {key: known(row(key, value), missing=value[3]) for key, value in before.items()}
    result = differing(sorted(disk.values()), sorted(rows.values(), key=lambda r: r[:2]))

    both = disk.keys() & rows.keys()
    resized = {key for key in both if disk[key][2] != rows[key][2]}
    same = {key for key in both - resized if disk[key][4] == rows[key][4]}
    assert set(result.fresh) == {at(*k) for k in (disk.keys() - rows.keys()) | resized}
    assert set(result.changed) == {at(*k) for k in resized}
    assert set(result.renumbered) == {at(*k) for k in both - resized - same}
    assert set(result.back) == {at(*k) for k in same if rows[k][9]}
    assert set(result.absent) == {at(*k) for k in rows.keys() - disk.keys() if not rows[k][9]}
    still = both - resized
    assert set(result.excluded) == {at(*k) for k in still if disk[k][6] and not rows[k][6]}
    assert set(result.included) == {at(*k) for k in still if rows[k][6] and not disk[k][6]}
    paths = {path for path, _ in disk}
    assert result.replaced == {place for place in result.absent if place.path.decode() in paths}
    assert result.seen == len(disk)
