"""The running house: its threads and processes, started in order, stopped in reverse."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Mapping
from pathlib import Path

from fastapi import FastAPI

from traumbox.config import Settings
from traumbox.daemon.chores import Chores
from traumbox.daemon.daytime import Daytime
from traumbox.daemon.demo import DemoMaker
from traumbox.daemon.ear import listener
from traumbox.daemon.folders import Folders
from traumbox.daemon.models import Models
from traumbox.daemon.parts import (
    Stores,
    indexer,
    kind_of,
    models_dir,
    terms,
    watched_folders,
)
from traumbox.daemon.serving import begin_wanted
from traumbox.daemon.sounds import Sounds, sweep
from traumbox.domain import Kind, Location, Track
from traumbox.embedders import registry
from traumbox.embedders.catalogue import CATALOGUE, ModelEntry
from traumbox.embedders.supply import fetcher_of
from traumbox.errors import ConfigError
from traumbox.indexer.sharing import SharedEar
from traumbox.library.mount_watch import MountWatch
from traumbox.library.watch import Watcher
from traumbox.schedule import Ticker
from traumbox.stores.diary import Diary
from traumbox.web.app import create_app
from traumbox.web.services import UPLOADS, Readiness, Services

log = logging.getLogger(__name__)

STOP_S = 3.0
_LIVE = ("folders", "schedule", "library")
"""The sections that apply without a restart."""
_TAKEN_OVER = {"name", "fetch"}
"""What of the section on the model applies without a restart."""


class House:
    """Indexer, listener, watcher, ticker and what the web needs to know of them.

    ``catalogue`` holds the models there are, by name.
    """

    def __init__(
        self, settings: Settings, stores: Stores, catalogue: Mapping[str, ModelEntry] = CATALOGUE
    ) -> None:
        self._settings = settings
        self._stores = stores
        self._ear = SharedEar(listener(settings, catalogue))
        self._daytime = Daytime(settings.schedule)
        self._kind_of = kind_of(settings)
        self._indexer = indexer(settings, stores, self._ear, self._daytime)
        self._watcher = Watcher(self._indexer.dirty)
        self._mounts = MountWatch(self._indexer.mounts_changed)
        self._folders = Folders(
            settings,
            indexer=self._indexer,
            ledger=stores.ledger,
            watcher=self._watcher,
            environ=os.environ,
            apply=self._take,
        )
        self._ticker = Ticker(self._tick)
        self._chores = Chores(stores.search.prepare)
        self._worker = threading.Thread(target=self._work, name="indexer", daemon=True)
        self._watching = threading.Lock()
        self._demo = DemoMaker(settings)
        self._models = self._model_desk(catalogue)
        self._trouble = ""

    def start(self) -> None:
        """Begin to watch, to scan, to hear, to tick; none of it is waited for."""
        sweep(self._settings.data_dir / UPLOADS)
        self._mounts.start()
        self._worker.start()
        self._ticker.start()
        self._chores.start()
        self._models.tick()

    def stop(self) -> None:
        """Stop in reverse; what was heard is committed."""
        self._demo.stop()
        self._ticker.stop()
        self._models.stop()
        self._indexer.stop()
        self._ear.close()
        self._chores.stop()
        self._worker.join(STOP_S)
        self._mounts.stop()
        with self._watching:
            self._watcher.stop()

    def app(self) -> FastAPI:
        """Return panel and API over this house; call it once."""
        return create_app(self._services())

    def reload(self) -> None:
        """Take over what changed in the configuration file; a mistake keeps everything as it is."""
        try:
            self._folders.reload()
        except ConfigError as error:
            log.error("The configuration was not taken over: %s", error)  # noqa: TRY400 - said in words

    def _take(self, fresh: Settings) -> None:
        self._daytime.take(fresh.schedule)
        self._kind_of = kind_of(fresh)
        self._folders.take(fresh)
        self._indexer.set_terms(terms(fresh))
        self._indexer.set_folders(watched_folders(fresh))
        self._models.take(fresh.model)
        model = fresh.model.model_copy(update=self._settings.model.model_dump(include=_TAKEN_OVER))
        rest = {"model": model, "config_file": self._settings.config_file}
        rest |= {section: getattr(self._settings, section) for section in _LIVE}
        if fresh.model_copy(update=rest) != self._settings:
            log.warning(
                "Of the new configuration only the folders, the schedule, the library's rules and "
                "the model's name apply before a restart."
            )
        self._watch()
        log.info("Watching %d folders", len(self._indexer.folders))

    def _services(self) -> Services:
        """Return what the panel and the API work with."""
        return Services(
            settings=self._settings,
            ledger=self._stores.ledger,
            cache=self._stores.cache,
            search=self._stores.search,
            status=self._indexer.status,
            readiness=self._readiness,
            folders=self._folders,
            kind_of=self._kind,
            resolve=self._resolve,
            start_demo=self._demo.start,
            demo_running=self._demo.is_running,
            reload=self.reload,
            models=self._models,
            diary=Diary(self._stores.ledger.database),
            hear=Sounds(self._ear, lambda: self._stores.search.space).hear,
        )

    def _model_desk(self, catalogue: Mapping[str, ModelEntry]) -> Models:
        """Begin the change that the configuration wants; return the desk that steers it."""
        models, wanted = models_dir(self._settings), self._settings.model
        stores, change = self._stores, self._indexer.change
        best = registry.best(models, catalogue=catalogue)
        obstacle = begin_wanted(change, stores.ways, wanted.name, best, stores.search.card.id)
        return Models(
            self._settings,
            change,
            fetcher_of(models, wanted.mirror, wanted.proxy, catalogue=catalogue),
            space=lambda: stores.search.space,
            tracks=change.tracks,
            forget=change.forget,
            note=stores.model_note or obstacle,
        )

    def _work(self) -> None:
        try:
            # Here, because a share whose server is down holds it up.
            self._watch()
            self._indexer.run()
        except Exception as error:
            # The boundary around the indexer: searching and playing go on without it.
            log.exception("The indexer stopped")
            self._trouble = f"New music isn't being heard: the indexer stopped ({error})."

    def _tick(self) -> None:
        self._watch()
        self._indexer.tick()
        self._stores.search.rest()
        self._models.tick()

    def _watch(self) -> None:
        with self._watching:
            folders = self._indexer.folders
            self._watcher.watch(folders)
            health = {folder.name: self._watcher.health(folder.name) for folder in folders}
            self._indexer.set_watch(health)

    def _readiness(self) -> Readiness:
        return Readiness(ready=not self._trouble, reason=self._trouble)

    def _kind(self, track: Track) -> Kind:
        return self._kind_of(track)

    def _resolve(self, location: Location) -> Path | None:
        for folder in self._indexer.folders:
            if folder.name == location.folder:
                return folder.resolve(location)
        return None
