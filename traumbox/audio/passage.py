"""Decoding one track of an album in one piece, without decoding all that lies before it.

Where a track begins must be exact to the sample: then neighbours meet without gap or overlap, and a
track has the same samples as one that was ripped by itself.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet

from traumbox.domain import Cut

Opened = tuple[InputContainer, AudioStream]

_PREROLL_S = 0.5
"""Lets codecs whose frames build on those before settle ahead of the first sample that is kept."""

# After a jump these containers still say exactly with which sample a packet begins, and these
# packets build on none before them. MP3, for one, only guesses where in the sound it has landed.
_EXACT = frozenset({"flac", "wav", "w64", "aiff", "caf", "mov", "ape", "tta", "tak", "wv"})
_ALONE = frozenset({"flac", "alac", "wavpack", "tta", "ape", "tak"})


def samples_of(cut: Cut, rate_hz: int) -> tuple[int, int | None]:
    """Return the first sample of ``cut`` and the one behind its last; None: to the file's end."""
    first = max(0, round(cut.start_s * rate_hz))
    return first, None if cut.end_s is None else max(first, round(cut.end_s * rate_hz))


def decoded(
    container: InputContainer,
    stream: AudioStream,
    damage: list[int] | None = None,
    is_wanted: Callable[[Packet[AudioStream]], bool] = lambda _: True,
) -> Iterator[AudioFrame]:
    """Yield every frame that can be decoded, stepping over damaged and unwanted packets.

    The number of each damaged packet is appended to ``damage``. Where the container itself breaks
    off the sound just ends.
    """
    # IndexError: PyAV doesn't know a stream that appears only on the way.
    with contextlib.suppress(av.FFmpegError, IndexError):
        for number, packet in enumerate(container.demux(stream)):
            if not is_wanted(packet):
                continue
            try:
                frames = packet.decode()
            except av.FFmpegError:
                if damage is not None:
                    damage.append(number)
                continue
            yield from frames


def frames_of(
    cut: Cut, opened: Opened, reopen: Callable[[], Opened], damage: list[int] | None = None
) -> Iterator[tuple[int, AudioFrame]]:
    """Yield frames with the number of their first sample, counted from the first one of ``cut``.

    The first numbers are negative or 0. Frames go on behind the end of ``cut``.

    Parameters
    ----------
    cut
        The passage.
    opened
        A container at its beginning, and the stream in it; ``reopen`` opens it again.
    damage
        Gets the numbers of damaged packets; what is wrong ahead of the passage isn't told.
    """
    damage = [] if damage is None else damage
    frames = decoded(*opened, damage)
    lead = next(frames, None)
    if lead is None:
        return
    first, _ = samples_of(cut, lead.sample_rate)
    at = 0
    way = _Way.through(opened[1], lead, first)
    if way is None:
        frames = chain((lead,), frames)
    else:
        begun = way.begin(reopen(), damage)
        at, frames = (0, decoded(*reopen(), damage)) if begun is None else begun
    for frame in frames:
        if at + frame.samples <= first:
            damage.clear()
        yield at - first, frame
        at += frame.samples


@dataclass(frozen=True, slots=True)
class _Way:
    """How to come near sample ``first`` without decoding what lies before.

    ``origin`` is the timestamp of the file's first sample, ``step`` samples a timestamp's unit.
    """

    first: int
    origin: int
    step: Fraction
    preroll: int

    @classmethod
    def through(cls, stream: AudioStream, lead: AudioFrame, first: int) -> _Way | None:
        """Return the way to ``first``, or None where all has to be decoded."""
        preroll = round(_PREROLL_S * lead.sample_rate)
        if first <= preroll or lead.pts is None or not stream.time_base:
            return None
        step = stream.time_base * lead.sample_rate
        # A clock that doesn't tick with the samples, such as Matroska's milliseconds, rounds.
        is_exact = (1 / step).denominator == 1
        return cls(first, lead.pts, step, preroll) if is_exact else None

    def begin(self, opened: Opened, damage: list[int]) -> tuple[int, Iterator[AudioFrame]] | None:
        """Return the number of the first sample to come, and the frames; None if it can't."""
        container, stream = opened
        if _can_jump(container, stream):
            try:
                container.seek(self._stamp(self.first - self.preroll), stream=stream)
            except av.FFmpegError:
                return None
            frames = decoded(container, stream, damage)
        else:
            frames = decoded(container, stream, damage, self._comes_near())
        head = next(frames, None)
        if head is None or head.pts is None:
            return None
        at = round((head.pts - self.origin) * self.step)
        return (at, chain((head,), frames)) if 0 <= at <= self.first else None

    def _stamp(self, sample: int) -> int:
        return self.origin + int(sample / self.step)

    def _comes_near(self) -> Callable[[Packet[AudioStream]], bool]:
        near = self._stamp(self.first - self.preroll)
        is_near = False

        def comes_near(packet: Packet[AudioStream]) -> bool:
            nonlocal is_near
            is_near = is_near or (packet.pts is not None and packet.pts >= near)
            return is_near

        return comes_near


def _can_jump(container: InputContainer, stream: AudioStream) -> bool:
    codec = stream.codec_context.name
    alone = codec in _ALONE or codec.startswith("pcm_")
    return alone and not _EXACT.isdisjoint(container.format.name.split(","))
