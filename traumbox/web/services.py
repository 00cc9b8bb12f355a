"""What the web works with; the daemon hands it in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from traumbox.config import Settings
from traumbox.domain import IndexStatus, Location, ModelsStatus
from traumbox.search import SearchService
from traumbox.stores.cache import MediaCache
from traumbox.stores.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether store and model serve; ``reason`` is for people ("The model is still loading.")."""

    ready: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FolderView:
    """A watched folder as people see it; ``note`` says what is wrong with it, if anything."""

    name: str
    path: str
    online: bool
    note: str = ""


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
    folders: Callable[[], Sequence[FolderView]]
    resolve: Callable[[Location], Path | None]
    """The file within its folder; None when it is offline, gone or reached by a link outside."""
    request_scan: Callable[[], None]
    start_demo: Callable[[], None]
    demo_running: Callable[[], bool]
    reload: Callable[[], None]
    models: ModelDesk
