import errno
import os
import threading
from pathlib import Path

import pytest

from tests.library.namespaces import in_namespace, mount, unmount
from traumbox.domain import FileStat, Location
from traumbox.library.folders import WatchedFolder
from traumbox.library.guard import (
    Guard,
    Look,
    RootIdentity,
    Verdict,
    judge,
    look_at,
    same_root,
    why_offline,
)
from traumbox.library.mounts import Mount

Sample = list[tuple[Location, FileStat]]
USB = RootIdentity("ext4", "/dev/sdb1", 111)


def folder_at(root: Path) -> WatchedFolder:
    return WatchedFolder("Music", root)


def tracks(root: Path, count: int = 16, under: str = "") -> Sample:
    (root / under).mkdir(parents=True, exist_ok=True)
    for number in range(count):
        (root / under / f"{number}.flac").write_text(f"track {number}")
    return known(root)


def known(root: Path) -> Sample:
    return [
        (
            Location("Music", os.fsencode(path.relative_to(root))),
            FileStat(path.stat().st_size, path.stat().st_mtime_ns, path.stat().st_ino),
        )
        for path in sorted(root.rglob("*.flac"))
    ]


def look(identity: RootIdentity = USB, *, empty: bool = False) -> Look:
    return Look(1, 2, identity, empty)


# Looking.


def test_a_root_is_described(tmp_path):
    tracks(tmp_path, 1)
    seen = look_at(folder_at(tmp_path))
    stat = tmp_path.stat()
    assert (seen.device, seen.inode) == (stat.st_dev, stat.st_ino)
    assert seen.identity.fs_id == os.statvfs(tmp_path).f_fsid
    assert not seen.empty
    assert same_root(seen, look_at(folder_at(tmp_path)))


@pytest.mark.parametrize("leftover", [None, "lost+found/", ".Trash-1000/", ".DS_Store"])
def test_a_root_with_nothing_or_only_litter_is_empty(tmp_path, leftover):
    if leftover and leftover.endswith("/"):
        (tmp_path / leftover).mkdir()
    elif leftover:
        (tmp_path / leftover).touch()
    assert look_at(folder_at(tmp_path)).empty
    (tmp_path / "cover.jpg").touch()
    assert not look_at(folder_at(tmp_path)).empty


def test_why_a_root_cannot_be_looked_at(tmp_path):
    (tmp_path / "file").touch()
    (tmp_path / "circle").symlink_to("circle")
    for name, word in (("gone", "doesn't exist"), ("file", "a file"), ("circle", "failed")):
        with pytest.raises(OSError) as caught:  # noqa: PT011 - which one is what's tested
            look_at(folder_at(tmp_path / name))
        assert word in why_offline(caught.value)


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (errno.EIO, "Input/output"),
        (errno.ENOTCONN, "connection"),
        (errno.ESTALE, "connection"),
        (errno.EACCES, "permission"),
        (errno.ETIMEDOUT, "doesn't answer"),
    ],
)
def test_errors_are_told_in_words(number, word):
    assert word in why_offline(OSError(number, os.strerror(number)))


def test_identities_survive_storage():
    identity = RootIdentity("nfs4", "nas:/x", 2**63 + 5, ((b"caf\xe9", "ext4", "/dev/sdc1"),))
    assert RootIdentity.from_json(identity.to_json()) == identity


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (RootIdentity("ext4", "/dev/sdc1", 111), True),  # plugged in elsewhere
        (RootIdentity("ext4", "/dev/sdb1", 112), False),  # another stick in the same socket
        (RootIdentity("ext4", "/dev/sdb1[/srv]", 111), False),  # another directory of it
        (RootIdentity("xfs", "/dev/sdb1", 111), False),
        (RootIdentity("ext4", "/dev/sdb1", 0), True),
        (RootIdentity("ext4", "/dev/sdc1", 0), False),
    ],
)
def test_a_disk_is_known_by_its_id_and_else_by_its_source(other, same):
    assert USB.is_same_disk(other) == same


# Judging.


def test_nothing_known_is_judged_fine(tmp_path):
    assert judge(folder_at(tmp_path), look(empty=True), None, []) == Verdict()


def test_the_same_disk_is_fine_however_much_is_gone(tmp_path):
    sample = tracks(tmp_path / "old")
    (tmp_path / "new").mkdir()
    assert judge(folder_at(tmp_path / "new"), look(), USB, sample) == Verdict()


