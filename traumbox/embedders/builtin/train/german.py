"""As much German grammar as a caption needs: articles, endings of adjectives and plurals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from traumbox.embedders.builtin.train.concepts import Gender, Wording

Case = Literal["accusative", "dative"]

_ENDINGS: dict[Case, dict[Gender, str]] = {
    "accusative": {"m": "en", "f": "e", "n": "es", "p": "e"},
    "dative": {"m": "em", "f": "er", "n": "em", "p": "en"},
}
_NOMINATIVE: dict[Gender, str] = {"m": "der", "f": "die", "n": "das", "p": "die"}
_DATIVE: dict[Gender, str] = {"m": "dem", "f": "der", "n": "dem", "p": "den"}


def attribute(adjective: Wording, gender: Gender, case: Case) -> str:
    """Return the adjective as it stands before a noun without article: "ruhigem"."""
    return _ended(adjective.stem, _ENDINGS[case][gender])


def standing(adjectives: Sequence[Wording]) -> str:
    """Return adjectives as one says them after "etwas": "Ruhiges und Langsames"."""
    said = (_ended(adjective.stem, "es") for adjective in adjectives)
    return " und ".join(word[0].upper() + word[1:] for word in said)


def feminine(adjectives: Sequence[Wording]) -> str:
    """Return adjectives as they stand before "Stimmung": "ruhige, langsame"."""
    return ", ".join(_ended(adjective.stem, "e") for adjective in adjectives)


def noun(word: Wording, case: Case) -> str:
    """Return the noun without article; in the dative, plurals end in n."""
    plain = word.text
    grows = case == "dative" and word.gender == "p" and " " not in plain and plain[-1] not in "ns"
    return f"{plain}n" if grows else plain


def with_the(word: Wording) -> tuple[str, str]:
    """Return the noun with its article in the nominative and the dative, bare without gender."""
    if not word.gender or " " in word.text:
        return word.text, word.text
    nominative = f"{_NOMINATIVE[word.gender]} {word.text}"
    return nominative, f"{_DATIVE[word.gender]} {noun(word, 'dative')}"


def _ended(stem: str, ending: str) -> str:
    return stem + (ending[1:] if stem.endswith("e") else ending)
