"""Sentences of the program's own, embedded once in a model's life and kept in a small file.

A text tower may take 250 MB and half a minute to load: it isn't loaded for them at each start.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import threading
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from traumbox.domain import Float32
from traumbox.errors import ModelError
from traumbox.ports import Embedder

log = logging.getLogger(__name__)

AT_ONCE = 8
"""Few enough that a stop needn't wait long for them, on a small machine some seconds."""


class KeptSentences:
    """Vectors of sentences for each model, under ``directory``; safe to use from any thread.

    Where a model can't embed sentences, for its text tower is missing or damaged, it isn't asked
    for them again before the next start.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._known: dict[tuple[str, Sequence[str]], Float32 | None] = {}
        self._lock = threading.Lock()

    def vectors(
        self,
        embedder: Embedder,
        sentences: tuple[str, ...],
        is_over: Callable[[], bool] = lambda: False,
    ) -> Float32 | None:
        """Return unit vectors float32[sentences, dim] from memory, from disk, or from the tower.

        None where the model can't, and when ``is_over`` says in between that nobody wants them any
        more. What loads the text tower gives its memory back.
        """
        key = embedder.card.id, sentences
        with self._lock:
            if key not in self._known:
                found = self._read(embedder, sentences)
                if found is None:
                    try:
                        found = self._embedded(embedder, sentences, is_over)
                    except ModelError as error:
                        log.warning("%d sentences can't be embedded: %s", len(sentences), error)
                    else:
                        if found is None:
                            return None
                        self._write(self._path(embedder.card.id, sentences), found)
                self._known[key] = found
            return self._known[key]

    def _read(self, embedder: Embedder, sentences: Sequence[str]) -> Float32 | None:
        with contextlib.suppress(OSError, ValueError, EOFError):
            kept = np.load(self._path(embedder.card.id, sentences), allow_pickle=False)
            if kept.shape == (len(sentences), embedder.card.dim):
                found: Float32 = kept.astype(np.float32)
                return found if np.isfinite(found).all() else None
        return None

    def _embedded(
        self, embedder: Embedder, sentences: Sequence[str], is_over: Callable[[], bool]
    ) -> Float32 | None:
        some: list[Float32] = []
        try:
            for begin in range(0, len(sentences), AT_ONCE):
                if is_over():
                    return None
                some.append(embedder.embed_text(sentences[begin : begin + AT_ONCE]))
        finally:
            embedder.release()
        vectors: Float32 = np.vstack(some)
        return vectors

    def _write(self, path: Path, vectors: Float32) -> None:
        """Keep them; what can't be kept is computed again at the next start."""
        fresh = path.with_suffix(".new")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with fresh.open("wb") as file:
                np.save(file, vectors, allow_pickle=False)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
        except OSError as error:
            log.warning("%s can't be written: %s", path, error.strerror or error)

    def _path(self, model_id: str, sentences: Sequence[str]) -> Path:
        """Name the file after the model and the sentences: others make another file."""
        told = zlib.crc32("\n".join(sentences).encode())
        return self._directory / f"{re.sub(r'[^0-9A-Za-z.-]', '_', model_id)}-{told:08x}.npy"
