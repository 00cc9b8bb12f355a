"""What can be read of one track: its words by field, and the names it is counted under."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from traumbox.domain import Location, Tags
from traumbox.stores.fold import fold, key
from traumbox.stores.rows import text_in
from traumbox.stores.words.stems import stems

Field = Literal[
    "artist", "title", "album", "genre", "name", "folder", "credits", "comment", "lyrics"
]
"""Where words of a track stand; ``name`` is the file's, ``folder`` the folders above it."""
FIELDS: tuple[Field, ...] = get_args(Field)
NameKind = Literal["artist", "album", "title", "genre", "folder"]

STEM = "≈"
"""Before a stem, where it stands among words: no word begins so."""

_NUMBERED = re.compile(r"[\[(]?(?:\d{1,2}-)?(?:0\d{1,2}|\d{1,3}(?=\s*[-.)\]_]))[\])]?[\s\-._)]+")
_BETWEEN_GENRES = re.compile(r"\s*[;/,|\0]\s*")
_BETWEEN_ARTISTS = re.compile(
    r"\s*[;\0]\s*|\s+/\s+|\s*[(\[]?\b(?:feat|ft|featuring)\b\.?\s*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Readable:
    """The words of one track: folded, by field, and the names as written."""

    columns: tuple[str, ...]  # as in the table of words: FIELDS without lyrics, and more
    lyrics: str
    title: str
    title_key: str
    names: tuple[tuple[NameKind, str], ...]


def readable(location: Location, tags: Tags, credits_: str, lyrics: str) -> Readable:
    """Return what can be read of a track."""
    directories, _, _ = location.display.rpartition("/")
    stem = without_number(location.stem.replace("_", " "))
    title = tags.title or stem
    artist = fold(tags.artist, tags.album_artist)
    fields = {
        "artist": artist,
        "title": fold(title),
        "album": fold(tags.album),
        "genre": fold(tags.genre),
        "name": "" if title == stem else fold(stem),
        "folder": fold(location.folder, directories.replace("/", " ").replace("_", " ")),
        "credits": fold(credits_),
        "comment": fold(tags.comment),
    }
    year = [str(tags.year)] if tags.year is not None else []
    more = [*year, *_stems(word for text in fields.values() for word in text.split())]
    sung = fold(lyrics)
    return Readable(
        columns=(*fields.values(), " ".join(more)),
        lyrics=" ".join([sung, *_stems(sung.split())]) if sung else "",
        title=text_in(title),
        title_key=key(title),
        names=_names(location, tags),
    )


def genres_in(tag: str) -> list[str]:
    """Return the genres of a tag, which may hold several: "Rock; Pop", "Rock/Pop"."""
    return _several(_BETWEEN_GENRES, tag)


def artists_in(tag: str) -> list[str]:
    """Return the artists of a tag that are surely several: "A feat. B", "A; B", "A / B".

    "A, B" and "A & B" may be one: Tyler, The Creator; Simon & Garfunkel.
    """
    return [name.rstrip(")]").strip() or name for name in _several(_BETWEEN_ARTISTS, tag)]


def _several(between: re.Pattern[str], tag: str) -> list[str]:
    return list(dict.fromkeys(part for part in between.split(tag.strip()) if part))


def _names(location: Location, tags: Tags) -> tuple[tuple[NameKind, str], ...]:
    artists = artists_in(tags.artist) + artists_in(tags.album_artist)
    names: list[tuple[NameKind, str]] = [("artist", name) for name in artists]
    names += [("album", tags.album)] if tags.album else []
    names += [("genre", name) for name in genres_in(tags.genre)]
    names += [("folder", location.folder)]
    return tuple(dict.fromkeys((kind, text_in(name)) for kind, name in names))


def _stems(words: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(STEM + stem for word in words for stem in stems(word))


def without_number(stem: str) -> str:
    """Return a file's name without the track's number: "01 - Air" and "1. Air", not "7 Seconds"."""
    found = _NUMBERED.match(stem)
    return stem[found.end() :] or stem if found else stem
