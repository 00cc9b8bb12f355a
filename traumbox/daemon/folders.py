"""The desk of folders: what is known of them, and what is to be done with them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal, Protocol

from traumbox import config
from traumbox.config import Folder, Settings
from traumbox.domain import FolderState, Removal, State, WatchHealth
from traumbox.errors import ConfigError, UnknownFolderError
from traumbox.indexer.worker import Indexer
from traumbox.stores.ledger import Ledger
from traumbox.web.services import FolderOrder, FolderView

NOT_YET = FolderState(online=True, looked=False)
OFFLINE_REMEDY = (
    "Check that its disk or server is on and mounted. It is looked at again every 30 seconds; its "
    "tracks come back with it."
)
UNREADABLE_REMEDY = "Give traumbox the permission to read and enter them."


class Health(Protocol):
    """How the news of folders arrive; the Watcher."""

    def health(self, name: str) -> WatchHealth:
        """Return it from memory, without touching the disk."""
        ...


class Folders:
    """Fulfils the web's FolderDesk; safe in any thread.

    Parameters
    ----------
    settings
        As the house was started with.
    environ
        Its environment, which wins over the file.
    apply
        Has the whole house take over a new configuration.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        indexer: Indexer,
        ledger: Ledger,
        watcher: Health,
        environ: Mapping[str, str],
        apply: Callable[[Settings], None],
    ) -> None:
        self._settings = settings
        self._indexer = indexer
        self._ledger = ledger
        self._watcher = watcher
        self._environ = environ
        self._apply = apply
        self._editing = threading.Lock()

    def reload(self) -> None:
        """Have the house take over the configuration file as it is now; ConfigError."""
        with self._editing:
            self._apply(self._read())

    def take(self, settings: Settings) -> None:
        """Tell of the folders of ``settings`` from now on."""
        self._settings = settings

    def folders(self) -> Sequence[FolderView]:
        """See FolderDesk."""
        folders = self._settings.folders
        counts = self._ledger.counts_by_folder()
        states = self._indexer.folder_states
        marks = config.colours(folders)
        return [
            self._view(
                folder, colour, states.get(folder.name, NOT_YET), counts.get(folder.name, {})
            )
            for folder, colour in zip(folders, marks, strict=True)
        ]

    def offline(self) -> frozenset[str]:
        """See FolderDesk."""
        return self._indexer.offline()

    def removals(self) -> Sequence[Removal]:
        """See FolderDesk."""
        return self._ledger.removals(self._settings.library.keep_missing_s)

    def add(self, order: FolderOrder) -> FolderView:
        """See FolderDesk."""
        with self._editing:
            if order.path is None:
                raise ConfigError("No folder was named. Say its whole path.")
            settings = self._read()
            path, name = config.folder_to_add(settings, order.path, order.name)
            options = _said(order)
            options.pop("name", None)
            config.checked_folder({"path": path, "name": name, **options})
            config.add_folder(self._file, path, name, environ=self._environ, **options)
            self._apply(self._read())
        return self._find(name)

    def change(self, name: str, order: FolderOrder) -> FolderView:
        """See FolderDesk."""
        with self._editing:
            folder = self._configured(name)
            if order.path is not None and order.path != folder.path:
                raise ConfigError(
                    f"The path of “{name}” can't be changed here. Add the other folder; files that "
                    "were moved keep their plays and playlists."
                )
            changes = _said(order)
            config.checked_folder({**folder.model_dump(), **changes})
            config.change_folder(self._file, name, changes, environ=self._environ)
            self._apply(self._read())
        return self._find(order.name or name)

    def remove(self, name: str) -> None:
        """See FolderDesk."""
        with self._editing:
            self._configured(name)
            config.remove_folder(self._file, name, environ=self._environ)
            self._apply(self._read())

    def scan(self, name: str | None = None) -> None:
        """See FolderDesk."""
        self._indexer.scan(name)

    def confirm(self, name: str) -> int:
        """See FolderDesk."""
        return self._indexer.confirm(name)

    def forget(self, name: str) -> int:
        """See FolderDesk. Also for a folder that is watched no longer."""
        return self._indexer.forget_missing(name)

    def pause(self) -> None:
        """See FolderDesk."""
        self._indexer.pause()

    def resume(self) -> None:
        """See FolderDesk."""
        self._indexer.resume()

    def hear_now(self, track_id: str) -> None:
        """See FolderDesk."""
        self._indexer.hear_now(track_id)

    def retry_failed(self) -> int:
        """See FolderDesk."""
        return self._indexer.retry_failed()

    def _read(self) -> Settings:
        given = self._settings.config_file
        # Without one the daemon ran on defaults; the first folder that was added has made one.
        file = self._file if given is not None or self._file.exists() else None
        return config.load(file, self._environ)

    @property
    def _file(self) -> Path:
        return self._settings.config_file or config.CONFIG_FILE.absolute()

    def _configured(self, name: str) -> Folder:
        for folder in self._settings.folders:
            if folder.name == name:
                return folder
        there = ", ".join(f"“{folder.name}”" for folder in self._settings.folders) or "none"
        raise UnknownFolderError(f"No watched folder is called “{name}”; there are: {there}.")

    def _find(self, name: str) -> FolderView:
        return next(view for view in self.folders() if view.name == name)

    def _view(
        self,
        folder: Folder,
        colour: str,
        state: FolderState,
        count: Mapping[State | Literal["missing"], int],
    ) -> FolderView:
        health = self._watcher.health(folder.name)
        return FolderView(
            name=folder.name,
            path=str(folder.path),
            online=state.online,
            note=state.note,
            remedy=_remedy(state),
            colour=colour,
            kind=folder.kind,
            priority=folder.priority,
            include=folder.include,
            exclude=folder.exclude,
            mode=health.mode,
            mode_note=health.reason,
            mode_remedy=health.remedy,
            files=state.files,
            indexed=count.get("indexed", 0),
            pending=count.get("pending", 0),
            failed=count.get("failed", 0),
            excluded=count.get("excluded", 0),
            missing=count.get("missing", 0),
            unreadable=state.unreadable,
            looked=state.looked,
            last_scan_s=state.last_scan_s,
            next_scan_s=self._indexer.next_scan_s(folder.name),
            held=state.held,
        )


def _remedy(state: FolderState) -> str:
    if not state.online:
        return OFFLINE_REMEDY
    return UNREADABLE_REMEDY if state.unreadable else ""


def _said(order: FolderOrder) -> dict[str, object]:
    """Return what the order says of a folder, keyed as in the configuration."""
    values = {key: getattr(order, key) for key in config.OPTIONS}
    return {key: value for key, value in values.items() if value is not None}
