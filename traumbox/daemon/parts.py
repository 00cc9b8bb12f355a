"""One function a part: every dependency a parameter, every concrete class named here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from traumbox.audio.formats import is_candidate
from traumbox.config import Settings
from traumbox.embedders import registry
from traumbox.errors import StoreError
from traumbox.indexer.hearing import Clocks, Hearing
from traumbox.indexer.reconcile import Reconciler
from traumbox.indexer.worker import Indexer
from traumbox.library.folders import WatchedFolder
from traumbox.ports import Ear, Embedder, Index
from traumbox.schedule import QuietHours
from traumbox.search import SearchService
from traumbox.stores.cache import MediaCache
from traumbox.stores.cpu import lancedb_problem
from traumbox.stores.ledger import Ledger

TEXT_TOWER_THREADS = 2


@dataclass(frozen=True, slots=True)
class Stores:
    """Everything that lies in the data folder."""

    ledger: Ledger
    index: Index
    cache: MediaCache
    embedder: Embedder
    search: SearchService


@contextmanager
def open_stores(settings: Settings) -> Iterator[Stores]:
    """Open ledger, index, cache and text tower; close them in reverse.

    The caller holds the data folder's lock.

    Raises
    ------
    StoreError, ModelError
        When something can't be opened.
    """
    embedder = registry.load(settings.model.name, TEXT_TOWER_THREADS)
    ledger = Ledger(settings.data_dir / "traumbox.db")
    try:
        index = open_index(settings.data_dir / "index", embedder)
        try:
            yield Stores(
                ledger=ledger,
                index=index,
                cache=MediaCache(settings.data_dir / "cache"),
                embedder=embedder,
                search=SearchService(index, ledger, embedder),
            )
        finally:
            index.close()
    finally:
        ledger.close()
        embedder.release()


def open_index(directory: Path, embedder: Embedder) -> Index:
    """Open the vector index of the embedder's space.

    Raises
    ------
    StoreError
        When this processor can't run LanceDB, or the index can't be opened.
    """
    problem = lancedb_problem(Path("/proc/cpuinfo").read_text(errors="replace"))
    if problem:
        raise StoreError(problem)
    # Imported only now: on a processor that is too old this import kills the process.
    from traumbox.stores.lance import LanceIndex  # noqa: PLC0415

    return LanceIndex(directory, embedder.card)


def watched_folders(settings: Settings) -> list[WatchedFolder]:
    """Return the configured folders."""
    return [WatchedFolder(folder.name, folder.path) for folder in settings.folders]


def indexer(settings: Settings, stores: Stores, ear: Ear, *, heed_quiet_hours: bool) -> Indexer:
    """Build the single writer."""
    clocks = Clocks()
    span = settings.schedule.quiet_span if heed_quiet_hours else None
    quiet = QuietHours(*span) if span else None
    return Indexer(
        ledger=stores.ledger,
        index=stores.index,
        hearing=Hearing(stores.ledger, stores.index, ear, stores.cache, clocks),
        reconciler=Reconciler(stores.ledger, is_candidate, settings.schedule.settle_s),
        folders=watched_folders(settings),
        scan_every_s=settings.schedule.scan_every_s,
        clocks=clocks,
        may_hear=lambda: quiet is None or not quiet.contain(datetime.now()),
    )
