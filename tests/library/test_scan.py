import errno
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.library.walks import CUTS, TwoTracks, bytes_path, is_flac, put, told, walk
from traumbox.library.folders import WatchedFolder, nested
from traumbox.library.listing import Listing, same_file, stat_of
from traumbox.library.mounts import Mount
from traumbox.library.scan import Walk, fleeting_devices
from traumbox.library.sniff import Sniffer

IS_ROOT = os.geteuid() == 0
NAMES = st.binary(min_size=1, max_size=4).filter(
    lambda name: not name.startswith((b".", b"~")) and not set(name) & {0, 47}
)


def test_finds_candidates_at_any_depth_and_nothing_else(tmp_path: Path) -> None:
    put(tmp_path / "a.flac")
    put(tmp_path / "Artist" / "Album (1999)" / "01 Song.flac")
    put(tmp_path / "Artist" / "cover.jpg")
    assert walk(tmp_path) == {b"a.flac": "", b"Artist/Album (1999)/01 Song.flac": ""}


def test_a_row_holds_the_stat_of_the_file(tmp_path: Path) -> None:
    path = put(tmp_path / "a.flac", b"12345")
    os.utime(path, ns=(1, 986_000_000_123_456_789))
    (row,) = Walk(WatchedFolder("m", tmp_path), is_flac)
    assert row == (b"a.flac", 0, 5, 986_000_000_123_456_789, path.stat().st_ino, None, "")


@given(st.sets(st.lists(NAMES, min_size=1, max_size=4).map(tuple), max_size=12))
def test_files_come_in_the_order_of_their_bytes(
    tmp_path_factory: pytest.TempPathFactory, paths: set[tuple[bytes, ...]]
) -> None:
    root = tmp_path_factory.mktemp("tree")
    files = set()
    for parts in paths:
        path = b"/".join(name + b"-" for name in parts) + b".flac"
        put(bytes_path(root, path))
        files.add(path)
    assert list(walk(root)) == sorted(files)


def test_a_name_before_the_slash_sorts_between_a_folder_and_its_files(tmp_path: Path) -> None:
    for name in ("a/x.flac", "a-b.flac", "a.flac", "a0.flac", "a b/y.flac"):
        put(tmp_path / name)
    assert list(walk(tmp_path)) == sorted(
        (b"a/x.flac", b"a-b.flac", b"a.flac", b"a0.flac", b"a b/y.flac")
    )


def test_names_that_are_not_utf8_and_both_unicode_spellings_are_kept_apart(tmp_path: Path) -> None:
    names = {b"caf\xe9.flac", "café.flac".encode(), "cafe\u0301.flac".encode()}
    for name in names:
        put(bytes_path(tmp_path, name))
    assert walk(tmp_path).keys() == names


@pytest.mark.parametrize(
    "name",
    [
        ".hidden.flac",
        "._a.flac",
        "~draft.flac",
        "~draft",
        "a.flac.part",
        "@eaDir/a.flac",
        "#recycle/a.flac",
        ".Trash-1000/a.flac",
    ],
)
def test_litter_and_hidden_names_are_not_listed(tmp_path: Path, name: str) -> None:
    put(tmp_path / "a.flac")
    put(tmp_path / "~Unsorted" / name, b"fLaC")
    put(tmp_path / "~Unsorted" / "b.flac")
    assert walk(tmp_path) == {b"a.flac": "", b"~Unsorted/b.flac": ""}


def test_pipes_and_sockets_are_left_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.flac")
    os.mkfifo(tmp_path / "pipe")
    os.mkfifo(tmp_path / ".traumboxignore")
    put(tmp_path / "a.flac")
    assert walk(tmp_path) == {b"a.flac": ""}


def test_what_aria2_still_downloads_is_not_there_yet(tmp_path: Path) -> None:
    put(tmp_path / "a.flac")
    put(tmp_path / "a.flac.aria2")
    put(tmp_path / "b.flac")
    assert walk(tmp_path) == {b"b.flac": ""}


# What can't be seen.


def test_a_missing_root_is_offline_not_empty(tmp_path: Path) -> None:
    looked = Walk(WatchedFolder("m", tmp_path / "gone"), is_flac)
    assert list(looked) == []
    assert "mounted" in looked.offline
    assert not looked.covers(b"a.flac")


