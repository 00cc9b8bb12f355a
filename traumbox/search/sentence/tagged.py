"""What files say of themselves, where the sentence says so: artist, genre, folder.

A genre is only a filter when it is called one ("genre rock", "im Genre Jazz"). "Rock" alone
describes a sound and may be a name: the sound and the full text both find it, and neither hides the
many tracks that have no genre tag. "Not rock" is about both, see ``absence``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from traumbox.domain.conditions import Condition, WordField
from traumbox.search.sentence.findings import Finding, Sentence, pattern
from traumbox.search.sentence.vocabulary import NAME_WORDS_MOST, artist_called, listed

_QUOTED = r"[\"“„«»][^\"“”„«»]{1,100}[\"“”«»]"
_ARTIST = pattern(
    r"(?<![\w'’])(?:(?P<sure>(?:by |from |von )?(?:the |dem |der )?(?:artist|künstler(?:in)?"
    r"|interpret(?:in)?|band|group|gruppe|singer|composer|komponist(?:in)?))"
    r"|by|von|vom)(?: den| der| dem)?:? (?=\S)"
)
_FOLDER = pattern(
    r"(?<![\w'’])(?:(?:in|from|inside|aus|im|within) )?(?:(?:the|my|dem|meinem|einem) )?"
    r"(?:folder|directory|ordner|verzeichnis):? (?=\S)"
)
_FOLDER_AFTER = pattern(r" (?:folder|directory|ordner|verzeichnis)(?!\w)")
_IN_FOLDER = pattern(r"(?<![\w'’])(?:in|from|inside|aus)(?: the| my| dem| meinem)? (?=\S)")
_GENRE = pattern(
    r"(?<![\w'’])(?:(?:of|in|im|vom|aus dem|tagged|getaggt|with) )?(?:(?:the|dem) )?"
    r"(?:(?:genre|musikrichtung|stilrichtung)(?: tag)?:?(?: is| ist| of)?|tagged(?: with"
    r"| as)?|getaggt (?:als|mit)) (?=\S)"
)
_GENRE_AFTER = pattern(r" genre(?!\w)")
_WORD = pattern(r"[^\s,;]+")
_LONGEST = 60  # characters of a name's word

_Known = Callable[[str], str | None]


def artists(sentence: Sentence) -> Iterator[Finding]:
    """Find "by Miles Davis" and "von den Ärzten" where the library has the artist."""
    for found in _ARTIST.finditer(sentence.text):
        named = _named(sentence.text, found.end(), lambda words: _artist(words, sentence))
        if named is not None:
            yield _meets("artist", found.start(), *named)


def folders(sentence: Sentence) -> Iterator[Finding]:
    """Find "in folder X", "aus dem Ordner X", "from the X folder"."""
    text, known = sentence.text, sentence.vocabulary.folders()

    def folder(words: str) -> str | None:
        found = listed(words, known)
        return words if found is None and sentence.vocabulary.has_directory(words) else found

    for found in _FOLDER.finditer(text):
        named = _named(text, found.end(), folder)
        if named is not None:
            yield _meets("folder", found.start(), *named)
    yield from _called_after(text, _FOLDER_AFTER, _IN_FOLDER, "folder", folder)


def genres(sentence: Sentence) -> Iterator[Finding]:
    """Find "genre rock", "tagged as jazz", "in the jazz genre"."""
    text, known = sentence.text, sentence.vocabulary.genres()

    def genre(words: str) -> str | None:
        return listed(words, known)

    for found in _GENRE.finditer(text):
        named = _named(text, found.end(), genre)
        if named is not None:
            yield _meets("genre", found.start(), *named)
    yield from _called_after(text, _GENRE_AFTER, _IN_FOLDER, "genre", genre)


def _called_after(
    text: str, noun: re.Pattern[str], lead: re.Pattern[str], field: WordField, known: _Known
) -> Iterator[Finding]:
    """Find names that stand between ``lead`` and ``noun``: "from the Beatles folder"."""
    if noun.search(text) is None:
        return
    for found in lead.finditer(text):
        named = _named(text, found.end(), known)
        if named is not None:
            end, value = named
            behind = noun.match(text, end)
            if behind is not None:
                yield _meets(field, found.start(), behind.end(), value)


def _meets(field: WordField, start: int, end: int, value: str) -> Finding:
    return Finding(start, end, (Condition(field, values=(value,)),))


def _named(text: str, start: int, known: _Known) -> tuple[int, str] | None:
    """Return where the longest known name from ``start`` on ends, and what it is."""
    quoted = pattern(_QUOTED).match(text, start)
    if quoted is not None:
        value = known(quoted[0][1:-1])
        return None if value is None else (quoted.end(), value)
    ends: list[int] = []
    position = start
    while len(ends) < NAME_WORDS_MOST:
        word = _WORD.match(text, position, min(len(text), position + _LONGEST))
        if word is None:
            break
        ends.append(word.end())
        if text[word.end() : word.end() + 1] != " ":
            break
        position = word.end() + 1
    for end in reversed(ends):
        value = known(text[start:end])
        if value is not None:
            return end, value
    return None


def _artist(words: str, sentence: Sentence) -> str | None:
    """Return the artist meant, also by "von den Ärzten" for "Die Ärzte"."""
    for name in (words, f"the {words}", f"die {words}", words.removesuffix("n")):
        found = artist_called(name, sentence.vocabulary)
        if found is not None:
            return found
    return artist_called(f"die {words.removesuffix('n')}", sentence.vocabulary)
