"""Why a file can't be heard, in words for its owner."""

from __future__ import annotations

from itertools import chain

from traumbox.audio.source import Source

_NOT_AUDIO = (
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x89PNG", "a PNG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a Windows program"),
    (b"SQLite format 3", "a database"),
    (b"MThd", "a MIDI file, which holds notes and no sound"),
)
_TEXTS = (
    (b"#EXTM3U", "a playlist"),
    (b"[playlist]", "a playlist"),
    (b"<!doctype html", "a web page, perhaps from a failed download"),
    (b"<html", "a web page, perhaps from a failed download"),
    (b"<?xml", "an XML document"),
)
_AUDIO = (
    (b"fLaC", "a FLAC file"),
    (b"OggS", "an Ogg file"),
    (b"RIFF", "a WAV file"),
    (b"RF64", "a WAV file"),
    (b"FORM", "an AIFF file"),
    (b"ID3", "an MP3 file"),
    (b"\xff\xfb", "an MP3 file"),
    (b"MAC ", "a Monkey's Audio file"),
    (b"wvpk", "a WavPack file"),
    (b"DSD ", "a DSF file"),
    (b"TTA1", "a TTA file"),
    (b"MPCK", "a Musepack file"),
    (b"MP+", "a Musepack file"),
    (b"\x1a\x45\xdf\xa3", "a Matroska or WebM file"),
    (b"\x30\x26\xb2\x75", "a Windows Media file"),
)


def why_unreadable(source: Source) -> str:
    """Return the reason why no library could open ``source``."""
    head = source.head
    if source.size_bytes == 0:
        return "the file is empty"
    if not head.strip(b"\0"):
        return "it begins with nothing but zero bytes: probably an unfinished download or copy"
    if head[4:8] == b"ftyp":
        return _why_mp4(source)
    what = _known(head)
    if what:
        return f"not audio: it is {what}"
    for magic, name in _AUDIO:
        if head.startswith(magic):
            return f"damaged: it begins like {name}, but no sound can be decoded from it"
    return "not audio, or in an unknown format"


def _known(head: bytes) -> str:
    """Return what a file is that isn't audio, or an empty string."""
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    named = (name for magic, name in _NOT_AUDIO if head.startswith(magic))
    texts = (name for magic, name in _TEXTS if start.startswith(magic.lower()))
    return next(chain(named, texts), "text" if _is_text(head) else "")


def _why_mp4(source: Source) -> str:
    if source.head[8:12] in (b"aax ", b"aaxc"):
        return "copy-protected: an Audible audiobook can only be played by Audible's own player"
    if not _has_box(source, b"moov"):
        return (
            "incomplete: this MP4 file keeps its table of contents at the end, and that is "
            "missing; copy or download it again"
        )
    return "damaged: it begins like an MP4 file, but no sound can be decoded from it"


def _has_box(source: Source, name: bytes) -> bool:
    offset = 0
    for _ in range(1000):
        box = source.read_at(offset, 16)
        if len(box) < 8:
            return False
        if box[4:8] == name:
            return True
        size = int.from_bytes(box[:4], "big")
        if size == 1:
            size = int.from_bytes(box[8:16], "big")
        if size < 8:
            return False
        offset += size
        if offset >= source.size_bytes:
            return False
    return False


def _is_text(head: bytes) -> bool:
    controls = sum(byte < 9 or 13 < byte < 32 for byte in head)
    if controls:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4  # a character cut at the end of the excerpt
    return True
