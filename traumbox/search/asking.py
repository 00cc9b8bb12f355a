"""One question to one space, from how it was understood to the hits."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from traumbox.domain import (
    KINDS,
    Answer,
    Float32,
    Hit,
    Kind,
    Query,
    Track,
    Understood,
    unit,
)
from traumbox.ports import Space
from traumbox.search.allowed import Allowed, Wanted
from traumbox.search.bysound import (
    RERANKED,
    TOO_MUCH,
    Both,
    by_both,
    by_likeness,
    by_text,
    presence,
    seed_of,
)
from traumbox.search.candidates import Candidate, suspects
from traumbox.search.diversity import Pick, collapsed, diversified
from traumbox.search.fusion import ByName, BySound, Fused, fused
from traumbox.search.moments import comes_in, inside
from traumbox.search.remembering import Remembered
from traumbox.search.sentence import SOUND_WORDS, Described, described, translated
from traumbox.search.tower import TextTower
from traumbox.stores.ledger import Ledger
from traumbox.stores.words import Words

NAMES_LEAST = 100
MATCHING_KEPT = 2
"""Of 90,000 tracks that meet a filter the ids take 10 MB."""
SPARE = 1.5
"""So many times as many as are shown, for copies of one recording fall together."""
CHOICE = 4
"""From so many times as many as are shown what is alike is chosen, so that it differs."""
OTHERS_SHARE = 0.5
"""What it counts to answer to all words but those that describe a sound."""

KindOf = Callable[[Track], Kind]


@dataclass(frozen=True, slots=True)
class Serving:
    """A space, its text tower and its last answers; each query keeps to one to its end."""

    space: Space
    tower: TextTower
    remembered: Remembered[Answer]
    matching: Remembered[frozenset[str]]

    @classmethod
    def of(cls, space: Space) -> Serving:
        """Let a space serve, with nothing remembered yet."""
        return cls(space, TextTower(space.embedder), Remembered(), Remembered(MATCHING_KEPT))


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways of finding: by sound, by words, and by what a sentence was parsed for."""

    sound: bool = True
    words: bool = True
    parsed: bool = True


ALL_WAYS = Ways()


