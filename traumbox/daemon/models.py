"""The desk where models are asked for: what there is, getting one, changing to another."""

from __future__ import annotations

import logging
import os
import platform
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from traumbox import config
from traumbox.config import Model, Settings
from traumbox.daemon.getting import Getter
from traumbox.daemon.wanting import Want
from traumbox.domain import ChangeProgress, FetchProgress, ModelInfo, ModelsStatus
from traumbox.embedders import registry
from traumbox.embedders.supply import Fetcher, check_importable, look
from traumbox.embedders.supply.suited import suited
from traumbox.errors import ConfigError, ModelError, TraumboxError
from traumbox.ports import Space

log = logging.getLogger(__name__)


class Change(Protocol):
    """The change to another model, as far as the desk steers it."""

    def begin(self, name: str) -> None: ...
    def pause(self) -> None: ...
    def resume(self) -> None: ...
    def cancel(self) -> None: ...
    def switch_now(self) -> None: ...
    def progress(self) -> ChangeProgress | None: ...


class Models:
    """Steers getting and changing; decides by itself what the configuration leaves open.

    With ``model.name: auto`` (or a model that isn't here) and ``model.fetch: true`` it fetches in
    the background, tries again when that fails, and begins the change when a better model has
    come, whoever brought it. Nothing of this ever keeps the house from starting or answering.
    """

    def __init__(
        self,
        settings: Settings,
        change: Change,
        fetcher: Fetcher,
        *,
        space: Callable[[], Space],
        tracks: Callable[[str], int] = lambda _name: 0,
        forget: Callable[[str], None] = lambda _name: None,
        note: str = "",
        now_s: Callable[[], float] = time.time,
        environ: Mapping[str, str] = os.environ,
        preferred: str = "",
    ) -> None:
        """Take the parts.

        Parameters
        ----------
        space
            The space that answers searches now.
        tracks, forget
            How many tracks are stored in a model's space, and dropping that, by its name.
        note
            What there was to say of the model at the start.
        preferred
            What ``auto`` fetches; by default what suits this machine.
        """
        self._settings = settings
        self._change = change
        self._fetcher = fetcher
        self._space = space
        self._tracks = tracks
        self._forget = forget
        self._note = note
        self._noted_of = space().model
        self._now_s = now_s
        self._environ = environ
        self._preferred = preferred or _suited_here()
        self._model = settings.model
        self._lock = threading.RLock()
        self._damage: dict[str, str] = {}
        self._tries = fetcher.tries
        self._getter = Getter(fetcher, now_s, self._ended)
        self._aim = self._target()
        self._infos = self._look()

    def status(self) -> ModelsStatus:
        """Return everything about models at this moment."""
        serving = self._space().model
        fetch = self._getter.progress()
        return ModelsStatus(
            wanted=self._model.name,
            serving=serving,
            models=tuple(replace(info, serving=info.name == serving) for info in self._infos),
            fetch=fetch or self._waiting(),
            change=self._change.progress(),
            notice="" if fetch is not None else self._notice(serving),
        )

    def tick(self) -> None:
        """Look whether something has come or a try is due; called every few seconds."""
        self.refresh()
        name = self._awaited()
        if (
            name
            and self._tries.is_due(name, self._now_s())
            and not self._getter.is_busy()
            and not self._fetcher.converter.missing()
        ):
            last = self._tries.last(name)
            try:
                self._getter.fetch(name, asked=last is not None and last.asked)
            except TraumboxError as error:
                log.info("%s", error)

    def refresh(self) -> None:
        """Look at the models' folder anew, and begin the change to a better one that has come."""
        with self._lock:
            try:
                self._infos = self._look()
            except TraumboxError as error:
                log.warning("The models couldn't be looked at: %s", error)
            target = self._target()
            if target is None or target == self._aim:
                return
            self._aim = target
            self._note = ""  # what there was to say at the start is no longer so
            name, model_id = target
            try:
                if model_id == self._space().embedder.card.id:
                    self._change.cancel()  # the last word counts
                else:
                    self._change.begin(name)
            except TraumboxError as error:
                log.warning("The change to %s couldn't begin: %s", name, error)

    def fetch(self, name: str) -> None:
        """Begin to get a model, or go on now instead of at the next try.

        Raises
        ------
        ModelError
            When there is nothing to fetch, or the converter isn't installed.
        AlreadyRunningError
            When another model is being got.
        """
        self._fetcher.source_of(name)
        self._fetcher.ensure_converter()
        known = registry.entry(name, self._fetcher.models_dir, catalogue=self._fetcher.catalogue)
        self._tries.clear(known.name)
        self._getter.fetch(known.name, asked=True)

    def stop_fetch(self) -> None:
        """Stop getting a model until somebody asks for it again; what was downloaded is kept."""
        name = self._getter.stop()
        if not name and self._getter.progress() is None:
            name = self._awaited()
        if name:
            self._tries.given_up(name)

    def import_from(self, path: Path) -> None:
        """Begin to take in a checkpoint's file or a converted model's folder.

        Raises
        ------
        ModelError
            When it is plainly neither, or the converter isn't installed.
        AlreadyRunningError
            When another model is being got.
        """
        check_importable(path)
        if not path.is_dir():
            self._fetcher.ensure_converter()
        self._getter.import_from(path)

    def use(self, name: str, *, now: bool = False) -> None:
        """Write the choice to the configuration and begin the change.

        With ``now`` the switch doesn't wait until everything has been heard anew.

        Raises
        ------
        ModelError
            When there is no such model, or it isn't installed or damaged.
        ConfigError
            When the configuration can't be changed.
        """
        known = registry.entry(name, self._fetcher.models_dir, catalogue=self._fetcher.catalogue)
        model_id = self._card_id(known.name)
        if known.name in self._damage:
            raise ModelError(self._damage[known.name])
        self._choose(name)
        if model_id == self._space().embedder.card.id:
            self._change.cancel()
            return
        self._change.begin(known.name)
        if now:
            self._change.switch_now()

    def pause(self) -> None:
        """Hold the change under way."""
        self._change.pause()

    def resume(self) -> None:
        """Go on with a change that was held."""
        self._change.resume()

    def cancel(self) -> None:
        """Give the change up; what was heard for it is kept.

        Where the configuration had asked for it by name, it asks for the old model again: the
        change would begin anew at the next start.
        """
        change = self._change.progress()
        self._change.cancel()
        if change is None or change.new != self._model.name:
            return
        try:
            self._choose(change.old)
        except ConfigError as error:
            log.warning("%s", error)

    def _choose(self, name: str) -> None:
        """Write the choice to the configuration; ConfigError."""
        file = self._settings.config_file or config.CONFIG_FILE.absolute()
        config.set_model(file, name, self._environ)
        with self._lock:
            self._model = self._model.model_copy(update={"name": name})
            self._aim = self._target()

    def verify(self, name: str) -> str:
        """Compare a model's files with their checksums: "" or what is wrong. Takes seconds.

        Raises
        ------
        ModelError
            When no model has that name.
        """
        known = registry.entry(name, self._fetcher.models_dir, catalogue=self._fetcher.catalogue)
        wrong = self._fetcher.verify(known.name)
        with self._lock:
            self._damage.pop(known.name, None)
            if wrong:
                self._damage[known.name] = wrong
            self._infos = self._look()
        return wrong

    def remove(self, name: str) -> None:
        """Delete a model's files and what was heard with it; it isn't fetched again by itself.

        Raises
        ------
        ModelError
            When it serves, is being changed to, or isn't there.
        AlreadyRunningError
            When a model is being got just now.
        """
        known = registry.entry(name, self._fetcher.models_dir, catalogue=self._fetcher.catalogue)
        if known.name == self._space().model:
            raise ModelError(
                f"Searches are answered with {known.name} just now. Use another model first."
            )
        change = self._change.progress()
        if change is not None and change.new == known.name:
            raise ModelError(f"The change to {known.name} is under way. Cancel it first.")
        try:
            self._fetcher.remove(known.name)
        except ModelError:
            if known.comes_along or not self._tracks(known.name):
                raise
        self._forget(known.name)
        with self._lock:
            self._damage.pop(known.name, None)
        self.refresh()

    def take(self, model: Model) -> None:
        """Take over what the configuration, read anew, says of the model."""
        with self._lock:
            self._model = model
        self.refresh()

    def stop(self) -> None:
        """Stop with the house; what was begun goes on at the next start."""
        self._getter.close()

    def _ended(self, model: str) -> None:
        with self._lock:
            # What was damaged has been read anew or replaced; a file taken in may be any of them.
            self._damage = (
                {}
                if not model
                else {name: wrong for name, wrong in self._damage.items() if name != model}
            )
        self.refresh()

    def _look(self) -> tuple[ModelInfo, ...]:
        found = look(self._fetcher.models_dir, self._fetcher.catalogue, tracks=self._tracks)
        return tuple(
            replace(info, state="damaged", note=self._damage[info.name])
            if info.name in self._damage
            else info
            for info in found
        )

    def _card_id(self, name: str) -> str:
        known = registry.entry(name, self._fetcher.models_dir, catalogue=self._fetcher.catalogue)
        directory = self._fetcher.models_dir / known.name
        if not known.comes_along and not directory.exists():
            how = f"quantize {known.made_from}" if known.made_from else f"fetch {known.name}"
            raise ModelError(f"{known.name} isn't installed. To have it: traumbox model {how}")
        return known.card(directory).id

    def _target(self) -> tuple[str, str] | None:
        """Return name and id of the installed model that is wanted, if it is there."""
        directory, catalogue = self._fetcher.models_dir, self._fetcher.catalogue
        try:
            known = registry.entry(self._model.name, directory, catalogue=catalogue)
            return known.name, known.card(directory / known.name).id
        except ModelError:
            return None

    def _awaited(self) -> str:
        """Return the model that is to be fetched now or at the next try, or ""."""
        asked = self._tries.waiting()
        if asked in self._absent():
            return asked
        return self._want().missing() if self._model.fetch else ""

    def _refused(self) -> str:
        """Return a model that somebody asked for in vain, or ""."""
        return next((name for name in self._tries.refused() if name in self._absent()), "")

    def _absent(self) -> set[str]:
        return {info.name for info in self._infos if info.state != "installed"}

    def _want(self) -> Want:
        return Want(self._model, self._infos, self._fetcher.catalogue, self._preferred)

    def _waiting(self) -> FetchProgress | None:
        name = self._awaited()
        last = self._tries.last(name)
        if last is None or last.next_try_s is None:
            return None
        source = self._fetcher.source_of(name)
        return FetchProgress(
            name,
            "waiting",
            source.size - self._fetcher.bytes_to_come(source),
            source.size,
            next_try_s=last.next_try_s,
            note=last.message,
        )

    def _notice(self, serving: str) -> str:
        if self._getter.import_trouble:
            return self._getter.import_trouble
        outcome = self._tries.last(self._awaited() or self._refused())
        missing = self._fetcher.converter.missing()
        notice = self._want().notice(serving, outcome, missing, self._now_s())
        return notice or (self._note if serving == self._noted_of else "")


def _suited_here() -> str:
    try:
        cpuinfo = Path("/proc/cpuinfo").read_text("utf-8", errors="replace")
    except OSError:
        cpuinfo = ""
    return suited(platform.machine(), cpuinfo)
