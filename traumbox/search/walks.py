"""Walks through the library: a radio that goes on from sounds, a journey from track to track."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from traumbox.domain import Float32, Hit, Kind, Query, Track
from traumbox.ports import Space
from traumbox.search.bysound import seed_of
from traumbox.search.candidates import Candidate, Pool
from traumbox.search.journey import Evenness, journey
from traumbox.search.neighbours import KindOf, Neighbours, without_copies
from traumbox.search.pooling import pooled
from traumbox.search.radio import Radio, begun, following, reacted
from traumbox.search.scales import LIKENESS
from traumbox.search.service import SearchService
from traumbox.stores.ledger import FileRow, Ledger

HEARD_MOST = 500
"""So many of the last tracks are kept from coming again: more than a day of music."""
LENGTH_LEAST, LENGTH_MOST = 2, 100
SENTENCE_HITS = 10
"""A radio from a sentence begins at the best moments of so many tracks."""
NEARLY = 0.8
"""What matches less than this share of the best match would lead away from what was asked for."""
ADVENTUROUS = 0.3


@dataclass(frozen=True, slots=True)
class Tuned:
    """A radio as somebody has it: where it began, and what has happened since; track ids.

    It begins at ``seeds``, at what a sentence finds, or at both. ``heard`` is what it gave, the
    latest at the end. ``adventurous`` is 0 (near to its seed) to 1 (a wide walk). ``chance`` is a
    number that stays the same for one sitting; with the same one the same radio comes.
    """

    seeds: tuple[str, ...] = ()
    text: str = ""
    heard: tuple[str, ...] = ()
    liked: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    adventurous: float = ADVENTUROUS
    chance: int = 0


@dataclass(frozen=True, slots=True)
class Walk:
    """What comes next; ``evenness`` of the steps of a journey.

    A hit's score is its likeness: on a radio to the seed, on a journey to the track before.
    ``ended`` tells that a radio has given everything that there is.
    """

    hits: tuple[Hit, ...]
    evenness: Evenness | None = None
    ended: bool = False


class Walks:
    """Radio and journeys in the space that serves; keeps nothing between two calls.

    ``offline`` tells the folders that are: nothing of them is ever given.
    """

    def __init__(
        self,
        search: SearchService,
        ledger: Ledger,
        kind_of: KindOf,
        offline: Callable[[], Collection[str]],
    ) -> None:
        self._search = search
        self._ledger = ledger
        self._kind_of = kind_of
        self._offline = offline

    def radio(self, tuned: Tuned, count: int) -> Walk:
        """Return up to ``count`` tracks that come next.

        Of the kinds (music, audiobook, podcast) that it began with; a sentence begins with music
        where it finds any. Tracks of ``tuned`` that aren't known any more are passed over, but not
        seeds.

        Raises
        ------
        KeyError
            When a seed is no track that has been heard.
        ValueError
            When there is nothing to begin with, in words: the sentence finds nothing, the seeds are
            silent.
        """
        space = self._search.space
        seeds = [self._heard_track(track_id) for track_id in dict.fromkeys(tuned.seeds)]
        hits = self._told(tuned.text)
        if not seeds and not hits:
            raise ValueError(
                "nothing here sounds like that" if tuned.text.strip() else "no seed was given"
            )
        kinds = {self._kind_of(track) for track in seeds} or self._kinds(hits)
        near = Neighbours(space.index, self._ledger, self._kind_of, kinds, self._offline())
        radio, known = self._tuned_in(space, near, tuned, seeds, hits)
        chosen, _ = following(
            radio,
            count,
            # Others in the place of the copies that fall away, or it would seem to be the end.
            lambda vector, most: without_copies(near.nearest(vector, most + len(known)), known),
            np.random.default_rng([tuned.chance, len(tuned.heard)]),
        )
        likeness = [float((radio.seeds @ one.vector).max()) for one in chosen]
        given = tuple(
            _hit(near.track(one), score) for one, score in zip(chosen, likeness, strict=True)
        )
        return Walk(given, ended=len(chosen) < count)

    def journey(self, start: str, end: str, length: int) -> Walk:
        """Return ``length`` tracks from one to another, both among them, in even steps of sound.

        Fewer where the library hasn't so many.

        Raises
        ------
        KeyError
            When either is no track that has been heard and is there.
        ValueError
            When there is no way between them, in words: they are one recording, one is silent or
            its folder offline, the length isn't 2 to 100.
        """
        if not LENGTH_LEAST <= length <= LENGTH_MOST:
            raise ValueError(f"a journey has {LENGTH_LEAST} to {LENGTH_MOST} tracks, not {length}")
        space, offline = self._search.space, self._offline()
        ends = [self._heard_track(track_id, there=True) for track_id in (start, end)]
        kinds = {self._kind_of(track) for track in ends}
        near = Neighbours(space.index, self._ledger, self._kind_of, kinds, offline)
        candidates = []
        for track in ends:
            if track.location.folder in offline:
                raise ValueError(f"the folder “{track.location.folder}” is offline")
            candidate = near.candidate(track)
            if candidate is None:
                raise ValueError(f"“{track.title}” is silent")
            candidates.append(candidate)
        if Pool.of(candidates).copies(0).all():
            raise ValueError("both ends are the same recording")
        way = journey(candidates[0], candidates[1], length, near.nearest)
        shown = {track.id: track for track in ends}
        return Walk(
            tuple(
                _hit(shown.get(one.track_id) or near.track(one), float(before.vector @ one.vector))
                for before, one in zip([way[0], *way], way, strict=False)
            ),
            Evenness.of(way),
        )

    def _tuned_in(
        self,
        space: Space,
        near: Neighbours,
        tuned: Tuned,
        seeds: Sequence[Track],
        hits: Sequence[Hit],
    ) -> tuple[Radio, list[Candidate]]:
        """Return the radio as it was left, and all that mustn't come again."""
        sounds = space.index.windows_among({track.audio_id for track in seeds})
        windows = [sounds[track.audio_id][1] for track in seeds if track.audio_id in sounds]
        if hits:
            windows.append(self._moments_of(space, hits))
        began = near.candidates(seeds)
        heard, skipped, liked = (
            near.candidates(self._tracks(track_ids[-HEARD_MOST:]))
            for track_ids in (tuned.heard, tuned.skipped, tuned.liked)
        )
        left = {one.track_id for one in skipped}
        radio = begun(seed_of(windows), tuned.adventurous, [*began, *heard])
        radio = _at(radio, [one for one in heard if one.track_id not in left])
        for one in skipped:
            radio = reacted(radio, one, "skipped")
        for one in liked:
            radio = reacted(radio, one, "liked")
        return radio, [*began, *heard, *skipped, *liked]

    def _told(self, text: str) -> list[Hit]:
        """Return what a sentence finds, as far as it fits."""
        if not text.strip():
            return []
        found = self._search.search(Query(text, limit=SENTENCE_HITS), self._kind_of)
        best = max((hit.match for hit in found.hits if hit.fits), default=0)
        return [hit for hit in found.hits if hit.fits and hit.match >= NEARLY * best]

    def _kinds(self, hits: Sequence[Hit]) -> set[Kind]:
        kinds = {self._kind_of(hit.track) for hit in hits}
        return {"music"} if "music" in kinds else kinds

    def _moments_of(self, space: Space, hits: Sequence[Hit]) -> Float32:
        """Return float32[n, dim]: of each hit the moment that was found, or all of its sound.

        The sentence's own vector lies apart from all music; see ``radio.begun``.
        """
        found = [np.empty((0, space.embedder.card.dim), dtype=np.float32)]
        sounds = space.index.windows_among({hit.track.audio_id for hit in hits})
        for hit in hits:
            starts_s, vectors = sounds.get(hit.track.audio_id, (None, None))
            if starts_s is None or vectors is None:
                continue
            if "sound" in hit.why:
                found.append(vectors[int(np.argmin(np.abs(starts_s - hit.start_s)))][None, :])
            else:
                found.append(pooled(vectors, most=1).directions)
        return np.vstack(found)

    def _heard_track(self, track_id: str, *, there: bool = False) -> Track:
        row = self._ledger.row(track_id)
        if row is None or not _is_heard(row) or (there and row.missing_since_s is not None):
            raise KeyError(track_id)
        return row.as_track()

    def _tracks(self, track_ids: Sequence[str]) -> list[Track]:
        rows = self._ledger.rows(set(track_ids))
        known = (rows.get(track_id) for track_id in dict.fromkeys(track_ids))
        return [row.as_track() for row in known if row is not None and _is_heard(row)]


def _is_heard(row: FileRow) -> bool:
    return row.audio_id is not None and row.media is not None and row.duration_s is not None


def _at(radio: Radio, heard: Sequence[Candidate]) -> Radio:
    """Return the radio where it had got to when it had given ``heard``.

    From which of its seeds each came isn't told over HTTP: it counts for the nearest one.
    """
    places, turns = radio.seeds.copy(), [0] * len(radio.seeds)
    for one in heard:
        direction = int(np.argmax(radio.seeds @ one.vector))
        places[direction] = one.vector
        turns[direction] += 1
    return replace(radio, places=places, turns=tuple(turns))


def _hit(track: Track, score: float) -> Hit:
    return Hit(track, 0.0, score, LIKENESS.match(score))
