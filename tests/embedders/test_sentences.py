from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from tests.fakes import ToneEmbedder
from traumbox.domain import Float32
from traumbox.embedders.sentences import AT_ONCE, KeptSentences
from traumbox.errors import ModelError

TONES = tuple(f"{hz} Hz" for hz in range(200, 2200, 100))


class Counting(ToneEmbedder):
    def __init__(self, model_id: str = "tones") -> None:
        super().__init__(model_id)
        self.asked: list[int] = []

    def embed_text(self, sentences: Sequence[str]) -> Float32:
        self.asked.append(len(sentences))
        return super().embed_text(sentences)


def test_a_tower_is_asked_once_in_a_models_life_and_rests_then(tmp_path: Path) -> None:
    embedder = Counting()
    kept = KeptSentences(tmp_path / "probes")
    vectors = kept.vectors(embedder, TONES)
    assert vectors is not None
    assert np.array_equal(vectors, ToneEmbedder().embed_text(TONES))
    assert (sum(embedder.asked), max(embedder.asked), embedder.released) == (20, AT_ONCE, 1)
    for again in (kept, KeptSentences(tmp_path / "probes")):
        assert np.array_equal(again.vectors(embedder, TONES), vectors)  # type: ignore[arg-type]
    assert (sum(embedder.asked), embedder.released) == (20, 1)


def test_other_sentences_and_models_are_kept_apart(tmp_path: Path) -> None:
    kept = KeptSentences(tmp_path)
    first, second = Counting("one"), Counting("one/../two")
    kept.vectors(first, TONES[:2])
    kept.vectors(first, TONES[:3])
    kept.vectors(second, TONES[:2])
    assert (first.asked, second.asked) == ([2, 3], [2])
    files = sorted(path.name for path in tmp_path.iterdir())
    assert len(files) == 3
    assert all(name.endswith(".npy") and "/" not in name for name in files)


@pytest.mark.parametrize("damage", [b"", b"no array", b"\x93NUMPY\x01\x00"])
def test_a_damaged_file_is_written_anew(tmp_path: Path, damage: bytes) -> None:
    KeptSentences(tmp_path).vectors(Counting(), TONES)
    (path,) = tmp_path.iterdir()
    path.write_bytes(damage)
    embedder = Counting()
    vectors = KeptSentences(tmp_path).vectors(embedder, TONES)
    assert vectors is not None
    assert sum(embedder.asked) == 20
    assert np.array_equal(np.load(path), vectors)


@pytest.mark.parametrize("wrong", [np.ones((20, 3)), np.full((20, 72), np.nan)])
def test_vectors_of_another_shape_or_not_finite_are_none(tmp_path: Path, wrong: Float32) -> None:
    KeptSentences(tmp_path).vectors(Counting(), TONES)
    (path,) = tmp_path.iterdir()
    np.save(path, wrong.astype(np.float32))
    embedder = Counting()
    KeptSentences(tmp_path).vectors(embedder, TONES)
    assert sum(embedder.asked) == 20


def test_a_model_that_can_not_is_not_asked_again(tmp_path: Path) -> None:
    class Mute(Counting):
        def embed_text(self, sentences: Sequence[str]) -> Float32:
            self.asked.append(len(sentences))
            raise ModelError("The text tower is damaged.")

    embedder, kept = Mute(), KeptSentences(tmp_path)
    assert kept.vectors(embedder, TONES) is None
    assert kept.vectors(embedder, TONES) is None
    assert (len(embedder.asked), embedder.released) == (1, 1)


def test_it_ends_between_two_steps_and_goes_on_another_time(tmp_path: Path) -> None:
    embedder, kept = Counting(), KeptSentences(tmp_path)
    assert kept.vectors(embedder, TONES, is_over=lambda: bool(embedder.asked)) is None
    assert (embedder.asked, embedder.released) == ([AT_ONCE], 1)
    assert kept.vectors(embedder, TONES) is not None


def test_a_directory_that_can_not_be_written_costs_only_the_keeping(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    kept = KeptSentences(tmp_path / "file")
    assert kept.vectors(Counting(), TONES) is not None
