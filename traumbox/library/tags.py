"""What a file says of itself, read with mutagen, and with FFmpeg where mutagen finds nothing.

Tags are a courtesy of whoever made the file: whatever is wrong with them, the file is still heard.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import av
import mutagen

from traumbox.domain import FileTags, Tags
from traumbox.library.artwork import embedded_pictures, folder_picture, small_jpeg
from traumbox.library.text import FIELD_MAX, number_in, one_line, several_lines, year_in

_log = logging.getLogger(__name__)
_T = TypeVar("_T")

_VALUES_MAX = 20
COMMENT_MAX = 500
CREDITS_MAX = 2000
LYRICS_MAX = 20_000
"""Characters."""

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
    "comment": ("comm", "©cmt", "comment", "description", "desc", "©des"),
}
_LYRICS = ("uslt", "©lyr", "lyrics", "unsyncedlyrics", "unsynced lyrics", "wm/lyrics", "sylt")
# Composer, conductor, performers and lyricist, whom it was mixed by; then grouping and mood.
_CREDITS = (
    *("tcom", "©wrt", "composer", "wm/composer", "tpe3", "conductor", "wm/conductor"),
    *("performer", "tmcl", "tipl", "text", "lyricist", "wm/writer", "tpe4", "remixer"),
    *("mixartist", "wm/modifiedby", "wm/producer", "producer", "ensemble", "orchestra"),
    *("tit1", "grp1", "©grp", "grouping", "contentgroup", "wm/contentgroupdescription"),
    *("tmoo", "mood", "wm/mood", "tit3", "subtitle", "wm/subtitle", "label", "tpub"),
)
# Comments that are written by programs for programs: iTunes' and ReplayGain's numbers.
_MACHINE = re.compile(r"(?:\s*[0-9A-F]{8}){4,}\s*|https?://\S+", re.IGNORECASE)
_TIMES = re.compile(r"\[(?:\d+:\d+(?:[.:]\d+)?|(?:ar|al|ti|by|offset|re|ve|length|au):[^\]\n]*)\]")
# Flags of podcast players and of MP4's "media kind", and the genre that they stand for.
_FLAGS: Mapping[str, Mapping[str, str]] = {
    "pcst": {"True": "Podcast"},
    "stik": {"2": "Audiobook", "21": "Podcast"},
}
_DISC_FOLDER = re.compile(r"(?:cd|dis[ck]|disque|disco)[ ._-]*0*([1-9]\d?)(?!\d)", re.IGNORECASE)
# FFmpeg reads the containers whose tags mutagen doesn't know, or only in part (RIFF INFO). It gets
# the bytes only, and may follow no playlist or address in them.
_FFMPEG_OPTIONS = {
    "format_whitelist": "aiff,au,avi,caf,flv,matroska,mov,mp3,mpeg,mpegts,ogg,rm,tta,w64,wav,wtv",
    "protocol_whitelist": "none",
}


def read_tags(path: Path) -> FileTags:
    """Return the tags of ``path``, its cover as a JPEG of at most 512 x 512 pixels, and lyrics.

    The cover is the embedded front cover, another embedded picture, or else cover, folder or front
    beside the file. Damaged tags and pictures count as absent. A disc number that no tag gives is
    that of the folder, if it is named like "CD 2". What is flagged as a podcast or an audiobook has
    that among its genres.

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
        if replace(tags, comment="") == Tags():
            file.seek(0)
            others, more = _guarded(path, lambda: _read_by_ffmpeg(file)) or ({}, [])
            values = others | values
            tags, pictures = _tags(values), [*pictures, *more]
    if tags.disc_no is None:
        tags = replace(tags, disc_no=_disc_of(path.parent.name))
    return FileTags(
        tags=tags,
        cover=_cover(path, pictures),
        credits=_credits(values),
        lyrics=_lyrics(values),
    )


def _cover(path: Path, pictures: Iterable[bytes]) -> bytes | None:
    for picture in pictures:
        cover = _guarded(path, partial(small_jpeg, picture))
        if cover is not None:
            return cover
    return _guarded(path, lambda: small_jpeg(folder_picture(path)))


