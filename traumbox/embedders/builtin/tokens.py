"""The text tower's tokenizer: each word as itself and its character n-grams, hashed.

After fastText (Bojanowski et al. 2017): a word never seen shares pieces with words that were,
so plurals, compounds and slips of the finger come out near what was meant. Case, accents and
punctuation don't count.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

BUCKETS = 16_384
MAX_WORDS = 32
MAX_PIECES = 20
_SIZES = (3, 4)
_WORD = re.compile(r"\w+")


def words(sentence: str) -> list[str]:
    """Return the sentence's words, case-folded, without accents, at most MAX_WORDS."""
    plain = unicodedata.normalize("NFKD", sentence.casefold())
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _WORD.findall(kept.replace("_", " "))[:MAX_WORDS]


def pieces(word: str) -> list[int]:
    """Return the bucket of the whole word, then those of its n-grams, each 1 .. BUCKETS - 1."""
    framed = f"<{word}>"
    grams = [framed[i : i + size] for size in _SIZES for i in range(len(framed) - size + 1)]
    named = [f"={word}", *dict.fromkeys(grams)][:MAX_PIECES]
    return [1 + zlib.crc32(name.encode()) % (BUCKETS - 1) for name in named]


def encode(sentences: Sequence[str]) -> NDArray[np.int64]:
    """Return int64[n, words, MAX_PIECES], as many words as the longest sentence has, 0-padded.

    A sentence without a single word comes out as one word of padding.
    """
    split = [words(sentence) for sentence in sentences]
    longest = max((len(found) for found in split), default=1) or 1
    ids = np.zeros((len(split), longest, MAX_PIECES), dtype=np.int64)
    for row, found in enumerate(split):
        for column, word in enumerate(found):
            buckets = pieces(word)
            ids[row, column, : len(buckets)] = buckets
    return ids
