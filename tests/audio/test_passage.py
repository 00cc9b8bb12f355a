"""One track of an album in one piece: the same samples as that part of the whole."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from av.audio.stream import AudioStream
from av.container import InputContainer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.signal import lfilter

from tests.audio.files import RATE_HZ, decode, dominant_hz, encode, tone, truncated, write
from traumbox.audio.decode import MediaDecoder
from traumbox.audio.ffmpeg import FfmpegReader, open_container, sound_stream
from traumbox.audio.passage import frames_of, samples_of
from traumbox.audio.reader import Reader
from traumbox.audio.sndfile import SndfileReader
from traumbox.audio.source import Source
from traumbox.domain import Cut, Float32, Tags
from traumbox.errors import AudioError

CD_HZ = 44_100
FRAMES_A_S = 75
LENGTH_S = 12

LOSSLESS = {
    "a.flac": "flac",
    "alac.m4a": "alac",
    "a.wv": "wavpack",
    "a.tta": "tta",
    "a.wav": "pcm_s16le",
    "a.aiff": "pcm_s16be",
    "a.w64": "pcm_s16le",
    "a.caf": "alac",
    "a.mka": "flac",
    "flac.ogg": "flac",
    "ima.wav": "adpcm_ima_wav",
}
LOSSY = {
    "a.mp3": "libmp3lame",
    "a.mp2": "mp2",
    "a.ogg": "",  # libsndfile's Vorbis
    "a.wma": "wmav2",
    "a.ac3": "ac3",
    "mp3.mka": "libmp3lame",
}
# What they make up in place of noise, or round, differs with what was decoded before.
RESTLESS = {"a.m4a": "aac", "a.aac": "aac", "a.opus": "libopus"}
READERS = (FfmpegReader, SndfileReader)


def rate_of(name: str) -> int:
    return RATE_HZ if name == "a.opus" else CD_HZ


def cut(start_s: float, end_s: float | None) -> Cut:
    return Cut(start_s, end_s, Tags())


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the same noise in every format."""
    folder = tmp_path_factory.mktemp("album")
    noise = np.random.default_rng(3).normal(0, 0.03, (LENGTH_S * RATE_HZ, 2))
    noise = lfilter([1], [1, -0.95], noise, axis=0).clip(-1, 1)
    noise = np.round(noise * 32767) / 32768  # the same in 16 bits and in 24
    for name, codec in (LOSSLESS | LOSSY | RESTLESS).items():
        rate_hz = rate_of(name)
        samples = noise[: LENGTH_S * rate_hz]
        if codec:
            encode(folder / name, codec, samples, rate_hz)
        else:
            write(folder / name, samples, rate_hz)
    return folder


def read(kind: type[Reader], path: Path, passage: Cut | None = None) -> tuple[Float32, bool]:
    """Return all samples at the file's own rate, and whether they are said to be damaged."""
    with Source(path) as source:
        reader = kind(source, passage)  # type: ignore[call-arg]
        try:
            chunks = [samples for samples, _ in reader.chunks()]
            return np.concatenate(chunks or [np.zeros(0, np.float32)]), reader.damaged
        finally:
            reader.close()


WHOLE: dict[tuple[str, type[Reader]], Float32] = {}


def whole(kind: type[Reader], path: Path) -> Float32:
    key = (path.name, kind)
    if key not in WHOLE:
        WHOLE[key] = read(kind, path)[0]
    return WHOLE[key]


@settings(
    deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *((name, FfmpegReader) for name in (*LOSSLESS, *LOSSY)),
        *((name, SndfileReader) for name in ("a.wav", "a.aiff", "a.flac", "ima.wav")),
    ],
)
def test_a_passage_is_that_part_of_the_whole(
    album: Path, name: str, kind: type[Reader], data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, LENGTH_S * FRAMES_A_S - 1)) / FRAMES_A_S
    length = data.draw(st.none() | st.integers(1, 3 * FRAMES_A_S))
    end = None if length is None else start + length / FRAMES_A_S
    samples, damaged = read(kind, album / name, cut(start, end))
    stop = None if end is None else round(end * CD_HZ)
    expected = whole(kind, album / name)[round(start * CD_HZ) : stop]
    assert len(samples) == len(expected)
    # FFmpeg's MP2 decoder adds dither, of half a bit in 16.
    assert np.allclose(samples, expected, rtol=0, atol=1e-4 if name == "a.mp2" else 0)
    assert not damaged


