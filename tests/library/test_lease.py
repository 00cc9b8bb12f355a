import os
import subprocess
import sys
from pathlib import Path

import pytest

from traumbox.library.lease import is_being_written


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.flac"
    path.write_bytes(b"x")
    if is_being_written(path) is None:
        pytest.skip("this file system knows no leases")
    return path


def test_a_file_open_for_writing_is_told(file: Path) -> None:
    assert is_being_written(file) is False
    with file.open("ab"):
        assert is_being_written(file) is True
    with file.open("rb"):
        assert is_being_written(file) is False


def test_a_writer_in_another_process_is_told_and_not_held_up(file: Path) -> None:
    script = "import sys; f = open(sys.argv[1], 'ab'); print(1, flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", script, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdin is not None
        writer.stdout.readline()
        assert is_being_written(file) is True
        writer.stdin.close()
        assert writer.wait(20) == 0
    assert is_being_written(file) is False


_ASK = """
import sys
from pathlib import Path
from traumbox.library.lease import is_being_written
while Path(sys.argv[2]).exists():
    assert is_being_written(Path(sys.argv[1])) is not None
"""


def test_asking_while_others_open_and_close_harms_nobody(file: Path, tmp_path: Path) -> None:
    going = tmp_path / "going"
    going.touch()
    # In a process of its own: what the kernel sends to one that holds a lease may end it.
    with subprocess.Popen([sys.executable, "-c", _ASK, file, going]) as asker:
        for _ in range(20_000):
            os.close(os.open(file, os.O_WRONLY))
            if asker.poll() is not None:
                break
        going.unlink()
    assert asker.returncode == 0


def test_what_cannot_be_opened_cannot_be_known(tmp_path: Path) -> None:
    assert is_being_written(tmp_path / "gone") is None
    assert is_being_written(Path(os.devnull)) is None
