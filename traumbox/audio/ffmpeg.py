"""Reading through FFmpeg (PyAV): everything that has sound in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from numpy.typing import NDArray

from traumbox.audio.passage import Opened, decoded, frames_of, samples_of
from traumbox.audio.reader import UnreadableError, checked_rate, chunk_frames
from traumbox.audio.samples import to_mono
from traumbox.audio.source import Source
from traumbox.domain import Cut, Float32, Media

# Containers that hold their own sound. What is missing here on purpose: playlists and manifests
# (hls, dash, concat …), which would make FFmpeg open other files and addresses, devices, pictures,
# and headerless raw formats, which would accept any bytes as sound.
_FORMATS = (
    "aac,ac3,aiff,amr,ape,asf,au,avi,caf,dsf,dts,dtshd,eac3,flac,flv,iff,loas,matroska,mlp,mov,mp3,"
    "mpc,mpc8,mpeg,mpegts,mxf,nut,ogg,oma,qoa,rm,shn,tak,truehd,tta,voc,w64,wav,wtv,wv,xwma"
)
_OPTIONS = {"format_whitelist": _FORMATS, "protocol_whitelist": "none"}

# Where the duration is written down rather than estimated from the bit rate.
_RELIABLE = frozenset(
    {
        "aiff",
        "ape",
        "asf",
        "caf",
        "dsf",
        "flac",
        "matroska",
        "mov",
        "mp4",
        "mpc",
        "mpc8",
        "tak",
        "tta",
        "w64",
        "wav",
        "webm",
        "wv",
        "xwma",
    }
)
# Formats without a file header: any bytes hold something that looks like a frame of them now and
# then, so that FFmpeg may take random bytes for one.
SELF_SYNCHRONISING = frozenset({"mp3", "aac", "ac3", "eac3", "loas", "mpeg"})
_PROTECTED = (b"drms", b"drmi", b"enca", b"aavd")


def open_container(source: Source) -> InputContainer:
    """Open ``source`` with FFmpeg, which gets to see its bytes and nothing else.

    Raises
    ------
    UnreadableError
        When FFmpeg doesn't recognise it.
    """
    source.seek(0)
    try:
        return av.open(
            source, mode="r", options=dict(_OPTIONS), metadata_errors="replace", buffer_size=1 << 16
        )
    except (av.FFmpegError, ValueError) as error:
        source.check()
        raise UnreadableError from error


def sound_stream(container: InputContainer, source: Source) -> AudioStream:
    """Return the main audio stream of ``container``.

    Raises
    ------
    UnreadableError
        When it has none that can be decoded; the message says why.
    """
    stream = container.streams.best("audio")
    if isinstance(stream, AudioStream) and stream.codec_context is not None:
        stream.codec_context.thread_count = 1
        return stream
    if any(mark in source.head for mark in _PROTECTED):
        raise UnreadableError("its sound is copy-protected")
    if container.format.name in SELF_SYNCHRONISING:
        raise UnreadableError
    if container.streams.audio:
        raise UnreadableError("its sound is damaged or in a format that can't be decoded")
    if container.streams.video:
        raise UnreadableError("a video without sound")
    raise UnreadableError("there is no sound in it")


def planes(frame: AudioFrame) -> NDArray[Any]:
    """Return the samples of ``frame`` as [channels, n], in their own type."""
    samples = frame.to_ndarray()
    if frame.format.is_planar:
        return samples
    return samples.reshape(-1, frame.layout.nb_channels).T


class FfmpegReader:
    """A file, or the passage ``cut`` of it, in FFmpeg's hands.

    Raises
    ------
    UnreadableError
        When it has no sound that FFmpeg can decode.
    """

    def __init__(self, source: Source, cut: Cut | None = None) -> None:
        self._source = source
        self._cut = cut
        self._container, self._stream = self._open()
        self.damaged = False
        self._rate_hz = self._stream.codec_context.sample_rate
        self._channels = self._stream.codec_context.layout.nb_channels

    def close(self) -> None:
        self._container.close()

    @property
    def media(self) -> Media:
        return Media(
            container=container_name(self._container, self._source),
            codec=codec_name(self._stream),
            sample_rate_hz=self._rate_hz,
            channels=self._channels,
        )

    @property
    def declared_s(self) -> float | None:
        if container_name(self._container, self._source) not in _RELIABLE:
            return None
        if self._stream.duration and self._stream.time_base:
            return float(self._stream.duration * self._stream.time_base)
        if self._container.duration and not self._container.streams.video:
            return self._container.duration / av.time_base
        return None

    def chunks(self) -> Iterator[tuple[Float32, int]]:
        frames: list[NDArray[Any]] = []
        kind: tuple[str, int, int] | None = None
        length = wanted = 0
        for frame, samples in self._wanted():
            if kind != (frame.format.name, frame.sample_rate, frame.layout.nb_channels):
                if kind is not None and frames:
                    yield _joined(frames), kind[1]
                kind = (frame.format.name, frame.sample_rate, frame.layout.nb_channels)
                self._rate_hz, self._channels = kind[1], kind[2]
                frames, length = [], 0
                wanted = chunk_frames(checked_rate(frame.sample_rate), frame.layout.nb_channels)
            frames.append(samples)
            length += samples.shape[1]
            if length >= wanted:
                yield _joined(frames), kind[1]
                frames, length = [], 0
        if kind is not None and frames:
            yield _joined(frames), kind[1]

    def _wanted(self) -> Iterator[tuple[AudioFrame, NDArray[Any]]]:
        """Yield frames and what is wanted of their samples, as [channels, n]."""
        damage: list[int] = []
        frames = (
            self._decoded(damage) if self._cut is None else self._decoded_passage(self._cut, damage)
        )
        for frame, samples in frames:
            self.damaged = bool(damage)
            yield frame, samples
        self._source.check()

    def _decoded(self, damage: list[int]) -> Iterator[tuple[AudioFrame, NDArray[Any]]]:
        for frame in decoded(self._container, self._stream, damage):
            yield frame, planes(frame)

    def _decoded_passage(
        self, cut: Cut, damage: list[int]
    ) -> Iterator[tuple[AudioFrame, NDArray[Any]]]:
        opened = self._container, self._stream
        for at, frame in frames_of(cut, opened, self._reopened, damage):
            first, behind = samples_of(cut, frame.sample_rate)
            length = frame.samples if behind is None else behind - first - at
            if length <= 0:
                return
            if at + frame.samples > 0:
                yield frame, planes(frame)[:, max(0, -at) : length]

    def _reopened(self) -> Opened:
        self._container.close()
        self._container, self._stream = self._open()
        return self._container, self._stream

    def _open(self) -> Opened:
        container = open_container(self._source)
        try:
            return container, sound_stream(container, self._source)
        except BaseException:
            container.close()
            raise


def container_name(container: InputContainer, source: Source) -> str:
    """Return one short name: FFmpeg's own, where that lists several."""
    name = container.format.name
    if name.startswith("mov,"):
        return "mov" if container.metadata.get("major_brand", "").strip() == "qt" else "mp4"
    if name.startswith("matroska"):
        return "webm" if b"webm" in source.head[:64] else "matroska"
    return name


def codec_name(stream: AudioStream) -> str:
    """Return the codec's name rather than that of the decoder chosen for it."""
    name = stream.codec_context.name
    return name.removeprefix("lib").removesuffix("float")


def _joined(frames: list[NDArray[Any]]) -> Float32:
    return to_mono(frames[0] if len(frames) == 1 else np.concatenate(frames, axis=1))
