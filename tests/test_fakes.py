from __future__ import annotations

import numpy as np

from tests.fakes import ToneEmbedder
from traumbox.domain import SAMPLE_RATE_HZ, WINDOW_SAMPLES


def tone(frequency_hz: float) -> np.ndarray:
    time_s = np.arange(WINDOW_SAMPLES) / SAMPLE_RATE_HZ
    return (0.5 * np.sin(2 * np.pi * frequency_hz * time_s)).astype(np.float32)


def test_a_tone_and_its_name_have_the_same_unit_vector() -> None:
    embedder = ToneEmbedder()
    heard = embedder.embed_audio(np.stack([tone(440.0), tone(880.0)]))
    named = embedder.embed_text(["a tone of 440 Hz", "880hz", "1760 Hz"])
    np.testing.assert_array_equal(heard, named[:2])
    np.testing.assert_array_equal(named @ named.T, np.eye(3))
    assert heard.shape == (2, embedder.card.dim)
    assert heard.dtype == np.float32


def test_silence_and_other_words_are_like_no_tone() -> None:
    embedder = ToneEmbedder()
    vectors = embedder.embed_audio(np.stack([np.zeros(WINDOW_SAMPLES, np.float32), tone(440.0)]))
    words = embedder.embed_text(["warm slow piano"])
    assert float(vectors[0] @ vectors[1]) == float(words[0] @ vectors[1]) == 0.0
    assert float(np.linalg.norm(words[0])) == 1.0
