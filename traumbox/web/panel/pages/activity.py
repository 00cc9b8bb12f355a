"""The activity page: what is being done, and what went wrong."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Any

from nicegui import background_tasks, ui

from traumbox.domain import State
from traumbox.web.panel.components import Activity
from traumbox.web.panel.feed import Live
from traumbox.web.panel.texts import Texts
from traumbox.web.services import FolderView, Services
from traumbox.web.views import file_view, index_view, safe

FAILED: tuple[State, ...] = ("failed",)
FAILURES_SHOWN = 50


class ActivityPage:
    """Follows the status; reads the list of failures when their number changes."""

    def __init__(self, services: Services, texts: Texts) -> None:
        self._services = services
        self._texts = texts
        self._limit = FAILURES_SHOWN
        self._failures_known = -1

    def build(self) -> None:
        """Create the page's element."""
        self._view = Activity(self._texts["activity"], status={}, ready=True, reason="")
        self._view.when("scan", self._scan)
        self._view.when("more", self._show_more)
        self._container = ui.context.slot.parent

    def on_path(self, path: str) -> None:
        """Nothing in this page's address changes what it shows."""

    def on_status(self, live: Live) -> None:
        """Show how it stands now."""
        self._view.show(
            status=index_view(live.status),
            ready=live.readiness.ready,
            reason=safe(live.readiness.reason),
            folders=[folder_view(folder) for folder in live.folders],
        )
        if live.status.failed != self._failures_known:
            self._failures_known = live.status.failed
            self._load_failures()

    def _load_failures(self) -> None:
        background_tasks.create(self._read_failures(), name="failures", context=self._container)

    async def _read_failures(self) -> None:
        rows, after = await asyncio.to_thread(
            self._services.ledger.page, self._limit, states=FAILED
        )
        self._view.show(failed=[file_view(row) for row in rows], more=after is not None)

    def _show_more(self, _: Any) -> None:
        self._limit += FAILURES_SHOWN
        self._load_failures()

    async def _scan(self, _: Any) -> None:
        await asyncio.to_thread(self._services.request_scan)
        self._view.show(news=self._texts["messages"]["scanning"])


def folder_view(folder: FolderView) -> dict[str, object]:
    """Return a folder for the browser; names and paths hold whatever the disk holds."""
    return {
        name: safe(value) if isinstance(value, str) else value
        for name, value in asdict(folder).items()
    }
