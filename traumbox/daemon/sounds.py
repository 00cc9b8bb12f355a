"""Hearing a sound that somebody searches with, and that is no track of the library."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from pathlib import Path

from traumbox.domain import Cut, Embedding, Heard, Tags
from traumbox.errors import AudioError
from traumbox.indexer.sharing import SharedEar
from traumbox.ports import Space
from traumbox.web.services import SOUND_MOST_S

log = logging.getLogger(__name__)


class Sounds:
    """Has sounds heard by the one listener, with the model that serves; from any thread."""

    def __init__(self, ear: SharedEar, space: Callable[[], Space]) -> None:
        self._ear = ear
        self._space = space

    def hear(self, path: Path, within_s: float) -> tuple[Heard, Embedding]:
        """Return what is heard in the first ten minutes of a file, begun ``within_s`` at latest.

        Nothing of it is written down.

        Raises
        ------
        AudioError
            When it can't be heard, or is silent.
        ListenerBusyError
            When the listener has no time.
        ListenerError, ModelError, OSError
            See ``ports.Ear.hear``.
        """
        space = self._space()
        cut = Cut(0.0, SOUND_MOST_S, Tags())

        def is_known(audio_id: str) -> bool:
            return bool(space.index.known_audio([audio_id]))

        heard, embedding = self._ear.hear_for(path, space.model, is_known, cut, within_s)
        if embedding is None:
            starts_s, vectors = space.index.windows_of(heard.audio_id)
            embedding = Embedding(space.embedder.card.id, starts_s, vectors)
        if not len(embedding.vectors):
            raise AudioError("there is nothing but silence in it")
        return heard, embedding


def sweep(directory: Path) -> None:
    """Delete what uploads left behind when the house was cut off."""
    if directory.exists():
        shutil.rmtree(directory, ignore_errors=True)
        if directory.exists():
            log.warning("%s can't be cleared away", directory)
