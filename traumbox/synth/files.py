"""Write samples as a tagged audio file; the suffix of the path decides the format."""

from __future__ import annotations

import base64
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np
import soundfile
from mutagen.flac import FLAC, Picture
from mutagen.id3 import APIC, ID3, TALB, TCON, TDRC, TIT2, TPE1, TPE2, TPOS, TRCK
from mutagen.mp3 import MP3
from mutagen.mp4 import MP4, MP4Cover
from mutagen.oggopus import OggOpus
from mutagen.oggvorbis import OggVorbis
from mutagen.wave import WAVE
from PIL import Image

from traumbox.domain import Float32, Tags

SUFFIXES = (".flac", ".wav", ".mp3", ".ogg", ".opus", ".m4a")
"""What :func:`write_piece` can write."""

_SNDFILE = {
    ".flac": ("FLAC", "PCM_16"),
    ".wav": ("WAV", "PCM_16"),
    ".mp3": ("MP3", "MPEG_LAYER_III"),
    ".ogg": ("OGG", "VORBIS"),
    ".opus": ("OGG", "OPUS"),
}
# libsndfile's Vorbis encoder puts a whole block on the stack: a minute at once overflows it.
_BLOCK_FRAMES = 4096
_AAC_BIT_RATE = 128_000


def write_piece(
    path: Path,
    samples: Float32,
    sample_rate_hz: int = 48_000,
    tags: Tags | None = None,
    cover: bytes | None = None,
) -> None:
    """Write one piece of music in one step: under its name there is all of it or nothing.

    Parameters
    ----------
    path
        Where; the suffix (one of ``SUFFIXES``, any case) decides the format.
    samples
        float32[n] (mono) or float32[n, channels] in -1..1; beyond that it is clipped.
    sample_rate_hz
        Opus takes 8, 12, 16, 24 and 48 kHz only, MP3 up to 48 kHz.
    tags
        What the file says of itself; empty ones are left out.
    cover
        A JPEG or PNG picture to embed.

    Raises
    ------
    ValueError
        When no format belongs to the suffix.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise ValueError(f"{path.name}: can't write {suffix or 'no suffix'}; use one of {SUFFIXES}")
    frames = np.clip(samples, -1.0, 1.0).astype(np.float32)
    frames = frames[:, np.newaxis] if frames.ndim == 1 else frames
    hidden = path.with_name(f".{path.name}.part")
    try:
        with hidden.open("wb") as file:
            if suffix == ".m4a":
                _encode_aac(file, frames, sample_rate_hz)
            else:
                _encode_sndfile(file, frames, sample_rate_hz, *_SNDFILE[suffix])
        _TAGGERS[suffix](hidden, tags or Tags(), cover)
        os.replace(hidden, path)  # noqa: PTH105 -- the rename must replace what is there
    finally:
        hidden.unlink(missing_ok=True)


def _encode_sndfile(
    file: BinaryIO, frames: Float32, sample_rate_hz: int, container: str, subtype: str
) -> None:
    with soundfile.SoundFile(
        file, "w", sample_rate_hz, frames.shape[1], subtype=subtype, format=container
    ) as out:
        for start in range(0, len(frames), _BLOCK_FRAMES):
            out.write(frames[start : start + _BLOCK_FRAMES])


def _encode_aac(file: BinaryIO, frames: Float32, sample_rate_hz: int) -> None:
    layout = {1: "mono", 2: "stereo"}[frames.shape[1]]
    with av.open(file, "w", format="ipod") as container:
        stream = container.add_stream("aac", rate=sample_rate_hz, layout=layout)
        stream.bit_rate = _AAC_BIT_RATE
        for start in range(0, len(frames), 1024):
            block = np.ascontiguousarray(frames[start : start + 1024].T)
            frame = av.AudioFrame.from_ndarray(block, format="fltp", layout=layout)
            frame.sample_rate = sample_rate_hz
            frame.pts = start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _fields(tags: Tags) -> dict[str, str]:
    """Return the tags that are said, under their Vorbis comment names."""
    said = {
        "title": tags.title,
        "artist": tags.artist,
        "album": tags.album,
        "albumartist": tags.album_artist,
        "genre": tags.genre,
        "date": tags.year,
        "tracknumber": tags.track_no,
        "discnumber": tags.disc_no,
    }
    return {name: str(value) for name, value in said.items() if value not in {"", None}}


def _mime(cover: bytes) -> str:
    return "image/png" if cover.startswith(b"\x89PNG") else "image/jpeg"


def _picture(cover: bytes) -> Picture:
    picture = Picture()
    picture.type = 3  # front cover
    picture.mime = _mime(cover)
    picture.data = cover
    with Image.open(io.BytesIO(cover)) as image:
        picture.width, picture.height = image.size
    picture.depth = 24
    return picture


def _tag_flac(path: Path, tags: Tags, cover: bytes | None) -> None:
    file = FLAC(path)
    file.update(_fields(tags))
    if cover:
        file.add_picture(_picture(cover))
    file.save()


def _tag_ogg(path: Path, tags: Tags, cover: bytes | None) -> None:
    file = OggVorbis(path)
    _comment(file, tags, cover)


def _tag_opus(path: Path, tags: Tags, cover: bytes | None) -> None:
    file = OggOpus(path)
    _comment(file, tags, cover)


def _comment(file: OggVorbis | OggOpus, tags: Tags, cover: bytes | None) -> None:
    file.update(_fields(tags))
    if cover:
        picture = base64.b64encode(_picture(cover).write()).decode("ascii")
        file["metadata_block_picture"] = [picture]
    file.save()


_ID3_FRAMES: dict[str, Callable[..., object]] = {
    "title": TIT2,
    "artist": TPE1,
    "album": TALB,
    "albumartist": TPE2,
    "genre": TCON,
    "date": TDRC,
    "tracknumber": TRCK,
    "discnumber": TPOS,
}


def _id3(id3: ID3, tags: Tags, cover: bytes | None) -> None:
    for name, value in _fields(tags).items():
        id3.add(_ID3_FRAMES[name](encoding=3, text=[value]))
    if cover:
        id3.add(APIC(encoding=3, mime=_mime(cover), type=3, desc="", data=cover))


def _tag_mp3(path: Path, tags: Tags, cover: bytes | None) -> None:
    file = MP3(path)
    if file.tags is None:
        file.add_tags()
    _id3(file.tags, tags, cover)
    file.save()


def _tag_wav(path: Path, tags: Tags, cover: bytes | None) -> None:
    file = WAVE(path)
    file.add_tags()
    _id3(file.tags, tags, cover)
    file.save()


_MP4_ATOMS = {
    "title": "\xa9nam",
    "artist": "\xa9ART",
    "album": "\xa9alb",
    "albumartist": "aART",
    "genre": "\xa9gen",
    "date": "\xa9day",
}


def _tag_m4a(path: Path, tags: Tags, cover: bytes | None) -> None:
    file = MP4(path)
    for name, value in _fields(tags).items():
        if name in _MP4_ATOMS:
            file[_MP4_ATOMS[name]] = [value]
    if tags.track_no is not None:
        file["trkn"] = [(tags.track_no, 0)]
    if tags.disc_no is not None:
        file["disk"] = [(tags.disc_no, 0)]
    if cover:
        png = _mime(cover) == "image/png"
        kind = MP4Cover.FORMAT_PNG if png else MP4Cover.FORMAT_JPEG
        file["covr"] = [MP4Cover(cover, imageformat=kind)]
    file.save()


_TAGGERS: dict[str, Callable[[Path, Tags, bytes | None], None]] = {
    ".flac": _tag_flac,
    ".wav": _tag_wav,
    ".mp3": _tag_mp3,
    ".ogg": _tag_ogg,
    ".opus": _tag_opus,
    ".m4a": _tag_m4a,
}
