import io
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.signal import correlate

from tests.audio.files import encode, tone, truncated, write
from traumbox.audio.wav import HEADER_BYTES, VirtualWav
from traumbox.domain import Cut, Tags
from traumbox.errors import AudioError

RATE_HZ = 48_000
NOISE = np.random.default_rng(1).normal(0, 0.1, (12 * RATE_HZ, 2)).clip(-1, 1)


@pytest.fixture(scope="module")
def alac(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return encode(tmp_path_factory.mktemp("wav") / "a.m4a", "alac", NOISE)


def opened(wav: VirtualWav) -> tuple[np.ndarray, int]:
    return soundfile.read(io.BytesIO(b"".join(wav.read())), dtype="int16", always_2d=True)


def test_the_whole_is_a_wav_file_with_the_same_sound(alac: Path) -> None:
    wav = VirtualWav(alac, 12.0)
    assert wav.size == HEADER_BYTES + 12 * RATE_HZ * 4
    samples, rate_hz = opened(wav)
    assert rate_hz == RATE_HZ
    assert samples.shape == NOISE.shape
    assert np.abs(samples / 32768 - NOISE).max() < 2 / 32768


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_range_is_that_part_of_the_whole(alac: Path, data: st.DataObject) -> None:
    wav = VirtualWav(alac, 12.0)
    start = data.draw(st.integers(0, wav.size))
    stop = data.draw(st.integers(start, min(wav.size, start + 200_000)))
    whole = WHOLE.setdefault("alac", b"".join(wav.read()))
    assert b"".join(wav.read(start, stop)) == whole[start:stop]


WHOLE: dict[str, bytes] = {}


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.aiff", "pcm_s16be"), ("a.wv", "wavpack"), ("a.tta", "tta"), ("a.mka", "flac")],
)
def test_seeking_in_lossless_formats_is_exact(tmp_path: Path, name: str, codec: str) -> None:
    wav = VirtualWav(encode(tmp_path / name, codec, NOISE), 12.0)
    whole = b"".join(wav.read())
    for second in (3.2, 7.77, 11.9):
        start = HEADER_BYTES + int(second * RATE_HZ) * 4
        assert b"".join(wav.read(start, start + 40_000)) == whole[start : start + 40_000]


@pytest.mark.parametrize(
    ("name", "codec"), [("a.wma", "wmav2"), ("a.ac3", "ac3"), ("a.mp2", "mp2")]
)
def test_seeking_in_lossy_formats_is_exact_to_a_millisecond(
    tmp_path: Path, name: str, codec: str
) -> None:
    wav = VirtualWav(encode(tmp_path / name, codec, NOISE), 12.0)
    whole = np.frombuffer(b"".join(wav.read()), np.int16, offset=HEADER_BYTES)[::2].astype(float)
    for second in (3.2, 7.77):
        at, length = int(second * RATE_HZ), RATE_HZ // 2
        data = b"".join(wav.read(HEADER_BYTES + at * 4, HEADER_BYTES + (at + length) * 4))
        part = np.frombuffer(data, np.int16)[::2].astype(float)
        around = whole[at - 2000 : at + 2000 + length]
        assert abs(np.argmax(correlate(around, part, "valid")) - 2000) <= 48


def test_high_rates_are_brought_down(tmp_path: Path) -> None:
    for rate_hz, served_hz in ((96_000, 48_000), (88_200, 44_100), (32_000, 32_000)):
        path = write(tmp_path / "a.aiff", tone(3, rate_hz=rate_hz), rate_hz, "FLOAT")
        wav = VirtualWav(path, 3.0)
        assert (wav.sample_rate_hz, wav.channels) == (served_hz, 1)
        samples, rate = opened(wav)
        assert (len(samples), rate) == (3 * served_hz, served_hz)
        crossings = np.diff(np.signbit(samples[:served_hz, 0])).sum()
        assert crossings == pytest.approx(880, abs=2)


def test_surround_becomes_stereo(tmp_path: Path) -> None:
    six = np.stack([tone(1, level=0.1)] * 6, axis=1)
    assert VirtualWav(write(tmp_path / "a.wav", six), 1.0).channels == 2


@pytest.mark.parametrize("promised_s", [2.5, 30.0])
def test_the_promised_length_is_kept_whatever_the_file_holds(alac: Path, promised_s: float) -> None:
    wav = VirtualWav(alac, promised_s)
    data = b"".join(wav.read())
    assert len(data) == wav.size
    tail = b"".join(wav.read(wav.size - 1000, wav.size))
    assert tail == data[-1000:]
    if promised_s > 12:
        assert not any(tail)


