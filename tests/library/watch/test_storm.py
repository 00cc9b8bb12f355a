"""More events than the kernel's queue holds.

The real storms take seconds. That the processor comes to rest within a minute under a tree of
20,000 directories while the daemon's other threads work was looked at by hand.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from watchdog import version
from watchdog.utils import BaseThread

from tests.house import wait_for
from tests.library.namespaces import in_namespace, mount, skip
from tests.library.watch.heard import Clock, Heard, folder_at, instances, watching
from traumbox.library.watch import Watcher
from traumbox.library.watch.limits import Limit, Limits, read_limits

pytestmark = pytest.mark.skipif(
    version.VERSION_MAJOR < 7, reason="watchdog before 7 doesn't tell of an overflow"
)


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limits() -> list[Limits]:
    """What the kernel is said to allow: the last in the list."""
    return [Limits(None, None, Limit("fs.inotify.max_queued_events", 16_384))]


@pytest.fixture
def watcher(heard: Heard, clock: Clock, limits: list[Limits]) -> Iterator[Watcher]:
    watcher = Watcher(heard, clock, limits=lambda: limits[-1], patience_s=20)
    yield watcher
    watcher.stop()


def readers() -> list[BaseThread]:
    return [t for t in threading.enumerate() if type(t).__name__ == "InotifyFD" and t.is_alive()]


def overflow(reader: BaseThread) -> None:
    """Log what watchdog 7.1 logs, as if that thread did."""
    for name, text in (
        ("watchdog.observers.inotify_c", "Inotify queue overflowed; filesystem events were lost"),
        ("watchdog.observers.inotify", "Inotify queue overflowed; reconciling recursive watches"),
    ):
        record = logging.LogRecord(name, logging.WARNING, __file__, 1, text, (), None)
        record.thread = reader.ident
        logging.getLogger(name).handle(record)


def test_after_an_overflow_everything_is_looked_at(tmp_path, watcher, heard):
    watching(watcher, folder_at(tmp_path))
    heard.clear()
    overflow(readers()[-1])
    assert heard.told == [("m", None)]
    watcher.watch([folder_at(tmp_path)])
    assert heard.told == [("m", None)]  # one is no reason to start anew


def test_an_overflow_concerns_its_own_folder_only(tmp_path, watcher, heard):
    folders = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        folders.append(folder_at(tmp_path / name, name))
    watcher.watch(folders[:1])
    first = readers()[-1]
    watcher.watch(folders)
    heard.clear()
    overflow(first)
    assert heard.told == [("one", None)]


def test_three_overflows_in_ten_seconds_start_the_watching_anew(tmp_path, watcher, heard, clock):
    watching(watcher, folder_at(tmp_path))
    before, reader = instances(), readers()[-1]
    for _ in range(2):
        overflow(reader)
        clock.now_s += 4
    watcher.watch([folder_at(tmp_path)])
    assert reader.is_alive()
    overflow(reader)
    watcher.watch([folder_at(tmp_path)])
    assert not reader.is_alive()
    assert instances() == before
    assert watcher.health("m").mode == "live"
    heard.clear()
    (tmp_path / "a.flac").write_bytes(b"x")
    heard.wait_for(b"")


def test_overflows_that_lie_apart_are_no_storm(tmp_path, watcher, clock):
    watching(watcher, folder_at(tmp_path))
    reader = readers()[-1]
    for _ in range(6):
        overflow(reader)
        clock.now_s += 6
        watcher.watch([folder_at(tmp_path)])
    assert reader.is_alive()


def test_a_folder_that_fills_the_queue_by_itself_starts_anew_at_the_first(
    tmp_path, watcher, limits
):
    for number in range(10):
        (tmp_path / str(number)).mkdir()
    limits.append(Limits(None, None, Limit("fs.inotify.max_queued_events", 11)))
    watching(watcher, folder_at(tmp_path))
    reader = readers()[-1]
    overflow(reader)
    watcher.watch([folder_at(tmp_path)])
    assert not reader.is_alive()


def test_three_new_starts_within_an_hour_are_enough(tmp_path, watcher, clock, heard):
    storm_until_given_up(watcher, folder_at(tmp_path), clock)
    health = watcher.health("m")
    assert health.mode == "polled"
    assert "3 times within an hour" in health.reason
    assert "fs.inotify.max_queued_events=131072" in health.remedy
    heard.clear()
    clock.now_s += 1800
    watcher.watch([folder_at(tmp_path)])
    assert watcher.health("m").mode == "polled"
    assert heard.told == []
    clock.now_s += 1800
    watcher.watch([folder_at(tmp_path)])
    assert watcher.health("m").mode == "live"
    assert heard.told == [("m", None)]


def test_a_longer_queue_ends_the_rest_at_once(tmp_path, watcher, clock, limits):
    storm_until_given_up(watcher, folder_at(tmp_path), clock)
    limits.append(Limits(None, None, Limit("fs.inotify.max_queued_events", 131_072)))
    watcher.watch([folder_at(tmp_path)])
    assert watcher.health("m").mode == "live"


def storm_until_given_up(watcher, folder, clock) -> None:
    watching(watcher, folder)
    for _ in range(3):
        for _ in range(3):
            overflow(readers()[-1])
        watcher.watch([folder])
        clock.now_s += 60
    assert readers() == []


# Real ones: a process that is stopped reads no events.


def while_stopped(work: Callable[[], None]) -> None:
    """Let ``work`` happen, in another process, while this one is stopped."""
    pid = os.fork()
    if not pid:
        parent = os.getppid()
        os.kill(parent, signal.SIGSTOP)
        try:
            work()
        finally:
            os.kill(parent, signal.SIGCONT)
            os._exit(0)
    os.waitpid(pid, 0)


def queue_length() -> int:
    queue = read_limits().queue
    if queue is None or queue.value > 40_000:
        skip("the kernel's queue is too long here to fill it in seconds")
    return queue.value


def make_files(root: Path, directories: int, files: int) -> None:
    for number in range(files):
        (root / str(number % directories) / f"{number}.flac").touch()


@in_namespace
def test_case_16_a_flood_is_noticed_and_later_news_arrive(tmp_path):
    mount("-t", "tmpfs", "music", tmp_path)
    for number in range(100):
        (tmp_path / str(number)).mkdir()
    heard, length = Heard(), queue_length()
    watcher = Watcher(heard, patience_s=20)
    watcher.watch([folder_at(tmp_path)])
    heard.clear()
    while_stopped(lambda: make_files(tmp_path, 100, length + 2000))
    heard.wait_for(None)
    time.sleep(1.0)
    watcher.watch([folder_at(tmp_path)])
    assert watcher.health("m").mode == "live"
    heard.clear()
    (tmp_path / "7" / "later.flac").touch()
    heard.wait_for(b"7")
    watcher.stop()


@in_namespace
def test_case_16_a_tree_larger_than_the_queue_does_not_spin_for_ever(tmp_path):
    mount("-t", "tmpfs", "music", tmp_path)
    directories = queue_length() + 500
    for number in range(directories):
        (tmp_path / str(number)).mkdir()
    heard = Heard()
    watcher = Watcher(heard, patience_s=20)
    watcher.watch([folder_at(tmp_path)])
    if watcher.health("m").mode != "live":
        skip(watcher.health("m").reason)
    reader = readers()[-1]
    heard.clear()
    while_stopped(lambda: make_files(tmp_path, directories, directories))
    heard.wait_for(None)
    watcher.watch([folder_at(tmp_path)])
    assert not reader.is_alive()
    heard.clear()
    wait_for(is_at_rest, "the processor to come to rest", 20)
    (tmp_path / "7" / "later.flac").touch()
    heard.wait_for(b"7")
    watcher.watch([folder_at(tmp_path)])
    assert watcher.health("m").mode == "live"
    watcher.stop()


def is_at_rest() -> bool:
    before_s = time.process_time()
    time.sleep(0.5)
    return time.process_time() - before_s < 0.05
