"""What the rules must know of a library to tell its names from other words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from traumbox.domain.names import spellings

NAME_WORDS_MOST = 6
"""Longer names are found by the full text, but not taken out of a sentence."""


class Vocabulary(Protocol):
    """The names that a library holds, by each of their ``spellings``."""

    def genres(self) -> Mapping[str, str]:
        """Return the genres by spelling, and how they are tagged."""
        ...

    def folders(self) -> Mapping[str, str]:
        """Return the folders by spelling, and how they are called."""
        ...

    def has_directory(self, words: str) -> bool:
        """Tell whether tracks lie below directories whose names hold all these words."""
        ...

    def artist(self, folded: str) -> str | None:
        """Return the artist spelled so, as tagged; None when there is none."""
        ...


def artist_called(words: str, vocabulary: Vocabulary) -> str | None:
    """Return the artist of the library that ``words`` name exactly, else None."""
    found = (vocabulary.artist(name) for name in spellings(words) if name)
    return next((artist for artist in found if artist is not None), None)


def listed(words: str, names: Mapping[str, str]) -> str | None:
    """Return what ``words`` stand for among folded ``names``, else None."""
    return next((names[name] for name in spellings(words) if name in names), None)
