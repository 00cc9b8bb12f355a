from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from traumbox.errors import AlreadyRunningError, StoreError
from traumbox.stores.lock import DataLock, holder

HOLD = """
import sys, time
from pathlib import Path
from traumbox.stores.lock import DataLock
with DataLock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def start_holder(data_dir: Path) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(data_dir)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    return child


def test_the_second_process_is_told_the_first_ones_pid_and_what_to_do(tmp_path: Path) -> None:
    with start_holder(tmp_path) as child:
        assert holder(tmp_path) == child.pid
        with pytest.raises(AlreadyRunningError) as raised, DataLock(tmp_path):
            pass
        assert f"process {child.pid}" in str(raised.value)
        assert f"kill {child.pid}" in str(raised.value)
        assert str(tmp_path) in str(raised.value)
        child.kill()


def test_a_holder_that_was_killed_is_no_obstacle(tmp_path: Path) -> None:
    with start_holder(tmp_path) as child:
        child.send_signal(signal.SIGKILL)
        child.wait()
        assert (tmp_path / "traumbox.lock").read_text() == f"{child.pid}\n"
        assert holder(tmp_path) is None
        with DataLock(tmp_path):
            assert holder(tmp_path) == os.getpid()


def test_it_is_free_again_afterwards(tmp_path: Path) -> None:
    for _ in range(2):
        with DataLock(tmp_path / "data"):
            assert holder(tmp_path / "data") == os.getpid()
        assert holder(tmp_path / "data") is None


def test_twice_in_one_process_is_once_too_often(tmp_path: Path) -> None:
    with DataLock(tmp_path):
        with pytest.raises(AlreadyRunningError, match=str(os.getpid())), DataLock(tmp_path):
            pass
        assert holder(tmp_path) == os.getpid()


def test_children_do_not_inherit_the_lock(tmp_path: Path) -> None:
    with DataLock(tmp_path):
        child = subprocess.Popen(["sleep", "60"])
    try:
        with DataLock(tmp_path):
            pass
    finally:
        child.kill()
        child.wait()


def test_nobody_holds_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert holder(tmp_path / "nowhere") is None


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"file.*data_dir"), DataLock(tmp_path / "file"):
        pass
