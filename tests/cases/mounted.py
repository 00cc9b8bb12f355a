"""What happens inside the namespaces of ``test_mounted``."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.cases.fuse import passed_through
from tests.cases.keeper import Keeper

TRACKS = 30


def run(case: str, directory: str) -> None:
    """Run one case; an exception is its failure."""
    globals()[case](Path(directory))


def mount(*arguments: object) -> None:
    subprocess.run(["mount", *map(str, arguments)], check=True)


def unmount(at: Path) -> None:
    subprocess.run(["umount", "--lazy", str(at)], check=True)


def disk(directory: Path, name: str, tracks: int) -> Path:
    """Make a directory that plays a disk, with so many tracks on it."""
    path = directory / name
    path.mkdir()
    for number in range(tracks):
        (path / f"{number}.flac").write_text(f"{name} {number}")
    return path


def case_11_12_an_unmounted_disk_comes_back(directory: Path) -> None:
    source = disk(directory, "disk", 300)
    root = directory / "music"
    root.mkdir()
    mount("--bind", source, root)
    with Keeper(directory) as keeper:
        keeper.wait_until_indexed(300)
        before = keeper.rows()
        unmount(root)
        keeper.wait_for(lambda: not keeper.state.online, "the folder to be offline", 30)
        keeper.scan()
        assert keeper.rows() == before
        mount("--bind", source, root)
        (source / "new.flac").write_text("new")
        keeper.wait_for(lambda: keeper.state.online, "the folder to be back", 35)
        keeper.wait_until_indexed(301)
        assert keeper.inferences == 301
        assert {path: row.track_id for path, row in keeper.rows().items()}.items() >= {
            path: row.track_id for path, row in before.items()
        }.items()
        keeper.assert_whole()


def case_13_an_empty_volume_removes_nothing(directory: Path) -> None:
    source = disk(directory, "disk", TRACKS)
    root = directory / "music"
    root.mkdir()
    mount("--bind", source, root)
    with Keeper(directory) as keeper:
        keeper.wait_until_indexed(TRACKS)
        for leftover in ("", ".traumbox-root", "lost+found/"):
            unmount(root)
            mount("-t", "tmpfs", "empty", root)
            if leftover.endswith("/"):
                (root / leftover).mkdir()
            elif leftover:
                (root / leftover).write_text("a marker")
            keeper.wait_for(lambda: not keeper.state.online, "the folder to be offline", 30)
            keeper.scan()
            assert keeper.counts()["indexed"] == TRACKS
            assert keeper.counts()["missing"] == 0
            unmount(root)
            mount("--bind", source, root)
            keeper.wait_for(lambda: keeper.state.online, "the folder to be back", 35)
        assert keeper.inferences == TRACKS


def case_14_a_server_that_dies_in_the_middle_of_a_scan(directory: Path) -> None:
    source = directory / "server"
    for album in range(10):
        (source / f"album {album}").mkdir(parents=True)
        for number in range(6):
            (source / f"album {album}" / f"{number}.flac").write_text(f"{album}-{number}")
    root, orders = directory / "music", directory / "orders"
    root.mkdir()
    with Keeper(directory) as keeper:
        with passed_through(source, root, "fuse.sshfs", orders):
            keeper.scan()
            keeper.wait_until_indexed(60)
            orders.write_text(f"die {source}/album 5")
            keeper.indexer.scan()
            keeper.wait_for(lambda: not keeper.state.online, "the folder to be offline", 30)
            assert keeper.counts()["indexed"] == 60
            assert keeper.counts()["missing"] == 0
        orders.unlink()
        keeper.scan()
        assert not keeper.state.online  # the bare mount point
        with passed_through(source, root, "fuse.sshfs", orders):
            keeper.scan()
            keeper.wait_for(lambda: keeper.state.online, "the folder to be back", 35)
            keeper.wait_until_indexed(60)
            assert keeper.inferences == 60


def case_15_another_disk_is_noticed(directory: Path) -> None:
    root = directory / "music"
    root.mkdir()
    for name, size in (("one", TRACKS), ("other", TRACKS)):
        image = directory / f"{name}.disk"
        image.mkdir()
        mount("-t", "tmpfs", name, image)
        for number in range(size):
            (image / f"{name} {number}.flac").write_text(f"{name} {number}")
    mount("--bind", directory / "one.disk", root)
    with Keeper(directory) as keeper:
        keeper.wait_until_indexed(TRACKS)
        before = keeper.rows()
        unmount(root)
        mount("--bind", directory / "other.disk", root)
        keeper.wait_for(lambda: not keeper.state.online, "the folder to be offline", 30)
        keeper.scan()
        assert keeper.rows() == before
        assert "other" not in "".join(keeper.ear.heard)
        keeper.indexer.confirm(keeper.folders[0].name)  # the owner says that it is meant
        keeper.wait_until_indexed(TRACKS)
        assert all(path.startswith("other") for path in keeper.rows())
        assert keeper.counts()["missing"] == TRACKS


def case_16_a_flood_of_events(directory: Path) -> None:
    """A stopped process gets more events than the kernel's queue holds."""
    with Keeper(directory) as keeper:
        keeper.indexer.pause()  # the rows are what counts here
        for folder in range(200):
            (keeper.root / f"{folder}").mkdir()
        time.sleep(1.0)
        flood = (
            "import os, signal, sys, pathlib\n"
            "root, pid = pathlib.Path(sys.argv[1]), int(sys.argv[2])\n"
            "os.kill(pid, signal.SIGSTOP)\n"
            "for number in range(20_000):\n"
            "    (root / str(number % 200) / f'{number}.flac').write_text('x')\n"
            "os.kill(pid, signal.SIGCONT)\n"
        )
        subprocess.run(
            [sys.executable, "-c", flood, str(keeper.root), str(os.getpid())], check=True
        )
        keeper.wait_for(lambda: keeper.counts()["pending"] == 20_000, "20,000 rows", 120)
        keeper.put("later/later.flac")
        keeper.wait_for(lambda: "later/later.flac" in keeper.rows(), "a later file", 60)


