"""Which files may hold sound, and which of them browsers play as they are."""

from __future__ import annotations

from traumbox.domain import Media

_SUFFIXES = frozenset(
    b"""
    aac ac3 adts aif aifc aiff alac amr ape asf au avi caf dff divx dsf dts dtshd eac3 f4a f4b f4v
    flac flv m2ts m4a m4b m4r m4v mka mkv mov mp+ mp1 mp2 mp3 mp4 mpc mpeg mpg mpga mpp mts mxf oga
    ogg ogm ogv oma opus qoa ra rf64 rm rmvb shn snd spx tak thd ts tta voc vob w64 wav wave weba
    webm wma wmv wtv wv xwma 3g2 3gp 3gpp
    """.split()
)

# The common ground of Chromium, Firefox and Safari in an <audio> element.
_PLAYED = {
    "aac": {"aac"},
    "flac": {"flac"},
    "mp3": {"mp3"},
    "mp4": {"aac", "flac", "mp3", "opus"},
    "ogg": {"vorbis", "opus", "flac"},
    "wav": {"pcm_u8", "pcm_s16le", "pcm_s24le"},
    "webm": {"vorbis", "opus"},
}
_PLAYED_RATE_MAX_HZ = 192_000
_PLAYED_CHANNELS_MAX = 8
_WAV_CHANNELS_MAX = 2

_CONTENT_TYPES = {
    "aac": "audio/aac",
    "ac3": "audio/ac3",
    "aiff": "audio/aiff",
    "amr": "audio/amr",
    "ape": "audio/x-ape",
    "asf": "audio/x-ms-wma",
    "au": "audio/basic",
    "avi": "video/x-msvideo",
    "caf": "audio/x-caf",
    "dsf": "audio/x-dsf",
    "eac3": "audio/eac3",
    "flac": "audio/flac",
    "flv": "video/x-flv",
    "matroska": "audio/x-matroska",
    "mov": "video/quicktime",
    "mp3": "audio/mpeg",
    "mp4": "audio/mp4",
    "mpc": "audio/x-musepack",
    "mpc8": "audio/x-musepack",
    "mpeg": "video/mpeg",
    "mpegts": "video/mp2t",
    "ogg": "audio/ogg",
    "tta": "audio/x-tta",
    "wav": "audio/wav",
    "webm": "audio/webm",
    "wv": "audio/x-wavpack",
}


def is_candidate(name: bytes) -> bool:
    """Return whether a file's name ends like that of a sound or video file."""
    stem, dot, suffix = name.rpartition(b".")
    return bool(dot and stem) and suffix.lower() in _SUFFIXES


def browser_plays(media: Media) -> bool:
    """Return whether browsers of today play ``media`` as it lies on disk."""
    if media.codec not in _PLAYED.get(media.container, ()):
        return False
    channels_max = _WAV_CHANNELS_MAX if media.container == "wav" else _PLAYED_CHANNELS_MAX
    return media.channels <= channels_max and media.sample_rate_hz <= _PLAYED_RATE_MAX_HZ


def content_type(media: Media) -> str:
    """Return the MIME type under which to serve ``media``."""
    return _CONTENT_TYPES.get(media.container, "application/octet-stream")
