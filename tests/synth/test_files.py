import io

import av
import mutagen
import numpy as np
import pytest
import soundfile
from PIL import Image

from traumbox.domain import Tags
from traumbox.synth.files import SUFFIXES, write_piece

RATE_HZ = 48_000
TAGS = Tags("Blå Timme", "Ögon & Öron", "Ett", "Ett Band", "Folk", 1999, 3, 1)


def tone(freq_hz: float, duration_s: float = 1.0) -> np.ndarray:
    t = np.arange(round(duration_s * RATE_HZ)) / RATE_HZ
    return (0.4 * np.sin(2 * np.pi * freq_hz * t)).astype(np.float32)


def decoded(path) -> np.ndarray:
    with av.open(str(path)) as container:
        resampler = av.AudioResampler(format="fltp", rate=RATE_HZ)
        blocks = [b for f in container.decode(audio=0) for b in resampler.resample(f)]
    return np.concatenate([block.to_ndarray() for block in blocks], axis=1).T


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (9, 90, 200)).save(out, "JPEG")
    return out.getvalue()


def strongest_hz(x: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(x * np.hanning(len(x))))
    return float(np.argmax(spectrum) * RATE_HZ / len(x))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_channels_come_back_in_their_places(tmp_path, suffix):
    path = tmp_path / f"piece{suffix}"
    write_piece(path, np.stack([tone(440), tone(660)], axis=1), RATE_HZ)
    back = decoded(path)
    assert back.shape[1] == 2
    assert abs(len(back) - RATE_HZ) < 4000  # lossy encoders pad
    assert strongest_hz(back[:, 0]) == pytest.approx(440, abs=2)
    assert strongest_hz(back[:, 1]) == pytest.approx(660, abs=2)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_tags_and_cover_come_back(tmp_path, suffix):
    path = tmp_path / f"piece{suffix}"
    write_piece(path, tone(440), RATE_HZ, TAGS, jpeg())
    file = mutagen.File(path, easy=suffix in {".mp3", ".m4a"})
    if suffix == ".wav":
        said = {"title": file["TIT2"].text, "artist": file["TPE1"].text, "date": file["TDRC"].text}
    else:
        said = file
    assert said["title"][0] == TAGS.title
    assert said["artist"][0] == TAGS.artist
    assert str(said["date"][0]) == "1999"
    assert jpeg() in path.read_bytes() or suffix in {".ogg", ".opus"}  # base64 in Ogg


def test_samples_of_lossless_files_are_kept(tmp_path):
    path = tmp_path / "piece.flac"
    write_piece(path, tone(440), RATE_HZ)
    back, rate_hz = soundfile.read(path, dtype="float32")
    assert rate_hz == RATE_HZ
    assert np.abs(back - tone(440)).max() < 1e-4


def test_too_loud_is_clipped_not_wrapped(tmp_path):
    path = tmp_path / "loud.wav"
    write_piece(path, 5 * tone(440), RATE_HZ)
    back, _ = soundfile.read(path)
    assert back[np.argmax(tone(440))] > 0.99


def test_unknown_suffix_is_refused_and_leaves_nothing(tmp_path):
    with pytest.raises(ValueError, match=r"\.wma"):
        write_piece(tmp_path / "piece.wma", tone(440), RATE_HZ)
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_keeps_what_was_there(tmp_path):
    path = tmp_path / "piece.opus"
    path.write_bytes(b"before")
    with pytest.raises(soundfile.LibsndfileError):
        write_piece(path, tone(440), 44_100)  # Opus knows no 44.1 kHz
    assert [p.name for p in tmp_path.iterdir()] == ["piece.opus"]
    assert path.read_bytes() == b"before"


def test_long_vorbis_files_can_be_written(tmp_path):
    # libsndfile overflows its stack when a minute is written in one block.
    path = tmp_path / "long.ogg"
    write_piece(path, tone(440, 65.0), RATE_HZ)
    assert soundfile.info(path).duration == pytest.approx(65.0, abs=0.1)
