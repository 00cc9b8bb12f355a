"""German sound words in English, for a text tower that knows English only."""

from __future__ import annotations

from dataclasses import dataclass

from traumbox.search.sentence.findings import pattern
from traumbox.search.sentence.german.reading import Reading, longest_phrase, lookup

_WORD = pattern(r"[^\W_]+(?:['’-][^\W_]+)*")
_LONGEST = 64
_DECADE = pattern(r"((?:19|20)?[0-9]0)ern?")
_OF_DECADES = frozenset({"jahre", "jahren"})


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of the text, and what it means in English; empty where it stays as it is."""

    text: str
    reading: Reading


def translated(text: str) -> str:
    """Return ``text`` with its German words for sounds in English; word order and the rest stay.

    Inflected and compounded words are found, and those written without umlauts ("froehlich"). Words
    that English has too ("hell", "die", "fast") change only when another word of the text is German
    for sure, and so English stays English.
    """
    pieces = _pieces(text)
    if not any(piece.reading.sure for piece in pieces):
        return text
    return "".join(piece.reading.english or piece.text for piece in pieces)


def _pieces(text: str) -> list[_Piece]:
    words = [found.span() for found in _WORD.finditer(text)]
    most = longest_phrase()
    pieces: list[_Piece] = []
    position = index = 0
    while index < len(words):
        start = words[index][0]
        count, reading = _longest(text, words[index : index + most])
        end = words[index + count - 1][1]
        pieces += (_Piece(text[position:start], Reading()), _Piece(text[start:end], reading))
        position, index = end, index + count
    pieces.append(_Piece(text[position:], Reading()))
    return pieces


def _longest(text: str, words: list[tuple[int, int]]) -> tuple[int, Reading]:
    """Return how many of the next words are read as one, and how."""
    for count in range(len(words), 0, -1):
        phrase = text[words[0][0] : words[count - 1][1]]
        if len(phrase) <= _LONGEST:
            reading = lookup(" ".join(phrase.casefold().split())) if count > 1 else _one(phrase)
            if reading.english:
                return count, reading
    return 1, Reading()


def _one(word: str) -> Reading:
    decade = _DECADE.fullmatch(word)
    if decade is not None:
        return Reading(f"{decade[1]}s", "style", sure=True)
    whole = lookup(word.casefold().replace("’", "'"))
    if whole.english or "-" not in word:
        return whole
    # "80er-Synthesizer", "Jazz-Gitarre": each part for itself.
    halves = [half for half in word.split("-") if half.casefold() not in _OF_DECADES]
    parts = [_one(half) for half in halves]
    if not any(part.sure for part in parts):
        return Reading()
    english = (part.english or half for part, half in zip(parts, halves, strict=True))
    return Reading(" ".join(english), "style", sure=True)
