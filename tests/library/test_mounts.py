from pathlib import Path

import pytest

from traumbox.library.mounts import (
    Mount,
    deafness_of,
    mount_of,
    mounts_below,
    parse,
    read_mounts,
    top_mount,
)

NAS = Path("/mnt/my nas")
TABLE = parse(
    "21 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
    "22 21 0:40 / /mnt/my\\040nas rw,relatime shared:5 - nfs4 nas:/x rw\n"
    "23 22 8:17 /@music /mnt/my\\040nas/deep rw - btrfs /dev/sdb rw\n"
    "25 21 8:1 /srv/stick /srv/music/usb rw - ext4 /dev/sda1 rw\n"
    "26 21 0:50 / /srv/music/odd rw - fuse.mergerfs a:b rw\n"
    "27 25 0:51 / /srv/music/usb/within rw - tmpfs none rw\n"
    "nonsense\n"
    "28 21 0:52 / /srv/no-source rw - overlay\n"
)


def test_a_line_is_read_in_full():
    assert TABLE[1] == Mount(NAS, "nfs4", "nas:/x", "0:40", 22, 21, "/")
    assert TABLE[2].root == "/@music"
    assert TABLE[-1].source == ""


def test_the_innermost_mount_counts(tmp_path):
    assert top_mount(NAS / "a", TABLE).source == "nas:/x"
    assert top_mount(NAS / "deep" / "a", TABLE).kind == "btrfs"
    assert top_mount(Path("/mnt/my nasty"), TABLE).point == Path("/")
    assert mount_of(tmp_path, TABLE[:1]) == TABLE[0]
    assert mount_of(tmp_path, []) is None


def test_links_on_the_way_are_followed(tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to("there")
    mount = Mount(tmp_path.resolve() / "there", "nfs4")
    assert mount_of(tmp_path / "link", [Mount(Path("/"), "ext4"), mount]) == mount


def test_a_mount_on_another_hides_it_and_all_on_it():
    table = [*TABLE, Mount(NAS, "cifs", "//other", "0:60", 30, 22)]
    assert top_mount(NAS / "a", table).kind == "cifs"
    assert top_mount(NAS / "deep" / "a", table).kind == "cifs"
    covered = [*TABLE, Mount(Path("/mnt"), "tmpfs", "none", "0:61", 31, 21)]
    assert top_mount(NAS / "a", covered).kind == "tmpfs"
    assert mounts_below(Path("/mnt"), covered) == {}


def test_of_two_side_by_side_the_later_hides_the_earlier():
    table = [*TABLE, Mount(NAS, "cifs", "//other", "0:60", 30, 21)]
    assert top_mount(NAS / "a", table).kind == "cifs"


def test_what_is_mounted_within():
    below = mounts_below(Path("/srv/music"), TABLE)
    assert {path: mount.kind for path, mount in below.items()} == {
        b"usb": "ext4",
        b"odd": "fuse.mergerfs",
        b"usb/within": "tmpfs",
    }
    assert mounts_below(Path("/srv/mus"), TABLE) == {}


def test_sources_are_named_with_the_directory_that_shows():
    usb = TABLE[3]
    assert usb.source_of(usb.point) == "/dev/sda1[/srv/stick]"
    assert usb.source_of(usb.point / "a") == "/dev/sda1[/srv/stick/a]"
    assert TABLE[1].source_of(NAS) == "nas:/x"
    assert TABLE[0].source_of(Path("/srv/music")) == "/dev/sda1[/srv/music]"


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("ext4", ""),
        ("btrfs", ""),
        ("zfs", ""),
        ("tmpfs", ""),
        ("exfat", ""),
        ("ntfs3", ""),
        ("fuseblk", ""),
        ("nfs4", "network"),
        ("cifs", "network"),
        ("smb3", "network"),
        ("9p", "network"),
        ("ceph", "network"),
        ("fuse.sshfs", "network"),
        ("fuse.rclone", "network"),
        ("fuse.mergerfs", "FUSE"),
        ("fuse", "FUSE"),
        ("fuse.bindfs", "FUSE"),
        ("overlay", "layered"),
        ("virtiofs", "host"),
        ("vboxsf", "host"),
        ("fakeowner", "host"),
    ],
)
def test_deaf_file_systems_are_known_and_said_in_words(kind, word):
    mount = Mount(Path("/m"), kind)
    assert mount.is_deaf == bool(word)
    assert word in mount.deafness
    assert mount.is_network == (word == "network")
    assert not word or kind in mount.deafness


def test_a_deaf_mount_within_a_folder_is_found():
    root, below = deafness_of(Path("/srv/music"), TABLE)
    assert root == ""
    assert list(below) == [b"odd"]
    assert "nfs4" in deafness_of(NAS / "a", TABLE)[0]


def test_the_mounts_of_this_machine_can_be_read():
    if not Path("/proc/self/mountinfo").exists():
        pytest.skip("no /proc here")
    assert top_mount(Path("/"), read_mounts()) is not None
