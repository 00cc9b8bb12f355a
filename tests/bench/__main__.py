"""``make bench``: the figures of the main job on this machine, all from one run.

Nothing here is asserted: speed is told, not tested.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import tempfile
import time
import urllib.parse
from functools import partial
from pathlib import Path

import numpy as np

from tests.bench.clap import bench_clap
from tests.bench.clap_house import bench_clap_house
from tests.bench.kills import bench_kills
from tests.bench.ledger import bench_ledger
from tests.bench.library import MIX_S, TRACK_S, write_library, write_mix
from tests.bench.memory import own_mb, rss_mb, sampling_rss
from tests.bench.overlap import overlap
from tests.bench.scan import bench_scan
from tests.bench.search import bench_search
from tests.bench.watching import bench_watching
from tests.house import DaemonHouse
from traumbox.daemon.ear import build_ear
from traumbox.domain import Location, Track
from traumbox.embedders import registry
from traumbox.indexer.stopwatch import Stopwatch
from traumbox.ports import IndexEntry
from traumbox.stores.lance import LanceIndex

SEARCHES = 60
KILLS = 25
SETTLED_S = 10.0
SENTENCES = ("drums", "slow piano", "bright fast", "noise", "deep bass", "calm pad", "bells")


def main() -> None:
    print(f"machine: {_machine()}")
    with tempfile.TemporaryDirectory(prefix="traumbox-bench-") as directory:
        house = DaemonHouse(Path(directory))
        tracks = write_library(house.music)
        print(f"library: {len(tracks)} tracks of {TRACK_S} s (FLAC, MP3, OGG, M4A)")
        _steps(tracks, Path(directory) / "steps")
        overlap(tracks[1:9], [("builtin", partial(registry.load, "builtin", Path(directory)))])
        _service(house, tracks)
    with tempfile.TemporaryDirectory(prefix="traumbox-bench-") as directory:
        _mix(DaemonHouse(Path(directory)))
    bench_scan()
    bench_ledger()
    bench_search()
    bench_watching()
    bench_kills(int(os.environ.get("KILLS", KILLS)))
    bench_clap()
    bench_clap_house()


def _steps(tracks: list[Path], directory: Path) -> None:
    """Where the time of one track goes, on one core, in this process."""
    ear = build_ear(directory, 1)
    index = LanceIndex(directory, registry.card("builtin", directory))
    store = Stopwatch(time.perf_counter)
    ear.hear(tracks[0], "builtin", lambda _: False)  # loads the model
    ear.stopwatch.seconds.clear()
    some = tracks[1:9]
    for number, path in enumerate(some):
        heard, embedding = ear.hear(path, "builtin", lambda _: False)
        track = Track(
            f"t{number}",
            Location("Music", os.fsencode(path.name)),
            heard.audio_id,
            heard.duration_s,
            heard.media,
            heard.tags,
            heard.descriptors,
        )
        with store("store"):
            index.add([IndexEntry(track, embedding, 0.0)])
    index.close()
    audio_s = len(some) * TRACK_S
    seconds = dict(ear.stopwatch.seconds) | store.seconds
    print("\n| step | ms a track | × real time |\n|---|---|---|")
    for step, spent_s in [*seconds.items(), ("all", sum(seconds.values()))]:
        print(f"| {step} | {1000 * spent_s / len(some):.0f} | {audio_s / spent_s:.0f} |")


def _service(house: DaemonHouse, tracks: list[Path]) -> None:
    """The whole service: pace of indexing, searches over HTTP, memory."""
    with sampling_rss(house) as peak, house:
        begin_s = time.monotonic()
        house.wait_until_heard(len(tracks), timeout_s=1800)
        spent_s = time.monotonic() - begin_s
        daemon, listener = peak["daemon"], peak["listener"]
        house.search("warm up")
        latencies = sorted(_search_ms(house, number) for number in range(SEARCHES))
        idle = rss_mb(house.process.pid) if house.process else 0.0
    with house:
        time.sleep(SETTLED_S)
        assert house.process is not None
        fresh, own = rss_mb(house.process.pid), own_mb(house.process.pid)
    print("\n| the service | |\n|---|---|")
    print(f"| tracks a minute, from file to findable | {60 * len(tracks) / spent_s:.0f} |")
    print(f"| × real time, from file to findable | {len(tracks) * TRACK_S / spent_s:.0f} |")
    print(f"| text search over HTTP, p50 | {statistics.median(latencies):.1f} ms |")
    print(f"| text search over HTTP, p95 | {latencies[int(0.95 * SEARCHES)]:.1f} ms |")
    print(f"| daemon while indexing, peak RSS | {daemon:.0f} MB |")
    print(f"| listener while indexing, peak RSS | {listener:.0f} MB |")
    print(f"| daemon idle after searching, RSS | {idle:.0f} MB |")
    print(f"| daemon started anew, before a search, RSS | {fresh:.0f} MB ({own:.0f} its own) |")


def _mix(house: DaemonHouse) -> None:
    """One file of three hours: what the whole service takes at its highest."""
    write_mix(house.music / "mix.flac")
    with sampling_rss(house) as peak, house:
        begin_s = time.monotonic()
        house.wait_until_heard(1, timeout_s=1800)
        spent_s = time.monotonic() - begin_s
    print("\n| a mix of three hours | |\n|---|---|")
    print(f"| from file to findable | {spent_s:.0f} s, {MIX_S / spent_s:.0f} × real time |")
    print(f"| daemon and listener together, peak RSS | {peak['together']:.0f} MB |")


def _search_ms(house: DaemonHouse, number: int) -> float:
    # A new sentence each time: the service remembers the vectors of sentences it has seen.
    sentence = f"{SENTENCES[number % len(SENTENCES)]} {number}"
    begin_s = time.perf_counter()
    house.get("/api/v1/search?" + urllib.parse.urlencode({"q": sentence}))
    return 1000 * (time.perf_counter() - begin_s)


def _machine() -> str:
    model = platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    cores = len(os.sched_getaffinity(0))
    return f"{model}, {cores} cores, Python {platform.python_version()}, numpy {np.__version__}"


if __name__ == "__main__":
    sys.exit(main())