def test_a_healthy_root_tells_how_much_lies_in_it(tmp_path: Path) -> None:
    put(tmp_path / "a.txt")
    put(tmp_path / "b" / "c.flac")
    looked = Walk(WatchedFolder("m", tmp_path), is_flac)
    assert len(list(looked)) == 1
    assert (looked.offline, looked.entries, looked.directories) == ("", 2, 2)
    assert looked.covers(b"b/gone.flac")


_AS_NOBODY = """
import os, sys
from pathlib import Path
from traumbox.library.folders import WatchedFolder
from traumbox.library.scan import Walk
os.setgroups([]); os.setgid(65534); os.setuid(65534)
walk = Walk(WatchedFolder("m", Path(sys.argv[1])), lambda name: name.endswith(b".flac"))
print([row[0].decode() for row in walk], sorted(walk.unlisted), repr(walk.offline))
print(walk.covers(b"shut/deep/a.flac"), walk.covers(b"shutter/a.flac"), walk.covers(b"a.flac"))
"""


@pytest.mark.skipif(not IS_ROOT, reason="only root can become someone who may not read")
def test_what_may_not_be_listed_protects_what_lies_in_it() -> None:
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        root.chmod(0o755)
        put(root / "open" / "a.flac")
        put(root / "shut" / "a.flac")
        put(root / "names" / "a.flac")
        put(root / "names" / "b.flac")
        put(root / "rules" / ".traumboxignore").chmod(0)
        put(root / "rules" / "a.flac")
        (root / "shut").chmod(0)
        (root / "names").chmod(0o744)
        seen = subprocess.run(
            [sys.executable, "-c", _AS_NOBODY, root], capture_output=True, text=True, check=False
        )
    assert seen.stdout.splitlines() == [
        "['open/a.flac'] [b'names', b'rules', b'shut'] ''",
        "False True True",
    ], seen.stderr


class Failing(Walk):
    """Fails to read one directory, as an ill disk does."""

    def __init__(self, root: Path, where: bytes, error: int) -> None:
        super().__init__(WatchedFolder("m", root), is_flac)
        self.where = where
        self.error = error

    def read(self, directory: bytes) -> Listing:
        if directory == self.where:
            raise OSError(self.error, os.strerror(self.error))
        return super().read(directory)


@pytest.mark.parametrize(
    "error", [errno.EIO, errno.ESTALE, errno.ENOTCONN, errno.ENODEV, errno.EHOSTDOWN]
)
def test_an_io_error_midway_ends_the_walk_and_nothing_counts(tmp_path: Path, error: int) -> None:
    put(tmp_path / "a.flac")
    put(tmp_path / "b" / "b.flac")
    put(tmp_path / "c.flac")
    looked = Failing(tmp_path, b"b/", error)
    assert [row[0] for row in looked] == [b"a.flac"]
    assert looked.offline
    assert not looked.covers(b"a.flac")


@pytest.mark.parametrize(
    ("error", "known"),
    [(errno.EACCES, "unlisted"), (errno.ENAMETOOLONG, "unlisted"), (errno.ENOENT, "vanished")],
)
def test_one_directory_that_cannot_be_listed_hides_nothing_else(
    tmp_path: Path, error: int, known: str
) -> None:
    put(tmp_path / "b" / "b.flac")
    put(tmp_path / "c.flac")
    looked = Failing(tmp_path, b"b/", error)
    assert [row[0] for row in looked] == [b"c.flac"]
    assert getattr(looked, known) == [b"b"]
    assert not looked.offline
    assert not looked.covers(b"b/b.flac")
    assert looked.covers(b"c.flac")


def test_protected_directories_are_not_entered_and_cover_nothing(tmp_path: Path) -> None:
    put(tmp_path / "usb" / "deep" / "a.flac")
    put(tmp_path / "b.flac")
    looked = Walk(WatchedFolder("m", tmp_path), is_flac, protected=[b"usb/deep"])
    assert [row[0] for row in looked] == [b"b.flac"]
    assert looked.unlisted == [b"usb/deep"]
    assert not looked.covers(b"usb/deep/a.flac")


