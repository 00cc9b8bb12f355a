from collections.abc import Mapping

from traumbox.domain import Changes, FileStat, KnownFile, Location
from traumbox.library.diff import diff, fresh

A, B = Location("m", b"a.flac"), Location("m", b"b.flac")
ONE, TWO = FileStat(1, 1, 11), FileStat(2, 2, 22)


def known(stat: FileStat, track_id: str = "t1", missing: bool = False) -> KnownFile:
    return KnownFile(track_id, stat, "indexed", missing)


def changes(
    before: Mapping[Location, KnownFile],
    after: Mapping[Location, FileStat],
    settled: bool = True,
    covered: bool = True,
) -> Changes:
    return diff(before, after, lambda _: settled, lambda _: covered)


def test_new_and_changed_files_count_once_they_have_settled() -> None:
    before = {A: known(ONE)}
    assert changes(before, {A: TWO, B: ONE}) == Changes(new={B: ONE}, changed={"t1": TWO})
    assert not changes(before, {A: TWO, B: ONE}, settled=False)


def test_only_a_complete_scan_can_tell_that_a_file_is_gone() -> None:
    assert changes({A: known(ONE)}, {}).gone == {"t1"}
    assert not changes({A: known(ONE)}, {}, covered=False)


def test_a_file_missing_already_is_not_gone_again() -> None:
    assert not changes({A: known(ONE, missing=True)}, {})


def test_a_move_keeps_the_track_and_need_not_settle() -> None:
    result = changes({A: known(ONE)}, {B: ONE}, settled=False)
    assert result == Changes(moved={"t1": (B, ONE)})


def test_a_hard_link_beside_the_original_is_a_new_file() -> None:
    assert changes({A: known(ONE)}, {A: ONE, B: ONE}) == Changes(new={B: ONE})


def test_two_names_for_one_vanished_file_share_no_identity() -> None:
    result = changes({A: known(ONE)}, {B: ONE, Location("m", b"c.flac"): ONE})
    assert len(result.moved) == 1
    assert len(result.new) == 1


def test_a_missing_file_that_comes_back_is_the_same_track() -> None:
    assert changes({A: known(ONE, missing=True)}, {A: ONE}).moved == {"t1": (A, ONE)}


def test_an_offline_folder_s_files_cannot_have_moved() -> None:
    other = Location("other", b"a.flac")
    result = changes({A: known(ONE)}, {other: ONE}, covered=False)
    assert result == Changes(new={other: ONE})


def test_fresh_names_what_has_to_settle() -> None:
    assert fresh({A: known(ONE)}, {A: ONE, B: TWO}) == {B: TWO}
