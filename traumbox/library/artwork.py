"""Covers: found in the file or beside it, and made small."""

from __future__ import annotations

import base64
import io
import stat
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

from mutagen.apev2 import APEv2
from mutagen.asf import ASFTags
from mutagen.flac import Picture
from mutagen.id3 import ID3, PictureType
from mutagen.mp4 import MP4Tags
from mutagen.ogg import OggFileType
from PIL import Image, ImageOps

SIDE_MAX = 512
_BYTES_MAX = 20 * 1024 * 1024
_PIXELS_MAX = 25_000_000
_JPEG_PIXELS_MAX = 100_000_000  # JPEG can be decoded at an eighth of its size
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")

_FRONT = int(PictureType.COVER_FRONT)
_BACK = int(PictureType.COVER_BACK)

_STEMS = ("cover", "folder", "front", "Cover", "Folder", "Front", "COVER", "FOLDER", "FRONT")
_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".JPG", ".JPEG", ".PNG")


def embedded_pictures(file: Any) -> list[bytes]:
    """Return the pictures in a file opened by mutagen (or None), the front cover first."""
    pictures = [] if file is None else list(_pictures(file))
    pictures.sort(key=lambda kind_and_data: kind_and_data[0] != _FRONT)
    return [data for _, data in pictures]


def folder_picture(path: Path) -> bytes:
    """Return the bytes of cover, folder or front (jpg, png, webp) beside ``path``, or none.

    The names are tried one by one: listing a folder of 50,000 tracks for each of them would be
    quadratic.
    """
    for stem, suffix in product(_STEMS, _SUFFIXES):
        picture = path.with_name(stem + suffix)
        try:
            found = picture.stat()
        except OSError:
            continue
        if stat.S_ISREG(found.st_mode) and found.st_size <= _BYTES_MAX:
            return picture.read_bytes()
    return b""


def small_jpeg(data: bytes) -> bytes | None:
    """Return the picture in ``data`` as a JPEG of at most 512 x 512 pixels.

    None when it is empty, too large (20 MB, 25 megapixels; JPEG 100) or of another format than
    JPEG, PNG, WebP, GIF and BMP. What Pillow raises on damaged pictures passes through.
    """
    if not 0 < len(data) <= _BYTES_MAX:
        return None
    with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
        allowed = _JPEG_PIXELS_MAX if opened.format == "JPEG" else _PIXELS_MAX
        if opened.width * opened.height > allowed:
            return None
        opened.draft("RGB", (SIDE_MAX, SIDE_MAX))
        picture = ImageOps.exif_transpose(opened)
        picture.thumbnail((SIDE_MAX, SIDE_MAX))
    out = io.BytesIO()
    _opaque(picture).save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()


def _opaque(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layers = picture.convert("RGBA")
    background = Image.new("RGBA", layers.size, "white")
    return Image.alpha_composite(background, layers).convert("RGB")


def _pictures(file: Any) -> Iterator[tuple[int, bytes]]:
    """Yield (ID3 picture type, bytes) of every embedded picture."""
    for picture in getattr(file, "pictures", ()):  # FLAC's own blocks
        yield int(picture.type), picture.data
    for kind, read in _READERS:
        if isinstance(file.tags, kind) or isinstance(file, kind):
            yield from read(file.tags or {})


def _in_id3(tags: Any) -> Iterator[tuple[int, bytes]]:
    for frame in tags.getall("APIC"):
        yield int(frame.type), frame.data


def _in_mp4(tags: Any) -> Iterator[tuple[int, bytes]]:
    for data in tags.get("covr", ()):
        yield _FRONT, bytes(data)


def _in_asf(tags: Any) -> Iterator[tuple[int, bytes]]:
    """Read type, size, MIME type and description (UTF-16, zero-ended), and the picture itself."""
    for attribute in tags.get("WM/Picture", ()):
        data: bytes = attribute.value
        size = int.from_bytes(data[1:5], "little")
        yield data[0], data[-size:] if size else b""


def _in_ape(tags: Any) -> Iterator[tuple[int, bytes]]:
    """Read a file name, a zero byte, and the picture itself."""
    for name, kind in (("Cover Art (Front)", _FRONT), ("Cover Art (Back)", _BACK)):
        if name in tags:
            yield kind, tags[name].value.partition(b"\0")[2]


def _in_vorbis(tags: Any) -> Iterator[tuple[int, bytes]]:
    for text in tags.get("metadata_block_picture", ()):
        picture = Picture(base64.b64decode(text))
        yield int(picture.type), picture.data


_READERS = (
    (ID3, _in_id3),
    (MP4Tags, _in_mp4),
    (ASFTags, _in_asf),
    (APEv2, _in_ape),
    (OggFileType, _in_vorbis),
)
