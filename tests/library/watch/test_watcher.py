import logging
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from watchdog import version
from watchdog.utils import BaseThread

from tests.house import wait_for
from tests.library.namespaces import in_namespace, mount, skip, unmount, with_limits_of_its_own
from tests.library.watch.heard import Clock, Heard, folder_at, instances, watching
from traumbox.library.folders import WatchedFolder
from traumbox.library.mounts import Mount
from traumbox.library.watch import Watcher

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/fdinfo").is_dir(), reason="no /proc here to see inotify in"
)

needs_7 = pytest.mark.skipif(
    version.VERSION_MAJOR < 7,
    reason="watchdog before 7 hides its instance, and loses it when a watch is refused",
)


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def watcher(heard: Heard, clock: Clock) -> Iterator[Watcher]:
    watcher = Watcher(heard, clock, patience_s=20)
    yield watcher
    watcher.stop()


# What is told.


def test_a_file_is_told_by_its_directory(tmp_path, watcher, heard):
    (tmp_path / "Artist" / "Album").mkdir(parents=True)
    watcher.watch([folder_at(tmp_path)])
    assert watcher.health("m").mode == "live"
    assert heard.told == [("m", None)]  # what came in between is found by one more look
    heard.clear()
    (tmp_path / "Artist" / "Album" / "a.flac").write_bytes(b"x")
    heard.wait_for(b"Artist/Album")
    (tmp_path / "b.flac").write_bytes(b"x")
    heard.wait_for(b"")
    assert heard.directories == {b"Artist/Album", b""}


def test_a_directory_is_told_itself(tmp_path, watcher, heard):
    watcher.watch([folder_at(tmp_path)])
    heard.clear()
    (tmp_path / "new").mkdir()
    heard.wait_for(b"new")
    shutil.rmtree(tmp_path / "new")
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "a.flac").write_bytes(b"x")
    heard.wait_for(b"new")
    assert heard.directories == {b"new"}


def test_both_ends_of_a_move_are_told(tmp_path, watcher, heard):
    for name in ("a", "b", "old"):
        (tmp_path / name).mkdir()
    (tmp_path / "a" / "x.flac").write_bytes(b"x")
    watcher.watch([folder_at(tmp_path)])
    heard.clear()
    (tmp_path / "a" / "x.flac").rename(tmp_path / "b" / "y.flac")
    heard.wait_for(b"a", b"b")
    (tmp_path / "old").rename(tmp_path / "new")
    heard.wait_for(b"old", b"new")


def test_what_is_moved_out_and_in_is_told(tmp_path, watcher, heard):
    root, outside = tmp_path / "root", tmp_path / "outside"
    (root / "album").mkdir(parents=True)
    outside.mkdir()
    watcher.watch([folder_at(root)])
    heard.clear()
    (root / "album").rename(outside / "album")
    heard.wait_for(b"album")
    heard.clear()
    (outside / "album").rename(root / "back")
    heard.wait_for(b"back")


def test_names_that_are_not_unicode_are_told_as_they_are(tmp_path, watcher, heard):
    watcher.watch([folder_at(tmp_path)])
    heard.clear()
    directory = os.fsencode(tmp_path) + b"/caf\xe9"
    os.mkdir(directory)  # noqa: PTH102 - bytes
    heard.wait_for(b"caf\xe9")
    with open(directory + b"/\xff.flac", "wb") as file:  # noqa: PTH123 - bytes
        file.write(b"x")
    heard.wait_for(b"caf\xe9")


def test_reading_a_file_is_no_news(tmp_path, watcher, heard):
    (tmp_path / "a.flac").write_bytes(b"x")
    watcher.watch([folder_at(tmp_path)])
    heard.clear()
    (tmp_path / "a.flac").read_bytes()
    os.utime(tmp_path / "a.flac")
    time.sleep(0.3)
    assert heard.told == []


def test_another_folder_inside_is_told_by_its_own_observer_only(tmp_path, watcher, heard):
    (tmp_path / "inner" / "deep").mkdir(parents=True)
    outer = replace(folder_at(tmp_path), inner=frozenset({b"inner"}))
    watcher.watch([outer, folder_at(tmp_path / "inner", "i")])
    heard.clear()
    (tmp_path / "inner" / "deep" / "a.flac").write_bytes(b"x")
    (tmp_path / "innermost").mkdir()
    wait_for(lambda: ("m", b"innermost") in heard.told, "the outer folder's news", 10)
    wait_for(lambda: ("i", b"deep") in heard.told, "the inner folder's news", 10)
    assert {told for told in heard.told if told[0] == "m"} == {("m", b"innermost")}


