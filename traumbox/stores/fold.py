"""Folding text so that names are found however they are spelled."""

from __future__ import annotations

import re
import unicodedata

UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae"})
PARTS = re.compile(r"[^\W_]+")


def fold(*texts: str) -> str:
    """Return the words of ``texts`` without case, accents and punctuation, each once.

    Words with several common spellings appear in each: "Ärzte" as arzte and aerzte, "AC/DC" as
    acdc, ac and dc, "R.E.M." as rem.
    """
    words: dict[str, None] = {}
    for word in unicodedata.normalize("NFC", " ".join(texts)).casefold().split():
        for spelling in (word, word.translate(UMLAUTS)):
            parts = PARTS.findall(_without_accents(spelling))
            words["".join(parts)] = None
            if len(parts) > 1:
                words.update(dict.fromkeys(part for part in parts if len(part) > 1))
    words.pop("", None)
    return " ".join(words)


def _without_accents(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(c for c in decomposed if not unicodedata.combining(c))
