"""Reading vectors of sounds out of the tables: all windows of some, means of some or all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from traumbox.domain import Float32
from traumbox.stores.repair import Table
from traumbox.stores.schema import one_of, to_vectors

IDS_A_READ = 1_000
ROWS_A_PORTION = 4_096


def batched(audio_ids: Iterable[str]) -> Iterator[list[str]]:
    """Yield ids in lists that a filter can hold."""
    left = iter(audio_ids)
    while some := list(islice(left, IDS_A_READ)):
        yield some


def by_sound(
    windows: Table, audio_ids: Collection[str], dim: int
) -> dict[str, tuple[Float32, Float32]]:
    """Return (start_s float32[n], vectors float32[n, dim]) of each sound, by start."""
    found: dict[str, tuple[Float32, Float32]] = {}
    for some in batched(audio_ids):
        query = windows.search().where(one_of("audio_id", some))
        rows = query.select(["audio_id", "start_s", "vector"]).to_arrow()
        rows = rows.sort_by([("audio_id", "ascending"), ("start_s", "ascending")])
        if not rows.num_rows:
            continue
        starts_s, vectors = rows["start_s"].to_numpy(), to_vectors(rows["vector"], dim)
        runs = pc.run_end_encode(rows["audio_id"].combine_chunks())
        first = 0
        for audio_id, last in zip(runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True):
            found[audio_id] = starts_s[first:last], vectors[first:last]
            first = last
    return found


def mean_rows(tracks: Table, dim: int, audio_ids: Collection[str]) -> tuple[list[str], Float32]:
    """Return the mean of each track with one of these sounds; silence has none."""
    where = f"{one_of('audio_id', audio_ids)} AND vector IS NOT NULL"
    rows = tracks.search().where(where).select(["audio_id", "vector"]).to_arrow()
    return rows["audio_id"].to_pylist(), to_vectors(rows["vector"], dim)


def mean_portions(tracks: Table, dim: int) -> Iterator[tuple[list[str], Float32]]:
    """Yield the mean of each sound but silence, some thousand at a time."""
    known: set[str] = set()
    query = tracks.search().where("vector IS NOT NULL").select(["audio_id", "vector"])
    for batch in query.to_batches(ROWS_A_PORTION):
        rows = pa.Table.from_batches([batch])
        portion = rows["audio_id"].to_pylist(), to_vectors(rows["vector"], dim)
        audio_ids, vectors = distinct_means([portion], dim, known)
        if audio_ids:
            yield audio_ids, vectors


def distinct_means(
    portions: Iterable[tuple[list[str], Float32]], dim: int, known: set[str] | None = None
) -> tuple[list[str], Float32]:
    """Return each sound once, and none of ``known``, to which they are added."""
    known = set() if known is None else known
    audio_ids: list[str] = []
    kept = [np.empty((0, dim), np.float32)]
    for some, vectors in portions:
        fresh = [n for n, audio_id in enumerate(some) if audio_id not in known]
        # One sound may be that of several tracks of the portion.
        fresh = list({some[n]: n for n in reversed(fresh)}.values())[::-1]
        known.update(some)
        audio_ids += [some[n] for n in fresh]
        kept.append(vectors[fresh])
    return audio_ids, np.concatenate(kept)
