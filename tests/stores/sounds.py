"""Made-up tracks and embeddings for the index's tests."""

from __future__ import annotations

import numpy as np

from traumbox.domain import Descriptors, Embedding, Location, Media, ModelCard, Tags, Track
from traumbox.ports import IndexEntry

CARD = ModelCard("test-model", "Test", 64, "none")
MEDIA = Media("flac", "flac", 44_100, 2)


def unit(*weights: tuple[int, float], dim: int = CARD.dim) -> np.ndarray:
    """A unit vector with these (axis, weight) pairs."""
    vector = np.zeros(dim, np.float32)
    for axis, weight in weights:
        vector[axis] = weight
    return vector / np.linalg.norm(vector)


def embedding(*vectors: np.ndarray, card: ModelCard = CARD) -> Embedding:
    """An embedding whose windows begin at 0, 10, 20 … s."""
    starts_s = np.arange(len(vectors), dtype=np.float32) * 10
    stacked = np.array(vectors, dtype=np.float32).reshape(-1, card.dim)
    return Embedding(card.id, starts_s, stacked)


def noise(seed: int, windows: int = 20, card: ModelCard = CARD) -> Embedding:
    """Random unit vectors, always the same for one seed."""
    vectors = np.random.default_rng(seed).standard_normal((windows, card.dim), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return embedding(*vectors, card=card)


def track(track_id: str, audio_id: str, path: bytes = b"a.flac", tags: Tags | None = None) -> Track:
    return Track(
        id=track_id,
        location=Location("music", path),
        audio_id=audio_id,
        duration_s=61.5,
        media=MEDIA,
        tags=tags or Tags(title="Title", artist="Artist", year=1999),
        descriptors=Descriptors(bpm=120.0, key="C major"),
    )


def entry(
    track_id: str, audio_id: str, sound: Embedding | None, path: bytes = b"a.flac"
) -> IndexEntry:
    return IndexEntry(track(track_id, audio_id, path), sound, added_at_s=1_000.0)