def test_an_empty_root_is_offline_and_the_owner_may_say_that_it_is_meant(tmp_path):
    sample = tracks(tmp_path / "old")
    (tmp_path / "new").mkdir()
    verdict = judge(folder_at(tmp_path / "new"), look(empty=True), USB, sample, held=1234)
    assert "empty" in verdict.offline
    assert "1,234 tracks" in verdict.offline
    assert verdict.confirmable


def test_another_disk_without_the_music_is_offline(tmp_path):
    sample = tracks(tmp_path / "old")
    tracks(tmp_path / "new", 3, "other music")
    verdict = judge(
        folder_at(tmp_path / "new"), look(RootIdentity("vfat", "/dev/sdd1", 7)), USB, sample
    )
    assert "another disk" in verdict.offline
    assert "vfat /dev/sdd1 instead of ext4 /dev/sdb1" in verdict.offline
    assert verdict.confirmable


@pytest.mark.parametrize(("left", "fine"), [(16, True), (4, True), (3, False)])
def test_another_disk_with_a_quarter_of_the_music_is_the_same_folder(tmp_path, left, fine):
    sample = tracks(tmp_path)
    for number in range(left, 16):
        (tmp_path / f"{number}.flac").unlink()
    other = look(RootIdentity("btrfs", "/dev/sdd1", 7))
    verdict = judge(folder_at(tmp_path), other, USB, sample)
    assert (verdict == Verdict()) == fine


def test_files_of_another_size_are_others(tmp_path):
    sample = tracks(tmp_path)
    for path in tmp_path.iterdir():
        path.write_text("something else under the same name")
    other = look(RootIdentity("btrfs", "/dev/sdd1", 7))
    assert judge(folder_at(tmp_path), other, USB, sample).offline


def test_without_a_memory_of_the_disk_the_files_decide(tmp_path):
    sample = tracks(tmp_path / "old")
    assert judge(folder_at(tmp_path / "old"), look(), None, sample) == Verdict()
    (tmp_path / "new").mkdir()
    verdict = judge(folder_at(tmp_path / "new"), look(), None, sample)
    assert "hardly anything" in verdict.offline
    assert verdict.confirmable


def test_a_mount_within_that_is_gone_protects_its_place(tmp_path):
    sample = tracks(tmp_path, 8)
    gone = (Location("Music", b"usb/1.flac"), FileStat(7, 1, 1))
    before = RootIdentity("ext4", "/dev/sdb1", 111, ((b"usb", "vfat", "/dev/sdc1"),))
    verdict = judge(folder_at(tmp_path), look(), before, [*sample, gone])
    assert verdict.protected == (b"usb",)
    assert verdict.offline == ""
    assert "usb/" in verdict.note
    assert "isn't mounted" in verdict.note
    assert verdict.confirmable


def test_a_mount_within_whose_files_were_copied_over_is_not_missed(tmp_path):
    sample = tracks(tmp_path, 8, "usb")
    before = RootIdentity("ext4", "/dev/sdb1", 111, ((b"usb", "vfat", "/dev/sdc1"),))
    assert judge(folder_at(tmp_path), look(), before, sample) == Verdict()


def test_a_mount_that_covers_known_files_protects_them(tmp_path):
    sample = tracks(tmp_path, 8)
    hidden = (Location("Music", b"live/1.flac"), FileStat(7, 1, 1))
    now = RootIdentity("ext4", "/dev/sdb1", 111, ((b"live", "tmpfs", "none"),))
    verdict = judge(folder_at(tmp_path), look(now), USB, [*sample, hidden])
    assert verdict.protected == (b"live",)
    assert "another disk is mounted at live/" in verdict.note


def test_below_is_asked_where_the_sample_knows_nothing(tmp_path):
    sample = tracks(tmp_path, 8)
    before = RootIdentity("ext4", "/dev/sdb1", 111, ((b"usb", "vfat", "/dev/sdc1"),))
    assert judge(folder_at(tmp_path), look(), before, sample) == Verdict()
    asked: list[bytes] = []

    def below(directory: bytes) -> Sample:
        asked.append(directory)
        return [(Location("Music", b"usb/1.flac"), FileStat(7, 1, 1))]

    verdict = judge(folder_at(tmp_path), look(), before, sample, below=below)
    assert asked == [b"usb"]
    assert verdict.protected == (b"usb",)


