"""CUE sheets within audio files, as rippers that write one file a disc leave them."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from mutagen.apev2 import APENoHeaderError, APEv2
from mutagen.flac import CueSheet, CueSheetTrack, StreamInfo, VCFLACDict

from traumbox.domain import Cut, Tags
from traumbox.library.cue import UnusableSheetError, display, parse_embedded

log = logging.getLogger(__name__)

_SMALLEST_BYTES = 16 << 20
"""Two and a half minutes of CD sound: no disc is shorter, and most tracks needn't be opened."""

_STREAMINFO, _COMMENTS, _CUESHEET = 0, 4, 5
_AUDIO = 0
_BLOCK_MAX_BYTES = 4 << 20


def can_hold_sheet(name: bytes, size: int) -> bool:
    """Return whether a file is of a kind and size that whole discs have.

    Other kinds hold single tracks, or lose what a disc's owner wanted to keep.
    """
    return size >= _SMALLEST_BYTES and _suffix(name) in _READERS


def embedded_cuts(path: Path) -> tuple[Cut, ...]:
    """Return the tracks of the CUE sheet within a file, or nothing when it has none to follow.

    A sheet in the tags, which has titles, goes before FLAC's own block, which has only numbers.
    Reads headers only, never the pictures of FLAC files.

    Raises
    ------
    OSError
        When the file can't be read.
    """
    reader = _READERS.get(_suffix(os.fsencode(path.name)))
    if reader is None:
        return ()
    with path.open("rb") as file:
        try:
            return reader(file)
        except UnusableSheetError as error:
            log.warning("The CUE sheet within %s can't be used: %s", display(path), error)
        except Exception as error:
            trouble = error if isinstance(error, OSError) else error.__context__
            if isinstance(trouble, OSError):  # mutagen wraps it in an error of its own
                raise trouble from error
            # Parsers raise anything; the file stays whole.
            log.debug("no CUE sheet read from %s", display(path), exc_info=error)
    return ()


def _of_flac(file: BinaryIO) -> tuple[Cut, ...]:
    blocks = dict(_flac_blocks(file))
    if _COMMENTS in blocks:
        comments = VCFLACDict(blocks[_COMMENTS], framing=False)
        for text in comments.get("cuesheet", ()):
            return parse_embedded(text)
    if _CUESHEET not in blocks or _STREAMINFO not in blocks:
        return ()
    rate_hz = StreamInfo(blocks[_STREAMINFO]).sample_rate
    return tuple(_tracks_of_block(CueSheet(blocks[_CUESHEET]), rate_hz))


def _flac_blocks(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield (type, content) of the blocks that matter; pictures are stepped over unread."""
    head = file.read(10)
    if head.startswith(b"ID3"):
        size = 0
        for byte in head[6:]:
            size = size << 7 | byte & 0x7F
        file.seek(10 + size)
    else:
        file.seek(0)
    is_last = file.read(4) != b"fLaC"
    while not is_last:
        header = file.read(4)
        if len(header) < 4:
            return
        is_last, kind = bool(header[0] & 0x80), header[0] & 0x7F
        length = int.from_bytes(header[1:], "big")
        if kind in (_STREAMINFO, _COMMENTS, _CUESHEET) and length <= _BLOCK_MAX_BYTES:
            yield kind, file.read(length)
        else:
            file.seek(length, os.SEEK_CUR)


def _tracks_of_block(sheet: CueSheet, rate_hz: int) -> Iterator[Cut]:
    begun = [
        (track.start_offset + _first_index(track), track) for track in sheet.tracks if track.indexes
    ]  # but the lead-out, which has none
    if sum(track.type == _AUDIO for _, track in begun) < 2:
        return
    ends = [at for at, _ in begun[1:]]
    for (at, track), end in zip(begun, [*ends, None], strict=True):
        if track.type == _AUDIO:
            number = track.track_number
            tags = Tags(title=f"Track {number:02d}", track_no=number)
            end_s = None if end is None else end / rate_hz
            yield Cut(at / rate_hz, end_s, tags, embedded=True)


def _first_index(track: CueSheetTrack) -> int:
    """Return where the track begins behind the pause before it (index 0), in samples."""
    offsets = {index.index_number: index.index_offset for index in track.indexes}
    offset: int = offsets.get(1, track.indexes[0].index_offset)
    return offset


def _of_ape(file: BinaryIO) -> tuple[Cut, ...]:
    try:
        tags = APEv2(file)
    except APENoHeaderError:
        return ()
    text = tags.get("cuesheet")
    return parse_embedded(str(text)) if text is not None else ()


_READERS: Mapping[bytes, Callable[[BinaryIO], tuple[Cut, ...]]] = {
    b".flac": _of_flac,
    b".ape": _of_ape,
    b".wv": _of_ape,
    b".tta": _of_ape,
    b".tak": _of_ape,
}


def _suffix(name: bytes) -> bytes:
    return name[name.rfind(b".") :].lower()
