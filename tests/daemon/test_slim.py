"""Letting go of program code: what is dropped, what isn't, and that all goes on as before."""

import subprocess
import sys
from pathlib import Path

import pytest

from traumbox.daemon.slim import SMAPS, constant_ranges

LIBRARY = "/usr/lib/python3/dist-packages/x/x.so"


def mapping(start: int, stop: int, flags: str, path: str = LIBRARY, anonymous_kb: int = 0) -> str:
    inode = 4711 if path.startswith("/") else 0
    return (
        f"{start:x}-{stop:x} {flags} 00000000 fe:00 {inode}                {path}\n"
        f"Size:  4 kB\nRss:  4 kB\nFilePmdMapped:  0 kB\nAnonymous:  {anonymous_kb} kB\n"
        "VmFlags: rd ex mr mw me sd\n"
    )


@pytest.mark.parametrize("flags", ["r-xp", "r--p"])
def test_code_and_constants_may_go(flags):
    assert list(constant_ranges(mapping(0x1000, 0x3000, flags))) == [(0x1000, 0x3000)]


@pytest.mark.parametrize(
    "kept",
    [
        mapping(0x1000, 0x3000, "rw-p"),  # data
        mapping(0x1000, 0x3000, "rwxp"),  # code made at run time
        mapping(0x1000, 0x3000, "r--p", anonymous_kb=4),  # data that was relocated
        mapping(0x1000, 0x3000, "rw-s", path="/data/traumbox.db-shm"),
        mapping(0x1000, 0x3000, "r--s", path="/data/shared"),
        mapping(0x1000, 0x3000, "r-xp", path="[vdso]"),
        mapping(0x1000, 0x3000, "r--p", path=""),
    ],
)
def test_everything_else_stays(kept):
    between = mapping(0x5000, 0x6000, "r-xp")
    assert list(constant_ranges(kept)) == []
    assert list(constant_ranges(between + kept + between)) == [(0x5000, 0x6000)] * 2


def test_a_mapping_without_the_count_stays():
    text = mapping(0x1000, 0x3000, "r-xp").replace("Anonymous", "Something")
    assert list(constant_ranges(text + mapping(0x5000, 0x6000, "rw-p"))) == []


WHOLE = """
import json
import threading
import numpy as np
import pyarrow as pa
from traumbox.daemon.slim import slim

def mb(name):
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1000 for line in status if line.startswith(name))

data = np.arange(4_000_000)
done = threading.Event()
wrong = []
def compute():
    while not done.is_set():
        if np.linalg.inv(np.eye(60) * 2)[0, 0] != 0.5:
            wrong.append(1)
threads = [threading.Thread(target=compute) for _ in range(2)]
for thread in threads:
    thread.start()
files, own = mb("RssFile"), mb("RssAnon")
slim()
left, kept = mb("RssFile"), mb("RssAnon")
for _ in range(20):
    slim()
done.set()
for thread in threads:
    thread.join()
assert not wrong
assert left < 0.7 * files, (files, left)
assert kept > own - 10, (own, kept)
assert data.sum() == 4_000_000 * 3_999_999 // 2
assert pa.array([1, 2, None]).null_count == 1
assert json.loads("[1]") == [1]
"""


@pytest.mark.skipif(not SMAPS.exists(), reason="needs Linux's /proc")
def test_a_process_goes_on_as_before():
    ended = subprocess.run(
        [sys.executable, "-c", WHOLE],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, f"{ended.returncode}: {ended.stderr}"
