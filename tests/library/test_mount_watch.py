import subprocess
import threading
import time

from tests.house import wait_for
from tests.library.namespaces import in_namespace, mount, unmount
from traumbox.library.mount_watch import MountChanges, MountWatch


@in_namespace
def test_mounting_and_unmounting_is_told_at_once(tmp_path):
    told: list[float] = []
    with MountWatch(lambda: told.append(time.monotonic()), quiet_s=0.05):
        for step in (lambda: mount("-t", "tmpfs", "x", tmp_path), lambda: unmount(tmp_path)):
            before = len(told)
            step()
            wait_for(lambda seen=before: len(told) > seen, "the news", 5)
        time.sleep(0.3)
        assert len(told) == 2


@in_namespace
def test_many_mounts_at_once_are_told_together(tmp_path):
    told: list[int] = []
    many = 'for _ in 1 2 3 4 5; do mount -t tmpfs x "$0"; done'
    with MountWatch(lambda: told.append(1), quiet_s=1.5):
        subprocess.run(["sh", "-c", many, str(tmp_path)], check=True)
        wait_for(lambda: told, "the news", 10)
        time.sleep(2.0)
    assert len(told) == 1


@in_namespace
def test_who_fails_to_take_the_news_hears_the_next(tmp_path):
    told: list[int] = []

    def fail() -> None:
        told.append(1)
        raise RuntimeError("as scripted")

    with MountWatch(fail, quiet_s=0.05):
        for count in (1, 2):
            mount("-t", "tmpfs", "x", tmp_path)
            wait_for(lambda wanted=count: len(told) == wanted, "the news", 5)


@in_namespace
def test_a_change_is_told_once_to_who_asks(tmp_path):
    changes = MountChanges()
    assert not changes.changed()
    mount("-t", "tmpfs", "x", tmp_path)
    assert changes.changed()
    assert not changes.changed()
    changes.close()


def test_stopping_ends_the_thread_whatever_it_waits_for():
    before = threading.active_count()
    watch = MountWatch(lambda: None)
    watch.stop()
    watch.start()
    assert threading.active_count() == before + 1
    watch.stop()
    watch.stop()
    assert threading.active_count() == before
