"""What may be found at all: the tracks that meet the filters, and their rows in the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from traumbox.domain import Condition, Hit, Track
from traumbox.search.bysound import Enough
from traumbox.search.fusion import Fused
from traumbox.search.remembering import Remembered
from traumbox.stores.ledger import FileRow, Ledger

ROWS_AT_ONCE = 40

Wanted = Callable[[Track], bool]


class Allowed:
    """The ledger's rows of what may be found, each read once for a question.

    ``among`` are the audio ids that meet the conditions, or None for all; ``matching`` remembers
    them, for one filter often serves for several sentences.
    """

    def __init__(
        self,
        ledger: Ledger,
        conditions: tuple[Condition, ...] = (),
        is_wanted: Wanted | None = None,
        matching: Remembered[frozenset[str]] | None = None,
    ) -> None:
        self._ledger = ledger
        self._is_wanted = is_wanted
        self._known: dict[str, list[FileRow]] = {}
        self.conditions = conditions
        self.among = self._matching(matching) if conditions else None

    @property
    def narrows(self) -> bool:
        """Whether there is anything that tracks must meet."""
        return self.among is not None or self._is_wanted is not None

    def enough(self, count: int) -> Enough:
        """Return the question whether these sounds have ``count`` tracks that may be shown."""

        def are(audio_ids: Sequence[str]) -> bool:
            found = sum(1 for _ in islice(self._of_each(audio_ids), count))
            return found >= count

        return are

    def hits(self, ranked: Iterable[Fused]) -> Iterator[Hit]:
        """Yield a hit for each sound that has a track that may be shown."""
        by_audio = {one.audio_id: one for one in ranked}
        for audio_id, rows in self._of_each(list(by_audio)):
            yield _hit(by_audio[audio_id], [row.as_track() for row in rows])

    def newest(self) -> Iterator[Hit]:
        """Yield all that may be shown as hits without a score, the latest added first."""
        for row in self._ledger.newest_matching(self.conditions):
            track = row.as_track()
            if self._is_wanted is None or self._is_wanted(track):
                yield Hit(track, 0.0, 0.0, 100, ("filter",))

    def _matching(self, remembered: Remembered[frozenset[str]] | None) -> frozenset[str]:
        token = self._ledger.database.changes
        among = remembered.get(self.conditions, token) if remembered else None
        if among is None:
            among = frozenset(self._ledger.matching(self.conditions) or ())
            if remembered:
                remembered.put(self.conditions, token, among)
        return among

    def _of_each(self, audio_ids: Sequence[str]) -> Iterator[tuple[str, list[FileRow]]]:
        for begin in range(0, len(audio_ids), ROWS_AT_ONCE):
            some = audio_ids[begin : begin + ROWS_AT_ONCE]
            self._read([audio_id for audio_id in some if audio_id not in self._known])
            for audio_id in some:
                if rows := self._known[audio_id]:
                    yield audio_id, rows

    def _read(self, audio_ids: Sequence[str]) -> None:
        if not audio_ids:
            return
        found = self._ledger.rows_by_audio(audio_ids)
        rows = [row for some in found.values() for row in some]
        meeting = {row.track_id for row in self._ledger.meets(rows, self.conditions)}
        for audio_id in audio_ids:
            self._known[audio_id] = [
                row
                for row in found.get(audio_id, ())
                if row.track_id in meeting
                and (self._is_wanted is None or self._is_wanted(row.as_track()))
            ]


def _hit(one: Fused, tracks: Sequence[Track]) -> Hit:
    """Return the hit of a sound; of several tracks with it the one that was named goes first."""
    named = one.name.track_id if one.name is not None else ""
    first = next((track for track in tracks if track.id == named), tracks[0])
    return Hit(
        first,
        one.sound.start_s if one.sound is not None else 0.0,
        one.sound.score if one.sound is not None else 0.0,
        one.match,
        one.why,
        fits=one.fits,
        copies=tuple(track for track in tracks if track is not first),
    )
