"""Two rankings into one: what sounds like the sentence, and what is called or tagged like it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from traumbox.domain import Why

RANK_SHIFT = 60
"""The k of reciprocal rank fusion."""
UNFIT_SHARE = 0.25
"""What counts of a place in the ranking by sound below the model's floor: only an order."""
PART_BONUS = 1.5
"""For a full name within the sentence: "miles davis, quiet" wants Miles Davis before any quiet."""
NAMES_AS: dict[str, Why] = {"genre": "tag", "lyrics": "words", "comment": "words"}
"""What a meeting with a column is called; the other columns are names."""


@dataclass(frozen=True, slots=True)
class BySound:
    """A place in the ranking by sound: the best moment of a sound, and how well it matches."""

    audio_id: str
    start_s: float
    score: float
    match: int
    fits: bool = True


@dataclass(frozen=True, slots=True)
class ByName:
    """A place in the ranking by words: the track, where they stand, and how many of them.

    ``coverage`` is the share (0-1) of the question's words that are met. ``exact`` is "whole" where
    the question is the name, "part" where it holds a whole name, else "".
    """

    audio_id: str
    track_id: str
    column: str
    coverage: float
    exact: Literal["whole", "part", ""] = ""

    @property
    def why(self) -> Why:
        """What to call it."""
        return NAMES_AS.get(self.column, "name")

    def weight(self, described: float) -> float:
        """Return what its place counts beside one by sound that fits.

        Squared, for one word of three is mostly chance: "Piano Man" is no calm rainy piano. The
        less of the question is ``described`` (0-1), the surer it is a name, misspelt maybe.
        """
        bonus = PART_BONUS if self.exact else 0.0
        return self.coverage**2 + (1.0 - described) ** 2 * self.coverage + bonus

    @property
    def match(self) -> int:
        """Return the 0-100 that stands for a meeting of words; only a whole name is 100."""
        return 100 if self.exact == "whole" else round(95.0 * self.coverage)


@dataclass(frozen=True, slots=True)
class Fused:
    """A sound of the answer with its places in the rankings it is in; ``rank`` orders."""

    audio_id: str
    rank: float
    sound: BySound | None
    name: ByName | None

    @property
    def why(self) -> tuple[Why, ...]:
        """What made it match, the stronger first."""
        sounds: tuple[Why, ...] = ("sound",) if self.sound and self.sound.fits else ()
        if self.name is None:
            return ("sound",)
        if self.name.exact or not self.sound or self.name.match >= self.sound.match:
            return (self.name.why, *sounds)
        return (*sounds, self.name.why)

    @property
    def fits(self) -> bool:
        """Whether it is what was asked for, by sound or by more than a chance word."""
        by_name = self.name is not None and (bool(self.name.exact) or self.name.coverage >= 0.5)
        return by_name or (self.sound is not None and self.sound.fits)

    @property
    def match(self) -> int:
        """Return the better of both matches, 0-100."""
        by_sound = self.sound.match if self.sound else 0
        return max(by_sound, self.name.match if self.name else 0)


def fused(
    by_sound: Sequence[BySound], by_name: Iterable[ByName], described: float = 1.0
) -> list[Fused]:
    """Join both rankings, each best first; return each sound once, best first.

    ``described`` is the share (0-1) of the question's words that describe a sound.

    Reciprocal rank fusion (G. Cormack, C. Clarke, S. Büttcher, "Reciprocal rank fusion outperforms
    Condorcet and individual rank learning methods", SIGIR 2009): cosines and BM25 have no common
    scale, places have. Places weigh by how much they say. Who is asked for by name comes first, in
    the order of the names.
    """
    sounds = {one.audio_id: (place, one) for place, one in enumerate(by_sound)}
    names: dict[str, tuple[int, ByName]] = {}
    for place, named in enumerate(by_name):
        names.setdefault(named.audio_id, (place, named))
    found = []
    for audio_id in dict.fromkeys((*names, *sounds)):
        rank, sound, name = 0.0, None, None
        if audio_id in sounds:
            place, sound = sounds[audio_id]
            says = UNFIT_SHARE + (1.0 - UNFIT_SHARE) * described if sound.fits else UNFIT_SHARE
            rank += says / (RANK_SHIFT + 1 + place)
        if audio_id in names:
            place, name = names[audio_id]
            rank += name.weight(described) / (RANK_SHIFT + 1 + place) + (name.exact == "whole")
        found.append(Fused(audio_id, rank, sound, name))
    return sorted(found, key=lambda one: (not one.fits, -one.rank))
