"""What a file says of itself, read with mutagen, and with FFmpeg where mutagen finds nothing.

Tags are a courtesy of whoever made the file: whatever is wrong with them, the file is still heard.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import av
import mutagen

from traumbox.domain import Tags
from traumbox.library.artwork import embedded_pictures, folder_picture, small_jpeg

_log = logging.getLogger(__name__)
_T = TypeVar("_T")

_FIELD_MAX = 1000
_VALUES_MAX = 20
_YEARS = range(1000, 3000)
_NUMBERS = range(1, 10_000)

# The names of a field in ID3, MP4, Vorbis comments and FFmpeg, APEv2 and ASF, in lower case and in
# order of preference.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("tit2", "©nam", "title"),
    "artist": ("tpe1", "©art", "artist", "author"),
    "album": ("talb", "©alb", "album", "wm/albumtitle"),
    "album_artist": (
        *("tpe2", "aart", "albumartist", "album_artist", "album artist", "wm/albumartist"),
    ),
    "genre": ("tcon", "©gen", "genre", "wm/genre"),
    "year": ("tdrc", "tyer", "©day", "date", "year", "wm/year", "tdor", "originaldate"),
    "track_no": ("trck", "trkn", "tracknumber", "track", "wm/tracknumber"),
    "disc_no": ("tpos", "disk", "discnumber", "disc", "wm/partofset"),
}
# FFmpeg reads the containers whose tags mutagen doesn't know, or only in part (RIFF INFO). It gets
# the bytes only, and may follow no playlist or address in them.
_FFMPEG_OPTIONS = {
    "format_whitelist": "aiff,au,avi,caf,flv,matroska,mov,mp3,mpeg,mpegts,ogg,rm,tta,w64,wav,wtv",
    "protocol_whitelist": "none",
}
# Beside control characters and lone surrogates: what turns the direction of the text around it.
_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def read_tags(path: Path) -> tuple[Tags, bytes | None]:
    """Return the tags of ``path`` and its cover as a JPEG of at most 512 x 512 pixels, or None.

    The cover is the embedded front cover, another embedded picture, or else cover, folder or front
    beside the file. Damaged tags and pictures count as absent.

    Raises
    ------
    OSError
        When the file itself can't be opened.
    """
    with path.open("rb") as file:
        opened = _guarded(path, lambda: mutagen.File(file))
        values = _guarded(path, lambda: _values_of(opened)) or {}
        pictures = _guarded(path, lambda: embedded_pictures(opened)) or []
        tags = _tags(values)
        if tags == Tags():
            file.seek(0)
            values, more = _guarded(path, lambda: _read_by_ffmpeg(file)) or ({}, [])
            tags, pictures = _tags(values), [*pictures, *more]
    for picture in pictures:
        cover = _guarded(path, partial(small_jpeg, picture))
        if cover is not None:
            return tags, cover
    return tags, _guarded(path, lambda: small_jpeg(folder_picture(path)))


def _guarded(path: Path, read: Callable[[], _T]) -> _T | None:
    """Return what ``read`` returns, or None when a library stumbles over damaged data."""
    try:
        return read()
    except Exception as error:  # noqa: BLE001  # parsers raise anything; a tag may not stop a file
        _log.debug("tags of %s left out", path, exc_info=error)
        return None


def _values_of(file: Any) -> dict[str, list[str]]:
    """Return the fields of a file opened by mutagen: name in lower case -> values."""
    if file is None or file.tags is None:
        return {}
    return {str(name).lower(): _texts(name, value) for name, value in file.tags.items()}


def _texts(name: object, value: Any) -> list[str]:
    if name == "TCON":
        parts = value.genres  # resolves ID3's numbers
    elif hasattr(value, "text"):
        parts = value.text
    elif isinstance(value, list):
        parts = value
    elif isinstance(value, bytes) or getattr(value, "kind", 0) == 1:  # APEv2's binary items
        parts = []
    else:
        parts = str(value).split("\0")  # APEv2's separator
    return [_text(part) for part in parts[:_VALUES_MAX]]


def _text(part: Any) -> str:
    if isinstance(part, tuple):  # MP4's (3, 12)
        return str(part[0]) if part and part[0] else ""
    return "" if isinstance(part, bytes) else str(part)


def _read_by_ffmpeg(file: BinaryIO) -> tuple[dict[str, list[str]], list[bytes]]:
    with av.open(
        file, mode="r", options=dict(_FFMPEG_OPTIONS), metadata_errors="replace"
    ) as container:
        streams = [stream.metadata for stream in container.streams.audio[:1]]
        values = {
            name.lower(): [value]
            for metadata in (*streams, container.metadata)
            for name, value in metadata.items()
        }
        attached = [
            stream
            for stream in container.streams.video
            if stream.disposition & av.stream.Disposition.attached_pic
        ]
        packets = (next(container.demux(stream), None) for stream in attached)
        return values, [bytes(packet) for packet in packets if packet is not None]


def _tags(values: Mapping[str, Iterable[str]]) -> Tags:
    def text(field: str) -> str:
        for name in _NAMES[field]:
            cleaned = dict.fromkeys(_clean(value) for value in values.get(name, ()))
            joined = "; ".join(value for value in cleaned if value)
            if joined:
                return joined[:_FIELD_MAX].strip()
        return ""

    return Tags(
        title=text("title"),
        artist=text("artist"),
        album=text("album"),
        album_artist=text("album_artist"),
        genre=text("genre"),
        year=_number(text("year"), r"(?<!\d)\d{4}", _YEARS),
        track_no=_number(text("track_no"), r"\d+", _NUMBERS),
        disc_no=_number(text("disc_no"), r"\d+", _NUMBERS),
    )


def _clean(text: str) -> str:
    """Return ``text`` as one printable line, in Unicode's composed form."""
    composed = unicodedata.normalize("NFC", text[: 4 * _FIELD_MAX])
    kept = (
        " " if unicodedata.category(char) in ("Cc", "Cs") or char in _DIRECTION else char
        for char in composed
    )
    return " ".join("".join(kept).split())


def _number(text: str, pattern: str, allowed: range) -> int | None:
    """Return the first match of ``pattern``: 3 of "3/12", 1999 of "1999-05-01"."""
    found = re.search(pattern, text[:100], re.ASCII)
    number = int(found.group()) if found else 0
    return number if number in allowed else None
