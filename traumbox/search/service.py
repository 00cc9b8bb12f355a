"""The search service: a sentence, a sound or tracks in; the best moment of each match out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from time import monotonic

from traumbox.domain import (
    HEAT,
    WINDOW_S,
    Answer,
    Float32,
    ModelCard,
    Moments,
    Query,
    Understood,
)
from traumbox.errors import ModelError
from traumbox.ports import Space
from traumbox.search.asking import ALL_WAYS, Asking, KindOf, Serving, Ways
from traumbox.search.moments import moments_of
from traumbox.search.phrases import Language
from traumbox.search.sentence import understand
from traumbox.search.starters import Starters, chosen, day_of
from traumbox.search.suggesting import Suggested, suggested
from traumbox.stores.ledger import Ledger
from traumbox.stores.words import Words

IDLE_S = 300.0


def _now() -> datetime:
    return datetime.now(UTC).astimezone()


@dataclass(frozen=True, slots=True)
class Clocks:
    """``steady_s`` never jumps; ``now`` is the owner's time, with its zone."""

    steady_s: Callable[[], float] = monotonic
    now: Callable[[], datetime] = _now


class SearchService:
    """Answers queries in the space that serves; safe to call from any thread.

    The space may change at any time: a query is answered by the one it began with. After
    ``idle_s`` without a sentence ``rest`` gives the text tower's memory back. Without ``starters``
    it doesn't know what the library holds.
    """

    def __init__(
        self,
        space: Space,
        ledger: Ledger,
        clocks: Clocks = Clocks(),
        idle_s: float = IDLE_S,
        starters: Starters | None = None,
    ) -> None:
        self._serving = Serving.of(space)
        self._ledger = ledger
        self._words = Words(ledger.database)
        self._clocks = clocks
        self._idle_s = idle_s
        self._starters = starters
        self._counted: tuple[int, int, int] | None = None

    @property
    def space(self) -> Space:
        """The space that serves."""
        return self._serving.space

    @property
    def card(self) -> ModelCard:
        """The card of the model that serves."""
        return self.space.embedder.card

    @property
    def words(self) -> Words:
        """The names, tags and lyrics of the library."""
        return self._words

    def use(self, space: Space) -> None:
        """Answer in this space from now on; queries under way end in the one they began with."""
        before, self._serving = self._serving, Serving.of(space)
        if before.space.embedder is not space.embedder:
            before.tower.retire()

    def rest(self) -> bool:
        """Give the text tower's memory back when no sentence has come for long; call it often.

        Return whether there was any to give back.
        """
        return self._serving.tower.rest(self._clocks.steady_s(), self._idle_s)

    def prepare(self, is_over: Callable[[], bool]) -> None:
        """Do what searches are better for: read names that wait for it, look what there is.

        In the background, now and then; it may take minutes, and returns soon when ``is_over``.
        """
        while not is_over() and self._words.catch_up():
            pass
        if self._starters is not None and not is_over():
            self._starters.refresh(self.space, self._clocks.now().timestamp(), is_over)

    def starters(self, language: Language = "en") -> tuple[str, ...]:
        """Return one to six phrases that lead somewhere in this library, others every day."""
        held = self._starters.held(self.card.id) if self._starters is not None else ()
        return chosen(held, day_of(self._clocks.now()), language)

    def suggest(self, typed: str, limit: int) -> Suggested:
        """Return what somebody may mean who has typed this much."""
        held = self._starters.held(self.card.id) if self._starters is not None else ()
        return suggested(self._words, held, typed, limit)

    def understand(self, query: Query, ways: Ways = ALL_WAYS) -> Understood:
        """Return how the query's sentence is taken; with ``ways.parsed`` off, as it stands."""
        if not ways.parsed:
            plain = " ".join(query.text.split())
            return Understood(query.text, plain, plain)
        return understand(query.text, self._words.vocabulary, self._clocks.now(), query.taken_back)

    def search(self, query: Query, kind_of: KindOf | None = None, ways: Ways = ALL_WAYS) -> Answer:
        """Answer a query by a sentence, by likeness to tracks, or by both.

        ``kind_of`` tells the kind of a track; it is needed where kinds are wanted. ``ways`` turns
        ways of finding off, to see what each is worth.

        Raises
        ------
        KeyError
            When ``query.like`` or ``query.unlike`` names no track that has been heard.
        """
        begin_s, serving = self._clocks.steady_s(), self._serving
        understood = self.understand(query, ways)
        asking = self._asking(serving, kind_of)
        key = query, understood, ways
        token = self._ledger.database.changes, serving.space.index.changes
        found = serving.remembered.get(key, token)
        if found is None:
            found = asking.answer(query, understood, ways)
            serving.remembered.put(key, token, found)
        return self._timed(found, begin_s)

    def similar(self, track_id: str, limit: int) -> Answer:
        """Return the tracks that sound most like one, without itself and its copies.

        Raises
        ------
        KeyError
            When ``track_id`` names no track that has been heard.
        """
        return self.search(Query(like=(track_id,), limit=limit))

    def search_sound(self, vectors: Float32, limit: int) -> Answer:
        """Answer by the windows float32[n, dim] of a sound that need not be in the library.

        Raises
        ------
        ModelError
            When the vectors are of another dimension: another model heard that sound.
        """
        begin_s, serving = self._clocks.steady_s(), self._serving
        card = serving.space.embedder.card
        if vectors.ndim != 2 or vectors.shape[1] != card.dim:
            raise ModelError(
                f"A vector of {vectors.shape[-1]} numbers is of another model than the one that"
                f" serves, {card.name}, which has {card.dim}. Have the sound heard again."
            )
        asking = self._asking(serving)
        return self._timed(asking.like_sound(vectors, limit), begin_s)

    def moments(self, track_id: str, text: str) -> Moments:
        """Tell where in one track a sentence matches; what doesn't fit leaves the heat-map cold.

        Raises
        ------
        KeyError
            When ``track_id`` names no track that has been heard.
        """
        row = self._ledger.row(track_id)
        if row is None or row.audio_id is None:
            raise KeyError(track_id)
        serving = self._serving
        asking = self._asking(serving)
        understood = self.understand(Query(text))
        starts_s, vectors = serving.space.index.windows_of(row.audio_id)
        if not len(vectors) or not understood.sound.strip():
            return Moments(heat=bytes(HEAT), best=())
        scores = vectors @ asking.vector(understood.sound)
        card = serving.space.embedder.card.asked(understood.sound)
        duration_s = row.duration_s or WINDOW_S
        return moments_of(starts_s, scores, card, duration_s, starts=understood.starts)

    def _asking(self, serving: Serving, kind_of: KindOf | None = None) -> Asking:
        return Asking(serving, self._ledger, self._words, self._clocks.steady_s, kind_of)

    def _timed(self, answer: Answer, begin_s: float) -> Answer:
        searched, total = self._count()
        return replace(
            answer,
            searched=searched,
            total=total,
            took_ms=round((self._clocks.steady_s() - begin_s) * 1000.0, 1),
        )

    def _count(self) -> tuple[int, int]:
        """Return how many tracks are heard, and how many there are, as of the last write."""
        changes, counted = self._ledger.database.changes, self._counted
        if counted is None or counted[0] != changes:
            counts = self._ledger.counts()
            counted = changes, counts["indexed"], sum(counts.values())
            self._counted = counted
        return counted[1:]
