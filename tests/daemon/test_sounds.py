from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.fakes import MemoryIndex, ToneEmbedder
from traumbox.audio.decode import MediaDecoder
from traumbox.daemon.sounds import Sounds, sweep
from traumbox.domain import (
    Descriptors,
    Embedding,
    Location,
    Media,
    Tags,
    Track,
)
from traumbox.errors import AudioError
from traumbox.indexer.ear import LocalEar
from traumbox.indexer.sharing import SharedEar
from traumbox.library.tags import read_tags
from traumbox.ports import IndexEntry, Space
from traumbox.web.services import SOUND_MOST_S

RATE_HZ = 8_000


class Listening:
    """The whole way of an upload but for the process: real decoder and ear, a model of tones."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.index = MemoryIndex(ToneEmbedder().card)
        self.embedded: list[str] = []
        ear = LocalEar(MediaDecoder(), read_tags, self._load)
        self.shared = SharedEar(ear)
        space = Space("tones", ToneEmbedder(), self.index)
        self.sounds = Sounds(self.shared, lambda: space)

    def _load(self, model: str) -> ToneEmbedder:
        heard = self.embedded

        class Noting(ToneEmbedder):
            def embed_audio(self, windows):  # type: ignore[no-untyped-def]
                heard.append(model)
                return super().embed_audio(windows)

        return Noting()

    def write(self, name: str, duration_s: float, level: float = 0.3) -> Path:
        """Write a tone of 440 Hz; uploads have no suffix."""
        path = self.directory / name
        times_s = np.arange(round(duration_s * RATE_HZ)) / RATE_HZ
        samples = level * np.sin(2 * np.pi * 440.0 * times_s)
        with path.open("wb") as file:
            soundfile.write(file, samples, RATE_HZ, format="FLAC")
        return path


@pytest.fixture
def listening(tmp_path: Path) -> Iterator[Listening]:
    listening = Listening(tmp_path)
    yield listening
    listening.shared.close()


def test_a_short_sound_is_heard_whole(listening: Listening) -> None:
    heard, embedding = listening.sounds.hear(listening.write("sound-x", 12.0), 5.0)
    assert heard.duration_s == pytest.approx(12.0, abs=0.01)
    assert embedding.model_id == "tones"
    assert np.allclose(embedding.vectors @ ToneEmbedder().embed_text(["440 Hz"])[0], 1.0)


def test_of_a_long_one_the_first_ten_minutes(listening: Listening) -> None:
    heard, embedding = listening.sounds.hear(listening.write("sound-x", 605.0), 5.0)
    assert heard.duration_s == SOUND_MOST_S
    assert float(embedding.start_s.max()) < SOUND_MOST_S


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no sound at all\n" * 100,
        b"fLaC" + bytes(5_000),
        np.random.default_rng(1).bytes(300_000),
        b"<html>" + b"<p>hello</p>" * 1_000,
    ],
    ids=["empty", "text", "flac in name", "chance", "page"],
)
def test_what_is_no_sound_is_told(listening: Listening, content: bytes) -> None:
    path = listening.directory / "sound-x"
    path.write_bytes(content)
    with pytest.raises(AudioError):
        listening.sounds.hear(path, 5.0)


def test_silence_is_told(listening: Listening) -> None:
    with pytest.raises(AudioError, match="silence"):
        listening.sounds.hear(listening.write("sound-x", 12.0, level=0.0), 5.0)


def test_what_the_library_holds_is_not_embedded_again(listening: Listening) -> None:
    path = listening.write("sound-x", 12.0)
    heard, embedding = listening.sounds.hear(path, 5.0)
    media = Media("flac", "flac", RATE_HZ, 1)
    place = Location("m", b"x.flac")
    track = Track("t", place, heard.audio_id, 12.0, media, Tags(), Descriptors())
    stored = Embedding("tones", embedding.start_s, embedding.vectors)
    listening.index.add([IndexEntry(track, stored, 0.0)])
    before = len(listening.embedded)
    _, again = listening.sounds.hear(path, 5.0)
    assert len(listening.embedded) == before
    assert np.array_equal(again.vectors, embedding.vectors)


def test_what_was_left_behind_is_swept(tmp_path: Path) -> None:
    uploads = tmp_path / "tmp"
    sweep(uploads)
    uploads.mkdir()
    (uploads / "sound-x").touch()
    sweep(uploads)
    assert not uploads.exists()
