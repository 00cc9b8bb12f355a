"""One function a part: every dependency a parameter, every concrete class named here."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from time import time

from traumbox.audio.formats import is_candidate
from traumbox.config import Settings
from traumbox.daemon.serving import serving_space
from traumbox.domain import ModelCard
from traumbox.embedders import registry
from traumbox.embedders.catalogue import CATALOGUE, ModelEntry
from traumbox.errors import StoreError
from traumbox.indexer.change import ModelChange, SpaceWays
from traumbox.indexer.hearing import Clocks, Hearing
from traumbox.indexer.reconcile import Reconciler
from traumbox.indexer.worker import Indexer
from traumbox.library.folders import WatchedFolder
from traumbox.ports import Ear, Index, Space
from traumbox.schedule import QuietHours
from traumbox.search import SearchService
from traumbox.stores.cache import MediaCache
from traumbox.stores.cpu import lancedb_problem
from traumbox.stores.ledger import Ledger
from traumbox.stores.spaces import Spaces

TEXT_TOWER_THREADS = 2


@dataclass(frozen=True, slots=True)
class Stores:
    """Everything that lies in the data folder; ``search.space`` is the one that serves.

    ``model_note`` says, when it isn't the one that served last, why.
    """

    ledger: Ledger
    spaces: Spaces
    cache: MediaCache
    search: SearchService
    ways: SpaceWays
    model_note: str


@contextmanager
def open_stores(
    settings: Settings, catalogue: Mapping[str, ModelEntry] = CATALOGUE
) -> Iterator[Stores]:
    """Open ledger, index, cache and text tower; close them in reverse.

    The caller holds the data folder's lock.

    Raises
    ------
    StoreError, ModelError
        When something can't be opened.
    """
    ledger = Ledger(settings.data_dir / "traumbox.db")
    try:
        spaces, ways = Spaces(ledger.database), space_ways(settings, catalogue)
        best = partial(registry.best, models_dir(settings), catalogue=catalogue)
        space, note = serving_space(spaces, ways, settings.model.name, best, time())
        search = SearchService(space, ledger, idle_s=settings.search.idle_s)
        try:
            yield Stores(
                ledger=ledger,
                spaces=spaces,
                cache=MediaCache(settings.data_dir / "cache"),
                search=search,
                ways=ways,
                model_note=note,
            )
        finally:
            search.space.index.close()
            search.space.embedder.release()
    finally:
        ledger.close()


def models_dir(settings: Settings) -> Path:
    """Return where models lie that were fetched, taken in or made here."""
    return settings.data_dir / "models"


def space_ways(settings: Settings, catalogue: Mapping[str, ModelEntry] = CATALOGUE) -> SpaceWays:
    """Return how this house comes by spaces."""
    models, directory = models_dir(settings), settings.data_dir / "index"

    def card(name: str) -> ModelCard:
        return registry.card(name, models, catalogue=catalogue)

    def open_space(name: str) -> Space:
        embedder = registry.load(name, models, TEXT_TOWER_THREADS, catalogue=catalogue)
        return Space(name, embedder, open_index(directory, embedder.card))

    def drop(model_id: str) -> None:
        require_lancedb()
        from traumbox.stores.lance import drop_space  # noqa: PLC0415 - see open_index

        drop_space(directory, model_id)

    return SpaceWays(card=card, open=open_space, drop=drop)


def open_index(directory: Path, card: ModelCard) -> Index:
    """Open the vector index of a model's space.

    Raises
    ------
    StoreError
        When this processor can't run LanceDB, or the index can't be opened.
    """
    require_lancedb()
    # Imported only now: on a processor that is too old this import kills the process.
    from traumbox.stores.lance import LanceIndex  # noqa: PLC0415

    return LanceIndex(directory, card)


def require_lancedb() -> None:
    """Raise StoreError when this processor can't run LanceDB."""
    problem = lancedb_problem(Path("/proc/cpuinfo").read_text(errors="replace"))
    if problem:
        raise StoreError(problem)


def watched_folders(settings: Settings) -> list[WatchedFolder]:
    """Return the configured folders."""
    return [WatchedFolder(folder.name, folder.path) for folder in settings.folders]


def indexer(settings: Settings, stores: Stores, ear: Ear, *, heed_quiet_hours: bool) -> Indexer:
    """Build the single writer."""
    clocks, bell = Clocks(), threading.Event()
    span = settings.schedule.quiet_span if heed_quiet_hours else None
    quiet = QuietHours(*span) if span else None
    serving = stores.search.space
    hearing = Hearing(stores.ledger, serving, ear, stores.cache, clocks)

    def take(space: Space) -> None:
        hearing.use(space)
        stores.search.use(space)

    change = ModelChange(
        ledger=stores.ledger,
        spaces=stores.spaces,
        serving=serving,
        ways=stores.ways,
        ear=ear,
        clocks=clocks,
        take=take,
        bell=bell,
    )
    return Indexer(
        ledger=stores.ledger,
        hearing=hearing,
        change=change,
        bell=bell,
        reconciler=Reconciler(stores.ledger, is_candidate, settings.schedule.settle_s),
        folders=watched_folders(settings),
        scan_every_s=settings.schedule.scan_every_s,
        clocks=clocks,
        may_hear=lambda: quiet is None or not quiet.contain(datetime.now()),
    )
