"""What a query wants, said of the truth about a piece, and never of what the system makes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from tests.bench.queries.pieces import Part, Piece

Test = Callable[[Piece, Part], bool]
Language = Literal["en", "de"]
Kind = Literal["sound", "name", "tag", "number", "mixed"]
KINDS: tuple[Kind, ...] = ("sound", "name", "tag", "number", "mixed")

FULL, HALF = 2, 1
SLOW_TO_BPM, FAST_FROM_BPM = 85.0, 130.0
"""What people would call slow and fast; between is neither."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A query and who it is for.

    A piece where one part meets all of ``wants`` gains 2; one that meets the first of them, which
    is the main thing, or ``half``, gains 1. What fails one of ``must`` or meets ``never`` gains
    nothing whatever else it is: who names a key, a decade, a length, or what is not to be heard,
    states a fact; who describes a sound is served by something close, too.
    """

    text: str
    language: Language
    kind: Kind
    wants: tuple[Test, ...]
    must: tuple[Test, ...] = ()
    never: Test | None = None
    half: Test | None = None

    def gain(self, piece: Piece) -> int:
        """Return what finding this piece is worth: 0, 1 or 2."""
        return max(self._gain(piece, part) for part in piece.parts)

    def _gain(self, piece: Piece, part: Part) -> int:
        if self.never is not None and self.never(piece, part):
            return 0
        if not all(must(piece, part) for must in self.must):
            return 0
        if all(want(piece, part) for want in self.wants):
            return FULL
        if self.wants[0](piece, part) or (self.half is not None and self.half(piece, part)):
            return HALF
        return 0


def query(
    language: Language,
    kind: Kind,
    text: str,
    *wants: Test,
    must: tuple[Test, ...] = (),
    never: Test | None = None,
    half: Test | None = None,
) -> Labelled:
    """Return a query as a line of a table."""
    return Labelled(text, language, kind, wants, must, never, half)


def _folded(text: str) -> str:
    # Not the store's folding: that is part of what is judged.
    return text.casefold()


def gains_of(query: Labelled, pieces: Iterable[Piece]) -> dict[str, int]:
    """Return the best gain of each recording that has one, by audio id: copies count once."""
    gains: dict[str, int] = {}
    for piece in pieces:
        gain = query.gain(piece)
        if gain > gains.get(piece.audio_id, 0):
            gains[piece.audio_id] = gain
    return gains


def plays(*concepts: str) -> Test:
    """Any of these is to be heard."""
    return lambda _, part: any(concept in part.plays for concept in concepts)


def leads(*concepts: str) -> Test:
    """Any of these is what one hears first."""
    return lambda _, part: any(concept in part.leads for concept in concepts)


def style(*names: str) -> Test:
    """It is played in one of these styles."""
    return lambda _, part: part.style in names


def mood(*names: str) -> Test:
    """It was composed in one of these moods."""
    return lambda _, part: part.mood in names


def calm(_: Piece, part: Part) -> bool:
    """Nothing hurries and nobody shouts."""
    soft = 0 <= part.energy <= 0.4
    return (part.mood in {"calm", "dreamy"} or (soft and part.tempo_bpm <= 90)) and soft


def lively(_: Piece, part: Part) -> bool:
    """It wants to be danced or run to."""
    return part.energy >= 0.65 and part.tempo_bpm >= 108


def fast(_: Piece, part: Part) -> bool:
    """Quick in its tempo."""
    return part.tempo_bpm >= FAST_FROM_BPM


def slow(_: Piece, part: Part) -> bool:
    """Slow in its tempo."""
    return 0 < part.tempo_bpm <= SLOW_TO_BPM


def drums(_: Piece, part: Part) -> bool:
    """Something is beaten."""
    return bool({"drums", "percussion", "timpani"} & part.plays)


def only_drums(_: Piece, part: Part) -> bool:
    """It is beaten, and nothing else plays."""
    return "drums" in part.plays and not part.key


def voices(_: Piece, part: Part) -> bool:
    """Someone sings."""
    return "singing" in part.plays


def bpm(low: float, high: float) -> Test:
    """Its tempo as composed lies between."""
    return lambda _, part: low <= part.tempo_bpm <= high


def key(*names: str) -> Test:
    """It is in one of these keys, in our spelling."""
    return lambda _, part: part.key in names


def in_minor(_: Piece, part: Part) -> bool:
    """It is in a minor key."""
    return part.key.endswith("minor")


def in_major(_: Piece, part: Part) -> bool:
    """It is in a major key."""
    return part.key.endswith("major")


def lasts(low_s: float = 0.0, high_s: float = 1e9) -> Test:
    """It is so long."""
    return lambda piece, _: low_s <= piece.duration_s <= high_s


def years(first: int, last: int) -> Test:
    """It was made then."""
    return lambda piece, _: first <= piece.year <= last


def by(artist: str) -> Test:
    """This artist plays."""
    return lambda piece, _: piece.artist == artist


def album(name: str) -> Test:
    """It is on this album."""
    return lambda piece, _: piece.album == name


def title(name: str) -> Test:
    """It is called so."""
    return lambda piece, _: piece.title == name


def called(word: str) -> Test:
    """Its title or album holds these words."""
    folded = _folded(word)
    return lambda piece, _: folded in _folded(piece.title) or folded in _folded(piece.album)


def tagged(*genres: str) -> Test:
    """Its genre tag says one of these."""
    folded = [_folded(genre) for genre in genres]
    return lambda piece, _: any(genre in _folded(piece.tags.genre) for genre in folded)


def says(words: str) -> Test:
    """Its lyrics or its comment hold these words."""
    folded = _folded(words)
    return lambda piece, _: folded in _folded(piece.lyrics) or folded in _folded(piece.comment)


def codec(*names: str) -> Test:
    """It is stored so."""
    return lambda piece, _: piece.media.codec in names


def below(folder: str) -> Test:
    """It lies in a folder or directory of this name."""
    folded = _folded(folder)

    def is_below(piece: Piece, _: Part) -> bool:
        names = [piece.location.folder, *piece.location.display.split("/")[:-1]]
        return any(_folded(name) == folded for name in names)

    return is_below


def younger(days: float) -> Test:
    """It was added within these days."""
    return lambda piece, _: piece.age_days <= days


def no(test: Test) -> Test:
    """Turn it round."""
    return lambda piece, part: not test(piece, part)


def any_of(*tests: Test) -> Test:
    """One of them is enough."""
    return lambda piece, part: any(test(piece, part) for test in tests)
