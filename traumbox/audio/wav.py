"""A "virtual WAV": any sound as a WAV file of known length that is decoded while it is sent.

Browsers seek in it as in a file on disk, because every byte offset stands for a moment. Offsets are
exact to the sample where the rate stays (lossless codecs, tracks of an album in one piece) and to
about a millisecond otherwise.
"""

from __future__ import annotations

import struct
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from itertools import chain
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer

from traumbox.audio.diagnosis import why_unreadable
from traumbox.audio.ffmpeg import open_container, sound_stream
from traumbox.audio.passage import Opened, decoded, frames_of
from traumbox.audio.reader import UnreadableError, checked_rate
from traumbox.audio.source import Source
from traumbox.domain import Cut, Int16
from traumbox.errors import AudioError

CONTENT_TYPE = "audio/wav"
HEADER_BYTES = 44
_SAMPLE_BYTES = 2
_SIZE_MAX = (1 << 32) - 1  # RIFF sizes have 32 bits
_SILENCE_BYTES = 1 << 16
_PREROLL_S = 0.25  # lets codecs with overlapping frames settle before the first sample that is kept
_LATE_S = 0.001


def wav_header(data_bytes: int, sample_rate_hz: int, channels: int) -> bytes:
    """Return the 44-byte header of a 16-bit PCM WAV file with ``data_bytes`` of sound."""
    frame_bytes = channels * _SAMPLE_BYTES
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        *(b"RIFF", data_bytes + HEADER_BYTES - 8, b"WAVE"),
        *(b"fmt ", 16, 1, channels, sample_rate_hz, sample_rate_hz * frame_bytes),
        *(frame_bytes, 8 * _SAMPLE_BYTES),
        *(b"data", data_bytes),
    )


