"""How well one track's words answer a query: pure functions over the columns of one row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

from traumbox.stores.words.asking import Asked
from traumbox.stores.words.reading import FIELDS, STEM, Field
from traumbox.stores.words.stems import stems

WEIGHTS: Mapping[Field, float] = {
    "artist": 10.0,
    "title": 10.0,
    "album": 7.0,
    "genre": 4.0,
    "name": 4.0,
    "credits": 3.0,
    "folder": 2.0,
    "comment": 1.0,
    "lyrics": 1.0,
}
_MOST = max(WEIGHTS.values())
_SAME, _STEMMED, _BEGUN, _NEAR = 1.0, 0.8, 0.7, 0.5
_BREVITY = 0.03  # each further word beside it makes a word count so much less
_BREVITY_MOST = 10


@dataclass(frozen=True, slots=True)
class Weighed:
    """``covered`` is the share of the query that is there, rare words counting more; 0-1.

    ``worth`` is the same with what each word is worth where it stands; 0-1. ``field`` is where
    most of it stands, ``fields`` are all where some does.
    """

    covered: float
    worth: float
    field: Field
    fields: frozenset[Field]


def rarity(tracks: int, held_by: int) -> float:
    """Return how much a word tells that so many of all tracks hold: BM25's inverse frequency.

    Source: Robertson and Zaragoza, The Probabilistic Relevance Framework (2009), 3.1; with 1 added
    within the logarithm, so that it stays above 0.
    """
    return log(1 + (max(tracks, held_by) - held_by + 0.5) / (held_by + 0.5))


def weigh(
    asked: Sequence[Asked], rarities: Sequence[float], columns: Mapping[Field, str], more: str
) -> Weighed:
    """Weigh the folded columns of a row; ``more`` holds the year, beside stems.

    ``rarities`` are those of the words, in their order; not all of them 0.
    """
    held = {name: text.split() for name, text in columns.items() if text}
    sets = {name: frozenset(words) for name, words in held.items()}
    extra = frozenset(more.split())
    everything = extra.union(*sets.values())
    covered = worth = 0.0
    fields = dict.fromkeys(FIELDS, 0.0)
    for word, rare in zip(asked, rarities, strict=True):
        if not _occurs(word, everything):
            continue
        value, quality, where = _best(word, sets, held)
        if not value and any(extra.issuperset(words) for words in word.same):
            value, quality, where = WEIGHTS["comment"], _SAME, "comment"
        covered += rare * (quality if quality <= _NEAR else 1.0)
        worth += rare * value / _MOST
        fields[where] += rare * value
    whole = sum(rarities)
    return Weighed(
        covered=covered / whole,
        worth=worth / whole,
        field=max(FIELDS, key=fields.__getitem__),
        fields=frozenset(name for name, some in fields.items() if some),
    )


def _occurs(word: Asked, everything: frozenset[str]) -> bool:
    """Tell, at little cost, whether the word is in the row at all: most words aren't."""
    return (
        any(everything.issuperset(words) for words in word.alternatives())
        or not everything.isdisjoint(word.stems)
        or bool(word.prefix and any(other.startswith(word.prefix) for other in everything))
    )


def _best(
    word: Asked, sets: Mapping[Field, frozenset[str]], held: Mapping[Field, Sequence[str]]
) -> tuple[float, float, Field]:
    """Return what the word is worth where it counts most, how well it is met there, and where."""
    best: tuple[float, float, Field] = (0.0, 0.0, "name")
    for name, weight in WEIGHTS.items():
        if name in sets and weight > best[0]:
            quality = _quality(word, sets[name], held[name])
            brevity = 1 - _BREVITY * min(_BREVITY_MOST, len(held[name]) - 1)
            if quality * weight * brevity > best[0]:
                best = quality * weight * brevity, quality, name
    return best


def _quality(word: Asked, there: frozenset[str], in_order: Sequence[str]) -> float:
    if any(there.issuperset(words) for words in word.same):
        return _SAME
    if word.stems and (
        not there.isdisjoint(word.stems)
        or any(STEM + form in word.stems for other in in_order for form in stems(other))
    ):
        return _STEMMED
    if word.prefix and any(other.startswith(word.prefix) for other in in_order):
        return _BEGUN
    if any(there.issuperset(words) for words in word.near):
        return _NEAR
    return 0.0