def case_17_too_few_watches(directory: Path) -> None:
    Path("/proc/sys/user/max_inotify_watches").write_text("50")
    for folder in range(200):
        place = directory / "music" / str(folder)
        place.mkdir(parents=True)
        (place / "a.flac").write_text(str(folder))
    with Keeper(directory) as keeper:
        keeper.wait_until_indexed(200)
        keeper.wait_for(lambda: keeper.health.mode != "live", "the shortfall to be noticed")
        assert "fs.inotify.max_user_watches" in keeper.health.remedy
        for folder in range(200):
            (keeper.root / str(folder) / "b.flac").write_text(f"b{folder}")
        keeper.scan()
        keeper.wait_until_indexed(400)


def case_20_changes_from_elsewhere_are_found_by_the_clock(directory: Path) -> None:
    source = disk(directory, "server", TRACKS)
    root = directory / "music"
    root.mkdir()
    with passed_through(source, root, "fuse.sshfs"), Keeper(directory) as keeper:
        keeper.wait_until_indexed(TRACKS)
        assert keeper.health.mode == "polled"
        assert "network" in keeper.health.reason
        (source / "written elsewhere.flac").write_text("elsewhere")
        keeper.scan()
        keeper.wait_until_indexed(TRACKS + 1)


def case_22_a_folder_that_may_not_be_read(_: Path) -> None:
    nobody = 65_534
    with tempfile.TemporaryDirectory() as scratch:  # pytest's own are root's alone
        directory = Path(scratch)
        for path in (directory, directory / "music"):
            path.mkdir(exist_ok=True)
            os.chown(path, nobody, nobody)
        libc = ctypes.CDLL(None)
        libc.setfsgid(nobody)
        libc.setfsuid(nobody)  # files are opened as nobody from here on, in new threads as well
        try:
            _closed_and_opened(directory)
        finally:
            libc.setfsuid(0)


def _closed_and_opened(directory: Path) -> None:
    with Keeper(directory) as keeper:
        for album in ("open", "closed"):
            for number in range(5):
                keeper.put(f"{album}/{number}.flac")
        keeper.wait_until_indexed(10)
        closed = keeper.root / "closed"
        closed.chmod(0)
        (keeper.root / "open" / "0.flac").unlink()
        keeper.scan()
        keeper.wait_for(lambda: keeper.counts()["missing"] == 1, "the one that is gone")
        assert keeper.counts()["indexed"] == 9
        assert keeper.state.online
        assert "closed" in keeper.state.note
        assert keeper.state.unreadable == 1
        closed.chmod(0o755)
        keeper.scan()
        assert keeper.state.note == ""
        assert keeper.inferences == 10


def a_disk_mounted_inside_a_folder_vanishes(directory: Path) -> None:
    stick = disk(directory, "stick", 5)
    root = directory / "music"
    (root / "usb").mkdir(parents=True)
    for number in range(TRACKS):
        (root / f"{number}.flac").write_text(f"own {number}")
    mount("--bind", stick, root / "usb")
    with Keeper(directory) as keeper:
        keeper.wait_until_indexed(TRACKS + 5)
        keeper.scan()
        unmount(root / "usb")
        keeper.scan()
        keeper.wait_for(lambda: keeper.state.note, "a remark")
        assert keeper.state.online
        assert "usb" in keeper.state.note
        assert keeper.counts()["indexed"] == TRACKS + 5
        mount("--bind", stick, root / "usb")
        keeper.scan()
        keeper.wait_for(lambda: not keeper.state.note, "the remark to go")
        assert keeper.inferences == TRACKS + 5
        assert keeper.counts()["missing"] == 0


def an_io_error_in_the_middle_of_a_listing(directory: Path) -> None:
    source = directory / "server"
    for album in "abc":
        (source / album).mkdir(parents=True)
        (source / album / "1.flac").write_text(album)
    root, orders = directory / "music", directory / "orders"
    root.mkdir()
    with passed_through(source, root, "fuse.sshfs", orders), Keeper(directory) as keeper:
        keeper.wait_until_indexed(3)
        (source / "a" / "1.flac").unlink()
        orders.write_text(f"eio {source}/b")
        keeper.scan()
        assert not keeper.state.online
        assert keeper.counts()["indexed"] == 3
        orders.unlink()
        keeper.scan()
        keeper.wait_until_indexed(2)


def a_share_that_hangs_keeps_nobody_waiting(directory: Path) -> None:
    source = disk(directory, "server", 3)
    local = directory / "local"
    root, orders = directory / "music", directory / "orders"
    root.mkdir()
    with passed_through(source, root, "fuse.sshfs", orders) as pid:
        keeper = Keeper(directory, {"Share": root, "Local": local})
        with keeper:
            keeper.wait_until_indexed(3)
            orders.write_text("hang")
            time.sleep(0.2)
            keeper.indexer.scan()
            (local / "here.flac").write_text("here")
            keeper.wait_for(lambda: "here.flac" in keeper.rows(), "the other folder", 90)
            keeper.wait_for(lambda: not keeper.state.online, "the share to be offline", 90)
            assert keeper.counts()["indexed"] >= 3
            os.kill(pid, signal.SIGKILL)
            unmount(root)
