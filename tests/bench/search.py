"""How quickly a large library answers, and whether it finds what is nearest.

``python -m tests.bench.search 10000 100000`` builds libraries of these sizes below ``CACHE`` once
(100,000 tracks take 6 GB and some minutes) and measures each in a process of its own.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tests.bench.memory import own_mb, rss_mb
from tests.bench.search_library import (
    Sentences,
    Size,
    audio_id,
    entries,
    heard,
    library,
    open_index,
    open_ledger,
    place_of,
    windows_of,
)
from traumbox.domain import Changes, Condition, Float32, Query
from traumbox.embedders import registry
from traumbox.ports import Space
from traumbox.search.service import SearchService
from traumbox.stores.lance import LanceIndex
from traumbox.stores.ledger import Ledger

CACHE = Path(os.environ.get("CACHE", ".cache/bench-search"))
SIZES = (10_000, 100_000)
SEARCHES = 120
ROUNDS = 3
RECALLED = 10
ASKED = 500
SCANNED = 100_000
ADDED = 25
"""Tracks that the writer adds at a time."""
Asked = TypeVar("Asked")
CHOICES = {
    "all": (),
    "1 % by tempo": ("bpm:100..101.2",),
    "10 % by tempo": ("bpm:100..112",),
    "1 % of a kind of sound": ("genre:Genre 7",),
    "10 % of a kind of sound": ("folder:Folder 3",),
    "90 % (none of a kind of sound)": ("-folder:Folder 3",),
}
"""A tempo says nothing of the sound; the others leave out most that is near to most sentences."""


def bench_search(
    tracks: tuple[int, ...] = SIZES,
    place: Path = CACHE,
    *,
    searches: int = SEARCHES,
    windows: int = 20,
    dim: int = 512,
) -> None:
    """Print the rows for libraries of these sizes; they are built below ``place`` at first."""
    for number in tracks:
        size = Size(number, windows, dim)
        home = library(place, size)
        command = [sys.executable, "-m", "tests.bench.search", "--measure", str(home)]
        sizes = list(map(str, (number, windows, dim, searches)))
        run = subprocess.run([*command, *sizes], stdout=subprocess.PIPE, text=True, check=True)
        told = json.loads(run.stdout)
        print(f"\n| {number:,} tracks, {number * windows:,} windows | p50 ms | p95 ms |")
        print("|---|---|---|")
        for what, (middle, high) in told["took_ms"].items():
            print(f"| {what} | {middle:.1f} | {high:.1f} |")
        limit_ms = _scan_ms(windows_of(home, size))
        print(f"| exact scan by numpy (float32, memory bandwidth) | {limit_ms:.1f} | |")
        print("\n| recall@10 of the windows, against the exact scan | |\n|---|---|")
        for what, recall in _recalls(home, size, told["found"]).items():
            print(f"| {what} | {recall:.3f} |")
        print("\n| memory | MB |\n|---|---|")
        for what, taken_mb in told["memory_mb"].items():
            print(f"| {what} | {taken_mb:.0f} |")


def _measure(home: Path, size: Size, searches: int) -> dict[str, object]:
    """Return what bench_search tells, measured in this process."""
    memory_mb = {"before": own_mb(os.getpid())}
    index, ledger = open_index(home, size), open_ledger(home)
    _tidy_up(index, ledger)
    words = Sentences(size)
    service = SearchService(Space("bench", words, index), ledger)
    took_ms: dict[str, tuple[float, float]] = {}
    sentences = [f"sentence {number}" for number in range(searches)]
    took_ms["the first sentence after a start"] = _timed(service.search, [Query("first")])
    # Lance reads each partition of its index when it first looks into it.
    _timed(service.search, [Query(f"warm up {one}") for one in sentences])
    for what, written in CHOICES.items():
        conditions = tuple(Condition.parse(one) for one in written)
        queries = [Query(f"{what} {one}", conditions=conditions) for one in sentences]
        took_ms[f"sentence, {what}"] = _timed(service.search, queries)
        if conditions:
            took_ms[f"– its conditions alone, {what}"] = _timed(
                ledger.matching, [conditions] * searches
            )
    like = [Query(like=(f"fresh{n * size.tracks // searches}",)) for n in range(searches)]
    took_ms["by a track"] = _timed(service.search, like)
    took_ms["moments of one track"] = _timed(lambda one: service.moments("fresh7", one), sentences)
    with _writing(index, ledger, size):
        queries = [Query(f"meanwhile {one}") for one in sentences]
        took_ms["sentence, while tracks are added"] = _timed(service.search, queries)
    tower = registry.load("builtin", home)
    service.use(Space("bench", Sentences(size, tower), index))
    service.search(Query("warm up"))
    queries = [Query(f"with tower {one}") for one in sentences]
    took_ms["sentence, all, with the built-in text tower"] = _timed(service.search, queries)
    memory_mb |= {"after, its own": own_mb(os.getpid()), "after, RSS": rss_mb(os.getpid())}
    _tidy_up(index, ledger)  # what was added meanwhile isn't in the exact scan
    found = {
        what: [_nearest(index, ledger, words, written, one) for one in sentences]
        for what, written in CHOICES.items()
    }
    return {"took_ms": took_ms, "memory_mb": memory_mb, "found": found}


def _nearest(
    index: LanceIndex, ledger: Ledger, words: Sentences, written: tuple[str, ...], sentence: str
) -> list[tuple[str, float]]:
    among = ledger.matching([Condition.parse(one) for one in written])
    hits = index.nearest_windows(words.embed_text([sentence])[0], ASKED, among)
    return [(hit.audio_id, hit.start_s) for hit in hits[:RECALLED]]


def _recalls(
    home: Path, size: Size, found: dict[str, list[list[tuple[str, float]]]]
) -> dict[str, float]:
    ledger = open_ledger(home)
    sentences = [f"sentence {number}" for number in range(len(found["all"]))]
    vectors = Sentences(size).embed_text(sentences)
    number_of = {audio_id(number): number for number in range(size.tracks)}
    chosen = {}
    for what, written in CHOICES.items():
        among = ledger.matching([Condition.parse(one) for one in written])
        is_chosen = np.full(size.tracks, among is None)
        is_chosen[[number_of[one] for one in among or ()]] = True
        chosen[what] = np.repeat(is_chosen, size.windows)
    ledger.close()
    recalls = {}
    for what, wanted in _exact(windows_of(home, size), vectors, chosen).items():
        shares = []
        for rows, hits in zip(wanted, found[what], strict=True):
            true = {(audio_id(n // size.windows), 10.0 * (n % size.windows)) for n in rows}
            if true:
                shares.append(len(true & set(map(tuple, hits))) / len(true))
        recalls[what] = statistics.mean(shares) if shares else 1.0
    return recalls


def _exact(
    windows: NDArray[np.float16], vectors: Float32, chosen: dict[str, NDArray[np.bool_]]
) -> dict[str, list[list[int]]]:
    """Return for each choice and each vector the rows of the nearest chosen windows."""
    best: dict[str, tuple[NDArray[np.float32], NDArray[np.int64]]] = {}
    for first in range(0, len(windows), SCANNED):
        scores = windows[first : first + SCANNED].astype(np.float32) @ vectors.T
        rows = np.arange(first, first + len(scores))
        for what, is_chosen in chosen.items():
            here = is_chosen[rows]
            known, numbers = best.get(what, (np.empty((0, len(vectors)), np.float32), None))
            beside = np.broadcast_to(rows[here][:, None], (int(here.sum()), len(vectors)))
            all_scores = np.concatenate([known, scores[here]])
            all_rows = beside if numbers is None else np.concatenate([numbers, beside])
            top = np.argsort(-all_scores, axis=0, kind="stable")[:RECALLED]
            best[what] = (
                np.take_along_axis(all_scores, top, 0),
                np.take_along_axis(all_rows, top, 0),
            )
    return {what: rows.T.tolist() for what, (_, rows) in best.items()}


def _scan_ms(windows: NDArray[np.float16]) -> float:
    """Return what comparing with every window takes, from as many as need no great memory."""
    some = windows[:SCANNED].astype(np.float32)
    vector = some[0].copy()
    (took_ms, _) = _timed(lambda one: some @ one, [vector] * 9)
    return took_ms * len(windows) / len(some)


@contextmanager
def _writing(index: LanceIndex, ledger: Ledger, size: Size) -> Iterator[None]:
    """Let tracks be added meanwhile, as the indexer does."""
    done = threading.Event()

    def write() -> None:
        for batch in count():
            first = size.tracks + batch * ADDED
            numbers = range(first, first + ADDED)
            track_ids = [f"new{number - size.tracks}" for number in numbers]
            ledger.apply(Changes(new=dict(map(place_of, numbers))), 5.0)
            index.add(list(entries(size, numbers, track_ids)))
            marked = [
                (track_id, place_of(number)[1], heard(number), "f")
                for track_id, number in zip(track_ids, numbers, strict=True)
            ]
            ledger.mark_indexed(marked, 6.0)
            if done.wait(0.5):
                return

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _tidy_up(index: LanceIndex, ledger: Ledger) -> None:
    """Take out what was added meanwhile, now or by a run that was broken off."""
    added = [track_id for track_id in ledger.known_ids() if track_id.startswith("new")]
    index.remove_tracks(added)
    ledger.forget(added)


def _timed(work: Callable[[Asked], object], each: list[Asked]) -> tuple[float, float]:
    """Return p50 and p95 in milliseconds of the quietest third: others use the machine too."""
    thirds = []
    for number in range(min(ROUNDS, len(each))):
        taken = sorted(_took_ms(work, one) for one in each[number::ROUNDS])
        thirds.append((statistics.median(taken), taken[int(0.95 * len(taken))]))
    return min(thirds)


def _took_ms(work: Callable[[Asked], object], one: Asked) -> float:
    began_s = time.perf_counter()
    work(one)
    return 1000 * (time.perf_counter() - began_s)


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--measure"]:
        tracks, windows, dim, searches = map(int, arguments[2:])
        told = _measure(Path(arguments[1]), Size(tracks, windows, dim), searches)
        print(json.dumps(told))
    else:
        bench_search(tuple(map(int, arguments)) or SIZES)


if __name__ == "__main__":
    main(sys.argv[1:])
