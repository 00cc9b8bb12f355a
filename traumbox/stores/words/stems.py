"""The stems of folded words, German and English: "songs" and "song", "Nächte" and "nacht"."""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

SHORTEST = 4
_KEPT = 8192


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 - the library's name


@lru_cache(_KEPT)
def stems(word: str) -> tuple[str, ...]:
    """Return the stems of a folded word that differ from it, each once; maybe none.

    Which language a name is in nobody says: it gets the stems of both.
    """
    if len(word) < SHORTEST or not word.isascii() or not word.isalpha():
        return ()
    found = dict.fromkeys(stemmer.stemWord(word) for stemmer in _stemmers())
    return tuple(stem for stem in found if stem != word and len(stem) > 2)


@lru_cache(1)
def _stemmers() -> tuple[_Stemmer, ...]:
    import snowballstemmer  # noqa: PLC0415 - only once there are words

    return tuple(snowballstemmer.stemmer(language) for language in ("english", "german"))
