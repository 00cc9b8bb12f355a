import mmap
import sys
from pathlib import Path

import pytest

from traumbox.embedders.memory import forget_mapped, trim

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells and obeys")
SIZE = 32 << 20


def _file_pages_mb() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssFile:"):
            return int(line.split()[1]) / 1024
    raise AssertionError


def _touched(path: Path, access: int) -> mmap.mmap:
    with path.open("r+b") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=access)
    assert sum(mapped[:: mmap.PAGESIZE]) == SIZE // mmap.PAGESIZE
    return mapped


@pytest.mark.parametrize("name", ["weights.data", "weights with spaces ünd.data"])
def test_a_mapped_files_pages_leave_and_come_back(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"\x01" * SIZE)
    (tmp_path / "link").symlink_to(path)
    mapped = _touched(path, mmap.ACCESS_READ)
    before = _file_pages_mb()
    assert forget_mapped(tmp_path / "link") == SIZE
    assert _file_pages_mb() < before - 20
    assert sum(mapped[:: mmap.PAGESIZE]) == SIZE // mmap.PAGESIZE


def test_what_was_written_to_is_never_forgotten(tmp_path):
    path = tmp_path / "weights.data"
    path.write_bytes(b"\x01" * SIZE)
    mapped = _touched(path, mmap.ACCESS_COPY)
    mapped[0] = 7
    assert forget_mapped(path) == 0
    assert mapped[0] == 7


def test_a_file_that_isnt_mapped_is_nothing(tmp_path):
    assert forget_mapped(tmp_path / "nothing") == 0
    trim()