def test_a_root_that_is_a_link_is_watched_where_it_leads(tmp_path, watcher, heard):
    (tmp_path / "disk" / "deep").mkdir(parents=True)
    (tmp_path / "other").mkdir()
    link = tmp_path / "music"
    link.symlink_to("disk")
    watcher.watch([folder_at(link)])
    heard.clear()
    (tmp_path / "disk" / "a.flac").write_bytes(b"x")
    heard.wait_for(b"")
    (tmp_path / "disk" / "deep" / "a.flac").write_bytes(b"x")
    heard.wait_for(b"deep")
    link.unlink()
    link.symlink_to("other")
    watcher.watch([folder_at(link)])
    heard.clear()
    (tmp_path / "other" / "a.flac").write_bytes(b"x")
    heard.wait_for(b"")


def test_case_18_who_fails_to_take_news_hears_the_next(tmp_path, watcher, heard, caplog):
    watcher.watch([folder_at(tmp_path)])
    heard.clear()
    heard.fails = True
    for name in "abc":
        (tmp_path / name).mkdir()
    heard.wait_for(b"c", None)
    assert len([record for record in caplog.records if record.exc_info]) == 1
    heard.fails = False
    heard.clear()
    (tmp_path / "a" / "x.flac").write_bytes(b"x")
    heard.wait_for(b"a")
    watcher.watch([folder_at(tmp_path)])
    assert watcher.health("m").mode == "live"


# Coming and going.


def test_a_folder_that_cannot_be_watched_costs_nothing_however_often_it_is_tried(
    tmp_path, watcher, heard
):
    before = instances()
    for _ in range(5):
        watcher.watch([folder_at(tmp_path / "away")])
    assert instances() == before
    assert watcher.health("m").mode == "polled"
    assert "doesn't exist" in watcher.health("m").reason
    assert heard.told == []


class VanishingRoot(type(Path())):
    """Is there when it is looked at, and gone when it is to be watched."""

    def resolve(self, strict=False):
        return type(self)(str(self))

    def stat(self, *, follow_symlinks=True):
        return Path(str(self.parent)).stat()


@needs_7
def test_a_folder_that_goes_while_watching_begins_leaves_no_instance(tmp_path, watcher):
    before = instances()
    for _ in range(5):
        watcher.watch([WatchedFolder("m", VanishingRoot(tmp_path / "stick"))])
    assert instances() == before
    assert "doesn't exist" in watcher.health("m").reason


def test_a_root_that_was_away_is_taken_up_again(tmp_path, watcher, heard):
    root = tmp_path / "disk"
    watcher.watch([folder_at(root)])
    assert watcher.health("m").mode == "polled"
    root.mkdir()
    watcher.watch([folder_at(root)])
    assert watcher.health("m").mode == "live"
    heard.clear()
    (root / "a.flac").write_bytes(b"x")
    heard.wait_for(b"")


def test_what_is_wrong_is_said_once(tmp_path, watcher, caplog):
    caplog.set_level(logging.INFO, "traumbox")
    for _ in range(3):
        watcher.watch([folder_at(tmp_path / "gone")])
    assert len(caplog.records) == 1


@pytest.mark.parametrize("how", ["rename", "delete"])
def test_case_19_a_root_replaced_by_another_is_taken_up_again(tmp_path, watcher, heard, how):
    root, before = tmp_path / "disk", instances()
    root.mkdir()
    watcher.watch([folder_at(root)])
    for _ in range(3):
        if how == "rename":
            root.rename(tmp_path / f"old {time.monotonic()}")
        else:
            shutil.rmtree(root)
        root.mkdir()
        heard.clear()
        wait_for(
            lambda: watcher.watch([folder_at(root)]) or None in heard.directories,
            "a new start",
            10,
        )
        heard.clear()
        (root / "a.flac").write_bytes(b"x")
        heard.wait_for(b"")
    assert instances() == before + 1


def test_folders_no_longer_wanted_are_let_go(tmp_path, watcher, heard):
    before = instances()
    watcher.watch([folder_at(tmp_path)])
    assert instances() == before + 1
    watcher.watch([])
    assert instances() == before
    assert watcher.health("m").mode == "polled"
    heard.clear()
    (tmp_path / "a.flac").write_bytes(b"x")
    time.sleep(0.3)
    assert heard.told == []


