"""What it is worth to decode the next file while this one goes through the model."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from traumbox.audio.decode import MediaDecoder
from traumbox.indexer.ear import LocalEar
from traumbox.library.tags import read_tags
from traumbox.ports import Embedder

CORES = 2
ROUNDS = 3


def overlap(
    tracks: Sequence[Path], models: Sequence[tuple[str, Callable[[int], Embedder]]]
) -> None:
    """Print a row a model: hearing ``tracks`` one after the other, and with looking ahead.

    ``models`` are names and how each is loaded for so many threads. Both ways take turns over the
    same files with the same loaded model, so that they share the machine's mood.
    """
    available = len(os.sched_getaffinity(0))
    if available < CORES:
        print(f"\nlooking ahead: not measured, it needs {CORES} cores and here is {available}")
        return
    print(f"\n| {CORES} cores, s a track | one by one | looking ahead | ratio |\n|---|---|---|---|")
    for name, load in models:
        embedder = load(CORES)
        plain, ahead = (
            LocalEar(MediaDecoder(), read_tags, lambda _, e=embedder: e, looks_ahead=looks_ahead)
            for looks_ahead in (False, True)
        )
        for ear in (plain, ahead):
            ear.hear(tracks[0], name, _is_known)
        seconds: dict[LocalEar, list[float]] = {plain: [], ahead: []}
        for _ in range(ROUNDS):
            for ear, spent_s in seconds.items():
                spent_s.append(_hear_all(ear, name, tracks))
        plain_s, ahead_s = (statistics.median(spent_s) for spent_s in seconds.values())
        print(f"| {name} | {plain_s:.2f} | {ahead_s:.2f} | {plain_s / ahead_s:.2f} |")
        embedder.release()


def _hear_all(ear: LocalEar, model: str, tracks: Sequence[Path]) -> float:
    begin_s = time.perf_counter()
    for path, then in zip(tracks, [*tracks[1:], None], strict=True):
        if then is not None:
            ear.expect(then)
        ear.hear(path, model, _is_known)
    return (time.perf_counter() - begin_s) / len(tracks)


def _is_known(_: str) -> bool:
    return False
