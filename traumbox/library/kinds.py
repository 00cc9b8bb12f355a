"""Music, audiobook or podcast: told apart by where a track lies and by its genre."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pathspec import GitIgnoreSpec

from traumbox.domain import Kind, Location, Tags

FolderKind = Literal["auto", "music", "audiobook", "podcast"]

_KEPT = 8192
_BETWEEN_GENRES = re.compile(r"\s*[;/,\0]\s*")


@dataclass(frozen=True, slots=True)
class KindRule:
    """What makes a track one of a kind: one of these paths (gitignore patterns) or genres."""

    paths: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()


class Rules:
    """The owner's rules; safe to use from any thread.

    A folder's own kind decides, unless it is "auto". Then paths count before genres, and
    audiobooks before podcasts. Case doesn't matter, nor how letters with accents are composed.

    Raises
    ------
    ValueError
        When a pattern can't be used; the message names it.
    """

    def __init__(self, audiobooks: KindRule, podcasts: KindRule) -> None:
        rules: tuple[tuple[Kind, KindRule], ...] = (
            ("audiobook", audiobooks),
            ("podcast", podcasts),
        )
        self._specs = tuple((kind, _spec(rule.paths)) for kind, rule in rules)
        self._genres: dict[str, Kind] = {}
        for kind, rule in rules:
            for genre in rule.genres:
                self._genres.setdefault(_plain(genre.strip()), kind)
        # A search asks about the same few hundred tracks again and again.
        self._by_path = lru_cache(_KEPT)(self._kind_by_path)
        self._by_genre = lru_cache(_KEPT)(self._kind_by_genre)

    def kind_of(self, location: Location, tags: Tags, folder_kind: FolderKind = "auto") -> Kind:
        """Return what a track is."""
        if folder_kind != "auto":
            return folder_kind
        return self._by_path(location.path) or self._by_genre(tags.genre) or "music"

    def _kind_by_path(self, path: bytes) -> Kind | None:
        plain = _plain(path.decode("utf-8", "surrogateescape"))
        return next((kind for kind, spec in self._specs if spec.match_file(plain)), None)

    def _kind_by_genre(self, genre: str) -> Kind | None:
        whole = _plain(genre.strip())
        named = (self._genres.get(one) for one in (whole, *_BETWEEN_GENRES.split(whole)))
        return next((kind for kind in named if kind is not None), None)


def _spec(patterns: Iterable[str]) -> GitIgnoreSpec:
    return GitIgnoreSpec.from_lines([_plain(pattern) for pattern in patterns])


def _plain(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    return unicodedata.normalize("NFC", composed.casefold())