# Parts of a folder, and folders within each other.


def test_a_subtree_is_walked_alone(tmp_path: Path) -> None:
    for name in ("a/x.flac", "a/b/y.flac", "a/b/c/z.flac", "ab/w.flac"):
        put(tmp_path / name)
    assert list(walk(tmp_path, subtree=b"a/b")) == [b"a/b/c/z.flac", b"a/b/y.flac"]
    assert list(walk(tmp_path, subtree=b"a", shallow=True)) == [b"a/x.flac"]
    looked = Walk(WatchedFolder("m", tmp_path), is_flac, subtree=b"a", shallow=True)
    list(looked)
    assert looked.covers(b"a/gone.flac")
    assert not looked.covers(b"a/b/y.flac")
    assert not looked.covers(b"ab/w.flac")


@pytest.mark.parametrize("name", [b"gone", b"gone/deeper", b"file.flac/below"])
def test_a_subtree_that_is_gone_holds_nothing_and_that_is_known(
    tmp_path: Path, name: bytes
) -> None:
    put(tmp_path / "file.flac")
    looked = Walk(WatchedFolder("m", tmp_path), is_flac, subtree=name)
    assert list(looked) == []
    assert not looked.offline
    assert looked.covers(name + b"/a.flac")


def test_a_subtree_of_a_root_that_is_gone_is_offline(tmp_path: Path) -> None:
    looked = Walk(WatchedFolder("m", tmp_path / "root"), is_flac, subtree=b"a")
    assert list(looked) == []
    assert looked.offline


def test_a_subtree_obeys_what_lies_above_it(tmp_path: Path) -> None:
    put(tmp_path / "a" / "b" / "x.flac")
    put(tmp_path / "a" / ".traumboxignore", b"b/\n")
    put(tmp_path / ".hidden" / "b" / "x.flac")
    (tmp_path / "link").symlink_to(".hidden")
    assert "b/" in walk(tmp_path, subtree=b"a/b")[b"a/b/x.flac"]
    assert walk(tmp_path, subtree=b".hidden/b") == {}
    looked = Walk(WatchedFolder("m", tmp_path), is_flac, subtree=b"link/b")
    assert list(looked) == []
    assert not looked.covers(b"link/b/x.flac")  # only who comes through the link can tell


def test_the_root_of_another_folder_within_is_that_ones_business(tmp_path: Path) -> None:
    put(tmp_path / "a.flac")
    put(tmp_path / "in" / "b.flac")
    put(tmp_path / "in2" / "c.flac")
    outer, inner = nested(
        [WatchedFolder("outer", tmp_path), WatchedFolder("inner", tmp_path / "in")]
    )
    assert list(told(Walk(outer, is_flac))) == [b"a.flac", b"in2/c.flac"]
    assert list(told(Walk(inner, is_flac))) == [b"b.flac"]
    below = Walk(outer, is_flac, subtree=b"in")
    assert list(below) == []
    assert not below.covers(b"in/b.flac")


def test_the_same_place_watched_twice_is_listed_once(tmp_path: Path) -> None:
    put(tmp_path / "real" / "a.flac")
    (tmp_path / "link").symlink_to("real")
    one, two = nested(
        [WatchedFolder("one", tmp_path / "real"), WatchedFolder("two", tmp_path / "link")]
    )
    assert list(told(Walk(one, is_flac))) == [b"a.flac"]
    second = Walk(two, is_flac)
    assert list(second) == []
    assert "another watched folder" in second.offline


# Parts of files.


def test_a_sheet_beside_a_file_divides_it(tmp_path: Path) -> None:
    put(tmp_path / "a.flac")
    put(tmp_path / "a.cue")
    put(tmp_path / "b.flac")
    sheets = TwoTracks()
    rows = list(Walk(WatchedFolder("m", tmp_path), is_flac, sheets=sheets))
    assert [(row[0], row[1], row[5]) for row in rows] == [
        (b"a.flac", 1, CUTS[0]),
        (b"a.flac", 2, CUTS[1]),
        (b"b.flac", 0, None),
    ]
    assert sheets.asked == [os.fsencode(tmp_path)]