@pytest.mark.parametrize("name", RESTLESS)
def test_a_passage_is_where_it_belongs_in_formats_that_fill_up_with_noise(
    album: Path, name: str
) -> None:
    rate_hz = rate_of(name)
    for start, end in ((0.0, 1.0), (3.2, 4.0), (7.76, None)):
        samples, _ = read(FfmpegReader, album / name, cut(start, end))
        stop = None if end is None else round(end * rate_hz)
        expected = whole(FfmpegReader, album / name)[round(start * rate_hz) : stop]
        assert len(samples) == len(expected)
        assert np.corrcoef(samples, expected)[0, 1] > 0.95
        assert np.corrcoef(samples[1:], expected[:-1])[0, 1] < np.corrcoef(samples, expected)[0, 1]


@pytest.mark.parametrize("name", [*LOSSLESS, *LOSSY, *RESTLESS])
def test_neighbours_meet_and_nothing_is_left_out(album: Path, name: str) -> None:
    times = [0.0, 1 / FRAMES_A_S, 2.56, 2.56 + 1 / FRAMES_A_S, 7.0, 11.2, None]
    parts = [
        read(FfmpegReader, album / name, cut(start or 0.0, end))[0]
        for start, end in pairwise(times)
    ]
    assert sum(map(len, parts)) == len(whole(FfmpegReader, album / name))


def test_a_track_sounds_as_if_it_were_a_file_of_its_own(tmp_path: Path, album: Path) -> None:
    """Also after resampling, so that it keeps its audio id when the album is split."""
    samples = whole(SndfileReader, album / "a.wav")[2 * CD_HZ : 5 * CD_HZ]
    alone = decode(write(tmp_path / "2.wav", samples.astype(np.float64), CD_HZ, "FLOAT"))[0]
    for name in ("a.wav", "a.flac", "alac.m4a", "a.aiff", "flac.ogg"):
        with MediaDecoder().open(album / name, cut(2.0, 5.0)) as stream:
            part = np.concatenate([block.samples for block in stream.blocks()])
        assert np.array_equal(part, alone), name


class CountingSource(Source):
    """Counts the bytes that a library reads."""

    count = 0

    def read(self, size: int = -1) -> bytes:
        data = super().read(size)
        self.count += len(data)
        return data


@pytest.mark.parametrize(("name", "codec"), [("a.flac", "flac"), ("a.m4a", "alac")])
def test_most_of_what_lies_before_a_lossless_track_is_not_even_read(
    tmp_path: Path, name: str, codec: str
) -> None:
    noise = np.random.default_rng(4).normal(0, 0.1, (90 * CD_HZ, 2)).clip(-1, 1)
    with CountingSource(encode(tmp_path / name, codec, noise, CD_HZ)) as source:
        reader = FfmpegReader(source, cut(85.0, 85.5))
        assert sum(len(samples) for samples, _ in reader.chunks()) == CD_HZ // 2
        reader.close()
        assert source.count < source.size_bytes / 2


@pytest.mark.parametrize(
    "name", ["a.flac", "alac.m4a", "a.wv", "a.aiff", "a.mp3", "a.ogg", "a.m4a", "a.aac", "a.opus"]
)
def test_decoding_begins_shortly_before_the_passage(album: Path, name: str) -> None:
    with Source(album / name) as source:
        opened: list[InputContainer] = []

        def again() -> tuple[InputContainer, AudioStream]:
            opened.append(open_container(source))
            return opened[-1], sound_stream(opened[-1], source)

        ahead, frame = next(frames_of(cut(9.0, 10.0), again(), again))
        assert -1.5 * frame.sample_rate < ahead <= -0.4 * frame.sample_rate
        for container in opened:
            container.close()


def test_a_part_has_the_media_of_its_file_and_no_mark(album: Path) -> None:
    with MediaDecoder().open(album / "a.flac", cut(2.0, 4.0)) as stream:
        heard = sum(len(block.samples) for block in stream.blocks())
    assert heard == 2 * RATE_HZ
    assert stream.media.codec == "flac"
    assert stream.mark == ""
    for name in (*LOSSLESS, *LOSSY, *RESTLESS):
        with MediaDecoder().open(album / name, cut(5.0, None)) as stream:
            heard = sum(len(block.samples) for block in stream.blocks())
        assert heard == pytest.approx(7 * RATE_HZ, abs=0.1 * RATE_HZ)
        assert stream.mark == "", name