def test_a_folder_whose_root_is_another_now_is_watched_there(tmp_path, watcher, heard):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    watcher.watch([folder_at(tmp_path / "one")])
    watcher.watch([folder_at(tmp_path / "two")])
    heard.clear()
    (tmp_path / "two" / "a.flac").write_bytes(b"x")
    heard.wait_for(b"")


def test_other_rules_for_a_folder_start_nothing_anew(tmp_path, watcher, heard):
    watcher.watch([folder_at(tmp_path)])
    heard.clear()
    watcher.watch([replace(folder_at(tmp_path), exclude=("*.wav",), priority=5)])
    assert heard.told == []


def test_stopping_gives_everything_back(tmp_path):
    before = instances(), threads(), len(logging.getLogger("watchdog").handlers)
    watcher = Watcher(Heard(), patience_s=20)
    watcher.watch([folder_at(tmp_path)])
    watcher.stop()
    wait_for(lambda: threads() == before[1], "its threads to end", 10)
    assert (instances(), threads(), len(logging.getLogger("watchdog").handlers)) == before


def threads() -> int:
    return sum(isinstance(thread, BaseThread) for thread in threading.enumerate())


def test_an_observer_whose_thread_died_is_replaced(tmp_path, watcher, heard, clock):
    watcher.watch([folder_at(tmp_path)])
    before = instances()
    end_a_thread()
    heard.clear()
    wait_for(
        lambda: watcher.watch([folder_at(tmp_path)]) or None in heard.directories, "a restart", 10
    )
    assert instances() == before
    heard.clear()
    (tmp_path / "a.flac").write_bytes(b"x")
    heard.wait_for(b"")


def test_what_dies_again_and_again_is_given_a_minute_of_rest(tmp_path, watcher, heard, clock):
    for _ in range(5):
        watching(watcher, folder_at(tmp_path))
        end_a_thread()
        wait_for(lambda: emitters_alive() == 0, "the thread to end", 10)
    watcher.watch([folder_at(tmp_path)])
    assert watcher.health("m").mode == "polled"
    assert "again and again" in watcher.health("m").reason
    clock.now_s += 61
    watcher.watch([folder_at(tmp_path)])
    assert watcher.health("m").mode == "live"


def emitters() -> list[BaseThread]:
    return [t for t in threading.enumerate() if type(t).__name__ == "InotifyEmitter"]


def emitters_alive() -> int:
    return sum(emitter.is_alive() for emitter in emitters())


def end_a_thread() -> None:
    for emitter in emitters():
        emitter.stop()


# Where events can't be relied on.


def test_a_deaf_file_system_is_polled_and_says_why(tmp_path, heard, clock):
    share = Mount(tmp_path.resolve(), "nfs4", "nas:/music")
    watcher = Watcher(heard, clock, mounts=lambda: [share], patience_s=20)
    try:
        watcher.watch([folder_at(tmp_path)])
        assert watcher.health("m").mode == "polled"
        assert "network share (nfs4)" in watcher.health("m").reason
        assert watcher.is_network("m")
        heard.clear()
        (tmp_path / "own.flac").write_bytes(b"x")  # what is done here is told all the same
        heard.wait_for(b"")
    finally:
        watcher.stop()


def test_a_deaf_mount_within_is_named(tmp_path, heard, clock):
    table = [Mount(Path("/"), "ext4"), Mount(tmp_path.resolve() / "nas", "cifs", "//nas/x")]
    watcher = Watcher(heard, clock, mounts=lambda: table, patience_s=20)
    try:
        watcher.watch([folder_at(tmp_path)])
        assert watcher.health("m").mode == "partial"
        assert "nas/" in watcher.health("m").reason
        assert "cifs" in watcher.health("m").reason
        assert not watcher.is_network("m")
    finally:
        watcher.stop()


def test_a_share_that_hangs_holds_up_nobody(tmp_path, heard):
    root = HangingRoot(tmp_path / "share")
    (tmp_path / "local").mkdir()
    watcher = Watcher(heard, patience_s=0.2)
    folders = [WatchedFolder("share", root), folder_at(tmp_path / "local", "local")]
    try:
        for _ in range(3):
            watcher.watch(folders)
        wait_for(
            lambda: watcher.watch(folders) or watcher.health("local").mode == "live", "local", 10
        )
        assert watcher.health("share").mode == "polled"
    finally:
        HangingRoot.hangs = False
        watcher.stop()


