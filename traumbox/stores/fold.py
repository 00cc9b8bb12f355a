"""Folding text so that names are found however they are spelled.

What is said here of words holds for names and for what is typed alike: both go through the same
functions, and meet in what comes out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae"})
PARTS = re.compile(r"[^\W_]+")
WORD_MAX = 64
"""Characters of one word that count."""

# Letters with a stroke through them, and the like, which Unicode doesn't take apart.
_STROKES = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h"}
)
# As in P!nk, Ke$ha and A$AP: within a word or before its first letter.
_DISGUISED = re.compile(r"(?:[!$@](?=\w))")
_LETTERS = {"!": "i", "$": "s", "@": "a"}
# Written without spaces between words, or with compounds of many: Thai to Burmese, kana, Chinese
# characters, Korean.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]+"
)
_SIGNS_MAX = 16
_ARTICLES = frozenset(
    ("the", "a", "an", "der", "die", "das", "ein", "eine", "le", "la", "les", "el", "los", "las")
)
_JOINING = frozenset(("and", "und", "et", "y", "n"))
_KEPT = 4096


@dataclass(frozen=True, slots=True)
class Spelled:
    """One word, and what it may be found by.

    ``whole`` holds its spellings, the plainest first; ``parts`` what lies between its punctuation,
    if there are several; ``pairs`` the overlapping pairs of characters of writing without spaces
    (one character alone: itself). ``whole`` isn't empty.
    """

    whole: tuple[str, ...]
    parts: tuple[str, ...] = ()
    pairs: tuple[str, ...] = ()

    def all(self) -> Iterator[str]:
        """Yield what a name with this word is listed under."""
        yield from self.whole
        yield from (part for part in self.parts if len(part) > 1)
        yield from self.pairs
        for run in self.pairs:
            yield from run


def fold(*texts: str) -> str:
    """Return the words of ``texts`` without case, accents and punctuation, each once.

    Words with several common spellings appear in each: "Ärzte" as arzte and aerzte, "AC/DC" as
    acdc, ac and dc, "R.E.M." as rem, "P!nk" as pnk and pink. Writing without spaces appears as
    pairs of characters, and each by itself. A text of nothing but signs appears as one word that
    stands for them.
    """
    words = (word for text in texts for spelled in spelled_words(text) for word in spelled.all())
    return " ".join(dict.fromkeys(words))


def spelled_words(text: str, most: int | None = None) -> list[Spelled]:
    """Return the words of a text in order, up to ``most`` of them."""
    found: list[Spelled] = []
    for word in unicodedata.normalize("NFC", text).casefold().split():
        spelled = _spelled(word)
        if spelled is not None:
            found.append(spelled)
        if most is not None and len(found) == most:
            break
    if not found and (sign := _sign(text)):
        return [Spelled((sign,))]
    return found


@lru_cache(_KEPT)
def spellings(text: str) -> frozenset[str]:
    """Return a whole name in each common spelling, its words with single spaces between.

    "Björk" is bjork and bjoerk, "AC/DC" acdc and ac dc. ``key`` is among them.
    """
    words = spelled_words(text)
    found: set[str] = set()
    for number in range(max((len(word.whole) for word in words), default=0)):
        spelled = [word.whole[min(number, len(word.whole) - 1)] for word in words]
        found.add(" ".join(spelled))
    if any(word.parts for word in words):
        found.add(" ".join(" ".join(word.parts or word.whole[:1]) for word in words))
    return frozenset(found)


@lru_cache(_KEPT)
def keys(text: str) -> frozenset[str]:
    """Return what a whole name is compared by: two are the same when they share a key.

    Its spellings, with and without the article before it and "and": "The Beatles" and "beatles"
    are the same, "Simon & Garfunkel" and "simon and garfunkel".
    """
    found = set(spellings(text))
    for one in tuple(found):
        several = one.split()
        less = [word for word in several if word not in _JOINING]
        found.update(" ".join(some) for some in (less, _bare(several), _bare(less)) if some)
    return frozenset(found)


@lru_cache(_KEPT)
def key(text: str) -> str:
    """Return a name in its plainest spelling: words with single spaces between, maybe none."""
    return " ".join(word.whole[0] for word in spelled_words(text))


def _bare(words: list[str]) -> list[str]:
    return words[1:] if words and words[0] in _ARTICLES else words


@lru_cache(_KEPT)
def _spelled(word: str) -> Spelled | None:
    """Return one word, already in lower case and without spaces; None when it has no letters."""
    whole: dict[str, None] = {}
    parts: list[str] = []
    for spelling in (word, word.translate(UMLAUTS), _DISGUISED.sub(_letter, word)):
        pieces = PARTS.findall(_plain(spelling))
        whole["".join(pieces)[:WORD_MAX]] = None
        parts = parts or pieces
    whole.pop("", None)
    if not whole:
        return None
    several = tuple(part[:WORD_MAX] for part in parts) if len(parts) > 1 else ()
    runs = (run for part in parts for run in _UNSPACED.findall(part))
    pairs = (run[n : n + 2] for run in runs for n in range(max(1, len(run) - 1)))
    return Spelled(tuple(whole), several, tuple(dict.fromkeys(pairs)))


def _letter(found: re.Match[str]) -> str:
    return _LETTERS[found[0]]


def _plain(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.translate(_STROKES))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare).casefold()


def _sign(text: str) -> str:
    """Return a word for a name of signs only, such as that of the band "!!!", or nothing."""
    signs = "".join(text.split())[:_SIGNS_MAX]
    return "u" + signs.encode("utf-8", "surrogatepass").hex() if signs else ""
