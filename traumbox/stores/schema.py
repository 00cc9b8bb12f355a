"""The index's tables and how a batch becomes their rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from traumbox.domain import Embedding, Float32, Track, unit
from traumbox.ports import IndexEntry
from traumbox.stores.fold import fold
from traumbox.stores.rows import text_in


@dataclass(frozen=True, slots=True)
class Sound:
    """What the tracks table repeats of a sound: its number of windows, and their mean direction.

    ``mean`` is a unit vector float32[dim], or None for silence.
    """

    windows: int
    mean: Float32 | None


def windows_name(model_id: str) -> str:
    """Return the name of a model's windows table."""
    return f"windows_{_table_suffix(model_id)}"


def tracks_name(model_id: str) -> str:
    """Return the name of a model's tracks table."""
    return f"tracks_{_table_suffix(model_id)}"


def windows_schema(dim: int) -> pa.Schema:
    """One row per window, keyed by the sound; no paths, for a rename must not touch these."""
    return pa.schema(
        [
            pa.field("audio_id", pa.string(), nullable=False),
            pa.field("start_s", pa.float32(), nullable=False),
            pa.field("vector", pa.list_(pa.float16(), dim)),
        ]
    )


def tracks_schema(dim: int) -> pa.Schema:
    """One row per track. Folder and path are as heard; where a file lies now, the ledger knows."""
    return pa.schema(
        [
            pa.field("track_id", pa.string(), nullable=False),
            pa.field("audio_id", pa.string(), nullable=False),
            pa.field("folder", pa.string()),
            pa.field("path", pa.string()),
            pa.field("title", pa.string()),
            pa.field("artist", pa.string()),
            pa.field("album", pa.string()),
            pa.field("album_artist", pa.string()),
            pa.field("genre", pa.string()),
            pa.field("year", pa.int32()),
            pa.field("bpm", pa.float32()),
            pa.field("key", pa.string()),
            pa.field("loudness_lufs", pa.float32()),
            pa.field("brightness_hz", pa.float32()),
            pa.field("duration_s", pa.float64()),
            pa.field("added_at_s", pa.float64()),
            pa.field("search_text", pa.string()),
            pa.field("windows", pa.int32(), nullable=False),
            pa.field("vector", pa.list_(pa.float32(), dim)),
        ]
    )


def audible(embedding: Embedding) -> Embedding:
    """Drop windows whose vector isn't finite: such a row can be neither found nor ranked."""
    finite = np.isfinite(embedding.vectors).all(axis=1)
    if finite.all():
        return embedding
    return Embedding(embedding.model_id, embedding.start_s[finite], embedding.vectors[finite])


def sound_of(embedding: Embedding) -> Sound:
    """Summarise an embedding for the tracks table."""
    if not len(embedding.start_s):
        return Sound(0, None)
    mean = embedding.vectors.mean(axis=0, dtype=np.float64)
    return Sound(len(embedding.start_s), unit(mean) if mean.any() else None)


def window_rows(sounds: Mapping[str, Embedding], dim: int) -> pa.Table:
    """Build the windows of these sounds, by audio id."""
    audio_ids = [audio_id for audio_id, sound in sounds.items() for _ in sound.start_s]
    starts_s = [sound.start_s.astype(np.float32, copy=False) for sound in sounds.values()]
    vectors = [sound.vectors.astype(np.float16).reshape(-1) for sound in sounds.values()]
    return pa.table(
        [
            pa.array(audio_ids, pa.string()),
            pa.array(np.concatenate([np.empty(0, np.float32), *starts_s])),
            pa.FixedSizeListArray.from_arrays(
                pa.array(np.concatenate([np.empty(0, np.float16), *vectors])), dim
            ),
        ],
        schema=windows_schema(dim),
    )


def track_rows(entries: Sequence[IndexEntry], sounds: Mapping[str, Sound], dim: int) -> pa.Table:
    """Build the tracks' rows; ``sounds`` has the sound of each."""
    rows = [
        _track_row(entry.track, sounds[entry.track.audio_id], entry.added_at_s) for entry in entries
    ]
    return pa.Table.from_pylist(rows, schema=tracks_schema(dim))


def to_vectors(column: pa.ChunkedArray, dim: int) -> Float32:
    """Return a column of vectors as float32[n, dim]."""
    flat = column.combine_chunks().flatten().to_numpy(zero_copy_only=False)
    vectors: Float32 = flat.reshape(-1, dim).astype(np.float32)
    return vectors


def one_of(column: str, values: Iterable[str]) -> str:
    """Write the filter ``column IN (…)`` with every value quoted."""
    quoted = ", ".join("'" + value.replace("'", "''") + "'" for value in values)
    return f"{column} IN ({quoted})" if quoted else "false"


def _track_row(track: Track, sound: Sound, added_at_s: float) -> dict[str, object]:
    tags, descriptors, display = track.tags, track.descriptors, track.location.display
    said = {
        "title": track.title,
        "artist": tags.artist,
        "album": tags.album,
        "album_artist": tags.album_artist,
        "genre": tags.genre,
    }
    # Tags may hold halves of surrogate pairs, which Arrow's strings can't.
    texts = {name: text_in(text) for name, text in said.items()}
    return {
        "track_id": track.id,
        "audio_id": track.audio_id,
        "folder": text_in(track.location.folder),
        "path": display,
        **texts,
        "year": tags.year if tags.year is not None and 0 < tags.year < 10_000 else None,
        "bpm": descriptors.bpm,
        "key": descriptors.key,
        "loudness_lufs": descriptors.loudness_lufs,
        "brightness_hz": descriptors.brightness_hz,
        "duration_s": track.duration_s,
        "added_at_s": added_at_s,
        "search_text": fold(*texts.values(), display.rsplit("/", 1)[-1].rsplit(".", 1)[0]),
        "windows": sound.windows,
        "vector": None if sound.mean is None else sound.mean.tolist(),
    }


def _table_suffix(model_id: str) -> str:
    """Spell a model's id in the letters that table names may have, no two ids alike."""
    return re.sub(r"[^0-9A-Za-z-]", lambda c: "_" if c[0] == "_" else f".{ord(c[0]):x}.", model_id)
