"""Names compared however they are written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_BETWEEN = re.compile(r"[\W_]+")
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae"})


def fold_name(name: str) -> str:
    """Return ``name`` without case, accents and punctuation, its words apart by one space.

    Unlike the words of a full-text index they keep their order and repeats: "The The" stays two
    words, "AC/DC" becomes "ac dc", "Die Ärzte" "die arzte".
    """
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _BETWEEN.sub(" ", plain).strip()


def spellings(name: str) -> Iterator[str]:
    """Yield ``name`` folded in each way that people write it.

    "Björk" as bjork and bjoerk, "AC/DC" as "ac dc" and acdc. Two names are the same when they share
    one.
    """
    folded = fold_name(name)
    written_out = fold_name(unicodedata.normalize("NFC", name).casefold().translate(_WRITTEN_OUT))
    yield from dict.fromkeys((folded, written_out, folded.replace(" ", "")))
