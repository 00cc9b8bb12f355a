"""Whether a file whose name doesn't tell holds sound: by its first bytes, read once a version.

Only what the decoders can open counts. Names that say plainly what they are (pictures, texts) are
never opened.
"""

from __future__ import annotations

import os
from collections.abc import Callable

NEVER_SOUND = frozenset(
    b"""
    7z accurip apk avif azw azw3 bak bat bib bin bmp bz2 c cbr cbz cfg chm cmd conf cpp cr2 crc crt
    css csv cue dat db dds dll dmg dng doc docx emf eps epub exe exif ffp flp fpl gif go gz h heic
    heif hpp htm html ico icns idx img indd inf ini iso itdb itl jar java jfif jpe jpeg jpg js json
    jsonl key kra ldb lnk lock log lrc lua lyr m3u m3u8 mbox md md5 mds mdf mdb mid midi mobi msi
    musicxml mxl nef nfo numbers nrg odp ods odt old orf otf pages par2 pdf pem php pl plist pls png
    ppt pptx prproj ps psd pst py qdz rar raw rb rm5 rs rtf scr sfk sfv sh sha1 sha256 sha512 sig
    sln sln2 smi so sqlite sqlite3 srt ssa sub sup svg swf sys tar tex tga tgz theme thm tif tiff
    toml torrent ts3 ttf txt url usf vbs vcf vtt wal webloc webp wim woff woff2 wpl xcf xhtml xls
    xlsx xml xps xspf xz yaml yml z zip zst zstd asd als reapeaks rpp cpr band pkf gpx mscz mscx
    """.split()
)
"""Suffixes, without the dot and in lower case."""

_HEAD_BYTES = 4096
_REMEMBERED_MAX = 50_000
_PLAIN = (
    b"fLaC",
    b"OggS",
    b"wvpk",
    b"MAC ",
    b"TTA1",
    b"TTA2",
    b"DSD ",
    b"tBaK",
    b"caff",
    b".snd",
    b"#!AMR",
    b"MPCK",
    b"MP+",
    b"ajkg",
    b"qoaf",
    b".RMF",
    b"FLV\x01",
    b"riff\x2e\x91\xcf\x11",  # Wave64
    b"Creative Voice File\x1a",
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",  # ASF: WMA, WMV
    b"\x1a\x45\xdf\xa3",  # Matroska, WebM
)
_FORMS = {
    b"RIFF": (b"WAVE", b"AVI "),
    b"RF64": (b"WAVE",),
    b"BW64": (b"WAVE",),
    b"FORM": (b"AIFF", b"AIFC"),
}
_PICTURE_BRANDS = (
    b"heic",
    b"heix",
    b"heim",
    b"heis",
    b"hevc",
    b"mif1",
    b"msf1",
    b"avif",
    b"avis",
    b"crx ",
)
# ISO/IEC 11172-3 and 13818-3: kbit/s by (MPEG-1?, layer), Hz by version bits.
_KBITS = {
    (True, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES_HZ = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}


class Sniffer:
    """Remembers what it has read; for the walks of one thread."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int, int], bool] = {}
        self.read = 0

    def is_sound(self, path: bytes, version: tuple[int, int, int]) -> bool:
        """Tell whether the regular file at ``path`` begins like sound.

        ``version`` is its (size, mtime_ns, inode). Without an inode that lasts nothing tells it
        from another file, and it is read each time.

        Raises
        ------
        OSError
            When it can't be read.
        """
        known = self._known.get(version)
        if known is None:
            known = is_sound(_head_of(path)) if version[0] else False
            self.read += 1
            if version[2]:
                if len(self._known) >= _REMEMBERED_MAX:
                    self._known.clear()
                self._known[version] = known
        return known


def is_sound(head: bytes) -> bool:
    """Tell whether a file that begins with ``head`` (up to 4096 bytes) is one of sound."""
    return (
        head.startswith(_PLAIN)
        or _is_container(head)
        or _is_tagged(head)
        or _is_frame_chain(head, _mpeg_frame_bytes)
        or _is_frame_chain(head, _adts_frame_bytes)
    )


def _is_container(head: bytes) -> bool:
    """Tell whether it is RIFF, FORM or MP4, and for sound or video."""
    kind, form = head[:4], head[8:12]
    if head[4:8] == b"ftyp":
        return form not in _PICTURE_BRANDS
    return form in _FORMS.get(kind, ()) or (kind == b"FRM8" and head[12:16] == b"DSD ")


def _is_tagged(head: bytes) -> bool:
    """Tell whether an ID3v2 header stands there: its size has no byte above 127."""
    return (
        head.startswith(b"ID3") and len(head) > 9 and head[3] in (2, 3, 4) and max(head[6:10]) < 128
    )


def _is_frame_chain(head: bytes, length: Callable[[bytes, int], int]) -> bool:
    """Tell whether two frames follow each other; one sync word alone is in many a file."""
    first = length(head, 0)
    return first > 0 and length(head, first) > 0


def _mpeg_frame_bytes(head: bytes, at: int) -> int:
    """Return the length of the MPEG audio frame (layer I to III) at ``at``, or 0."""
    if len(head) < at + 4 or head[at] != 0xFF or head[at + 1] & 0xE0 != 0xE0:
        return 0
    version, layer = head[at + 1] >> 3 & 3, 4 - (head[at + 1] >> 1 & 3)
    kbit, rate, padding = head[at + 2] >> 4, head[at + 2] >> 2 & 3, head[at + 2] >> 1 & 1
    if version == 1 or layer == 4 or kbit in (0, 15) or rate == 3:
        return 0
    bits = _KBITS[version == 3, layer][kbit - 1] * 1000
    rate_hz = _RATES_HZ[version][rate]
    if layer == 1:
        return (12 * bits // rate_hz + padding) * 4
    samples = 72 if layer == 3 and version != 3 else 144
    return samples * bits // rate_hz + padding


def _adts_frame_bytes(head: bytes, at: int) -> int:
    """Return the length of the AAC frame with ADTS header at ``at``, or 0."""
    if len(head) < at + 7 or head[at] != 0xFF or head[at + 1] & 0xF6 != 0xF0:
        return 0
    if head[at + 2] >> 2 & 0xF > 12:
        return 0
    length = (head[at + 3] & 3) << 11 | head[at + 4] << 3 | head[at + 5] >> 5
    return length if length >= 7 else 0


def _head_of(path: bytes) -> bytes:
    """Read without ever waiting: a pipe may have been put in the file's place."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        return os.read(descriptor, _HEAD_BYTES)
    finally:
        os.close(descriptor)
