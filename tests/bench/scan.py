"""What a full scan of a large library that didn't change costs: time, processor and memory."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from traumbox.audio.formats import is_candidate
from traumbox.domain import Changes, FileStat, Location
from traumbox.library.diff import compare
from traumbox.library.folders import WatchedFolder
from traumbox.library.scan import Walk
from traumbox.stores.ledger import Ledger

ARTISTS = 1_000
ALBUMS = 11
FILES = 100_000
RUNS = 5
_CACHES = Path("/proc/sys/vm/drop_caches")


def bench_scan() -> None:
    """Print the rows for a library on the disk of the temporary directory."""
    with tempfile.TemporaryDirectory(prefix="traumbox-scan-") as directory:
        place = Path(directory)
        write_tree(place / "music")
        first_s = _fill_ledger(place)
        for what, name in (
            ("plain walk with stat, for comparison", "plain"),
            ("walk", "walk"),
            ("full scan: walk and comparison with the ledger", "scan"),
        ):
            runs = [_measured(place, name, is_cold=False) for _ in range(RUNS)]
            cpu_s = statistics.median(run["cpu_s"] for run in runs)
            grown_mb = max(run["grown_mb"] for run in runs)
            print(f"| {what}, warm | {cpu_s:.2f} s CPU, memory +{grown_mb:.1f} MB |")
        if os.access(_CACHES, os.W_OK):
            cold = [_measured(place, "scan", is_cold=True) for _ in range(3)]
            took_s = statistics.median(run["took_s"] for run in cold)
            print(f"| full scan, cold (caches dropped) | {took_s:.1f} s |")
        else:
            print("| full scan, cold | not measured: only root may drop the caches |")
        print(f"| first comparison and insert of {FILES:,} files | {first_s:.1f} s |")


def write_tree(root: Path) -> None:
    """Write a tree of 12,000 directories whose files hold a byte each."""
    albums = ARTISTS * ALBUMS
    written = 0
    for artist in range(ARTISTS):
        for album in range(ALBUMS):
            place = root / f"Artist {artist:04d}" / f"{1960 + album} - Album {album:02d}"
            place.mkdir(parents=True)
            (place / "cover.jpg").touch()
            share = (FILES - written) // (albums - artist * ALBUMS - album)
            for track in range(share):
                (place / f"{track + 1:02d} - Title of a Song.flac").write_bytes(b"x")
            written += share


def _fill_ledger(place: Path) -> float:
    began_s = time.perf_counter()
    ledger = Ledger(place / "traumbox.db")
    folder = WatchedFolder("Music", place / "music")
    differences = compare("Music", Walk(folder, is_candidate), ledger.listing("Music"))
    new: dict[Location, FileStat] = {at: found.stat for at, found in differences.fresh.items()}
    ledger.apply(Changes(new=new), time.time())
    ledger.close()
    return time.perf_counter() - began_s


def _measured(place: Path, name: str, *, is_cold: bool) -> dict[str, float]:
    """Measure in a process of its own: what it grows by is what the scan takes."""
    if is_cold:
        os.sync()
        _CACHES.write_text("3")
    run = subprocess.run(
        [sys.executable, "-m", "tests.bench.scan", name, place],
        capture_output=True,
        text=True,
        check=True,
    )
    result: dict[str, float] = json.loads(run.stdout)
    return result


def _plain(place: Path) -> int:
    count, todo = 0, [os.fsencode(place / "music")]
    while todo:
        with os.scandir(todo.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    todo.append(entry.path)
                elif entry.name.endswith(b".flac"):
                    entry.stat(follow_symlinks=False)
                    count += 1
    return count


def _walk(place: Path) -> int:
    return sum(1 for _ in Walk(WatchedFolder("Music", place / "music"), is_candidate))


def _scan(place: Path) -> int:
    ledger = Ledger(place / "traumbox.db")
    walk = Walk(WatchedFolder("Music", place / "music"), is_candidate)
    differences = compare("Music", walk, ledger.listing("Music"))
    assert not differences.fresh
    assert not differences.absent
    assert not walk.offline
    ledger.close()
    return differences.seen


def _peak_mb() -> float:
    status = Path("/proc/self/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024 / 1e6


def _child(name: str, place: Path) -> None:
    work: Callable[[Path], int] = {"plain": _plain, "walk": _walk, "scan": _scan}[name]
    before_mb, began_s, cpu_s = _peak_mb(), time.perf_counter(), time.process_time()
    assert work(place) == FILES
    print(
        json.dumps(
            {
                "cpu_s": time.process_time() - cpu_s,
                "took_s": time.perf_counter() - began_s,
                "grown_mb": _peak_mb() - before_mb,
            }
        )
    )


if __name__ == "__main__":
    if len(sys.argv) == 3:
        _child(sys.argv[1], Path(sys.argv[2]))
    else:
        bench_scan()
