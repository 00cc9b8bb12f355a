"""Finding the nearest windows in a table: among all of them, or among those of some sounds."""

from __future__ import annotations

import math
from collections.abc import Collection, Container, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from traumbox.domain import Float32
from traumbox.ports import WindowHit
from traumbox.stores.repair import Table
from traumbox.stores.schema import one_of, to_vectors


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to look; the defaults find 98 % of the ten nearest of two million windows.

    With IVF and RabitQ (1 bit) over 200,000 windows 40 partitions are enough for that, over two
    million 100; and the order of the codes is so coarse that some hundred ``candidates`` are
    compared in full. Of up to ``exact_windows`` chosen ones each is compared. Where more are
    chosen, the windows nearest by their codes are looked through for them first, which is quickest:
    up to ``widest`` of them, times the share that is chosen. Where the chosen lie further away,
    they alone are looked through, with ``far_candidates``: there all are about as near, and codes
    tell them apart less well.
    """

    nprobes: int = 40
    nprobes_rows: int = 200_000
    candidates: int = 1_500
    exact_windows: int = 40_000
    widest: int = 200_000
    far_candidates: int = 8_000

    def probes(self, rows: int, limit: int) -> int:
        """Return how many partitions to search of a table of ``rows``, for ``limit`` windows."""
        grown = math.pow(max(1.0, rows / self.nprobes_rows), 0.4)
        # Many windows lie in more partitions than few.
        return math.ceil(self.nprobes * grown * (1.0 + limit / 5_000))

    def refine(self, limit: int, candidates: int) -> int:
        """Return how many times ``limit`` windows to compare in full."""
        return min(50, max(1, math.ceil(candidates / limit)))

    def widths(self, limit: int, share: float) -> Iterator[int]:
        """Yield among how many of all windows to look for ``limit`` of a ``share`` of them."""
        wide = math.ceil(max(2 * limit, self.candidates) / share)
        most = self.widest * share
        while wide <= most:
            yield wide
            wide *= 10


@dataclass(frozen=True, slots=True)
class Near:
    """Looks into a ``table`` of about so many ``windows``, of ``sounds`` sounds."""

    table: Table
    windows: int
    sounds: int
    effort: Effort

    def nearest(self, vector: Float32, limit: int) -> list[WindowHit]:
        """Return up to ``limit`` windows nearest to a unit ``vector`` float32[dim], best first."""
        effort = self.effort
        query = self._asked(vector, limit)
        query = query.refine_factor(effort.refine(limit, effort.candidates))
        return _hits(_probed(query, effort.probes(self.windows, limit), min(limit, self.windows)))

    def nearest_among(
        self, vector: Float32, limit: int, audio_ids: Collection[str]
    ) -> list[WindowHit]:
        """Return the same of only these sounds."""
        if not audio_ids or not self.windows:
            return []
        effort, share = self.effort, min(1.0, len(audio_ids) / max(1, self.sounds))
        wanted = audio_ids if isinstance(audio_ids, (set, frozenset)) else set(audio_ids)
        if share * self.windows > effort.exact_windows:
            candidates = effort.candidates
            for wide in effort.widths(limit, share):
                near = self._sifted(
                    vector, limit, wanted, share=share, wide=wide, candidates=candidates
                )
                if len(near) == limit:
                    return near
                candidates = effort.far_candidates
        query = self._asked(vector, limit).where(one_of("audio_id", wanted), prefilter=True)
        if share * self.windows <= effort.exact_windows:
            return _hits(query.bypass_vector_index().to_arrow())
        probes = math.ceil(effort.probes(self.windows, limit) / share)
        query = query.refine_factor(effort.refine(limit, effort.far_candidates))
        return _hits(_probed(query, probes, limit))

    def _sifted(
        self,
        vector: Float32,
        limit: int,
        wanted: Container[str],
        *,
        share: float,
        wide: int,
        candidates: int,
    ) -> list[WindowHit]:
        """Return the nearest ``limit`` wanted ones of the ``wide`` nearest of all by their codes.

        None of them where there are fewer, or where they are rare among the nearest tenth: what
        the codes then tell of their order is too little.
        """
        query = self._asked(vector, wide, ["audio_id", "_distance"]).with_row_id(True)
        coarse = query.nprobes(self.effort.probes(self.windows, wide)).to_arrow()
        is_wanted = np.array([one in wanted for one in coarse["audio_id"].to_pylist()], np.bool_)
        numbers = np.flatnonzero(is_wanted)[: max(limit, candidates)]
        if len(numbers) < limit or is_wanted[: wide // 10].mean() < share / 2:
            return []
        kept = coarse["_rowid"].take(numbers).to_pylist()
        asked = self.table.take_row_ids(kept).select(["audio_id", "start_s", "vector"])
        rows = asked.to_arrow()
        if rows.num_rows < len(kept):  # compacted meanwhile: rows have other numbers
            return []
        scores = to_vectors(rows["vector"], len(vector)) @ vector
        return sorted(_read(rows, scores), key=lambda hit: -hit.score)[:limit]

    def _asked(
        self,
        vector: Float32,
        limit: int,
        columns: Sequence[str] = ("audio_id", "start_s", "_distance"),
    ) -> Table:
        query = self.table.search(vector.astype(np.float32), vector_column_name="vector")
        return query.distance_type("dot").select(list(columns)).limit(limit)


def _probed(query: Table, probes: int, wanted: int) -> pa.Table:
    """Return the rows found in so many partitions, and in more where these don't hold enough.

    Without a maximum from the start Lance looks into all partitions, which takes twice as long.
    """
    found = query.nprobes(probes).to_arrow()
    if found.num_rows < wanted:
        found = query.minimum_nprobes(probes).maximum_nprobes(0).to_arrow()
    return found


def _hits(rows: pa.Table) -> list[WindowHit]:
    return _read(rows, 1.0 - rows["_distance"].to_numpy())


def _read(rows: pa.Table, scores: NDArray[np.floating[Any]]) -> list[WindowHit]:
    # There are no checksums: a flipped bit on the disk can make a stored vector NaN.
    return [
        WindowHit(audio_id, start_s, float(score))
        for audio_id, start_s, score in zip(
            rows["audio_id"].to_pylist(), rows["start_s"].to_pylist(), scores, strict=True
        )
        if np.isfinite(score)
    ]
