"""Reading through libsndfile: WAV, AIFF, FLAC, Ogg Vorbis and their like."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

import soundfile

from traumbox.audio.passage import samples_of
from traumbox.audio.reader import UnreadableError, chunk_frames
from traumbox.audio.samples import to_mono
from traumbox.audio.source import Source
from traumbox.domain import Cut, Float32, Media

_FRAMES_UNKNOWN = 1 << 62

_CONTAINERS = {"WAVEX": "wav", "RF64": "wav", "SVX": "iff"}
_CODECS = {
    "VORBIS": "vorbis",
    "OPUS": "opus",
    "MPEG_LAYER_I": "mp1",
    "MPEG_LAYER_II": "mp2",
    "MPEG_LAYER_III": "mp3",
    "ULAW": "pcm_mulaw",
    "ALAW": "pcm_alaw",
    "ALAC_16": "alac",
    "ALAC_20": "alac",
    "ALAC_24": "alac",
    "ALAC_32": "alac",
    "IMA_ADPCM": "adpcm_ima_wav",
    "MS_ADPCM": "adpcm_ms",
    "GSM610": "gsm_ms",
}
_PCM = {
    "PCM_S8": "s8",
    "PCM_U8": "u8",
    "PCM_16": "s16",
    "PCM_24": "s24",
    "PCM_32": "s32",
    "FLOAT": "f32",
    "DOUBLE": "f64",
}


class SndfileReader:
    """A file, or the passage ``cut`` of it, in libsndfile's hands.

    Raises
    ------
    UnreadableError
        When libsndfile doesn't know the format or the header is damaged.
    """

    def __init__(self, source: Source, cut: Cut | None = None) -> None:
        source.seek(0)
        try:
            self._sound = soundfile.SoundFile(source)
        except (soundfile.LibsndfileError, TypeError, ValueError) as error:
            raise UnreadableError from error
        self._source = source
        self._cut = cut
        self.damaged = False
        try:
            self._frames = chunk_frames(self._sound.samplerate, self._sound.channels)
        except UnreadableError:
            self._sound.close()
            raise

    def close(self) -> None:
        self._sound.close()

    @property
    def media(self) -> Media:
        form: str = self._sound.format
        return Media(
            container=_CONTAINERS.get(form, form.lower()),
            codec=_codec(form, self._sound.subtype, self._sound.endian),
            sample_rate_hz=self._sound.samplerate,
            channels=self._sound.channels,
        )

    @property
    def declared_s(self) -> float | None:
        frames: int = self._sound.frames
        if not 0 < frames < _FRAMES_UNKNOWN:
            return None
        return frames / float(self._sound.samplerate)

    def chunks(self) -> Iterator[tuple[Float32, int]]:
        rate_hz: int = self._sound.samplerate
        left: float = inf
        if self._cut is not None:
            first, behind = samples_of(self._cut, rate_hz)
            if not self._has_gone_to(first):
                return
            left = inf if behind is None else behind - first
        while left > 0:
            count = int(min(self._frames, left))
            try:
                frames = self._sound.read(count, dtype="float32", always_2d=True)
            except (soundfile.LibsndfileError, RuntimeError):
                # What came before the damage has been heard; declared_s tells how much is missing.
                self._source.check()
                return
            self._source.check()
            if len(frames) == 0:
                return
            left -= len(frames)
            yield to_mono(frames.T), rate_hz

    def _has_gone_to(self, frame: int) -> bool:
        try:
            self._sound.seek(frame)
        except (soundfile.LibsndfileError, RuntimeError):
            self._source.check()
            return False
        return True


def _codec(form: str, subtype: str, endian: str) -> str:
    if form == "FLAC":
        return "flac"
    sample = _PCM.get(subtype)
    if sample is None:
        return _CODECS.get(subtype, subtype.lower())
    if sample in ("s8", "u8"):
        return f"pcm_{sample}"
    big = endian == "BIG" or (endian == "FILE" and form in ("AIFF", "AU", "CAF", "SVX"))
    return f"pcm_{sample}{'be' if big else 'le'}"
