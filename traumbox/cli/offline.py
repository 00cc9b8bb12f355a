"""What a command does itself when no service runs.

A module of its own because it loads everything there is, which takes seconds on a small machine:
commands import it only once they know that nobody else can answer.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from traumbox.cli.sought import Asked, known_tracks
from traumbox.config import Settings
from traumbox.daemon.daytime import Daytime
from traumbox.daemon.ear import listener
from traumbox.daemon.offline import PROGRESS_EVERY_S, embed_file, open_offline, scan_once
from traumbox.daemon.parts import indexer, kind_of
from traumbox.domain import Float32, FolderState, ModelsStatus, Query
from traumbox.embedders.supply import fetcher_of, look
from traumbox.errors import ModelError
from traumbox.indexer.worker import Indexer
from traumbox.stores.ledger import Ledger
from traumbox.stores.lock import DataLock
from traumbox.stores.spaces import Spaces
from traumbox.web.upkeep_views import models_view
from traumbox.web.views import Lens, answer_view

WINDOWS_MOST = 1_000
"""The API takes no more of a sound: nearly three hours."""

__all__ = [
    "confirm_held",
    "embed_files",
    "models",
    "remove_model",
    "scan_once",
    "search",
]


def search(settings: Settings, asked: Asked) -> dict[str, Any]:
    """Return what the API would answer, from the store, opened for this process alone."""
    with open_offline(settings) as stores:
        known = known_tracks(asked, settings, stores.ledger)
        query = Query(asked.text, known, conditions=asked.conditions, limit=asked.limit)
        if asked.like and not known:
            vectors = embed_files(settings, stores.search.space.model, asked.like)
            answer = stores.search.search_sound(vectors, asked.limit)
        else:
            answer = stores.search.search(query, kind_of(settings))
        away = frozenset(one.name for one in settings.folders if not one.path.is_dir())
        return answer_view(answer, query, Lens(stores.cache, kind_of(settings), away))


def embed_files(settings: Settings, model: str, files: Sequence[Path]) -> Float32:
    """Return the windows float32[n, dim] of the sounds in these files, for a search by sound.

    Raises
    ------
    AudioError, ModelError
        See ``embed_file``.
    """
    vectors = np.vstack([embed_file(settings, model, file) for file in files])
    if len(vectors) <= WINDOWS_MOST:
        return vectors
    return vectors[np.linspace(0, len(vectors) - 1, WINDOWS_MOST).astype(np.intp)]


def confirm_held(settings: Settings, folder: str, agreed: Callable[[FolderState], bool]) -> int:
    """Look through the folders, and let what is then held in one of them happen.

    ``agreed`` is shown how the folder fares and says whether. Return how many tracks go; nothing
    is heard meanwhile.

    Raises
    ------
    NothingHeldError
        When nothing is held there.
    """
    with open_offline(settings) as stores:
        ear = listener(settings)
        worker = indexer(settings, stores, ear, _OnlyLooking(settings.schedule))
        thread = threading.Thread(target=worker.run, name="indexer")
        thread.start()
        try:
            _wait(worker, thread)
            if not agreed(worker.folder_states[folder]):
                return 0
            count = worker.confirm(folder)
            _wait(worker, thread)
            return count
        finally:
            worker.stop()
            ear.close()
            thread.join()


class _OnlyLooking(Daytime):
    """Quiet hours without an end: folders are looked through, and nothing is heard."""

    def resting(self) -> str:
        return "only looking"


def _wait(worker: Indexer, thread: threading.Thread) -> None:
    while thread.is_alive() and not worker.is_settled():
        thread.join(PROGRESS_EVERY_S)


def models(settings: Settings) -> dict[str, Any]:
    """Return the API's view of all models, as far as it is known without the service."""
    path = settings.data_dir / "traumbox.db"
    tracks: dict[str, int] = {}
    serving = ""
    if path.exists():
        with closing(Ledger(path)) as ledger:
            for space in Spaces(ledger.database).all():
                if space.role == "serving":
                    serving = space.model
                    tracks[space.model] = ledger.counts()["indexed"]
                elif space.role != "unwanted":
                    tracks.setdefault(space.model, space.tracks)
    found = look(
        settings.data_dir / "models", serving=serving, tracks=lambda name: tracks.get(name, 0)
    )
    return models_view(ModelsStatus(settings.model.name, serving, found))


def remove_model(settings: Settings, name: str) -> None:
    """Delete a model's files and what was heard with it.

    Raises
    ------
    ModelError
        When it serves, comes with traumbox, or isn't there.
    AlreadyRunningError
        When another process has the data folder.
    """
    fetcher = fetcher_of(settings.data_dir / "models", settings.model.mirror, settings.model.proxy)
    with DataLock(settings.data_dir), closing(Ledger(settings.data_dir / "traumbox.db")) as ledger:
        spaces = Spaces(ledger.database)
        heard = [space for space in spaces.all() if space.model == name]
        if any(space.role == "serving" for space in heard):
            raise ModelError(
                f"{name} answers searches. Choose another one first (traumbox model use builtin) "
                "and let traumbox run until it has switched."
            )
        try:
            fetcher.remove(name)
        except ModelError:
            # What was heard with it may outlive its files.
            if not heard or fetcher.catalogue[name].comes_along:
                raise
        if any(space.role == "filling" for space in heard):
            spaces.decline(0, time.time())
        for space in heard:
            # Its tables are dropped when the index is opened next.
            spaces.discard(space.model_id, time.time())
