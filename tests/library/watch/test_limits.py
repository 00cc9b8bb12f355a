import os
from pathlib import Path

import pytest

from tests.library.namespaces import in_namespace, mount
from traumbox.library.watch.limits import (
    Limit,
    Limits,
    count_directories,
    enough_watches,
    no_instances,
    queue_too_short,
    read_limits,
    short_of_watches,
)

NOTHING_KNOWN = Limits(None, None, None)


def test_directories_are_counted_as_inotify_sees_them(tmp_path):
    for name in ("a/b", ".hidden/c", "d"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("a")
    (tmp_path / "loop").symlink_to(".")
    assert count_directories(os.fsencode(tmp_path)) == 6
    assert count_directories(os.fsencode(tmp_path / "gone")) == 0


@in_namespace
def test_a_directory_in_two_places_is_counted_once(tmp_path):
    (tmp_path / "a" / "deep").mkdir(parents=True)
    (tmp_path / "b").mkdir()
    mount("--bind", tmp_path / "a", tmp_path / "b")
    assert count_directories(os.fsencode(tmp_path)) == 3


@pytest.mark.parametrize(
    ("directories", "watches"), [(0, 131_072), (65_000, 131_072), (70_000, 262_144)]
)
def test_more_is_asked_for_than_is_needed(directories, watches):
    assert enough_watches(directories) == watches


def test_a_remedy_is_one_line_that_lasts():
    remedy = Limit("fs.inotify.max_user_watches", 8192).remedy(131_072)
    assert remedy == (
        "echo 'fs.inotify.max_user_watches=131072' | sudo tee "
        "/etc/sysctl.d/60-traumbox-max-user-watches.conf && sudo sysctl --system"
    )


def test_what_is_short_is_said_in_numbers():
    limits = Limits(
        Limit("fs.inotify.max_user_watches", 300_000),
        Limit("fs.inotify.max_user_instances", 128),
        Limit("fs.inotify.max_queued_events", 16_384),
    )
    short = short_of_watches(1_234, 5_678, limits)
    assert "1,234 of 5,678" in short.reason
    assert "300,000" in short.reason
    assert "=600000'" in short.remedy  # never less than there is
    assert "max_user_instances=512" in no_instances(limits).remedy
    assert "max_queued_events=131072" in queue_too_short(limits, 3).remedy


def test_unknown_limits_leave_no_advice_but_the_reason():
    for health in (
        short_of_watches(1, 2, NOTHING_KNOWN),
        no_instances(NOTHING_KNOWN),
        queue_too_short(NOTHING_KNOWN, 3),
    ):
        assert health.reason
        assert health.remedy == ""


def test_the_limits_of_this_machine_can_be_read():
    if not Path("/proc/sys/fs/inotify").is_dir():
        pytest.skip("no inotify here")
    limits = read_limits()
    assert limits.watches is not None
    assert limits.watches.value > 0
