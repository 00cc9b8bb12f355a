import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

from traumbox.domain import WINDOW_SAMPLES
from traumbox.embedders import registry
from traumbox.embedders.builtin.embedder import BuiltinEmbedder
from traumbox.embedders.builtin.weights import WEIGHTS, read_card, write_card
from traumbox.errors import ModelError

MEGABYTE = 1_000_000


def some_windows(count: int) -> np.ndarray:
    rng = np.random.default_rng(3)
    t = np.arange(WINDOW_SAMPLES) / 48_000
    tones = [0.3 * np.sin(2 * np.pi * 220 * (1 + row) * t) for row in range(count)]
    hiss = 0.05 * rng.standard_normal((count, WINDOW_SAMPLES))
    return (np.stack(tones) + hiss).astype(np.float32)


@pytest.fixture
def weights(tmp_path):
    return shutil.copytree(WEIGHTS, tmp_path / "weights")


def test_vectors_are_unit_float32_of_the_cards_size(embedder):
    for vectors in (embedder.embed_audio(some_windows(3)), embedder.embed_text(["a", "b c", "d"])):
        assert vectors.shape == (3, embedder.card.dim)
        assert vectors.dtype == np.float32
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)


def test_a_window_doesnt_depend_on_its_neighbours(embedder):
    three = some_windows(3)
    alone = np.concatenate([embedder.embed_audio(three[row : row + 1]) for row in range(3)])
    assert np.array_equal(embedder.embed_audio(three), alone)


def test_a_sentence_doesnt_depend_on_its_neighbours(embedder):
    sentences = ["drums", "a slow and quiet piano at night, no drums at all", ""]
    alone = np.concatenate([embedder.embed_text([sentence]) for sentence in sentences])
    assert np.array_equal(embedder.embed_text(sentences), alone)


def test_two_loads_and_any_number_of_threads_hear_the_same(embedder):
    other = BuiltinEmbedder(threads=2)
    window = some_windows(1)
    assert np.abs(other.embed_audio(window) - embedder.embed_audio(window)).max() < 1e-5


def test_nothing_in_nothing_out(embedder):
    nothing = np.empty((0, WINDOW_SAMPLES), dtype=np.float32)
    assert embedder.embed_audio(nothing).shape == (0, embedder.card.dim)
    assert embedder.embed_text([]).shape == (0, embedder.card.dim)


@pytest.mark.parametrize("level", [0.0, 1.0, -1.0])
def test_constant_input_is_heard_without_nan(embedder, level):
    still = np.full((1, WINDOW_SAMPLES), level, dtype=np.float32)
    assert np.linalg.norm(embedder.embed_audio(still)) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("shape", [(WINDOW_SAMPLES,), (1, WINDOW_SAMPLES - 1), (2, 100)])
def test_other_lengths_than_a_window_are_refused(embedder, shape):
    with pytest.raises(ValueError, match="480000"):
        embedder.embed_audio(np.zeros(shape, dtype=np.float32))


def test_case_accents_and_punctuation_dont_count(embedder):
    plain, shouted = embedder.embed_text(["slow piano cafe", "  SLOW -- piano, Café!!"])
    assert np.array_equal(plain, shouted)


@pytest.mark.parametrize(
    ("known", "variant"),
    [("drums", "drumms"), ("guitar", "guitars"), ("piano", "pianos"), ("drumming", "drumming!")],
)
def test_slips_of_the_finger_stay_near(embedder, known, variant):
    vectors = embedder.embed_text([known, variant, "birdsong"])
    assert vectors[0] @ vectors[1] > 0.5
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2


@pytest.mark.parametrize("sentence", ["", "?!", "xqzvw", "雨の音", "word " * 500, "a\x00b"])
def test_any_sentence_gets_a_vector(embedder, sentence):
    assert np.linalg.norm(embedder.embed_text([sentence])) == pytest.approx(1.0, abs=1e-5)