def test_a_rule_covers_sheets_too_and_a_covered_file_keeps_its_parts(tmp_path: Path) -> None:
    put(tmp_path / "a" / "a.flac")
    put(tmp_path / "a" / "a.cue")
    put(tmp_path / ".traumboxignore", b"*.cue\n")
    assert list(walk(tmp_path, sheets=TwoTracks())) == [b"a/a.flac"]
    put(tmp_path / ".traumboxignore", b"a/\n")
    assert list(walk(tmp_path, sheets=TwoTracks())) == [b"a/a.flac#1", b"a/a.flac#2"]


def test_a_sheet_that_an_ill_disk_keeps_back_does_not_make_parts_whole(tmp_path: Path) -> None:
    put(tmp_path / "a.flac")
    put(tmp_path / "a.cue")
    sheets = TwoTracks(OSError(errno.EIO, "Input/output error"))
    looked = Walk(WatchedFolder("m", tmp_path), is_flac, sheets=sheets)
    assert list(looked) == []
    assert looked.offline


# Numbers of the file system.


def stat(mtime_ns: int, inode: int, device: int = 1) -> os.stat_result:
    values = [0o100644, inode, device, 1, 0, 0, 5, 0, 0, 0] + [0.0] * 3 + [0, mtime_ns, 0]
    return os.stat_result(values + [0] * 3)


@pytest.mark.parametrize("mtime_ns", [2**70, -(2**70)])
def test_numbers_too_large_for_the_ledger_are_cut(mtime_ns: int) -> None:
    kept = stat_of(stat(mtime_ns, 2**64 - 1))
    assert kept.inode == 2**63 - 1
    assert abs(kept.mtime_ns) == 2**63 - 1


def test_a_time_far_off_is_walked_over_like_any_other(tmp_path: Path) -> None:
    path = put(tmp_path / "a.flac")
    try:
        os.utime(path, (10**12, 10**12))
    except (OSError, OverflowError):
        pytest.skip("this file system knows no such time")
    ((_, _, _, mtime_ns, _, _, _),) = Walk(WatchedFolder("m", tmp_path), is_flac)
    assert mtime_ns == stat_of(path.stat()).mtime_ns < 2**63


def test_inode_numbers_that_do_not_last_are_not_believed(tmp_path: Path) -> None:
    path = put(tmp_path / "a.flac")
    device = path.stat().st_dev
    (row,) = Walk(WatchedFolder("m", tmp_path), is_flac, fleeting={device})
    assert row[4] == 0
    kept = stat_of(path.stat(), {device})
    assert kept.inode == 0
    assert same_file(kept, stat_of(path.stat()))


def test_fat_is_known_to_make_up_its_inode_numbers() -> None:
    mounts = [
        Mount(Path("/"), kind="ext4", device="8:1"),
        Mount(Path("/usb"), kind="vfat", device="8:17"),
    ]
    assert fleeting_devices(mounts) == {os.makedev(8, 17)}


class NotingSniffer(Sniffer):
    def __init__(self) -> None:
        super().__init__()
        self.asked: list[bytes] = []

    def is_sound(self, path: bytes, version: tuple[int, int, int]) -> bool:
        self.asked.append(path.rsplit(b"/", 1)[1])
        return super().is_sound(path, version)


def test_only_files_whose_name_does_not_tell_are_opened_and_once(tmp_path: Path) -> None:
    put(tmp_path / "track01", b"fLaC" + bytes(40))
    put(tmp_path / "02. Song", b"OggS" + bytes(40))
    put(tmp_path / "README", b"hello")
    for name in ("cover.jpg", "album.nfo", "a.log", "b.CUE", "x.m3u8", "song.flac", "c.part"):
        put(tmp_path / name, b"fLaC")
    sniffer = NotingSniffer()
    assert list(walk(tmp_path, sniffer=sniffer)) == [b"02. Song", b"song.flac", b"track01"]
    assert set(sniffer.asked) == {b"track01", b"02. Song", b"README"}
    walk(tmp_path, sniffer=sniffer)
    assert sniffer.read == 3
    put(tmp_path / "README", b"fLaC now")
    assert b"README" in walk(tmp_path, sniffer=sniffer)
    assert sniffer.read == 4