def test_tracks_have_their_own_tones(tmp_path: Path) -> None:
    tones_hz = (220.0, 880.0, 440.0, 660.0)
    sound = np.concatenate([tone(2.0, hz, rate_hz=CD_HZ) for hz in tones_hz])
    for name in ("a.flac", "a.mp3", "a.ogg"):
        path = write(tmp_path / name, sound, CD_HZ)
        for number, hz in enumerate(tones_hz):
            with MediaDecoder().open(path, cut(2.0 * number, 2.0 * number + 2.0)) as stream:
                part = np.concatenate([block.samples for block in stream.blocks()])
            # No neighbour's tone is in it: its window would ring.
            assert dominant_hz(part) == pytest.approx(hz, abs=1)
            assert dominant_hz(part[2400:7200]) == pytest.approx(hz, abs=12)
            assert dominant_hz(part[-7200:-2400]) == pytest.approx(hz, abs=12)


@pytest.mark.parametrize("name", ["a.flac", "a.mp3", "a.wav", "a.m4a"])
def test_a_sheet_may_promise_more_than_there_is(tmp_path: Path, album: Path, name: str) -> None:
    path = album / name
    with MediaDecoder().open(path, cut(11.0, 15.0)) as stream:
        assert sum(len(block.samples) for block in stream.blocks()) == pytest.approx(
            RATE_HZ, abs=0.1 * RATE_HZ
        )
    assert stream.mark.startswith("cut short: heard 1.0 s of 4.0 s")
    with (
        pytest.raises(AudioError, match="begin at 1:05, behind the file's end"),
        MediaDecoder().open(path, cut(65.0, 70.0)) as stream,
    ):
        list(stream.blocks())


def test_a_truncated_album_still_has_its_first_tracks(tmp_path: Path) -> None:
    path = truncated(write(tmp_path / "a.flac", tone(20.0, rate_hz=CD_HZ), CD_HZ))
    with MediaDecoder().open(path, cut(1.0, 5.0)) as stream:
        assert sum(len(block.samples) for block in stream.blocks()) == 4 * RATE_HZ
    assert stream.mark == ""
    with MediaDecoder().open(path, cut(5.0, None)) as stream:
        heard = sum(len(block.samples) for block in stream.blocks())
    assert 0 < heard < 15 * RATE_HZ
    assert stream.mark.endswith("of 15.0 s")
    wav = truncated(write(tmp_path / "a.wav", tone(20.0, rate_hz=CD_HZ), CD_HZ))
    with MediaDecoder().open(wav, cut(5.0, None)) as stream:
        list(stream.blocks())
    assert stream.mark == "cut short: heard 5.0 s of 15.0 s"


def test_damage_ahead_of_a_track_is_not_its_own(tmp_path: Path) -> None:
    noise = np.random.default_rng(5).normal(0, 0.1, 20 * CD_HZ).clip(-1, 1)
    path = write(tmp_path / "a.mp3", noise, CD_HZ)
    data = bytearray(path.read_bytes())
    at = len(data) // 4
    data[at : at + 3000] = bytes(np.random.default_rng(6).integers(0, 256, 3000, np.uint8))
    path.write_bytes(data)
    with MediaDecoder().open(path) as stream:
        list(stream.blocks())
    assert stream.mark
    with MediaDecoder().open(path, cut(12.0, 15.0)) as stream:
        list(stream.blocks())
    assert stream.mark == ""
    # Just behind it, and so in what is decoded to settle.
    at_s = 20.0 * (at + 3000) / len(data)
    with MediaDecoder().open(path, cut(at_s + 0.03, 15.0)) as stream:
        list(stream.blocks())
    assert stream.mark == ""
    with MediaDecoder().open(path, cut(at_s - 1.0, 15.0)) as stream:
        list(stream.blocks())
    assert stream.mark


def test_a_scrap_of_sound_is_too_short(album: Path) -> None:
    with (
        pytest.raises(AudioError, match="too short: 40 ms"),
        MediaDecoder().open(album / "a.flac", cut(1.0, 1.04)) as stream,
    ):
        list(stream.blocks())


def test_samples_are_the_nearest_and_never_before_the_start() -> None:
    assert samples_of(cut(1 / 75, 2 / 75), CD_HZ) == (588, 1176)
    assert samples_of(cut(-1.0, None), CD_HZ) == (0, None)
    assert samples_of(cut(2.0, 1.0), 10) == (20, 20)