class VirtualWav:
    """The sound at ``path``, or a passage of it, as 16-bit WAV, stereo or mono, up to 48 kHz.

    Parameters
    ----------
    path
        Any file that FFmpeg decodes.
    duration_s
        The length that is promised: what the file lacks is sent as silence, what it has more is
        out. Sound too long for a WAV file's 4 GiB (six hours) is sent at half the rate.
    cut
        The passage; ``duration_s`` is its length.

    Raises
    ------
    AudioError
        When there is no sound to decode; the message is for people.
    OSError
        When the file can't be read.
    """

    def __init__(self, path: Path, duration_s: float, cut: Cut | None = None) -> None:
        self._path = path
        self._cut = cut
        with Source(path) as source, closing(_Opening(source)) as opening:
            context = opening.opened[1].codec_context
            self.sample_rate_hz = _served_rate(context.sample_rate)
            self.channels = min(2, context.layout.nb_channels)
        frame_bytes = self.channels * _SAMPLE_BYTES
        while HEADER_BYTES + round(duration_s * self.sample_rate_hz) * frame_bytes > _SIZE_MAX:
            self.sample_rate_hz //= 2
        self.size = HEADER_BYTES + round(duration_s * self.sample_rate_hz) * frame_bytes
        """Length in bytes, header included."""

    def read(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield exactly the bytes ``start`` to ``stop`` (exclusive; None: the end), in pieces.

        The file is open only while the generator lives.
        """
        stop = self.size if stop is None else min(stop, self.size)
        if start < min(HEADER_BYTES, stop):
            header = wav_header(self.size - HEADER_BYTES, self.sample_rate_hz, self.channels)
            yield header[start:stop]
        missing = stop - max(start, HEADER_BYTES)
        if missing <= 0:
            return
        frame, skip = divmod(max(start, HEADER_BYTES) - HEADER_BYTES, self.channels * _SAMPLE_BYTES)
        with closing(self._pcm_from(frame)) as pieces:
            for piece in pieces:
                kept = piece[skip : skip + missing]
                skip = max(0, skip - len(piece))
                missing -= len(kept)
                if kept:
                    yield kept
                if missing <= 0:
                    return
        while missing > 0:
            yield bytes(min(missing, _SILENCE_BYTES))
            missing -= _SILENCE_BYTES

    def _pcm_from(self, frame: int) -> Generator[bytes, None, None]:
        """Yield 16-bit PCM from sample ``frame`` on; where seeking fails, by decoding up to it."""
        start_s = frame / self.sample_rate_hz
        for seeking in (True, False):
            with Source(self._path) as source, closing(_Opening(source)) as opening:
                if self._cut is None:
                    frames = _frames_from(*opening.opened, start_s, seeking=seeking)
                else:
                    frames = _frames_within(self._cut, opening, start_s)
                first = next(frames, None)
                source.check()
                if first is not None:
                    early = frame - round(first[0] * self.sample_rate_hz)
                    skip = max(0, early * self.channels)
                    sound = (decoded_frame for _, decoded_frame in chain((first,), frames))
                    for samples in self._converted(sound):
                        yield samples[skip:].tobytes()
                        skip = max(0, skip - len(samples))
                    source.check()
                    return

    def _converted(self, frames: Iterable[AudioFrame]) -> Iterator[Int16]:
        """Yield ``frames`` as interleaved int16[n x channels] at the rate that is served."""
        layout = "stereo" if self.channels == 2 else "mono"
        resampler = AudioResampler(format="s16", layout=layout, rate=self.sample_rate_hz)
        try:
            for frame in chain(frames, (None,)):
                for converted in resampler.resample(frame):
                    yield converted.to_ndarray().astype(np.int16, copy=False).reshape(-1)
        except (av.FFmpegError, ValueError):
            return  # the format changes on the way: what follows is sent as silence


def _frames_from(
    container: InputContainer, stream: AudioStream, start_s: float, *, seeking: bool
) -> Iterator[tuple[float, AudioFrame]]:
    """Yield (seconds into the sound, frame), beginning shortly before ``start_s``.

    Yields nothing when seeking was asked for and didn't lead to a known place before ``start_s``.
    """
    early_s = start_s - _PREROLL_S
    at_s: float | None = 0.0
    origin_s = 0.0
    if seeking and early_s > 0.0:
        # The first frame that decodes is the beginning of what was heard; in some formats the
        # stream's own timestamps begin earlier.
        origin_s = next((f.time for f in decoded(container, stream) if f.time is not None), 0.0)
        try:
            container.seek(int((origin_s + early_s) * av.time_base))
        except av.FFmpegError:
            return
        at_s = None
    for frame in decoded(container, stream):
        if at_s is None:
            if frame.time is None or frame.time - origin_s > start_s + _LATE_S:
                return
            at_s = frame.time - origin_s
        length_s = frame.samples / frame.sample_rate
        if at_s + length_s > early_s:
            yield at_s, frame
        at_s += length_s


def _frames_within(
    cut: Cut, opening: _Opening, start_s: float
) -> Iterator[tuple[float, AudioFrame]]:
    """Yield (seconds into ``cut``, frame), beginning shortly before ``start_s`` of it."""
    later = replace(cut, start_s=cut.start_s + start_s)
    for number, frame in frames_of(later, opening.opened, opening.again):
        at_s = number / frame.sample_rate
        if at_s > -_PREROLL_S:
            yield start_s + at_s, frame


class _Opening:
    """A container that is open, at its beginning; it may be opened again."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.opened = self._open()

    def again(self) -> Opened:
        """Close it and open it at its beginning."""
        self.close()
        self.opened = self._open()
        return self.opened

    def close(self) -> None:
        """Let FFmpeg go; the source stays open."""
        self.opened[0].close()

    def _open(self) -> Opened:
        try:
            container = open_container(self._source)
        except UnreadableError as error:
            raise AudioError(str(error) or why_unreadable(self._source)) from error
        try:
            return container, sound_stream(container, self._source)
        except UnreadableError as error:
            container.close()
            raise AudioError(str(error) or why_unreadable(self._source)) from error


def _served_rate(rate_hz: int) -> int:
    """Return ``rate_hz`` up to 48 kHz, else the one of 44.1 and 48 kHz that divides it."""
    try:
        checked_rate(rate_hz)
    except UnreadableError as error:
        raise AudioError(str(error)) from error
    if rate_hz <= 48_000:
        return rate_hz
    return 44_100 if rate_hz % 44_100 == 0 else 48_000