def test_a_file_that_breaks_off_ends_in_silence(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.m4a", "alac", NOISE, options={"movflags": "+faststart"})
    wav = VirtualWav(truncated(path), 12.0)
    data = b"".join(wav.read())
    assert len(data) == wav.size
    assert not any(data[-RATE_HZ:])
    assert any(data[: RATE_HZ * 4 * 5])


def test_more_than_4_gib_is_sent_at_half_the_rate(alac: Path) -> None:
    wav = VirtualWav(alac, 7 * 3600.0)
    assert wav.sample_rate_hz == RATE_HZ // 2
    assert wav.size < 1 << 32
    assert len(b"".join(wav.read(wav.size - 70_001))) == 70_001


def test_an_abandoned_reading_closes_the_file(alac: Path) -> None:
    def open_files() -> int:
        return sum(fd.resolve() == alac.resolve() for fd in Path("/proc/self/fd").iterdir())

    wav = VirtualWav(alac, 12.0)
    assert open_files() == 0
    pieces = wav.read(100_000)
    next(pieces)
    assert open_files() == 1
    pieces.close()
    assert open_files() == 0


def test_what_cannot_be_heard_has_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "a.ape"
    path.write_bytes(b"some words\n" * 100)
    with pytest.raises(AudioError, match="not audio: it is text"):
        VirtualWav(path, 1.0)
    with pytest.raises(FileNotFoundError):
        VirtualWav(tmp_path / "none.ape", 1.0)


# Tracks of an album in one piece


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.flac", "flac"), ("a.m4a", "alac"), ("a.wv", "wavpack"), ("a.wav", "pcm_s16le")],
)
def test_a_passage_is_that_part_of_the_whole_from_anywhere(
    tmp_path: Path, name: str, codec: str
) -> None:
    path = encode(tmp_path / name, codec, NOISE)
    whole = b"".join(VirtualWav(path, 12.0).read())[HEADER_BYTES:]
    part = VirtualWav(path, 2.5, Cut(5.04, 7.54, Tags()))
    assert part.size == HEADER_BYTES + int(2.5 * RATE_HZ) * 4
    at = int(5.04 * RATE_HZ) * 4
    sound = b"".join(part.read())[HEADER_BYTES:]
    assert sound == whole[at : at + len(sound)]
    for start in (HEADER_BYTES, HEADER_BYTES + 4, 200_001, part.size - 100):
        assert b"".join(part.read(start)) == sound[start - HEADER_BYTES :]
    last = VirtualWav(path, 2.0, Cut(10.0, None, Tags()))
    assert b"".join(last.read())[HEADER_BYTES:] == whole[10 * RATE_HZ * 4 :]


def test_a_passage_of_an_mp3_begins_where_it_should(tmp_path: Path) -> None:
    """Though a jump within an MP3 of changing bit rate lands nobody knows where."""
    steps = np.concatenate([tone(3, hz, level=0.3) for hz in (300, 3000)] * 8)
    path = write(tmp_path / "a.mp3", steps)
    part = VirtualWav(path, 3.0, Cut(39.0, 42.0, Tags()))
    for start_s, hz in ((0.0, 3000), (2.9, 3000)):
        start = HEADER_BYTES + int(start_s * RATE_HZ) * 2
        data = b"".join(part.read(start, start + RATE_HZ // 10 * 2))
        samples = np.frombuffer(data, np.int16)
        assert np.diff(np.signbit(samples)).sum() == pytest.approx(2 * hz / 10, abs=8)


def test_a_passage_at_a_high_rate_is_brought_down(tmp_path: Path) -> None:
    steps = np.concatenate([tone(2, hz, rate_hz=96_000) for hz in (220, 440, 880)])
    path = write(tmp_path / "a.flac", steps, 96_000)
    part = VirtualWav(path, 2.0, Cut(2.0, 4.0, Tags()))
    samples, rate_hz = opened(part)
    assert (rate_hz, len(samples)) == (48_000, 96_000)
    assert np.diff(np.signbit(samples[4800:-4800, 0])).sum() == pytest.approx(880 * 1.8, abs=3)


def test_a_passage_behind_the_end_is_silence(alac: Path) -> None:
    part = VirtualWav(alac, 3.0, Cut(60.0, 63.0, Tags()))
    assert not any(b"".join(part.read(HEADER_BYTES)))
