"""Sound and what is heard of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
Int16 = NDArray[np.int16]


SAMPLE_RATE_HZ = 48_000
"""The one rate at which traumbox listens; what CLAP was trained on."""
WINDOW_S = 10.0
WINDOW_SAMPLES = 480_000
"""Exactly ten seconds at 48 kHz; given any other length CLAP would crop at random."""
PEAKS = 220
"""Columns of a stored waveform picture."""

HEAT = 96
"""Columns of a heat-map."""


@dataclass(frozen=True, slots=True)
class Tags:
    """What the file says of itself. Empty strings and None mean: not said."""

    title: str = ""
    artist: str = ""
    album: str = ""
    album_artist: str = ""
    genre: str = ""
    year: int | None = None
    track_no: int | None = None
    disc_no: int | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class FileTags:
    """All that was read of one file: tags, the cover as a small JPEG, and what is only searched.

    ``credits`` names who else took part (composer, conductor, …), mood and grouping; ``lyrics``
    are as embedded, lines and all. Both are too long to travel with every track.
    """

    tags: Tags = field(default_factory=Tags)
    cover: bytes | None = None
    credits: str = ""
    lyrics: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    """The technical side of a file; ``container`` and ``codec`` in FFmpeg's short names."""

    container: str
    codec: str
    sample_rate_hz: int
    channels: int


@dataclass(frozen=True, slots=True)
class Descriptors:
    """Numbers measured from the signal; None where the signal doesn't yield one.

    What was heard by an older traumbox lacks the later ones. ``bpm_other`` is half or double
    ``bpm`` where that was nearly as likely. ``key_confidence`` is how far the key is ahead of the
    next best. ``dynamic_range_lu`` is the loudness range of EBU Tech 3342. ``percussive`` is the
    share of what is heard that is strokes, not tones. ``silence_start_s`` and ``silence_end_s``
    are what lies before the first and after the last sound. ``vocals`` is how much the model takes
    it for singing or speech. Shares and confidences are 0-1.
    """

    bpm: float | None = None
    key: str | None = None  # "C major", "F# minor": one of ``keys.KEYS``
    loudness_lufs: float | None = None
    brightness_hz: float | None = None  # mean spectral centroid
    bpm_confidence: float | None = None
    bpm_other: float | None = None
    key_confidence: float | None = None
    dynamic_range_lu: float | None = None
    percussive: float | None = None
    silence_start_s: float | None = None
    silence_end_s: float | None = None
    vocals: float | None = None


@dataclass(frozen=True, slots=True)
class Audio:
    """A block of sound: mono float32[n] in -1..1 at ``sample_rate_hz``."""

    samples: Float32
    sample_rate_hz: int = SAMPLE_RATE_HZ


@dataclass(frozen=True, slots=True)
class Window:
    """One excerpt as the model hears it: float32[480000], beginning ``start_s`` into the track."""

    start_s: float
    samples: Float32


HEARD_VERSION = 1
"""Which edition of ``Heard`` listening yields. To be raised whenever it tells more than before, or
something else: the files that an older edition is known of are then heard again by and by."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What listening to one file found out, before and apart from any model.

    ``audio_id`` names the sound itself (hash of the decoded samples): a retag, a move or a copy
    keeps it. ``peaks`` is uint8[PEAKS]. ``cover`` is a small JPEG. ``mark`` is a remark for people
    about a file that was heard all the same ("cut short: …"). ``credits`` and ``lyrics`` as in
    ``FileTags``.
    """

    audio_id: str
    duration_s: float
    media: Media
    tags: Tags = field(default_factory=Tags)
    descriptors: Descriptors = field(default_factory=Descriptors)
    peaks: bytes = b""
    cover: bytes | None = None
    mark: str = ""
    credits: str = ""
    lyrics: str = ""


def unit(vector: NDArray[np.floating]) -> Float32:
    """Return ``vector`` scaled to norm 1, as float32; a vector of zeros stays one."""
    norm = float(np.linalg.norm(vector))
    return (vector / norm if norm else vector).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Embedding:
    """The windows of one sound in one model's space: start_s float32[n], vectors float32[n, dim].

    Vectors have unit norm. ``n`` is 0 for silence.
    """

    model_id: str
    start_s: Float32
    vectors: Float32
