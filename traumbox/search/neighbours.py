"""What lies around a sound, as tracks that can be played: where radio and journeys look."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import islice

import numpy as np

from traumbox.domain import Float32, Kind, Track
from traumbox.ports import Index
from traumbox.search.bysound import nearest
from traumbox.search.candidates import Candidate, Pool
from traumbox.search.scales import LIKENESS
from traumbox.stores.ledger import Ledger

ROWS_AT_ONCE = 64

KindOf = Callable[[Track], Kind]


class Neighbours:
    """The tracks near to a place in one space, read once for a question.

    Only those that are there, in folders that aren't ``offline``, and of these ``kinds``. Each
    sound once: of several files with it the first by path.
    """

    def __init__(
        self,
        index: Index,
        ledger: Ledger,
        kind_of: KindOf,
        kinds: Collection[Kind],
        offline: Collection[str],
    ) -> None:
        self._index = index
        self._ledger = ledger
        self._kind_of = kind_of
        self._kinds = frozenset(kinds)
        self._offline = frozenset(offline)
        self._tracks: dict[str, Track | None] = {}
        self._means: dict[str, Float32] = {}

    def nearest(self, vector: Float32, count: int) -> list[Candidate]:
        """Return up to ``count`` tracks nearest to a unit vector float32[dim]: ``Nearest``."""

        def enough(audio_ids: Sequence[str]) -> bool:
            return sum(1 for _ in islice(self._playable(audio_ids), count)) >= count

        # Silent sounds have no mean direction, and so no place on any way.
        found = nearest(self._index, vector, LIKENESS, None, enough)
        near = list(islice(self._playable([one.audio_id for one in found]), count))
        self._read_means([track.audio_id for track in near])
        scores = {one.audio_id: one.score for one in found}
        return [
            Candidate.of(track, self._means[track.audio_id], scores[track.audio_id])
            for track in near
            if track.audio_id in self._means
        ]

    def candidate(self, track: Track) -> Candidate | None:
        """Return one track as a candidate; None where it is silent."""
        self._read_means([track.audio_id])
        mean = self._means.get(track.audio_id)
        return Candidate.of(track, mean) if mean is not None else None

    def candidates(self, tracks: Collection[Track]) -> list[Candidate]:
        """Return those of these tracks that aren't silent as candidates, in their order."""
        self._read_means([track.audio_id for track in tracks])
        return [
            Candidate.of(track, self._means[track.audio_id])
            for track in tracks
            if track.audio_id in self._means
        ]

    def track(self, candidate: Candidate) -> Track:
        """Return the track of a candidate that ``nearest`` gave."""
        track = self._tracks[candidate.audio_id]
        if track is None:
            raise KeyError(candidate.track_id)
        return track

    def _playable(self, audio_ids: Sequence[str]) -> Iterator[Track]:
        for begin in range(0, len(audio_ids), ROWS_AT_ONCE):
            some = audio_ids[begin : begin + ROWS_AT_ONCE]
            self._read_tracks(some)
            found = (self._tracks[audio_id] for audio_id in some)
            yield from (track for track in found if track is not None)

    def _read_tracks(self, audio_ids: Sequence[str]) -> None:
        unread = [audio_id for audio_id in audio_ids if audio_id not in self._tracks]
        if not unread:
            return
        rows = self._ledger.rows_by_audio(unread)
        for audio_id in unread:
            tracks = (row.as_track() for row in rows.get(audio_id, ()))
            self._tracks[audio_id] = next(
                (
                    track
                    for track in tracks
                    if track.location.folder not in self._offline
                    and self._kind_of(track) in self._kinds
                ),
                None,
            )

    def _read_means(self, audio_ids: Collection[str]) -> None:
        unread = {audio_id for audio_id in audio_ids if audio_id not in self._means}
        if unread:
            self._means.update(zip(*self._index.means_of(unread), strict=True))


def without_copies(found: Sequence[Candidate], of: Sequence[Candidate]) -> list[Candidate]:
    """Return those of ``found`` that aren't the same recording as any ``of`` these."""
    if not found or not of:
        return list(found)
    pool = Pool.of([*of, *found])
    known = {one.track_id for one in of}
    numbers = [number for number, one in enumerate(pool.members) if one.track_id in known]
    copied = np.any([pool.copies(number) for number in numbers], axis=0)
    left = {one.track_id for one, is_copy in zip(pool.members, copied, strict=True) if not is_copy}
    return [one for one in found if one.track_id in left]
