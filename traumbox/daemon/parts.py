"""One function a part: every dependency a parameter, every concrete class named here."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import time

from traumbox.audio.formats import is_candidate
from traumbox.config import Settings
from traumbox.daemon.daytime import Daytime
from traumbox.daemon.serving import serving_space
from traumbox.domain import Kind, ModelCard, Track
from traumbox.embedders import registry
from traumbox.embedders.catalogue import CATALOGUE, ModelEntry
from traumbox.errors import StoreError
from traumbox.indexer.change import ModelChange, SpaceWays
from traumbox.indexer.clocks import Clocks
from traumbox.indexer.hearing import Hearing
from traumbox.indexer.probing import Probes
from traumbox.indexer.reconcile import Reconciler
from traumbox.indexer.renewing import Renewing
from traumbox.indexer.terms import Terms
from traumbox.indexer.turns import Turns
from traumbox.indexer.worker import Indexer
from traumbox.library.folders import WatchedFolder, nested
from traumbox.library.guard import Guard
from traumbox.library.kinds import KindRule, Rules
from traumbox.library.sheets import Sheets
from traumbox.ports import Ear, Index, Space
from traumbox.search import SearchService, Starters
from traumbox.stores.cache import MediaCache
from traumbox.stores.cpu import lancedb_problem
from traumbox.stores.folders import FolderBook
from traumbox.stores.ledger import Ledger
from traumbox.stores.spaces import Spaces
from traumbox.stores.switches import Switches

TEXT_TOWER_THREADS = 2
PRIORITIES = {"first": 1, "normal": 0, "last": -1}


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
        search = SearchService(
            space,
            ledger,
            idle_s=settings.search.idle_s,
            starters=Starters(ledger, probes_dir(settings)),
        )
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


def probes_dir(settings: Settings) -> Path:
    """Return where the vectors of the program's own sentences are kept."""
    return settings.data_dir / "probes"


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
    """Return the configured folders, each told where the others lie."""
    return nested(
        WatchedFolder(
            folder.name,
            folder.path,
            include=folder.include,
            exclude=folder.exclude,
            priority=PRIORITIES[folder.priority],
        )
        for folder in settings.folders
    )


def terms(settings: Settings) -> Terms:
    """Return the owner's terms for the scanning."""
    return Terms(
        scan_every_s=settings.schedule.scan_every_s,
        poll_every_s=settings.schedule.poll_every_s,
        settle_s=settings.schedule.settle_s,
        settle_network_s=settings.schedule.settle_network_s,
        brake_percent=settings.library.brake_percent,
        keep_missing_s=settings.library.keep_missing_s,
    )


def kind_of(settings: Settings) -> Callable[[Track], Kind]:
    """Return what tells music, audiobooks and podcasts apart, by the configuration's rules."""
    library = settings.library
    rules = Rules(
        KindRule(library.audiobooks.paths, library.audiobooks.genres),
        KindRule(library.podcasts.paths, library.podcasts.genres),
    )
    said = {folder.name: folder.kind for folder in settings.folders}

    def kind(track: Track) -> Kind:
        return rules.kind_of(track.location, track.tags, said.get(track.location.folder, "auto"))

    return kind


def indexer(settings: Settings, stores: Stores, ear: Ear, daytime: Daytime) -> Indexer:
    """Build the single writer."""
    clocks, bell, guard = Clocks(day=daytime.day), threading.Event(), Guard()
    serving = stores.search.space
    book = FolderBook(stores.ledger.database)
    probes = Probes(probes_dir(settings))
    hearing = Hearing(
        ledger=stores.ledger,
        turns=Turns(stores.ledger, book),
        guard=guard,
        space=serving,
        ear=ear,
        cache=stores.cache,
        clocks=clocks,
        probes=probes,
    )

    def take(space: Space) -> None:
        hearing.use(space)
        stores.search.use(space)

    change = ModelChange(
        ledger=stores.ledger,
        spaces=stores.spaces,
        serving=serving,
        ways=stores.ways,
        guard=guard,
        ear=ear,
        clocks=clocks,
        take=take,
        bell=bell,
        probes=probes,
    )
    return Indexer(
        ledger=stores.ledger,
        switches=Switches(stores.ledger.database),
        hearing=hearing,
        change=change,
        renewing=Renewing(
            ledger=stores.ledger,
            ear=ear,
            cache=stores.cache,
            clocks=clocks,
            guard=guard,
            probes=probes,
        ),
        bell=bell,
        reconciler=Reconciler(
            ledger=stores.ledger,
            book=book,
            guard=guard,
            is_candidate=is_candidate,
            sheets=Sheets(),
            clocks=clocks,
        ),
        folders=watched_folders(settings),
        terms=terms(settings),
        clocks=clocks,
        resting=daytime.resting,
    )
