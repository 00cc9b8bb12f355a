"""The search service: one vector in, the best moment of each matching track out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from time import monotonic

import numpy as np

from traumbox.domain import (
    HEAT,
    WINDOW_S,
    Answer,
    Float32,
    Hit,
    Kind,
    ModelCard,
    Moment,
    Moments,
    Query,
    Track,
    unit,
)
from traumbox.errors import ModelError
from traumbox.ports import Index, Space, WindowHit
from traumbox.search.tower import TextTower
from traumbox.stores.ledger import FileRow, Ledger

WINDOWS_ASKED = 500
"""Finds the best window of 50 tracks with recall .99 at two million windows (20 a track)."""
WINDOWS_MOST = 128_000
"""No further is looked for tracks of some kinds: by then thousands of others matched better."""
BEST_MOMENTS = 3
FAINT_MATCH = 10
"""A moment below this match isn't worth jumping to; the best one is always told."""
IDLE_S = 300.0

KindOf = Callable[[Track], Kind]
Wanted = Callable[[Track], bool]


@dataclass(frozen=True, slots=True)
class _Scale:
    """How a cosine is read: its 0-100 match, and whether it is one at all."""

    match: Callable[[float], int]
    fits: Callable[[float], bool] = lambda _score: True


@dataclass(frozen=True, slots=True)
class _Serving:
    """A space and its text tower; each query takes one and keeps to it to its end."""

    space: Space
    tower: TextTower


