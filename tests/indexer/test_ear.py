"""The ear over the real decoder and measures, with an embedder that knows tones."""

from pathlib import Path

import numpy as np
import pytest

from tests.fakes import ToneEmbedder
from traumbox.audio.decode import MediaDecoder
from traumbox.domain import PEAKS, Float32, Tags
from traumbox.errors import AudioError
from traumbox.indexer import ear as ear_module
from traumbox.indexer.ear import LocalEar
from traumbox.library.tags import read_tags
from traumbox.synth.files import write_piece

RATE_HZ = 48_000


def tone(frequency_hz: float, duration_s: float) -> Float32:
    time_s = np.arange(int(duration_s * RATE_HZ)) / RATE_HZ
    return (0.3 * np.sin(2 * np.pi * frequency_hz * time_s)).astype(np.float32)


def never(_: str) -> bool:
    return False


@pytest.fixture
def ear() -> LocalEar:
    return LocalEar(MediaDecoder(), read_tags, ToneEmbedder())


@pytest.fixture
def piece(tmp_path: Path) -> Path:
    """Ten seconds of 220 Hz, ten of 880 Hz, five of 440 Hz."""
    path = tmp_path / "piece.flac"
    sound = np.concatenate([tone(220, 10), tone(880, 10), tone(440, 5)])
    write_piece(path, sound, RATE_HZ, Tags(title="Steps", artist="Nobody"))
    return path


def test_windows_are_where_the_sound_is(ear: LocalEar, piece: Path) -> None:
    heard, embedding = ear.hear(piece, never)
    assert embedding is not None
    assert embedding.start_s.tolist() == [0.0, 10.0, 15.0]
    low, high = ToneEmbedder().embed_text(["220 Hz", "880 Hz"])
    assert embedding.vectors[0] @ low == pytest.approx(1.0)
    assert embedding.vectors[1] @ high == pytest.approx(1.0)
    assert heard.duration_s == pytest.approx(25.0)
    assert heard.tags.title == "Steps"
    assert len(heard.peaks) == PEAKS
    assert heard.media.codec == "flac"


def test_known_sound_is_measured_but_not_embedded(ear: LocalEar, piece: Path) -> None:
    first, _ = ear.hear(piece, never)
    asked: list[str] = []
    again, embedding = ear.hear(piece, lambda audio_id: not asked.append(audio_id))
    assert embedding is None
    assert asked == [first.audio_id] == [again.audio_id]


def test_long_sound_is_decoded_twice_with_the_same_outcome(
    ear: LocalEar, piece: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = ear.hear(piece, never)
    monkeypatch.setattr(ear_module, "KEPT_S", 5)
    streamed = ear.hear(piece, never)
    assert kept[0] == streamed[0]
    assert kept[1] is not None
    assert streamed[1] is not None
    assert kept[1].start_s.tolist() == streamed[1].start_s.tolist()
    assert np.array_equal(kept[1].vectors, streamed[1].vectors)


def test_a_retag_keeps_the_audio_id_and_another_sound_does_not(
    ear: LocalEar, tmp_path: Path
) -> None:
    for name, frequency_hz, title in (("a", 440, "One"), ("b", 440, "Two"), ("c", 441, "One")):
        write_piece(tmp_path / f"{name}.flac", tone(frequency_hz, 3), RATE_HZ, Tags(title=title))
    a, b, c = (ear.hear(tmp_path / f"{name}.flac", never)[0].audio_id for name in "abc")
    assert a == b != c


def test_silence_has_no_windows(ear: LocalEar, tmp_path: Path) -> None:
    write_piece(tmp_path / "silence.wav", np.zeros(RATE_HZ * 12, np.float32), RATE_HZ)
    heard, embedding = ear.hear(tmp_path / "silence.wav", never)
    assert heard.duration_s == pytest.approx(12.0)
    assert embedding is not None
    assert embedding.vectors.shape == (0, ToneEmbedder().card.dim)


def test_what_is_no_audio_is_refused(ear: LocalEar, tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_text("a shopping list" * 100)
    with pytest.raises(AudioError):
        ear.hear(tmp_path / "a.mp3", never)


def test_progress_is_told_while_hearing(piece: Path) -> None:
    beats: list[None] = []
    LocalEar(MediaDecoder(), read_tags, ToneEmbedder(), lambda: beats.append(None)).hear(
        piece, never
    )
    assert len(beats) > 3
