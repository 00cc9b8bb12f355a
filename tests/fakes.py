"""Small real stand-ins for the parts that are slow or large."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

import numpy as np

from traumbox.domain import NO_FLOOR, SAMPLE_RATE_HZ, Embedding, Float32, ModelCard, unit
from traumbox.errors import StoreError
from traumbox.ports import Embedder, Index, IndexEntry, WindowHit

TONES_HZ = tuple(110.0 * 2.0 ** (semitone / 12.0) for semitone in range(64))
"""The bins of ToneEmbedder's space: semitones from A2 (110 Hz) up to 4186 Hz."""


class ToneEmbedder(Embedder):
    """Hears one thing only: which semitone a window's loudest frequency is.

    The text "440 Hz" maps to the vector of that sound; a sentence without a frequency, and
    silence, to a fixed direction that no tone shares.
    """

    def __init__(self, model_id: str = "tones", floor: float = NO_FLOOR) -> None:
        self._card = ModelCard(
            model_id, "Tones", len(TONES_HZ) + 8, "none", calibration=(0.5, 12.0), floor=floor
        )
        self.released = 0

    @property
    def card(self) -> ModelCard:
        return self._card

    def embed_audio(self, windows: Float32) -> Float32:
        return np.stack([self._vector(_dominant_hz(window)) for window in windows])

    def embed_text(self, sentences: Sequence[str]) -> Float32:
        return np.stack([self._vector(_named_hz(sentence)) for sentence in sentences])

    def release(self) -> None:
        self.released += 1

    def _vector(self, frequency_hz: float | None) -> Float32:
        vector = np.zeros(self._card.dim, dtype=np.float32)
        if frequency_hz is None:
            vector[-1] = 1.0
        else:
            octaves = np.abs(np.log2(np.array(TONES_HZ) / frequency_hz))
            vector[int(np.argmin(octaves))] = 1.0
        return vector


def _dominant_hz(window: Float32) -> float | None:
    spectrum = np.abs(np.fft.rfft(window))
    spectrum[0] = 0.0
    peak = int(np.argmax(spectrum))
    return peak * SAMPLE_RATE_HZ / len(window) if spectrum[peak] > 1e-3 else None


def _named_hz(sentence: str) -> float | None:
    match = re.search(r"(\d+(?:\.\d+)?)\s*Hz", sentence, re.IGNORECASE)
    return float(match[1]) if match else None


class MemoryIndex(Index):
    """The index as dictionaries; passes the same contract suite as the real one."""

    def __init__(self, card: ModelCard) -> None:
        self._card = card
        self._sounds: dict[str, Embedding] = {}
        self._tracks: dict[str, str] = {}
        self._changes = 0
        self.maintained = 0

    @property
    def changes(self) -> int:
        return self._changes

    def add(self, entries: Sequence[IndexEntry]) -> None:
        self._changes += bool(entries)
        fresh: dict[str, Embedding] = {}
        for entry in entries:
            if entry.embedding is not None:
                if entry.embedding.model_id != self._card.id:
                    raise StoreError("an embedding of another model")
                fresh[entry.track.audio_id] = entry.embedding
        for entry in entries:
            if entry.track.audio_id not in self._sounds.keys() | fresh.keys():
                raise StoreError("a sound that isn't stored")
        replaced = {self._tracks.get(entry.track.id) for entry in entries}
        for audio_id, embedding in fresh.items():
            self._sounds.setdefault(audio_id, _finite(embedding))
        self._tracks.update({entry.track.id: entry.track.audio_id for entry in entries})
        self._forget_orphans({audio_id for audio_id in replaced if audio_id is not None})

    def remove_tracks(self, track_ids: Collection[str]) -> None:
        self._changes += bool(track_ids)
        removed = {self._tracks.pop(track_id, None) for track_id in track_ids}
        self._forget_orphans({audio_id for audio_id in removed if audio_id is not None})

    def known_audio(self, audio_ids: Collection[str]) -> set[str]:
        return set(audio_ids) & self._sounds.keys()

    def known_tracks(self) -> dict[str, str]:
        return dict(self._tracks)

    def nearest_windows(
        self, vector: Float32, limit: int, among: Collection[str] | None = None
    ) -> list[WindowHit]:
        hits = [
            WindowHit(audio_id, float(start_s), float(score))
            for audio_id, sound in self._sounds.items()
            if among is None or audio_id in among
            for start_s, score in zip(sound.start_s, sound.vectors @ vector, strict=True)
        ]
        return sorted(hits, key=lambda hit: -hit.score)[: max(0, limit)]

    def windows_of(self, audio_id: str) -> tuple[Float32, Float32]:
        sound = self._sounds.get(audio_id)
        if sound is None:
            return np.empty(0, np.float32), np.empty((0, self._card.dim), np.float32)
        order = np.argsort(sound.start_s, kind="stable")
        return sound.start_s[order], sound.vectors[order]

    def windows_among(self, audio_ids: Collection[str]) -> dict[str, tuple[Float32, Float32]]:
        found = {audio_id: self.windows_of(audio_id) for audio_id in audio_ids}
        return {audio_id: sound for audio_id, sound in found.items() if len(sound[0])}

    def means_of(self, audio_ids: Collection[str]) -> tuple[list[str], Float32]:
        means = {
            audio_id: unit(sound.vectors.mean(axis=0, dtype=np.float64))
            for audio_id, sound in self._sounds.items()
            if audio_id in audio_ids and len(sound.start_s) and sound.vectors.mean(axis=0).any()
        }
        return list(means), np.array(list(means.values()), np.float32).reshape(-1, self._card.dim)

    def means(self) -> Iterator[tuple[list[str], Float32]]:
        yield self.means_of(self._sounds)

    def count_windows(self) -> int:
        return sum(len(sound.start_s) for sound in self._sounds.values())

    def maintain(self) -> None:
        self.maintained += 1

    def close(self) -> None:
        pass

    def _forget_orphans(self, audio_ids: set[str]) -> None:
        for audio_id in audio_ids - set(self._tracks.values()):
            self._sounds.pop(audio_id, None)


def _finite(embedding: Embedding) -> Embedding:
    finite = np.isfinite(embedding.vectors).all(axis=1)
    return Embedding(embedding.model_id, embedding.start_s[finite], embedding.vectors[finite])