class SearchService:
    """Answers queries in the space that serves; safe to call from any thread.

    The space may change at any time: a query is answered by the one it began with. ``clock_s``
    never jumps. After ``idle_s`` without a sentence ``rest`` gives the text tower's memory back.
    """

    def __init__(
        self,
        space: Space,
        ledger: Ledger,
        clock_s: Callable[[], float] = monotonic,
        idle_s: float = IDLE_S,
    ) -> None:
        self._serving = _Serving(space, TextTower(space.embedder))
        self._ledger = ledger
        self._clock_s = clock_s
        self._idle_s = idle_s

    @property
    def space(self) -> Space:
        """The space that serves."""
        return self._serving.space

    @property
    def card(self) -> ModelCard:
        """The card of the model that serves."""
        return self.space.embedder.card

    def use(self, space: Space) -> None:
        """Answer in this space from now on; queries under way end in the one they began with."""
        before, self._serving = self._serving, _Serving(space, TextTower(space.embedder))
        if before.space.embedder is not space.embedder:
            before.tower.retire()

    def rest(self) -> bool:
        """Give the text tower's memory back when no sentence has come for long; call it often.

        Return whether there was any to give back.
        """
        return self._serving.tower.rest(self._clock_s(), self._idle_s)

    def search(self, query: Query, kind_of: KindOf | None = None) -> Answer:
        """Answer a query by text, or by likeness to the track ``query.like``.

        ``kind_of`` tells the kind of a track; it is needed where ``query.kinds`` names some.

        Raises
        ------
        KeyError
            When ``query.like`` names no track that has been heard.
        """
        is_wanted = _is_wanted(query, kind_of)
        if query.like:
            return self._similar(query.like, query.limit, is_wanted)
        begin_s = self._clock_s()
        if not query.text.strip():
            return self._answer((), begin_s)
        serving = self._serving
        vector = serving.tower.vector(query.text, begin_s)
        card = serving.space.embedder.card
        scale = _Scale(card.match, card.fits)
        hits = self._hits(serving.space.index, vector, query.limit, scale, is_wanted=is_wanted)
        return self._answer(hits, begin_s)

    def similar(self, track_id: str, limit: int) -> Answer:
        """Return the tracks that sound most like one, without itself and its copies.

        Raises
        ------
        KeyError
            When ``track_id`` names no track that has been heard.
        """
        return self._similar(track_id, limit, None)

    def _similar(self, track_id: str, limit: int, is_wanted: Wanted | None) -> Answer:
        begin_s = self._clock_s()
        audio_id, _ = self._sound(track_id)
        index = self.space.index
        _, vectors = index.windows_of(audio_id)
        if not len(vectors):
            return self._answer((), begin_s)
        hits = self._hits(
            index,
            unit(vectors.mean(axis=0)),
            limit,
            _LIKENESS,
            without=audio_id,
            is_wanted=is_wanted,
        )
        return self._answer(hits, begin_s)

    def search_vector(self, vector: Float32, limit: int) -> Answer:
        """Answer by a unit vector float32[dim] of a sound that need not be in the library.

        Raises
        ------
        ModelError
            When the vector is of another dimension: another model heard that sound.
        """
        begin_s, space = self._clock_s(), self.space
        card = space.embedder.card
        if vector.shape != (card.dim,):
            raise ModelError(
                f"A vector of {vector.size} numbers is of another model than the one that serves, "
                f"{card.name}, which has {card.dim}. Have the sound heard again."
            )
        return self._answer(self._hits(space.index, unit(vector), limit, _LIKENESS), begin_s)

    def moments(self, track_id: str, text: str) -> Moments:
        """Tell where in one track a sentence matches; what doesn't fit leaves the heat-map cold.

        Raises
        ------
        KeyError
            When ``track_id`` names no track that has been heard.
        """
        audio_id, duration_s = self._sound(track_id)
        serving = self._serving
        starts_s, vectors = serving.space.index.windows_of(audio_id)
        if not len(vectors) or not text.strip():
            return Moments(heat=bytes(HEAT), best=())
        scores = vectors @ serving.tower.vector(text, self._clock_s())
        card = serving.space.embedder.card
        matches = np.array([card.match(float(s)) for s in scores], dtype=np.float32)
        fits = np.array([card.fits(float(s)) for s in scores], dtype=np.bool_)
        best = tuple(
            Moment(float(starts_s[i]), float(scores[i]), int(matches[i]), bool(fits[i]))
            for rank, i in enumerate(_apart(starts_s, scores, BEST_MOMENTS))
            if rank == 0 or (fits[i] and matches[i] >= FAINT_MATCH)
        )
        return Moments(heat=_heat(starts_s, np.where(fits, matches, 0.0), duration_s), best=best)

    def _sound(self, track_id: str) -> tuple[str, float]:
        """Return the audio id and the duration in seconds of a track that has been heard."""
        row = self._ledger.row(track_id)
        if row is None or row.audio_id is None:
            raise KeyError(track_id)
        return row.audio_id, row.duration_s or WINDOW_S

    def _hits(
        self,
        index: Index,
        vector: Float32,
        limit: int,
        scale: _Scale,
        *,
        without: str | None = None,
        is_wanted: Wanted | None = None,
    ) -> tuple[Hit, ...]:
        asked = max(WINDOWS_ASKED, 10 * limit)
        while True:
            windows = index.nearest_windows(vector, asked)
            best = [hit for hit in _best_per_sound(windows) if hit.audio_id != without]
            rows = self._ledger.rows_by_audio([hit.audio_id for hit in best])
            found = _hits_of(best, rows, scale)
            if is_wanted is not None:
                found = (hit for hit in found if is_wanted(hit.track))
            hits = tuple(islice(found, limit))
            # A few long recordings can fill the nearest windows; look further then.
            if len(hits) == limit or len(windows) < asked:
                return hits
            if is_wanted is not None and asked >= WINDOWS_MOST:
                return hits
            asked *= 4

    def _answer(self, hits: tuple[Hit, ...], begin_s: float) -> Answer:
        counts = self._ledger.counts()
        took_ms = (self._clock_s() - begin_s) * 1000.0
        return Answer(hits, counts["indexed"], sum(counts.values()), round(took_ms, 1))


def _is_wanted(query: Query, kind_of: KindOf | None) -> Wanted | None:
    if not query.kinds:
        return None
    if kind_of is None:
        raise ValueError("a search for some kinds needs to be told how kinds are known")
    kinds = query.kinds
    return lambda track: kind_of(track) in kinds


def _best_per_sound(windows: Iterable[WindowHit]) -> list[WindowHit]:
    best: dict[str, WindowHit] = {}
    for window in windows:
        best.setdefault(window.audio_id, window)
    return list(best.values())


def _hits_of(
    best: Iterable[WindowHit], rows: dict[str, list[FileRow]], scale: _Scale
) -> Iterator[Hit]:
    for window in best:
        match, fits = scale.match(window.score), scale.fits(window.score)
        for row in rows.get(window.audio_id, ()):
            yield Hit(row.as_track(), window.start_s, window.score, match, fits=fits)


def _likeness(score: float) -> int:
    """Return sound-to-sound likeness on 0-100; such cosines need no calibration to be read."""
    return round(100.0 * min(1.0, max(0.0, score)))


_LIKENESS = _Scale(_likeness)


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
