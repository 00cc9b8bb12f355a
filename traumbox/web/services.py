"""What the web works with; the daemon hands it in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from traumbox.config import Settings
from traumbox.domain import IndexStatus, Location, ModelCard
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
    model_card: ModelCard
