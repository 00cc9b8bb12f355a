"""Files of any kind to mono 48 kHz sound, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from itertools import chain
from pathlib import Path

from traumbox.audio.diagnosis import why_unreadable
from traumbox.audio.ffmpeg import SELF_SYNCHRONISING, FfmpegReader
from traumbox.audio.promise import id3v2_bytes, mp3_duration_s, ogg_has_end, sound_present
from traumbox.audio.reader import Reader, UnreadableError
from traumbox.audio.resample import Resampler
from traumbox.audio.sndfile import SndfileReader
from traumbox.audio.source import Source
from traumbox.domain import SAMPLE_RATE_HZ, Audio, Cut, Float32, Media
from traumbox.errors import AudioError
from traumbox.ports import AudioStream, Decoder

_BLOCK_SAMPLES = 5 * SAMPLE_RATE_HZ
_SHORTEST_S = 0.1
_MISSING_S = 0.5
"""Less than this at the end is padding of the codec, not a truncated file."""

_DENSEST_BYTES_PER_S = 250_000
"""No self-synchronising format spends more on a second of sound."""

_Chunks = Iterator[tuple[Float32, int]]


class MediaDecoder(Decoder):
    """Chooses libsndfile or FFmpeg by the file's content, and the other when the first fails.

    libsndfile comes first for uncompressed sound, where it is several times faster; FFmpeg for all
    else, where it is faster, steps over damaged passages and shows where a file is cut short. Less
    than 0.1 s of sound counts as unreadable: there is nothing in it to find or to play, and the
    owner should learn that the file is a stub.
    """

    @contextmanager
    def open(self, path: Path, cut: Cut | None = None) -> Iterator[AudioStream]:
        """Open ``path``; see :class:`traumbox.ports.Decoder`.

        A passage is cut at the file's own sample rate, before it is resampled: to the sample, and
        with the same outcome as if it were a file of its own. Codecs that lose something may begin
        it with other rounding errors.
        """
        with Source(path) as source:
            reader, chunks = _first_that_reads(source, cut)
            with closing(reader):
                yield _Stream(source, reader, chunks, cut)


class _Stream(AudioStream):
    def __init__(self, source: Source, reader: Reader, chunks: _Chunks, cut: Cut | None) -> None:
        self._source = source
        self._cut = cut
        self._reader = reader
        self._chunks = chunks
        self._mark = ""

    @property
    def media(self) -> Media:
        return self._reader.media

    @property
    def mark(self) -> str:
        return self._mark

    def blocks(self) -> Iterator[Audio]:
        resampler = Resampler()
        heard = 0
        for samples, rate_hz in self._chunks:
            for block in _split(resampler.feed(samples, rate_hz)):
                heard += len(block.samples)
                yield block
        for block in _split(resampler.finish()):
            heard += len(block.samples)
            yield block
        heard_s = heard / SAMPLE_RATE_HZ
        if heard_s < _SHORTEST_S:
            raise AudioError(
                f"too short: {heard_s * 1000:.3g} ms of sound, at least "
                f"{_SHORTEST_S * 1000:.0f} ms are needed"
            )
        if self._cut is None and _is_chance(self._source, self._reader, heard_s):
            raise AudioError(why_unreadable(self._source))
        self._mark = _remark(self._source, self._reader, heard_s, self._cut)


def _first_that_reads(source: Source, cut: Cut | None) -> tuple[Reader, _Chunks]:
    """Open ``source`` with the library that decodes at least one chunk of it."""
    reason = ""
    for kind in _readers(source):
        try:
            reader = kind(source, cut)
        except UnreadableError as error:
            source.check()
            reason = reason or str(error)
            continue
        try:
            chunks = reader.chunks()
            first = next(chunks, None)
            if first is not None:
                return reader, chain((first,), _while_readable(chunks))
            reason = reason or _nothing_in(reader, cut)
        except UnreadableError as error:
            reason = reason or str(error)
        except BaseException:
            reader.close()
            raise
        reader.close()
    raise AudioError(reason or why_unreadable(source))


def _while_readable(chunks: _Chunks) -> _Chunks:
    """Yield ``chunks`` up to where they stop making sense: what was heard so far counts."""
    with suppress(UnreadableError):
        yield from chunks


def _readers(source: Source) -> tuple[type[SndfileReader | FfmpegReader], ...]:
    if source.head[:4] in (b"RIFF", b"RF64", b"FORM", b"caff", b".snd", b"riff"):
        return (SndfileReader, FfmpegReader)
    return (FfmpegReader, SndfileReader)


def _nothing_in(reader: Reader, cut: Cut | None) -> str:
    if cut is not None and cut.start_s > 0.0:
        minutes, seconds = divmod(int(cut.start_s), 60)
        return (
            f"the CUE sheet lets this track begin at {minutes}:{seconds:02d}, behind the file's end"
        )
    return "" if reader.declared_s else "there is no sound in it: 0 samples"


def _split(samples: Float32) -> Iterator[Audio]:
    for start in range(0, len(samples), _BLOCK_SAMPLES):
        yield Audio(samples[start : start + _BLOCK_SAMPLES])


def _is_chance(source: Source, reader: Reader, heard_s: float) -> bool:
    """Return whether the little that was heard is a chance find in something else than sound."""
    if heard_s > 1.0 or reader.media.container not in SELF_SYNCHRONISING:
        return False
    return source.size_bytes - id3v2_bytes(source.head) > heard_s * _DENSEST_BYTES_PER_S


def _remark(source: Source, reader: Reader, heard_s: float, cut: Cut | None) -> str:
    """Return what the owner should know of a file that was heard all the same, or nothing."""
    promised_s = _promised_s(source, reader, heard_s, cut)
    if promised_s is not None and heard_s < promised_s - _MISSING_S:
        return f"cut short: heard {heard_s:.1f} s of {promised_s:.1f} s"
    to_end = cut is None or cut.end_s is None
    if to_end and reader.media.container == "ogg" and not ogg_has_end(source):
        return f"cut short: heard {heard_s:.1f} s, the end of the file is missing"
    return "damaged: some passages could not be decoded" if reader.damaged else ""


def _promised_s(source: Source, reader: Reader, heard_s: float, cut: Cut | None) -> float | None:
    """Return how long the file, or passage of it, should be, where that can be known."""
    start_s = 0.0 if cut is None else cut.start_s
    if cut is not None and cut.end_s is not None:
        return cut.end_s - start_s
    present = sound_present(source)
    if present < 1.0:
        return (start_s + heard_s) / present - start_s
    is_mp3 = reader.media.container == "mp3"
    declared_s = mp3_duration_s(source) if is_mp3 else reader.declared_s
    return None if declared_s is None else declared_s - start_s