# With a limit of time.


def test_a_root_that_does_not_answer_is_left_alone(tmp_path):
    go = threading.Event()

    def hanging() -> list[Mount]:
        go.wait(20)
        return []

    guard = Guard(0.1, hanging)
    before = threading.active_count()
    for _ in range(3):
        assert "doesn't answer" in guard.why_away(folder_at(tmp_path))
        assert "doesn't answer" in guard.judge(folder_at(tmp_path), look(), USB, []).offline
    assert threading.active_count() == before + 1
    go.set()


def test_a_guard_looks_and_judges(tmp_path):
    guard = Guard()
    sample = tracks(tmp_path)
    seen = guard.look(folder_at(tmp_path))
    assert guard.judge(folder_at(tmp_path), seen, seen.identity, sample) == Verdict()
    assert guard.why_away(folder_at(tmp_path)) == ""
    assert "doesn't exist" in guard.why_away(folder_at(tmp_path / "gone"))
    with pytest.raises(FileNotFoundError):
        guard.look(folder_at(tmp_path / "gone"))


# With real mounts.


@in_namespace
def test_an_unmounted_and_an_exchanged_disk_are_noticed(tmp_path):
    for name in ("disk", "other"):
        (tmp_path / name).mkdir()
        mount("-t", "tmpfs", name, tmp_path / name)
        tracks(tmp_path / name, 16, name)
    root = tmp_path / "music"
    root.mkdir()
    folder, guard = folder_at(root), Guard()
    mount("--bind", tmp_path / "disk", root)
    seen, sample = guard.look(folder), known(root)
    assert seen.identity.kind == "tmpfs"
    assert seen.identity.source == "disk"
    unmount(root)
    bare = guard.look(folder)
    assert bare.empty
    assert not same_root(seen, bare)
    assert "empty" in guard.judge(folder, bare, seen.identity, sample).offline
    (root / "left on the mount point.flac").touch()
    assert "another disk" in guard.judge(folder, guard.look(folder), seen.identity, sample).offline
    mount("--bind", tmp_path / "other", root)
    assert "instead of tmpfs disk" in (
        guard.judge(folder, guard.look(folder), seen.identity, sample).offline
    )
    unmount(root)
    mount("--bind", tmp_path / "disk", root)
    assert same_root(guard.look(folder), seen)
    assert guard.judge(folder, guard.look(folder), seen.identity, sample) == Verdict()


@in_namespace
def test_another_directory_of_the_same_disk_is_another_folder(tmp_path):
    for name in ("one", "two"):
        tracks(tmp_path / name, 16, name)
    root = tmp_path / "music"
    root.mkdir()
    folder = folder_at(root)
    mount("--bind", tmp_path / "one", root)
    seen, sample = look_at(folder), known(root)
    unmount(root)
    mount("--bind", tmp_path / "two", root)
    assert "another disk" in judge(folder, look_at(folder), seen.identity, sample).offline


@in_namespace
def test_a_disk_within_a_folder_that_is_unmounted_is_protected(tmp_path):
    stick, root = tmp_path / "stick", tmp_path / "music"
    tracks(stick, 8)
    tracks(root, 8)
    (root / "usb").mkdir()
    mount("--bind", stick, root / "usb")
    folder = folder_at(root)
    seen, sample = look_at(folder), known(root)
    assert [path for path, *_ in seen.identity.mounts] == [b"usb"]
    unmount(root / "usb")
    now = look_at(folder)
    assert not same_root(seen, now)
    assert judge(folder, now, seen.identity, sample).protected == (b"usb",)
    mount("-t", "tmpfs", "another", root / "usb")
    assert judge(folder, look_at(folder), seen.identity, sample).protected == (b"usb",)
    unmount(root / "usb")
    mount("--bind", stick, root / "usb")
    assert judge(folder, look_at(folder), seen.identity, sample) == Verdict()


@in_namespace
def test_a_link_to_a_disk_is_looked_through(tmp_path):
    (tmp_path / "disk").mkdir()
    mount("-t", "tmpfs", "disk", tmp_path / "disk")
    tracks(tmp_path / "disk", 4)
    (tmp_path / "music").symlink_to("disk")
    seen = look_at(folder_at(tmp_path / "music"))
    assert (seen.identity.kind, seen.identity.source) == ("tmpfs", "disk")
