"""What the ledger of a large library takes: to compare, to change, to say what comes next."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from traumbox.domain import Changes, FileStat, Heard, Location, Media
from traumbox.stores.ledger import Ledger

FILES = 100_000
RUNS = 9


def bench_ledger() -> None:
    """Print the rows for a ledger of 100,000 files on the disk of the temporary directory."""
    with tempfile.TemporaryDirectory(prefix="traumbox-ledger-") as directory:
        path = Path(directory) / "traumbox.db"
        ledger = Ledger(path)
        new = dict(map(_file, range(FILES)))
        print(f"\n| a ledger of {FILES:,} files | |\n|---|---|")
        _row("apply of all as new", _took_s(lambda: ledger.apply(Changes(new=new), 1.0)))
        groups = [["Music"]]
        for what, choose in (
            ("next of all pending", {"folders": groups}),
            ("next of all pending, drops first", {"folders": groups, "baselines": {"Music": 0.5}}),
        ):
            runs = [_took_s(lambda: ledger.next_pending(9.0, **choose)) for _ in range(RUNS)]  # type: ignore[arg-type]  # noqa: B023 - used at once
            _row(f"{what}, median of {RUNS}", statistics.median(runs))
        ids = [known[7] for known in ledger.listing("Music")]
        heard = Heard("", 200.0, Media("flac", "flac", 44_100, 2))
        _row("mark_indexed of all", _took_s(lambda: _index_all(ledger, ids, heard)))
        moved = {ids[n]: (_file(n + FILES)[0], _file(n)[1]) for n in range(1000)}
        _row("apply of 1,000 moved", _took_s(lambda: ledger.apply(Changes(moved=moved), 3.0)))
        gone = frozenset(ids[1000:2000])
        _row("apply of 1,000 gone", _took_s(lambda: ledger.apply(Changes(gone=gone), 4.0)))
        _row(
            f"missing_like of {FILES:,} among 1,000 missing",
            _took_s(lambda: ledger.missing_like(new.values())),
        )
        for what, ask in (
            ("sample of a folder", lambda: ledger.sample("Music")),
            ("counts", ledger.counts),
            ("a page of failures", lambda: ledger.page(100, states=("failed",))),
        ):
            runs = [_took_s(ask) for _ in range(RUNS)]
            _row(f"{what}, median of {RUNS}", statistics.median(runs))
        ledger.close()
        _row("size of the file", path.stat().st_size / 1e6, "MB")
        for name in ("listing", "on_disk"):
            print(_streamed(path, name), end="")


def _file(number: int) -> tuple[Location, FileStat]:
    artist, album, track = number // 100, number // 10 % 10, number % 10
    path = f"Artist {artist:04d}/{1960 + album} - Album/{track + 1:02d} - Title of a Song.flac"
    stat = FileStat(30_000_000 + number, 1_700_000_000_000_000_000 + number, number + 1)
    return Location("Music", path.encode()), stat


def _index_all(ledger: Ledger, ids: list[str], heard: Heard) -> None:
    done = [(track_id, _file(number)[1], heard, "f") for number, track_id in enumerate(ids)]
    for first in range(0, FILES, 1000):
        ledger.mark_indexed(done[first : first + 1000], 2.0)


def _took_s(work: Callable[[], object]) -> float:
    began_s = time.perf_counter()
    work()
    return time.perf_counter() - began_s


def _row(what: str, amount: float, unit: str = "s") -> None:
    if unit == "s" and amount < 0.1:
        amount, unit = 1000 * amount, "ms"
    print(f"| {what} | {amount:.2f} {unit} |")


def _streamed(path: Path, name: str) -> str:
    """Measure in a process of its own: what it grows by is what the stream takes."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.bench.ledger", name, path],
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout


def _peak_mb() -> float:
    status = Path("/proc/self/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024 / 1e6


def _child(name: str, path: Path) -> None:
    ledger = Ledger(path)
    before_mb = _peak_mb()
    runs = []
    for _ in range(RUNS):
        began_s = time.process_time()
        assert sum(1 for _ in getattr(ledger, name)("Music")) == FILES
        runs.append(time.process_time() - began_s)
    cpu_s, grown_mb = statistics.median(runs), _peak_mb() - before_mb
    print(f"| {name} of all, median of {RUNS} | {cpu_s:.2f} s CPU, memory +{grown_mb:.1f} MB |")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        _child(sys.argv[1], Path(sys.argv[2]))
    else:
        bench_ledger()