def of_part(sheet: Tags, file: Tags) -> Tags:
    """Return the tags of one track of a file that a CUE sheet divides.

    The sheet has the first word. What it leaves open the file may say, but for title and track
    number: the file's own are those of the album.
    """
    return Tags(
        title=sheet.title,
        artist=sheet.artist or file.artist,
        album=sheet.album or file.album,
        album_artist=sheet.album_artist or file.album_artist,
        genre=sheet.genre or file.genre,
        year=sheet.year if sheet.year is not None else file.year,
        track_no=sheet.track_no,
        disc_no=sheet.disc_no if sheet.disc_no is not None else file.disc_no,
        comment=sheet.comment or file.comment,
    )


def _disc_of(folder: str) -> int | None:
    """Return 2 of "CD 2", "Disc02" or "cd2 - Live", or None."""
    found = _DISC_FOLDER.match(folder)
    return int(found[1]) if found else None


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
    found: dict[str, list[str]] = {}
    for name, value in file.tags.items():
        found.setdefault(_field(str(name), value), []).extend(_texts(name, value))
    return found


def _field(name: str, value: Any) -> str:
    """Return a field's name in lower case; of ID3's, of which there may be several, the frame's.

    "COMM:iTunNORM:eng" holds numbers for iTunes, "USLT::eng" lyrics, "TXXX:MOOD" a mood.
    """
    frame, colon, described = name.partition(":")
    if frame == "TXXX" and colon:
        return described.lower()
    if frame in ("USLT", "SYLT", "COMM"):
        about = str(getattr(value, "desc", ""))
        if about.startswith("ID3v1"):
            return "comment"  # the same, cut off; after the whole one
        return "" if about.startswith("iTun") else frame.lower()
    return name.lower()


def _texts(name: object, value: Any) -> list[str]:
    if name == "PCST":
        parts = ["True"]  # ID3: that the frame is there says it, its value is 0 as a rule
    elif name == "TCON":
        parts = value.genres  # resolves ID3's numbers
    elif hasattr(value, "people"):
        parts = [person for _, person in value.people]  # ID3: [role, name], …
    elif str(name).startswith("SYLT"):
        parts = ["\n".join(line for line, _ in value.text)]
    elif isinstance(getattr(value, "text", None), str):
        parts = [value.text]  # ID3's lyrics
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
            lines = dict.fromkeys(one_line(value) for value in values.get(name, ()))
            joined = "; ".join(line for line in lines if line)
            if joined:
                return joined[:FIELD_MAX].strip()
        return ""

    return Tags(
        title=text("title"),
        artist=text("artist"),
        album=text("album"),
        album_artist=text("album_artist"),
        genre=_flagged(text("genre"), values),
        year=year_in(text("year")),
        track_no=number_in(text("track_no")),
        disc_no=number_in(text("disc_no")),
        comment=_comment(values),
    )


def _comment(values: Mapping[str, Iterable[str]]) -> str:
    """Return the first comment for people."""
    for name in _NAMES["comment"]:
        for value in values.get(name, ()):
            if (line := one_line(value)) and not _MACHINE.fullmatch(line):
                return line[:COMMENT_MAX].strip()
    return ""


def _credits(values: Mapping[str, Iterable[str]]) -> str:
    lines = (one_line(value) for name in _CREDITS for value in values.get(name, ()))
    return "; ".join(dict.fromkeys(line for line in lines if line))[:CREDITS_MAX].strip("; ")


def _lyrics(values: Mapping[str, Iterable[str]]) -> str:
    """Return the first lyrics, without the times of those that run along."""
    for name in _LYRICS:
        for value in values.get(name, ()):
            if text := several_lines(_TIMES.sub("", value[: 2 * LYRICS_MAX])):
                return text[:LYRICS_MAX].strip()
    return ""


def _flagged(genre: str, values: Mapping[str, Iterable[str]]) -> str:
    """Return ``genre`` and what the file is flagged as, unless that is among its genres anyway."""
    named = (kinds.get(one) for name, kinds in _FLAGS.items() for one in values.get(name, ()))
    for kind in dict.fromkeys(named):
        if kind is not None and kind.casefold() not in genre.casefold():
            genre = f"{genre}; {kind}" if genre else kind
    return genre
