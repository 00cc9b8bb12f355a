import os
from pathlib import Path

import pytest

from traumbox.domain import Location
from traumbox.library.folders import WatchedFolder
from traumbox.library.scan import FolderScan, scan

IS_ROOT = os.geteuid() == 0


def is_flac(name: bytes) -> bool:
    return name.endswith(b".flac")


def put(path: Path, data: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def seen(root: Path) -> set[bytes]:
    return {location.path for location in scan(WatchedFolder("m", root), is_flac).files}


def test_finds_candidates_at_any_depth_and_nothing_else(tmp_path: Path) -> None:
    put(tmp_path / "a.flac")
    put(tmp_path / "Artist" / "Album (1999)" / "01 Song.flac")
    put(tmp_path / "Artist" / "cover.jpg")
    assert seen(tmp_path) == {b"a.flac", b"Artist/Album (1999)/01 Song.flac"}


def test_stat_is_that_of_the_file(tmp_path: Path) -> None:
    path = put(tmp_path / "a.flac", b"12345")
    os.utime(path, ns=(1, 986_000_000_123_456_789))
    stat = scan(WatchedFolder("m", tmp_path), is_flac).files[Location("m", b"a.flac")]
    assert (stat.size, stat.mtime_ns, stat.inode) == (
        5,
        986_000_000_123_456_789,
        path.stat().st_ino,
    )


@pytest.mark.parametrize(
    "name",
    [".hidden.flac", "~draft.flac", "@eaDir/a.flac", "#recycle/a.flac", ".Trash-1000/a.flac"],
)
def test_litter_and_hidden_names_are_not_music(tmp_path: Path, name: str) -> None:
    put(tmp_path / name)
    assert seen(tmp_path) == set()


def test_names_that_are_not_utf8_and_both_unicode_spellings_are_kept_apart(tmp_path: Path) -> None:
    names = [b"caf\xe9.flac", "café.flac".encode(), "cafe\u0301.flac".encode()]
    for name in names:
        put(Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)))
    assert seen(tmp_path) == set(names)


def test_a_circle_of_links_ends_and_linked_folders_are_not_entered(tmp_path: Path) -> None:
    put(tmp_path / "in" / "a.flac")
    (tmp_path / "in" / "again").symlink_to(tmp_path)
    (tmp_path / "loop.flac").symlink_to(tmp_path / "loop.flac")
    assert seen(tmp_path) == {b"in/a.flac", b"loop.flac"}


def test_pipes_and_sockets_are_left_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.flac")
    assert seen(tmp_path) == set()


def test_a_missing_root_is_offline_not_empty(tmp_path: Path) -> None:
    result = scan(WatchedFolder("m", tmp_path / "gone"), is_flac)
    assert "mounted" in result.offline
    assert not result.covers(Location("m", b"a.flac"))


@pytest.mark.skipif(IS_ROOT, reason="root may list everything")
def test_a_directory_that_cannot_be_listed_protects_what_lies_in_it(tmp_path: Path) -> None:
    put(tmp_path / "shut" / "a.flac")
    (tmp_path / "shut").chmod(0)
    try:
        result = scan(WatchedFolder("m", tmp_path), is_flac)
    finally:
        (tmp_path / "shut").chmod(0o755)
    assert result.unlisted == (b"shut",)


def test_coverage_follows_what_could_not_be_listed() -> None:
    result = FolderScan("m", unlisted=(b"shut",))
    assert not result.covers(Location("m", b"shut/deep/a.flac"))
    assert result.covers(Location("m", b"shutter/a.flac"))
    assert not result.covers(Location("other", b"a.flac"))
