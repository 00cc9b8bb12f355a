"""What somebody may mean who is still typing: names and tags of the library, and its sounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from traumbox.domain.names import fold_name
from traumbox.search.phrases import PHRASES, Phrase
from traumbox.search.starters import Held
from traumbox.stores.words import NameKind, Words

SOUNDS_SHARE = 3
"""One of so many suggestions may be a sound where there are names enough."""
TYPED_MOST = 200
"""Characters; whoever has typed more needs no suggestion."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name of this library or a sound in it, and how many tracks bear or fit it."""

    text: str
    kind: NameKind | Literal["sound"]
    tracks: int


@dataclass(frozen=True, slots=True)
class Suggested:
    """Suggestions, best first; ``meant`` is what was typed with names put right, or empty."""

    suggestions: tuple[Suggestion, ...] = ()
    meant: str = ""


def suggested(words: Words, held: Sequence[Held], typed: str, limit: int) -> Suggested:
    """Return up to ``limit`` suggestions; where there is none, perhaps another spelling."""
    if not fold_name(typed) or len(typed) > TYPED_MOST:
        return Suggested()
    names = [Suggestion(one.text, one.kind, one.tracks) for one in words.suggest(typed, limit)]
    sounds = sounds_like(held, typed, limit)
    share = max(limit // SOUNDS_SHARE, limit - len(names))
    sounds = sounds[:share]
    found = (*names[: limit - len(sounds)], *sounds)
    meant = "" if found else words.spelling(typed, _sound_words()) or ""
    return Suggested(found, meant)


def sounds_like(held: Sequence[Held], typed: str, limit: int) -> list[Suggestion]:
    """Return the held phrases, English or German, of which some words begin with those typed."""
    by_en = {phrase.en: phrase for phrase in PHRASES}
    begun = fold_name(typed).split()
    found = []
    for one in sorted(held, key=lambda one: (-one.match, one.en)):
        phrase = by_en.get(one.en)
        said = _said_with(phrase, begun) if phrase is not None else ""
        if said:
            found.append(Suggestion(said, "sound", one.tracks))
    return found[: max(0, limit)]


def _said_with(phrase: Phrase, begun: Sequence[str]) -> str:
    for said in (phrase.en, phrase.de):
        words = fold_name(said).split()
        if all(any(word.startswith(part) for word in words) for part in begun):
            return said
    return ""


@cache
def _sound_words() -> frozenset[str]:
    """Return the words of all phrases: they are no misspelt names."""
    return frozenset(
        word
        for phrase in PHRASES
        for said in (phrase.en, phrase.de)
        for word in fold_name(said).split()
    )