def test_released_towers_load_again():
    embedder = BuiltinEmbedder()
    before = embedder.embed_text(["drums"])
    embedder.release()
    assert np.array_equal(embedder.embed_text(["drums"]), before)


def test_the_files_are_small():
    assert sum(path.stat().st_size for path in WEIGHTS.iterdir()) < 12 * MEGABYTE


@pytest.mark.parametrize("tower", ["audio.onnx", "text.onnx"])
@pytest.mark.parametrize("harm", ["missing", "cut", "flipped"])
def test_a_damaged_tower_is_told_with_its_path(weights, tower, harm):
    path = weights / tower
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    damaged = {"missing": None, "cut": bytes(content[:1000]), "flipped": bytes(content)}[harm]
    path.unlink()
    if damaged is not None:
        path.write_bytes(damaged)
    embedder = BuiltinEmbedder(directory=weights)
    with pytest.raises(ModelError, match=rf"{tower}.*[Ii]nstall"):
        embedder.embed_audio(some_windows(1)) if "audio" in tower else embedder.embed_text(["a"])


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"id": 1, "calibration": "steep"}'])
def test_a_damaged_card_is_told(weights, content):
    path = weights / "card.json"
    path.unlink() if content is None else path.write_text(content)
    with pytest.raises(ModelError, match=r"card\.json"):
        BuiltinEmbedder(directory=weights)


def test_a_tower_that_is_whole_but_no_network_is_told(weights):
    (weights / "text.onnx").write_bytes(b"not a network")
    write_card(weights, read_card(weights), ("audio.onnx", "text.onnx"))
    with pytest.raises(ModelError, match="onnxruntime"):
        BuiltinEmbedder(directory=weights).embed_text(["drums"])


def test_the_card_has_all_that_the_house_asks_for(tmp_path):
    card = registry.card("builtin", tmp_path)
    about = json.loads((WEIGHTS / "card.json").read_text())
    assert (card.id, card.dim) == (about["id"], about["dim"])
    assert card.licence


def test_the_floor_is_kept_and_may_be_missing(weights):
    write_card(weights, replace(read_card(weights), floor=0.12346), ("audio.onnx", "text.onnx"))
    assert read_card(weights).floor == 0.1235
    about = json.loads((weights / "card.json").read_text())
    del about["floor"]
    (weights / "card.json").write_text(json.dumps(about))
    assert read_card(weights).floor == -1.0


def test_the_card_tells_what_the_model_was_taught(embedder):
    assert embedder.card.knows("trauriges Klavier")
    assert embedder.card.asked("trauriges Klavier") == embedder.card
    assert not embedder.card.knows("potato salad")
    assert embedder.card.asked("potato salad").floor > embedder.card.floor


def test_the_rise_for_strange_sentences_is_kept(weights):
    write_card(weights, replace(read_card(weights), strange=0.12346), ("audio.onnx", "text.onnx"))
    assert read_card(weights).strange == 0.1235
    assert read_card(weights).knows("piano")


def test_weights_of_before_have_no_words_and_know_all_sentences(weights):
    write_card(weights, replace(read_card(weights), strange=0.0), ("audio.onnx", "text.onnx"))
    (weights / "words.txt").unlink()
    assert read_card(weights).knows("potato salad")
    about = json.loads((weights / "card.json").read_text())
    del about["strange"]
    (weights / "card.json").write_text(json.dumps(about))
    assert read_card(weights).strange == 0.0


@pytest.mark.parametrize("content", [None, b"", b"\xff"])
def test_damaged_words_are_told_with_their_path(weights, content):
    path = weights / "words.txt"
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(ModelError, match=r"words\.txt.*Install traumbox anew"):
        read_card(weights)


def test_the_model_card_is_there_and_says_where_the_data_is_from(tmp_path):
    text = (WEIGHTS / "MODEL.md").read_text()
    assert registry.card("builtin", tmp_path).id in text
    for said in ("FluidR3", "MIT", "chance", "can't", "missed"):
        assert said in text
