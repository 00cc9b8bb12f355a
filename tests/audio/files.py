"""Sound files in many formats, made for the tests."""

import struct
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import soundfile
from numpy.typing import NDArray

from traumbox.audio.decode import MediaDecoder
from traumbox.domain import Audio, Float32, Media

RATE_HZ = 48_000


def tone(
    duration_s: float, hz: float = 440.0, level: float = 0.3, rate_hz: int = RATE_HZ
) -> NDArray[np.float64]:
    return level * np.sin(2.0 * np.pi * hz * np.arange(int(duration_s * rate_hz)) / rate_hz)


def stereo(left: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.stack([left, right], axis=1)


def write(
    path: Path, samples: NDArray[np.float64], rate_hz: int = RATE_HZ, subtype: str | None = None
) -> Path:
    """Write with libsndfile: wav, aiff, flac, ogg, mp3 by suffix."""
    channels = 1 if samples.ndim == 1 else samples.shape[1]
    with soundfile.SoundFile(path, "w", rate_hz, channels, subtype) as file:
        # One large write of Vorbis overruns libsndfile's stack.
        for start in range(0, len(samples), rate_hz):
            file.write(samples[start : start + rate_hz])
    return path


def encode(
    path: Path,
    codec: str,
    samples: NDArray[np.float64],
    rate_hz: int = RATE_HZ,
    *,
    form: str | None = None,
    options: dict[str, str] | None = None,
    metadata: dict[str, str] | None = None,
) -> Path:
    """Write with FFmpeg; ``samples`` is [n] or [n, 2]."""
    layout = "mono" if samples.ndim == 1 else "stereo"
    with av.open(str(path), "w", format=form, options=options or {}) as container:
        container.metadata.update(metadata or {})
        stream = container.add_stream(codec, rate=rate_hz, layout=layout)
        stream.bit_rate = 128_000
        stream.codec_context.open()
        resampler = av.AudioResampler(
            format=stream.codec_context.codec.audio_formats[0],
            layout=layout,
            rate=rate_hz,
            frame_size=stream.codec_context.frame_size or 4096,
        )
        planar = np.ascontiguousarray(np.atleast_2d(samples.T).astype(np.float32))
        frame = av.AudioFrame.from_ndarray(planar, format="fltp", layout=layout)
        frame.sample_rate = rate_hz
        frame.pts, frame.time_base = 0, Fraction(1, rate_hz)
        for part in (*resampler.resample(frame), *resampler.resample(None), None):
            container.mux(stream.encode(part))
    return path


def video(path: Path, frames: int = 10) -> Path:
    """Write a video without sound."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 64
        for _ in range(frames):
            grey = np.full((64, 64, 3), 128, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(grey, format="rgb24")))
        container.mux(stream.encode(None))
    return path


def raw_wav(
    rate_hz: int = RATE_HZ, channels: int = 1, data: bytes = b"", declared: int | None = None
) -> bytes:
    """Return a 16-bit WAV file byte by byte, with whatever its header claims."""
    size = len(data) if declared is None else declared
    frame = 2 * channels
    format_chunk = struct.pack(
        "<4sIHHIIHH", b"fmt ", 16, 1, channels, rate_hz, rate_hz * frame & 0xFFFFFFFF, frame, 16
    )
    riff = struct.pack("<4sI4s", b"RIFF", (size + 36) & 0xFFFFFFFF, b"WAVE")
    return riff + format_chunk + struct.pack("<4sI", b"data", size) + data


def truncated(path: Path, fraction: float = 0.5) -> Path:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * fraction)])
    return path


def decode(path: Path) -> tuple[Float32, Media, str]:
    """Return all samples, the media and the mark."""
    with MediaDecoder().open(path) as stream:
        blocks = [block.samples for block in stream.blocks()]
        return np.concatenate(blocks), stream.media, stream.mark


def block_sizes(path: Path) -> Iterator[int]:
    with MediaDecoder().open(path) as stream:
        block: Audio
        for block in stream.blocks():
            yield len(block.samples)


def dominant_hz(samples: Float32) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * RATE_HZ / len(samples))