class Asking:
    """Answers one question in one space.

    ``kind_of`` tells the kind of a track; it is needed where kinds are wanted.
    """

    def __init__(
        self,
        serving: Serving,
        ledger: Ledger,
        words: Words,
        steady_s: Callable[[], float],
        kind_of: KindOf | None = None,
    ) -> None:
        self._tower = serving.tower
        self._matching = serving.matching
        self._index = serving.space.index
        self._card = serving.space.embedder.card
        self._ledger = ledger
        self._words = words
        self._steady_s = steady_s
        self._kind_of = kind_of

    def vector(self, sound: str) -> Float32:
        """Return the unit vector of a description, put into a language that the model knows."""
        known = sound if "de" in self._card.languages else translated(sound)
        return self._tower.vector(known, self._steady_s())

    def answer(self, query: Query, understood: Understood, ways: Ways) -> Answer:
        """Return the hits, best first; the numbers around them are for the caller to fill in.

        Raises
        ------
        KeyError
            When the query is about a track that hasn't been heard.
        """
        rows = self._rows(query, understood)
        if rows.among is not None and not rows.among:
            left = self._ledger.explain(rows.conditions)
            return Answer((), 0, 0, 0.0, understood, left_by=tuple(left.items()))
        if query.like:
            hits = self._alike(query, understood, rows)
        elif understood.sound or understood.names or _absent(understood):
            hits = self._described(query, understood, rows, ways)
        else:
            hits = list(islice(rows.newest(), query.limit)) if rows.narrows else []
        meant = ""
        if understood.names and not any(hit.fits for hit in hits):
            meant = self._words.spelling(understood.names, SOUND_WORDS) or ""
        return Answer(tuple(hits), 0, 0, 0.0, understood, meant)

    def like_sound(self, vectors: Float32, limit: int) -> Answer:
        """Return what is most like a sound of these windows float32[n, dim]."""
        rows = Allowed(self._ledger)
        seed = seed_of([vectors])
        found = by_likeness(self._index, seed, None, rows.enough(_spare(limit)))
        hits = self._shown([_alone(one) for one in found], limit, rows)
        return Answer(tuple(hits), 0, 0, 0.0)

    def _rows(self, query: Query, understood: Understood) -> Allowed:
        conditions = list(query.conditions)
        conditions += [chip.condition for chip in understood.chips if chip.condition is not None]
        kinds = set(query.kinds or KINDS)
        for condition in conditions:
            if condition.field == "kind":
                named = {kind for kind in KINDS if kind in condition.values}
                kinds &= set(KINDS) - named if condition.negated else named
        is_wanted: Wanted | None = None
        if kinds != set(KINDS):
            kind_of = self._kind_of
            if kind_of is None:
                raise ValueError("a search for some kinds needs to be told how kinds are known")
            is_wanted = lambda track: kind_of(track) in kinds  # noqa: E731 - one expression
        told = tuple(condition for condition in conditions if condition.field != "kind")
        return Allowed(self._ledger, told, is_wanted, self._matching)

    def _described(
        self, query: Query, understood: Understood, rows: Allowed, ways: Ways
    ) -> list[Hit]:
        absent = [self.vector(sound) for sound in _absent(understood)] if ways.sound else []
        vector: Float32 | None = None
        if ways.sound and understood.sound:
            vector = self.vector(understood.sound)
        elif absent and not understood.names:
            # Nothing is wanted but that something isn't there: what is furthest from it.
            vector = unit(-np.sum(absent, axis=0))
        told = described(understood.names)
        by_name = self._named(query, understood.names, told, rows.among) if ways.words else []
        by_sound: list[BySound] = []
        if vector is not None:
            enough = rows.enough(RERANKED if absent else _spare(query.limit))
            card = self._card.asked(understood.sound) if understood.sound else self._card
            by_sound = by_text(self._index, vector, card, rows.among, enough)
        ranked = fused(by_sound, by_name, told.share)
        if absent:
            ranked = self._lacking(ranked[:RERANKED], np.stack(absent), only=not understood.sound)
        if query.unlike:
            ranked = self._turned_away(ranked[:RERANKED], query.unlike)
        hits = self._shown(ranked, query.limit, rows)
        return self._placed(hits, vector, starts=understood.starts) if understood.sound else hits

    def _named(
        self, query: Query, names: str, told: Described, among: Collection[str] | None
    ) -> list[ByName]:
        """Return who answers to the words, best first; also to those alone that tell no sound."""
        found: dict[str, ByName] = {}
        most = max(NAMES_LEAST, _spare(query.limit))
        for words in dict.fromkeys(filter(None, (names, told.others))):
            for hit in self._words.find(words, most, among, common=SOUND_WORDS):
                one = ByName(hit.audio_id, hit.track_id, hit.field, hit.coverage, hit.exact)
                if words != names:
                    exact = "part" if one.exact else one.exact
                    one = replace(one, coverage=OTHERS_SHARE * one.coverage, exact=exact)
                before = found.get(one.track_id)
                if before is None or one.weight(told.share) > before.weight(told.share):
                    found[one.track_id] = one
        return sorted(found.values(), key=lambda one: -one.weight(told.share))

    def _alike(self, query: Query, understood: Understood, rows: Allowed) -> list[Hit]:
        liked = [self._sound_of(track_id) for track_id in query.like]
        disliked = [self._sound_of(track_id) for track_id in query.unlike]
        seed = seed_of([vectors for _, vectors in liked], [vectors for _, vectors in disliked])
        if not len(seed.directions):
            return []
        if understood.sound:
            both = Both(seed, self.vector(understood.sound))
            enough = rows.enough(_spare(query.limit))
            card = self._card.asked(understood.sound)
            found = by_both(self._index, both, card, rows.among, enough)
        else:
            enough = rows.enough(CHOICE * query.limit)
            found = by_likeness(self._index, seed, rows.among, enough)
        known = {audio_id for audio_id, _ in (*liked, *disliked)}
        ranked = [_alone(one) for one in found if one.audio_id not in known]
        return self._shown(ranked, query.limit, rows, differing=not understood.sound)

    def _sound_of(self, track_id: str) -> tuple[str, Float32]:
        row = self._ledger.row(track_id)
        if row is None or row.audio_id is None:
            raise KeyError(track_id)
        return row.audio_id, self._index.windows_of(row.audio_id)[1]

    def _lacking(self, ranked: Sequence[Fused], absent: Float32, *, only: bool) -> list[Fused]:
        """Leave out what has too much of what must not be heard; the less of it, the better."""
        windows = self._index.windows_among([one.audio_id for one in ranked])
        kept = []
        for one in ranked:
            _, vectors = windows.get(one.audio_id, (None, None))
            there = presence(vectors, absent, self._card) if vectors is not None else 0
            if there > TOO_MUCH:
                continue
            sound = one.sound
            if only and sound is not None:
                sound = replace(sound, match=100 - there, fits=True)
            kept.append(replace(one, rank=one.rank * (1.0 - there / 100.0), sound=sound))
        return sorted(kept, key=lambda one: (not one.fits, -one.rank))

    def _turned_away(self, ranked: Sequence[Fused], unlike: Sequence[str]) -> list[Fused]:
        """Put what is like these tracks further down, and leave them out."""
        disliked = [self._sound_of(track_id) for track_id in unlike]
        away = seed_of([vectors for _, vectors in disliked])
        windows = self._index.windows_among([one.audio_id for one in ranked])
        likeness = {
            audio_id: float((vectors @ away.directions.T).max(axis=0) @ away.weights)
            for audio_id, (_, vectors) in windows.items()
            if len(away.weights)
        }
        usual = float(np.median(list(likeness.values()) or [0.0]))
        known = {audio_id for audio_id, _ in disliked}

        def less(one: Fused) -> float:
            # Cosines of one space have no zero of their own: the usual likeness is none.
            return 1.0 - max(0.0, likeness.get(one.audio_id, usual) - usual) / (1.0 - usual + 1e-6)

        kept = [
            replace(one, rank=one.rank * less(one)) for one in ranked if one.audio_id not in known
        ]
        return sorted(kept, key=lambda one: (not one.fits, -one.rank))

    def _shown(
        self, ranked: Iterable[Fused], limit: int, rows: Allowed, *, differing: bool = False
    ) -> list[Hit]:
        """Return the hits: each recording once, with its copies; ``differing`` also in kind."""
        wanted = CHOICE * limit if differing else _spare(limit)
        hits = list(islice(rows.hits(ranked), wanted))
        tracks = [hit.track for hit in hits]
        compared = tracks if differing else suspects(tracks)
        if not compared:
            return hits[:limit]
        audio_ids, vectors = self._index.means_of({track.audio_id for track in compared})
        means = dict(zip(audio_ids, vectors, strict=True))
        unread = np.zeros(self._card.dim, dtype=np.float32)
        places = {hit.track.id: (place, hit) for place, hit in enumerate(hits)}
        candidates = [
            Candidate.of(
                hit.track,
                means.get(hit.track.audio_id, unread),
                hit.score if differing else float(len(hits) - place),
            )
            for place, hit in places.values()
        ]
        picks = diversified(candidates, limit) if differing else collapsed(candidates)
        return [_with_copies(pick, places) for pick in picks[:limit]]

    def _placed(self, hits: Sequence[Hit], vector: Float32 | None, *, starts: bool) -> list[Hit]:
        """Put the moments well inside what was asked for; with ``starts`` where it comes in."""
        if vector is None or not hits:
            return list(hits)
        windows = self._index.windows_among([hit.track.audio_id for hit in hits])

        def put(hit: Hit) -> Hit:
            if hit.track.audio_id not in windows:
                return hit
            starts_s, vectors = windows[hit.track.audio_id]
            scores = vectors @ vector
            place = comes_in(scores) if starts else inside(scores)
            return replace(hit, start_s=float(starts_s[place]), score=float(scores[place]))

        return [put(hit) for hit in hits]


def _spare(limit: int) -> int:
    return math.ceil(SPARE * limit)


def _absent(understood: Understood) -> list[str]:
    return [chip.without for chip in understood.chips if chip.without]


def _alone(one: BySound) -> Fused:
    return Fused(one.audio_id, one.score, one, None)


def _with_copies(pick: Pick, places: dict[str, tuple[int, Hit]]) -> Hit:
    _, hit = places[pick.candidate.track_id]
    others = [places[copy.track_id][1] for copy in pick.copies]
    more = [track for other in others for track in (other.track, *other.copies)]
    return replace(hit, copies=(*hit.copies, *more)) if more else hit