class HangingRoot(type(Path())):
    """A share whose server is down."""

    hangs = True

    def resolve(self, strict=False):
        while type(self).hangs:
            time.sleep(0.05)
        raise TimeoutError


@needs_7
@with_limits_of_its_own
def test_case_17_too_few_watches_are_noticed_with_the_remedy(tmp_path):
    limit = Path("/proc/sys/user/max_inotify_watches")
    limit.write_text("50")
    for number in range(100):
        (tmp_path / str(number)).mkdir()
    heard, clock = Heard(), Clock()
    watcher = Watcher(heard, clock, patience_s=20)
    watcher.watch([folder_at(tmp_path)])
    health = watcher.health("m")
    assert health.mode == "partial"
    assert "of 101 directories" in health.reason
    assert "allows this user 50" in health.reason
    assert "fs.inotify.max_user_watches=131072" in health.remedy
    assert "sudo sysctl --system" in health.remedy
    heard.clear()
    watcher.watch([folder_at(tmp_path)])
    assert heard.told == []  # nothing starts anew as long as no more is allowed
    limit.write_text("500")
    watcher.watch([folder_at(tmp_path)])
    assert watcher.health("m").mode == "live"
    assert heard.directories == {None}
    watcher.stop()


@needs_7
@with_limits_of_its_own
def test_a_folder_that_outgrows_the_limit_is_noticed(tmp_path):
    Path("/proc/sys/user/max_inotify_watches").write_text("50")
    clock = Clock()
    watcher = Watcher(Heard(), clock, patience_s=20)
    watcher.watch([folder_at(tmp_path)])
    assert watcher.health("m").mode == "live"
    for number in range(100):
        (tmp_path / str(number)).mkdir()

    def look() -> bool:
        clock.now_s += 61
        watcher.watch([folder_at(tmp_path)])
        return watcher.health("m").mode == "partial"

    wait_for(look, "the shortfall to be noticed", 10)
    watcher.stop()


@needs_7
@with_limits_of_its_own
def test_no_watch_at_all_and_no_instance_left(tmp_path):
    Path("/proc/sys/user/max_inotify_watches").write_text("0")
    clock = Clock()
    watcher = Watcher(Heard(), clock, patience_s=20)
    watcher.watch([folder_at(tmp_path)])
    assert watcher.health("m").mode == "polled"
    assert "allows this user 0 watched directories" in watcher.health("m").reason
    assert "max_user_watches" in watcher.health("m").remedy
    Path("/proc/sys/user/max_inotify_watches").write_text("500")
    Path("/proc/sys/user/max_inotify_instances").write_text("0")
    clock.now_s += 61
    watcher.watch([folder_at(tmp_path)])
    assert "instances" in watcher.health("m").reason
    assert "max_user_instances" in watcher.health("m").remedy
    Path("/proc/sys/user/max_inotify_instances").write_text("5")
    watcher.watch([folder_at(tmp_path)])
    assert watcher.health("m").mode == "live"
    assert instances() == 1
    watcher.stop()


@in_namespace
def test_case_22_directories_that_may_not_be_read_are_not_missed(tmp_path):
    nobody = 65_534
    with tempfile.TemporaryDirectory() as scratch:  # pytest's own are for their owner alone
        (Path(scratch) / "closed").mkdir(mode=0)
        try:
            os.chown(scratch, nobody, nobody)
            os.chown(Path(scratch) / "closed", nobody, nobody)
        except OSError:
            skip("acting as another user needs root")
        watcher = Watcher(Heard(), patience_s=20)
        os.seteuid(nobody)
        watcher.watch([folder_at(Path(scratch))])
        os.seteuid(0)
        assert watcher.health("m").mode == "live"
        watcher.stop()


# Mounts that come and go.


@in_namespace
def test_case_11_a_disk_unmounted_and_mounted_again_is_heard(tmp_path):
    disk, root = tmp_path / "disk", tmp_path / "music"
    for path in (disk, root):
        path.mkdir()
    mount("-t", "tmpfs", "disk", disk)
    (disk / "album").mkdir()
    mount("--bind", disk, root)
    heard = Heard()
    watcher = Watcher(heard, patience_s=20)
    watcher.watch([folder_at(root)])
    unmount(root)
    watcher.watch([folder_at(root)])
    mount("--bind", disk, root)
    watcher.watch([folder_at(root)])
    heard.clear()
    (root / "album" / "a.flac").write_bytes(b"x")
    heard.wait_for(b"album")
    watcher.stop()


