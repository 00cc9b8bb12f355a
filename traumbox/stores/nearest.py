"""Finding the nearest windows in a table: among all of them, or among those of some sounds."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from traumbox.domain import Float32
from traumbox.ports import WindowHit
from traumbox.stores.repair import Table
from traumbox.stores.schema import one_of


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to look; the defaults find 98 % of the ten nearest of two million windows.

    With IVF and RabitQ (1 bit) over 200,000 windows 20 partitions are enough for that, over two
    million 100; and the order of the codes is so coarse that some hundred candidates are compared
    in full. Of up to ``exact_windows`` chosen ones each is compared. Where more are chosen, up to
    ``widest`` windows nearest of all are looked through for them first, which is quicker; those
    that lie further away are compared one by one up to ``patient_windows``.
    """

    nprobes: int = 20
    nprobes_rows: int = 200_000
    candidates: int = 1_500
    exact_windows: int = 40_000
    widest: int = 20_000
    patient_windows: int = 400_000

    def probes(self, rows: int, limit: int) -> int:
        """Return how many partitions to search of a table of ``rows``, for ``limit`` windows."""
        grown = math.pow(max(1.0, rows / self.nprobes_rows), 0.7)
        # Many windows lie in more partitions than few.
        return math.ceil(self.nprobes * grown * (1.0 + limit / 5_000))

    def refine(self, limit: int) -> int:
        """Return how many times ``limit`` windows to compare in full."""
        return min(50, max(1, math.ceil(self.candidates / limit)))


def nearest(table: Table, vector: Float32, limit: int, effort: Effort) -> list[WindowHit]:
    """Return up to ``limit`` windows nearest to a unit ``vector`` float32[dim], best first."""
    rows = table.count_rows()
    query = _asked(table, vector, limit).refine_factor(effort.refine(limit))
    # No maximum: a limit that the first partitions can't fill leads on to the next.
    found = query.minimum_nprobes(effort.probes(rows, limit)).maximum_nprobes(0)
    return _hits(found.to_arrow())


def nearest_among(
    table: Table,
    vector: Float32,
    limit: int,
    audio_ids: Collection[str],
    *,
    sounds: int,
    effort: Effort,
) -> list[WindowHit]:
    """Return the same of only these sounds; ``sounds`` is about how many there are in all."""
    rows = table.count_rows()
    if not audio_ids or not rows:
        return []
    share = min(1.0, len(audio_ids) / max(1, sounds))
    wanted = audio_ids if isinstance(audio_ids, (set, frozenset)) else set(audio_ids)
    if share * rows > effort.exact_windows:
        # Twice as many as would do if likeness had nothing to do with the choice.
        wider = math.ceil(2 * limit / share)
        while wider <= effort.widest:
            hits = nearest(table, vector, wider, effort)
            kept = [hit for hit in hits if hit.audio_id in wanted]
            if len(kept) >= limit:
                return kept[:limit]
            wider *= 4
    query = _asked(table, vector, limit).where(one_of("audio_id", wanted), prefilter=True)
    if share * rows <= effort.patient_windows:
        return _hits(query.bypass_vector_index().to_arrow())
    probes = math.ceil(effort.probes(rows, limit) / math.sqrt(share))
    found = query.minimum_nprobes(probes).maximum_nprobes(0).refine_factor(effort.refine(limit))
    return _hits(found.to_arrow())


def _asked(table: Table, vector: Float32, limit: int) -> Table:
    query = table.search(vector.astype(np.float32), vector_column_name="vector")
    return query.distance_type("dot").select(["audio_id", "start_s", "_distance"]).limit(limit)


def _hits(rows: pa.Table) -> list[WindowHit]:
    scores = 1.0 - rows["_distance"].to_numpy()
    # There are no checksums: a flipped bit on the disk can make a stored vector NaN.
    return [
        WindowHit(audio_id, start_s, float(score))
        for audio_id, start_s, score in zip(
            rows["audio_id"].to_pylist(), rows["start_s"].to_pylist(), scores, strict=True
        )
        if np.isfinite(score)
    ]
