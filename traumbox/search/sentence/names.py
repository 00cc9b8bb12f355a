"""Names of the library inside a sentence, which no rule may tear apart."""

from __future__ import annotations

from collections.abc import Iterator

from traumbox.search.sentence.findings import Finding, Sentence, Stay, pattern
from traumbox.search.sentence.sounds import is_sound
from traumbox.search.sentence.vocabulary import NAME_WORDS_MOST, artist_called

_WORD = pattern(r"\S+")
_EDGES = '.,;:!?"“”„«»()'


def known_artists(sentence: Sentence) -> Iterator[Finding]:
    """Find artists of the library, the longest name first: "No Doubt", "Without You I'm Nothing".

    A name of one word counts only when it is the whole sentence: artists are called "Slow" and
    "Without". The words are left out of the sound, unless each of them describes one, as in
    "Slow Piano".
    """
    words = [found.span() for found in _WORD.finditer(sentence.text)]
    index = 0
    while index < len(words):
        count = _known(sentence, words[index : index + NAME_WORDS_MOST], whole=len(words) == 1)
        if count:
            start, end = words[index][0], words[index + count - 1][1]
            heard = all(is_sound(word.strip(_EDGES)) for word in sentence.text[start:end].split())
            yield Finding(start, end, stay=Stay.BOTH if heard else Stay.NAMES)
        index += max(count, 1)


def _known(sentence: Sentence, words: list[tuple[int, int]], *, whole: bool) -> int:
    """Return how many of ``words`` are the name of an artist: 0 for none."""
    for count in range(len(words), 0 if whole else 1, -1):
        name = sentence.text[words[0][0] : words[count - 1][1]].strip(_EDGES)
        if name and artist_called(name, sentence.vocabulary) is not None:
            return count
    return 0
