"""The house without its daemon: what the command line does when none is running."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from traumbox.config import Settings
from traumbox.daemon.daytime import Daytime
from traumbox.daemon.ear import build_ear, listener, threads
from traumbox.daemon.parts import Stores, indexer, models_dir, open_stores
from traumbox.daemon.serving import begin_wanted
from traumbox.domain import Float32, FolderState, IndexStatus
from traumbox.embedders import registry
from traumbox.errors import AudioError
from traumbox.stores.lock import DataLock

PROGRESS_EVERY_S = 0.5


@contextmanager
def open_offline(settings: Settings) -> Iterator[Stores]:
    """Open the stores for this process alone.

    Raises
    ------
    AlreadyRunningError
        When a daemon has the data folder; ask it instead.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with DataLock(settings.data_dir), open_stores(settings) as stores:
        yield stores


@dataclass(frozen=True, slots=True)
class Scanned:
    """What came of a scan: the counts, and how each folder fared, by name."""

    status: IndexStatus
    folders: Mapping[str, FolderState]


def scan_once(settings: Settings, progress: Callable[[IndexStatus], None]) -> Scanned:
    """Scan the folders and hear all there is to hear now.

    ``progress`` is called about twice a second. Quiet hours don't apply: somebody asked. A pause
    does, and so does the brake on removals: what is held waits for a confirmation.
    """
    with open_offline(settings) as stores:
        ear = listener(settings)
        daytime = Daytime(settings.schedule, heeds_quiet=False)
        worker = indexer(settings, stores, ear, daytime)
        best = registry.best(models_dir(settings))
        card = stores.search.card
        begin_wanted(worker.change, stores.ways, settings.model.name, best, card.id)
        thread = threading.Thread(target=worker.run, name="indexer")
        thread.start()
        try:
            while thread.is_alive() and not worker.is_settled():
                progress(worker.status())
                thread.join(PROGRESS_EVERY_S)
        finally:
            worker.stop()
            ear.close()
            thread.join()
        status = worker.status()
        progress(status)
        return Scanned(status, worker.folder_states)


def embed_file(settings: Settings, model: str, path: Path) -> Float32:
    """Return the windows float32[n, dim] of the sound in ``path``, for a search by sound.

    ``model`` is the registry's name of the model whose space is searched.

    Raises
    ------
    AudioError
        When the file can't be heard, or holds nothing but silence.
    ModelError
        When the model's files are missing or damaged.
    """
    ear = build_ear(settings.data_dir / "models", threads(settings))
    try:
        _, embedding = ear.hear(path, model, lambda _: False)
    finally:
        ear.close()
    if embedding is None or not len(embedding.vectors):
        raise AudioError(f"{path} holds no sound to search with.")
    return embedding.vectors
