"""How long a file says it is: the measure by which a truncated one is recognised.

The libraries adjust the length of a cut WAV, MP3 or Ogg file to what is there, so its own words are
read here. Nothing is ever allocated from these numbers.
"""

from __future__ import annotations

import struct

from traumbox.audio.source import Source

_OGG_PAGE_MAX = 65_307
_OGG_HEADER = 27
_OGG_LAST_PAGE = 0x04
_UNKNOWN_SIZE = 0x7FFF_0000  # recorders that can't go back write this or more for "until the end"
_CHUNKS_MAX = 200


def sound_present(source: Source) -> float:
    """Return which part (0-1] of the promised sound bytes a WAV or AIFF file really holds."""
    form = source.head[:4]
    if form not in (b"RIFF", b"FORM"):
        return 1.0
    header = struct.Struct("<4sI" if form == b"RIFF" else ">4sI")
    offset = 12
    for _ in range(_CHUNKS_MAX):
        chunk = source.read_at(offset, header.size)
        if len(chunk) < header.size:
            return 1.0
        name, size = header.unpack(chunk)
        offset += header.size
        if name in (b"data", b"SSND"):
            there = source.size_bytes - offset
            unknown = size == 0 or size >= _UNKNOWN_SIZE
            return 1.0 if unknown or there >= size else there / size
        offset += size + (size & 1)
    return 1.0


def ogg_has_end(source: Source) -> bool:
    """Return whether an Ogg file ends with the page that is marked as its last."""
    start = max(0, source.size_bytes - 2 * _OGG_PAGE_MAX)
    tail = source.read_at(start, 2 * _OGG_PAGE_MAX)
    page = tail.rfind(b"OggS")
    if page < 0 or page + _OGG_HEADER > len(tail):
        return False
    segments = tail[page + 26]
    lacing = tail[page + _OGG_HEADER : page + _OGG_HEADER + segments]
    whole = len(lacing) == segments and page + _OGG_HEADER + segments + sum(lacing) <= len(tail)
    return whole and bool(tail[page + 5] & _OGG_LAST_PAGE)


def mp3_duration_s(source: Source) -> float | None:
    """Return the duration that the Xing or Info header of an MP3 file states, if it has one.

    Without that header FFmpeg's duration is an estimate from the bit rate, and no measure.
    """
    start = id3v2_bytes(source.head)
    frame = source.read_at(start, 8192)
    sync = _first_frame(frame)
    if sync is None:
        return None
    mpeg1 = frame[sync + 1] & 0x08 != 0
    rates = (44_100, 48_000, 32_000)
    rate_index = frame[sync + 2] >> 2 & 3
    if rate_index == 3:
        return None
    halved = 0 if mpeg1 else 1 if frame[sync + 1] & 0x10 else 2
    rate_hz = rates[rate_index] >> halved
    for tag in (b"Xing", b"Info"):
        at = frame.find(tag, sync, sync + 64)
        if at >= 0 and len(frame) >= at + 12:
            flags, frames = struct.unpack(">II", frame[at + 4 : at + 12])
            return frames * (1152 if mpeg1 else 576) / rate_hz if flags & 1 and frames else None
    return None


def id3v2_bytes(head: bytes) -> int:
    """Return the length of the ID3v2 tag, artwork included, with which a file begins."""
    if len(head) < 10 or not head.startswith(b"ID3"):
        return 0
    size = 0
    for byte in head[6:10]:
        size = size << 7 | byte & 0x7F
    return size + 10


def _first_frame(data: bytes) -> int | None:
    at = data.find(b"\xff")
    while 0 <= at < len(data) - 4:
        version_ok = data[at + 1] & 0xE0 == 0xE0 and data[at + 1] & 0x18 != 0x08
        if version_ok and data[at + 1] & 0x06 == 0x02:  # layer III
            return at
        at = data.find(b"\xff", at + 1)
    return None
