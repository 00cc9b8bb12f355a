"""The desks of models and of folders as the web sees them: their state is the test's, their deeds
are noted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from traumbox.config import Folder, Settings, folder_to_add
from traumbox.domain import ModelInfo, ModelsStatus, Removal
from traumbox.errors import NothingHeldError, TraumboxError, UnknownFolderError
from traumbox.web.services import FolderOrder, FolderView

DATA_DIR = Path("/var/lib/traumbox")
BUILTIN = ModelInfo(
    name="builtin",
    title="The built-in model",
    purpose="Answers at once and offline.",
    licence="GPL-3.0-or-later",
    dim=256,
    download_bytes=0,
    state="installed",
    serving=True,
    tracks=12,
)
CLAP_MUSIC = ModelInfo(
    name="clap-music",
    title="LAION CLAP for music",
    purpose="Knows what music sounds like.",
    licence="CC0-1.0",
    dim=512,
    download_bytes=2_352_471_003,
    state="absent",
)
CLAP_GENERAL = ModelInfo(
    name="clap-general",
    title="LAION CLAP for all sounds",
    purpose="Smaller and faster.",
    licence="CC0-1.0",
    dim=512,
    download_bytes=1_863_587_645,
    state="absent",
)


@dataclass
class FakeDesk:
    """``state`` is what it tells; ``refusal`` is raised by everything it is asked to do."""

    state: ModelsStatus = field(
        default_factory=lambda: ModelsStatus(
            wanted="auto", serving="builtin", models=(CLAP_MUSIC, CLAP_GENERAL, BUILTIN)
        )
    )
    refusal: TraumboxError | None = None
    damage: str = ""
    asked: list[str] = field(default_factory=list)

    def status(self) -> ModelsStatus:
        return self.state

    def fetch(self, name: str) -> None:
        self._note(f"fetch {name}")

    def stop_fetch(self) -> None:
        self._note("stop")

    def import_from(self, path: Path) -> None:
        self._note(f"import {path}")

    def use(self, name: str, *, now: bool = False) -> None:
        self._note(f"use {name}{' now' if now else ''}")

    def pause(self) -> None:
        self._note("pause")

    def resume(self) -> None:
        self._note("resume")

    def cancel(self) -> None:
        self._note("cancel")

    def verify(self, name: str) -> str:
        self._note(f"verify {name}")
        return self.damage

    def remove(self, name: str) -> None:
        self._note(f"remove {name}")

    def refresh(self) -> None:
        self._note("refresh")

    def _note(self, deed: str) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.asked.append(deed)


@dataclass
class FakeFolders:
    """Folders as values: what is asked of them is noted, and shows in the next look.

    ``views`` and ``lately`` are what it tells; ``refusal`` is raised by everything it is asked to
    do. ``files`` are the track ids it knows, ``failed`` the ones that couldn't be heard.
    """

    views: list[FolderView] = field(default_factory=list)
    lately: list[Removal] = field(default_factory=list)
    files: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    paused: bool = False
    refusal: TraumboxError | None = None
    asked: list[str] = field(default_factory=list)

    def folders(self) -> Sequence[FolderView]:
        return tuple(self.views)

    def offline(self) -> frozenset[str]:
        return frozenset(view.name for view in self.views if not view.online)

    def removals(self) -> Sequence[Removal]:
        return tuple(self.lately)

    def add(self, order: FolderOrder) -> FolderView:
        assert order.path is not None
        folders = tuple(Folder(path=Path(view.path), name=view.name) for view in self.views)
        path, name = folder_to_add(
            Settings(data_dir=DATA_DIR, folders=folders), order.path, order.name
        )
        self._note(f"add {path}")
        view = _ordered(FolderView(name, str(path), online=True, looked=False), order)
        self.views.append(view)
        return view

    def change(self, name: str, order: FolderOrder) -> FolderView:
        view = self._view(name)
        self._note(f"change {name}")
        self.put(name, changed := _ordered(view, order))
        return changed

    def remove(self, name: str) -> None:
        view = self._view(name)
        self._note(f"remove {name}")
        self.views.remove(view)

    def scan(self, name: str | None = None) -> None:
        if name is not None:
            self._view(name)
        self._note("scan" if name is None else f"scan {name}")

    def confirm(self, name: str) -> int:
        view = self._view(name)
        if view.held is None:
            raise NothingHeldError(f"Nothing waits to be confirmed in “{name}”.")
        self._note(f"confirm {name}")
        count = view.held.count
        self.put(name, replace(view, held=None, missing=view.missing + count))
        return count

    def forget(self, name: str) -> int:
        view = self._view(name)
        self._note(f"forget {name}")
        self.put(name, replace(view, missing=0))
        self.lately = [removal for removal in self.lately if removal.folder != name]
        return view.missing

    def pause(self) -> None:
        self._note("pause")
        self.paused = True

    def resume(self) -> None:
        self._note("resume")
        self.paused = False

    def hear_now(self, track_id: str) -> None:
        if track_id not in self.files:
            raise KeyError(track_id)
        self._note(f"hear {track_id}")
        self.failed.discard(track_id)

    def retry_failed(self) -> int:
        self._note("retry")
        count = len(self.failed)
        self.failed.clear()
        return count

    def put(self, name: str, view: FolderView) -> None:
        """Let the folder called ``name`` look like this from now on."""
        self.views[self.views.index(self._view(name))] = view

    def _view(self, name: str) -> FolderView:
        found = next((view for view in self.views if view.name == name), None)
        if found is None:
            names = ", ".join(f"“{view.name}”" for view in self.views) or "none"
            raise UnknownFolderError(f"No watched folder is called “{name}”; there are: {names}.")
        return found

    def _note(self, deed: str) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.asked.append(deed)


def _ordered(view: FolderView, order: FolderOrder) -> FolderView:
    wanted = ("name", "colour", "kind", "priority", "include", "exclude")
    said = {key: value for key in wanted if (value := getattr(order, key)) is not None}
    return replace(view, **said)
