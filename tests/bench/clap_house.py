"""The whole service with LAION CLAP (random weights): pace, memory, the first sentence."""

from __future__ import annotations

import shutil
import tempfile
import time
import urllib.parse
from functools import partial
from pathlib import Path

from tests.bench.library import MIX_S, TRACK_S, write_library, write_mix
from tests.bench.memory import rss_mb, sampling_rss
from tests.bench.overlap import overlap
from tests.embedders.clap import conftest
from tests.house import DaemonHouse
from traumbox.embedders import registry

ARCHITECTURE, MODEL = "HTSAT-base", "clap-music"
CORES = 2
RESTED_S = 20.0
IDLE_S = 5


def bench_clap_house() -> None:
    """Print a table, or what is missing for it."""
    if missing := conftest.absent():
        print(
            f"\nThe service with LAION CLAP: not measured, {missing} isn't installed (make clap)."
        )
        return
    with tempfile.TemporaryDirectory(prefix="traumbox-bench-") as directory:
        house = DaemonHouse(Path(directory), model=f"{{name: {MODEL}, fetch: false}}")
        with house.config.open("a") as config:
            config.write(f"listener: {{cores: {CORES}}}\nsearch: {{idle_s: {IDLE_S}}}\n")
        shutil.copytree(conftest.converted(ARCHITECTURE), house.data / "models" / MODEL)
        aside = Path(directory) / "library"
        aside.mkdir()
        tracks = write_library(aside)
        overlap(tracks[1:9], [(ARCHITECTURE, partial(registry.load, MODEL, house.data / "models"))])
        print(f"\n| the service with {ARCHITECTURE}, {CORES} cores | |\n|---|---|")
        _hear(house, tracks)
        _ask(house)


def _hear(house: DaemonHouse, tracks: list[Path]) -> None:
    with sampling_rss(house) as peak, house:
        begin_s = time.monotonic()
        shutil.copy(tracks[0], house.music)  # the first one waits for the choice of the engine
        house.wait_until_heard(1, timeout_s=600)
        print(f"| the first track, engines tried | {time.monotonic() - begin_s:.0f} s |")
        begin_s = time.monotonic()
        for path in tracks[1:]:
            shutil.copy(path, house.music)
        house.wait_until_heard(len(tracks), timeout_s=1800)
        spent_s = time.monotonic() - begin_s
        heard = len(tracks) - 1
        print(f"| tracks a minute, from file to findable | {60 * heard / spent_s:.0f} |")
        print(f"| × real time, from file to findable | {heard * TRACK_S / spent_s:.0f} |")
        write_mix(house.music / "mix.flac")
        begin_s = time.monotonic()
        house.wait_until_heard(len(tracks) + 1, timeout_s=1800)
        spent_s = time.monotonic() - begin_s
        print(f"| a mix of three hours | {spent_s:.0f} s, {MIX_S / spent_s:.0f} × real time |")
    print(f"| listener, peak RSS of all | {peak['listener']:.0f} MB |")


def _ask(house: DaemonHouse) -> None:
    with house:
        assert house.process is not None
        time.sleep(RESTED_S)
        fresh = rss_mb(house.process.pid)
        first_ms = _ask_ms(house, "slow piano")
        asked = rss_mb(house.process.pid)
        again = sorted(_ask_ms(house, f"slow piano {number}") for number in range(20))
        used = rss_mb(house.process.pid)
        time.sleep(IDLE_S + RESTED_S)
        released = rss_mb(house.process.pid)
        second_ms = _ask_ms(house, "loud drums")
    print(f"| daemon before a sentence, RSS | {fresh:.0f} MB |")
    print(f"| the first sentence | {first_ms:.0f} ms, {asked - fresh:+.0f} MB |")
    print(f"| further sentences, p50 | {again[10]:.0f} ms, {used - fresh:+.0f} MB in all |")
    print(f"| words released after idling | {released - fresh:+.0f} MB |")
    print(f"| the first sentence after that | {second_ms:.0f} ms |")


def _ask_ms(house: DaemonHouse, sentence: str) -> float:
    begin_s = time.perf_counter()
    house.get("/api/v1/search?" + urllib.parse.urlencode({"q": sentence}))
    return 1000 * (time.perf_counter() - begin_s)