@needs_7
@in_namespace
def test_a_disk_within_that_was_away_between_two_looks_is_heard_again(tmp_path):
    image, root = tmp_path / "image", tmp_path / "music"
    (root / "usb").mkdir(parents=True)
    with image.open("wb") as file:
        file.truncate(4 << 20)
    try:
        subprocess.run(["mkfs.ext2", "-q", image], check=True)
        mount("-o", "loop", image, root / "usb")
    except (OSError, subprocess.CalledProcessError) as error:
        skip(f"no loop devices here: {error}")
    (root / "usb" / "album").mkdir()
    heard = Heard()
    watcher = Watcher(heard, patience_s=20)
    watcher.watch([folder_at(root)])
    subprocess.run(["umount", root / "usb"], check=True)
    mount("-o", "loop", image, root / "usb")
    watcher.watch([folder_at(root)])
    heard.clear()
    (root / "usb" / "album" / "a.flac").write_bytes(b"x")
    heard.wait_for(b"usb/album")
    watcher.stop()


@needs_7
@in_namespace
def test_a_disk_mounted_into_a_watched_folder_is_heard(tmp_path):
    (tmp_path / "usb").mkdir()
    heard = Heard()
    watcher = Watcher(heard, patience_s=20)
    watcher.watch([folder_at(tmp_path)])
    mount("-t", "tmpfs", "stick", tmp_path / "usb")
    (tmp_path / "usb" / "album").mkdir()
    watcher.watch([folder_at(tmp_path)])
    assert watcher.health("m").mode == "live"
    heard.clear()
    (tmp_path / "usb" / "album" / "a.flac").write_bytes(b"x")
    heard.wait_for(b"usb/album")
    watcher.stop()


@in_namespace
def test_one_directory_mounted_twice_is_no_shortfall(tmp_path):
    (tmp_path / "a" / "deep").mkdir(parents=True)
    (tmp_path / "b").mkdir()
    mount("--bind", tmp_path / "a", tmp_path / "b")
    watcher = Watcher(Heard(), patience_s=20)
    watcher.watch([folder_at(tmp_path)])
    assert watcher.health("m").mode == "live"
    watcher.stop()


@in_namespace
def test_case_20_what_happens_beneath_a_fuse_mount_does_not_tell_itself(tmp_path):
    if shutil.which("bindfs") is None:
        skip("bindfs isn't installed")
    server, root = tmp_path / "server", tmp_path / "music"
    for path in (server, root):
        path.mkdir()
    done = subprocess.run(["bindfs", server, root], check=False, capture_output=True, text=True)
    if done.returncode:
        skip(done.stderr)
    heard = Heard()
    watcher = Watcher(heard, patience_s=20)
    watcher.watch([folder_at(root)])
    assert watcher.health("m").mode == "polled"
    assert "FUSE" in watcher.health("m").reason
    heard.clear()
    (server / "elsewhere.flac").touch()
    time.sleep(0.5)
    assert heard.told == []  # that's why it is polled
    (root / "here.flac").touch()
    heard.wait_for(b"")
    watcher.stop()
    unmount(root)


@in_namespace
def test_what_happens_in_a_lower_layer_does_not_tell_itself(tmp_path):
    mount("-t", "tmpfs", "layers", tmp_path)  # a layer can't lie on another overlay
    for name in ("lower", "upper", "work", "music"):
        (tmp_path / name).mkdir()
    layers = f"lowerdir={tmp_path}/lower,upperdir={tmp_path}/upper,workdir={tmp_path}/work"
    try:
        mount("-t", "overlay", "overlay", "-o", layers, tmp_path / "music")
    except subprocess.CalledProcessError:
        skip("no overlays here")
    heard = Heard()
    watcher = Watcher(heard, patience_s=20)
    watcher.watch([folder_at(tmp_path / "music")])
    assert watcher.health("m").mode == "polled"
    assert "layered" in watcher.health("m").reason
    heard.clear()
    (tmp_path / "lower" / "elsewhere.flac").touch()
    time.sleep(0.5)
    assert heard.told == []
    (tmp_path / "music" / "here.flac").touch()
    heard.wait_for(b"")
    watcher.stop()
