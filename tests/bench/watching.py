"""How soon a dropped file is found, and what looking through 100,000 files does to searches."""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
import time
import urllib.parse
from pathlib import Path

import numpy as np
import soundfile

from tests.bench.library import write_library
from tests.house import DaemonHouse, wait_for

SETTLE_S = 10.0
DROPS = 20
DROP_EVERY_S = 4.0
DROP_LENGTH_S = 30
BACKLOG_COPIES = 6
FILES = 100_000
A_FOLDER = 10
SEARCHES = 200


def bench_watching() -> None:
    """Print both."""
    with tempfile.TemporaryDirectory(prefix="traumbox-watching-") as directory:
        _drops(Path(directory))
    with tempfile.TemporaryDirectory(prefix="traumbox-watching-") as directory:
        _searches(Path(directory))


def _drops(directory: Path) -> None:
    house = DaemonHouse(directory)
    _settle(house, SETTLE_S)
    sounds = [_sound(directory / f"{number}.flac", number) for number in range(2 * DROPS)]
    tracks = directory / "tracks"
    tracks.mkdir()
    backlog = write_library(tracks)
    print(
        f"\n| from the close of a dropped file to findable (settle {SETTLE_S:.0f} s) | p50 | p95 |"
    )
    print("|---|---|---|")
    with house:
        wait_for(lambda: house.json("/api/v1/status")["folders"][0]["looked"], "a scan", 60)
        _print("the listener idle", _dropped(house, sounds[:DROPS]))
        for copy in range(BACKLOG_COPIES):
            for track in backlog:
                shutil.copyfile(track, house.music / f"backlog {copy} {track.name}")
        busy = BACKLOG_COPIES * len(backlog)
        wait_for(lambda: house.counts()["pending"] > busy // 2, "the backlog", 120)
        took_s = _dropped(house, sounds[DROPS:])
        left = house.counts()["pending"]
        _print(f"the listener busy with a backlog ({busy} tracks; {left} left at the end)", took_s)


def _dropped(house: DaemonHouse, sounds: list[Path]) -> list[float]:
    """Drop one sound after the other; return how long each took, in seconds."""
    closed_s: dict[str, float] = {}
    took_s: dict[str, float] = {}
    next_s = time.monotonic()
    waiting = list(sounds)
    while len(took_s) < len(sounds):
        if waiting and time.monotonic() >= next_s:
            sound = waiting.pop()
            place = house.music / f"drop {sound.name}"
            shutil.copyfile(sound, place)
            closed_s[place.name] = time.monotonic()
            next_s += DROP_EVERY_S
        for path in _found(house) & closed_s.keys() - took_s.keys():
            took_s[path] = time.monotonic() - closed_s[path]
        time.sleep(0.1)
    return list(took_s.values())


def _found(house: DaemonHouse) -> set[str]:
    """Return the drops that a search can find now."""
    return {hit["track"]["path"] for hit in house.search("bright noise", limit=200)}


def _searches(directory: Path) -> None:
    house = DaemonHouse(directory)
    for number in range(8):
        _sound(house.music / f"sound {number}.flac", number)
    with house:
        house.wait_until_heard(8)
        house.get("/api/v1/pause", method="POST")
        many = house.music / "many"
        for number in range(FILES):
            folder = many / f"{number // A_FOLDER:05}"
            if number % A_FOLDER == 0:
                folder.mkdir(parents=True)
            (folder / f"{number:06}.flac").write_bytes(b"fLaC")
        wait_for(lambda: house.counts()["pending"] == FILES, "100,000 rows", 900)
        quiet = _latencies(house)
        before = _last_scan(house)
        busy = _latencies(house, scanning=True)
        scans = _last_scan(house) > before
        assert house.process is not None
        rss_mb = _rss_mb(house.process.pid)
    print(f"\n| text search over HTTP, {FILES:,} files watched | p50 | p95 |\n|---|---|---|")
    _print("nothing else going on", quiet, 1000, "ms")
    _print(f"while all files are looked through{'' if scans else ' (no scan!)'}", busy, 1000, "ms")
    print(f"| the service's resident memory at the end, in MB | {rss_mb:.0f} | |")


def _latencies(house: DaemonHouse, *, scanning: bool = False) -> list[float]:
    took_s = []
    for number in range(SEARCHES):
        if scanning and number % 10 == 0:
            house.get("/api/v1/scan", method="POST")
        begin_s = time.perf_counter()
        query = urllib.parse.urlencode({"q": f"slow piano {number} {scanning}"})
        house.get(f"/api/v1/search?{query}")
        took_s.append(time.perf_counter() - begin_s)
    return took_s


def _last_scan(house: DaemonHouse) -> float:
    return float(house.json("/api/v1/status")["folders"][0]["last_scan_s"] or 0)


def _settle(house: DaemonHouse, settle_s: float) -> None:
    text = house.config.read_text()
    house.config.write_text(text.replace("settle: 0.3", f"settle: {settle_s:.0f}s"))


def _sound(path: Path, number: int) -> Path:
    noise = np.random.default_rng(number).standard_normal(DROP_LENGTH_S * 48_000)
    soundfile.write(path, (0.1 * noise).astype(np.float32), 48_000)
    return path


def _print(what: str, took_s: list[float], factor: float = 1.0, unit: str = "s") -> None:
    ordered = sorted(took_s)
    p50, p95 = statistics.median(ordered), ordered[int(0.95 * (len(ordered) - 1) + 0.5)]
    print(f"| {what} | {factor * p50:.1f} {unit} | {factor * p95:.1f} {unit} |", flush=True)


def _rss_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    bench_watching()
