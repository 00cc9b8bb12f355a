import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from traumbox.library.folders import WatchedFolder
from traumbox.library.watch import Watcher


@pytest.fixture
def woken() -> threading.Event:
    return threading.Event()


@pytest.fixture
def watcher(woken: threading.Event) -> Iterator[Watcher]:
    watcher = Watcher(woken.set)
    yield watcher
    watcher.stop()


def test_a_file_written_deep_inside_wakes(
    tmp_path: Path, watcher: Watcher, woken: threading.Event
) -> None:
    (tmp_path / "Artist").mkdir()
    folder = WatchedFolder("m", tmp_path)
    watcher.watch([folder])
    assert watcher.is_watching(folder)
    woken.clear()
    (tmp_path / "Artist" / "a.flac").write_bytes(b"x")
    assert woken.wait(5)


def test_taking_up_a_folder_wakes_once_so_that_nothing_slips_through(
    tmp_path: Path, watcher: Watcher, woken: threading.Event
) -> None:
    watcher.watch([WatchedFolder("m", tmp_path)])
    assert woken.is_set()


def test_reading_a_file_does_not_wake(
    tmp_path: Path, watcher: Watcher, woken: threading.Event
) -> None:
    (tmp_path / "a.flac").write_bytes(b"x")
    watcher.watch([WatchedFolder("m", tmp_path)])
    woken.clear()
    (tmp_path / "a.flac").read_bytes()
    assert not woken.wait(0.3)


class VanishingRoot(type(Path())):
    """Is there when it is looked at, and gone when it is to be watched."""

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        return Path(str(self.parent)).stat()


def inotify_instances() -> int:
    return sum(
        "inotify" in str(descriptor.readlink())
        for descriptor in Path("/proc/self/fd").iterdir()
        if descriptor.is_symlink()
    )


def test_a_folder_that_cannot_be_watched_costs_nothing_however_often_it_is_tried(
    tmp_path: Path, watcher: Watcher
) -> None:
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("no /proc here to count inotify instances in")
    away = WatchedFolder("away", tmp_path / "disk")
    before = inotify_instances()
    for _ in range(5):
        watcher.watch([away])
        watcher.watch([WatchedFolder("going", VanishingRoot(tmp_path / "stick"))])
    assert inotify_instances() == before


def test_a_root_that_was_away_is_taken_up_again(
    tmp_path: Path, watcher: Watcher, woken: threading.Event
) -> None:
    root = tmp_path / "disk"
    folder = WatchedFolder("m", root)
    watcher.watch([folder])
    assert not watcher.is_watching(folder)
    root.mkdir()
    watcher.watch([folder])
    assert watcher.is_watching(folder)
    woken.clear()
    (root / "a.flac").write_bytes(b"x")
    assert woken.wait(5)


def test_that_a_folder_cannot_be_watched_is_said_once(
    tmp_path: Path, watcher: Watcher, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    for _ in range(3):
        watcher.watch([WatchedFolder("m", tmp_path / "gone")])
    assert len(caplog.records) == 1


def test_a_root_replaced_by_another_is_taken_up_again(
    tmp_path: Path, watcher: Watcher, woken: threading.Event
) -> None:
    root = tmp_path / "disk"
    root.mkdir()
    folder = WatchedFolder("m", root)
    watcher.watch([folder])
    root.rename(tmp_path / "old")
    root.mkdir()
    watcher.watch([folder])
    woken.clear()
    (root / "a.flac").write_bytes(b"x")
    assert woken.wait(5)


def test_folders_no_longer_wanted_are_let_go(tmp_path: Path, watcher: Watcher) -> None:
    folder = WatchedFolder("m", tmp_path)
    watcher.watch([folder])
    watcher.watch([])
    assert not watcher.is_watching(folder)
