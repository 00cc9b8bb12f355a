"""What the web works with; the daemon hands it in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from traumbox.config import Settings
from traumbox.domain import (
    Embedding,
    Heard,
    Held,
    IndexStatus,
    Kind,
    Location,
    ModelsStatus,
    Removal,
    Track,
    WatchMode,
)
from traumbox.search import SearchService
from traumbox.stores.cache import MediaCache
from traumbox.stores.diary import Diary
from traumbox.stores.ledger import Ledger

UPLOADS = "tmp"
"""Where in the data folder sounds lie that somebody searches with, until they have been heard."""
SOUND_MOST_S = 600.0
"""So much of such a sound counts: it shows what it is like, and takes a small machine minutes."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether store and model serve; ``reason`` is for people ("The model is still loading.")."""

    ready: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FolderView:
    """A watched folder as people see it; times are POSIX seconds.

    ``note`` says what is wrong with it, if anything; ``remedy`` what can be done about that.
    ``mode`` tells how its changes are noticed, and ``mode_note`` why not by events, if so;
    ``mode_remedy`` is the command that would help against that, if there is one.
    ``indexed`` to ``missing`` count its files by state. ``problem`` is for a folder that can't be
    looked at: playback gives it as the reason.
    """

    name: str
    path: str
    online: bool
    note: str = ""
    remedy: str = ""
    colour: str = ""
    kind: str = "auto"
    priority: str = "normal"
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    mode: WatchMode = "polled"
    mode_note: str = ""
    mode_remedy: str = ""
    files: int = 0
    indexed: int = 0
    pending: int = 0
    failed: int = 0
    excluded: int = 0
    missing: int = 0
    unreadable: int = 0
    looked: bool = True
    last_scan_s: float | None = None
    next_scan_s: float | None = None
    held: Held | None = None


@dataclass(frozen=True, slots=True)
class FolderOrder:
    """What somebody wants of a folder; None leaves a thing as it is, or at its default."""

    path: Path | None = None
    name: str | None = None
    colour: str | None = None
    kind: str | None = None
    priority: str | None = None
    include: tuple[str, ...] | None = None
    exclude: tuple[str, ...] | None = None


class FolderDesk(Protocol):
    """Where folders and the hearing are steered; refusals are TraumboxErrors for the owner."""

    def folders(self) -> Sequence[FolderView]:
        """Return every watched folder, in the configuration's order."""
        ...

    def offline(self) -> frozenset[str]:
        """Return the names of the folders that are offline, from memory: every search asks."""
        ...

    def removals(self) -> Sequence[Removal]:
        """Return what went lately and is kept for its return, the latest first."""
        ...

    def add(self, order: FolderOrder) -> FolderView:
        """Watch another folder, and write it to the configuration; ConfigError."""
        ...

    def change(self, name: str, order: FolderOrder) -> FolderView:
        """Change a folder's entry in the configuration, its path excepted.

        Raises
        ------
        UnknownFolderError
            When none has that name.
        ConfigError
            When the configuration can't be changed so.
        """
        ...

    def remove(self, name: str) -> None:
        """Watch a folder no longer; what is known of its tracks is kept for its return.

        Raises UnknownFolderError, ConfigError.
        """
        ...

    def scan(self, name: str | None = None) -> None:
        """Look through a folder, or all, now; UnknownFolderError."""
        ...

    def confirm(self, name: str) -> int:
        """Let the removal that is held in a folder happen; return how many tracks go.

        Raises
        ------
        UnknownFolderError
            When none has that name.
        NothingHeldError
            When nothing is held there.
        """
        ...

    def forget(self, name: str) -> int:
        """Forget a folder's missing tracks for good, now; return how many. UnknownFolderError."""
        ...

    def pause(self) -> None:
        """Hear nothing from now on, over restarts too, until ``resume``."""
        ...

    def resume(self) -> None:
        """Go on hearing."""
        ...

    def hear_now(self, track_id: str) -> None:
        """Hear this file next, whatever the hour and even while paused; a failed one again.

        Raises
        ------
        KeyError
            When there is no such file.
        """
        ...

    def retry_failed(self) -> int:
        """Have all failed files heard again; return how many."""
        ...


class ModelDesk(Protocol):
    """Where models are asked for: what there is, getting one, changing to another.

    What takes long is only begun; ``status`` tells how it goes. Refusals are TraumboxErrors in
    words for the owner.
    """

    def status(self) -> ModelsStatus:
        """Return everything about models at this moment."""
        ...

    def fetch(self, name: str) -> None:
        """Begin to get a model, or go on now instead of at the next try."""
        ...

    def stop_fetch(self) -> None:
        """Stop getting a model; what was downloaded is kept."""
        ...

    def import_from(self, path: Path) -> None:
        """Begin to take in a checkpoint's file or a converted model's folder."""
        ...

    def use(self, name: str, *, now: bool = False) -> None:
        """Write the choice to the configuration and begin the change.

        With ``now`` the switch doesn't wait until everything has been heard anew.
        """
        ...

    def pause(self) -> None:
        """Hold the change under way."""
        ...

    def resume(self) -> None:
        """Go on with a change that was held."""
        ...

    def cancel(self) -> None:
        """Give the change up; what was heard for it is kept."""
        ...

    def verify(self, name: str) -> str:
        """Compare a model's files with their checksums: "" or what is wrong. Takes seconds."""
        ...

    def remove(self, name: str) -> None:
        """Delete a model's files and what was heard with it; refused while it serves."""
        ...

    def refresh(self) -> None:
        """Look at the models' folder anew: another process has put or removed a model there."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """Everything API and panel may call. All of it may block: call it from a thread."""

    settings: Settings
    ledger: Ledger
    cache: MediaCache
    search: SearchService
    status: Callable[[], IndexStatus]
    readiness: Callable[[], Readiness]
    folders: FolderDesk
    kind_of: Callable[[Track], Kind]
    """Music, audiobook or podcast, by the rules of the configuration."""
    resolve: Callable[[Location], Path | None]
    """The file within its folder; None when it is offline, gone or reached by a link outside."""
    start_demo: Callable[[], None]
    demo_running: Callable[[], bool]
    reload: Callable[[], None]
    models: ModelDesk
    diary: Diary
    hear: Callable[[Path, float], tuple[Heard, Embedding]]
    """What is heard in a file that is no track, when its turn comes within so many seconds.

    Raises AudioError, ListenerError, ModelError, OSError.
    """
