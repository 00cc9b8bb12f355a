"""The search service: one vector in, the best moment of each matching track out."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from time import perf_counter

import numpy as np

from traumbox.domain import HEAT, WINDOW_S, Answer, Float32, Hit, Moment, Moments, Query, unit
from traumbox.ports import Embedder, Index, WindowHit
from traumbox.stores.ledger import FileRow, Ledger

WINDOWS_ASKED = 500
"""Finds the best window of 50 tracks with recall .99 at two million windows (20 a track)."""
BEST_MOMENTS = 3
FAINT_MATCH = 10
"""A moment below this match isn't worth jumping to; the best one is always told."""
CACHED_SENTENCES = 256


class SearchService:
    """Answers queries; safe to call from any thread."""

    def __init__(
        self,
        index: Index,
        ledger: Ledger,
        embedder: Embedder,
        clock_s: Callable[[], float] = perf_counter,
    ) -> None:
        self._index = index
        self._ledger = ledger
        self._embedder = embedder
        self._clock_s = clock_s
        self._sentences: OrderedDict[str, Float32] = OrderedDict()
        self._lock = threading.Lock()

    def search(self, query: Query) -> Answer:
        """Answer a query by text, or by likeness to the track ``query.like``.

        Raises
        ------
        KeyError
            When ``query.like`` names no track that has been heard.
        """
        if query.like:
            return self.similar(query.like, query.limit)
        begin_s = self._clock_s()
        if not query.text.strip():
            return self._answer((), begin_s)
        vector = self._sentence(query.text)
        hits = self._hits(vector, query.limit, self._embedder.card.match)
        return self._answer(hits, begin_s)

    def similar(self, track_id: str, limit: int) -> Answer:
        """Return the tracks that sound most like one, without itself and its copies.

        Raises
        ------
        KeyError
            When ``track_id`` names no track that has been heard.
        """
        begin_s = self._clock_s()
        audio_id, _ = self._sound(track_id)
        _, vectors = self._index.windows_of(audio_id)
        if not len(vectors):
            return self._answer((), begin_s)
        hits = self._hits(unit(vectors.mean(axis=0)), limit, _likeness, without=audio_id)
        return self._answer(hits, begin_s)

    def search_vector(self, vector: Float32, limit: int) -> Answer:
        """Answer by a unit vector float32[dim] of a sound that need not be in the library."""
        begin_s = self._clock_s()
        return self._answer(self._hits(unit(vector), limit, _likeness), begin_s)

    def moments(self, track_id: str, text: str) -> Moments:
        """Tell where in one track a sentence matches.

        Raises
        ------
        KeyError
            When ``track_id`` names no track that has been heard.
        """
        audio_id, duration_s = self._sound(track_id)
        starts_s, vectors = self._index.windows_of(audio_id)
        if not len(vectors) or not text.strip():
            return Moments(heat=bytes(HEAT), best=())
        scores = vectors @ self._sentence(text)
        matches = np.array([self._embedder.card.match(float(s)) for s in scores], dtype=np.float32)
        best = tuple(
            Moment(float(starts_s[i]), float(scores[i]), int(matches[i]))
            for rank, i in enumerate(_apart(starts_s, scores, BEST_MOMENTS))
            if rank == 0 or matches[i] >= FAINT_MATCH
        )
        return Moments(heat=_heat(starts_s, matches, duration_s), best=best)

    def _sound(self, track_id: str) -> tuple[str, float]:
        """Return the audio id and the duration in seconds of a track that has been heard."""
        row = self._ledger.row(track_id)
        if row is None or row.audio_id is None:
            raise KeyError(track_id)
        return row.audio_id, row.duration_s or WINDOW_S

    def _sentence(self, text: str) -> Float32:
        """Embed one sentence, remembering the last few: paging and moments ask again."""
        key = " ".join(text.split()).casefold()
        with self._lock:
            if key in self._sentences:
                self._sentences.move_to_end(key)
                return self._sentences[key]
        vector: Float32 = self._embedder.embed_text([text])[0]
        with self._lock:
            self._sentences[key] = vector
            while len(self._sentences) > CACHED_SENTENCES:
                self._sentences.popitem(last=False)
        return vector

    def _hits(
        self,
        vector: Float32,
        limit: int,
        match: Callable[[float], int],
        without: str | None = None,
    ) -> tuple[Hit, ...]:
        asked = max(WINDOWS_ASKED, 10 * limit)
        while True:
            windows = self._index.nearest_windows(vector, asked)
            best = [hit for hit in _best_per_sound(windows) if hit.audio_id != without]
            rows = self._ledger.rows_by_audio([hit.audio_id for hit in best])
            found = sum(len(copies) for copies in rows.values())
            # A few long recordings can fill the nearest windows; look further then.
            if found >= limit or len(windows) < asked:
                return tuple(islice(_hits_of(best, rows, match), limit))
            asked *= 4

    def _answer(self, hits: tuple[Hit, ...], begin_s: float) -> Answer:
        counts = self._ledger.counts()
        took_ms = (self._clock_s() - begin_s) * 1000.0
        return Answer(hits, counts["indexed"], sum(counts.values()), round(took_ms, 1))


def _best_per_sound(windows: Iterable[WindowHit]) -> list[WindowHit]:
    best: dict[str, WindowHit] = {}
    for window in windows:
        best.setdefault(window.audio_id, window)
    return list(best.values())


def _hits_of(
    best: Iterable[WindowHit], rows: dict[str, list[FileRow]], match: Callable[[float], int]
) -> Iterator[Hit]:
    for window in best:
        for row in rows.get(window.audio_id, ()):
            yield Hit(row.as_track(), window.start_s, window.score, match(window.score))


def _likeness(score: float) -> int:
    """Return sound-to-sound likeness on 0-100; such cosines need no calibration to be read."""
    return round(100.0 * min(1.0, max(0.0, score)))


def _apart(starts_s: Float32, scores: Float32, count: int) -> list[int]:
    """Return the indices of up to ``count`` best windows that neither touch nor overlap."""
    chosen: list[int] = []
    for i in np.argsort(-scores, kind="stable"):
        if all(abs(starts_s[i] - starts_s[j]) > WINDOW_S + 1e-3 for j in chosen):
            chosen.append(int(i))
        if len(chosen) == count:
            break
    return chosen


def _heat(starts_s: Float32, matches: Float32, duration_s: float) -> bytes:
    """Spread window matches (0-100) over HEAT columns of the track, uint8 0-255."""
    columns = np.zeros(HEAT, dtype=np.float32)
    for start_s, match in zip(starts_s, matches, strict=True):
        first = int(start_s / duration_s * HEAT)
        last = int(np.ceil(min(start_s + WINDOW_S, duration_s) / duration_s * HEAT))
        columns[first:last] = np.maximum(columns[first:last], match)
    return (columns * 2.55).astype(np.uint8).tobytes()
