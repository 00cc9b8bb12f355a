"""The activity page: what is being done, and what went wrong."""

from __future__ import annotations

import asyncio
from typing import Any

from nicegui import background_tasks, ui

from traumbox.domain import State
from traumbox.web.panel.components import Activity
from traumbox.web.panel.feed import Live
from traumbox.web.panel.pages.folders import summary
from traumbox.web.panel.pages.saying import Said, attempt, counted
from traumbox.web.panel.texts import Texts
from traumbox.web.services import Services
from traumbox.web.upkeep_views import index_view
from traumbox.web.views import file_view, safe

FILES_SHOWN = 50


class ActivityPage:
    """Follows the status; reads the list of failures when their number changes.

    The files that wait are listed when they are asked for, and don't move under the pointer.
    """

    def __init__(self, services: Services, texts: Texts) -> None:
        self._services = services
        self._texts = texts
        self._limits: dict[State, int] = {"failed": FILES_SHOWN, "pending": FILES_SHOWN}
        self._failures_known = -1
        self._busy = False

    def build(self) -> None:
        """Create the page's element."""
        self._view = Activity(self._texts["activity"], status={}, ready=True, reason="")
        self._view.when("act", self._act)
        self._view.when("list", self._show_list)
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
            folders=summary(live),
        )
        if live.status.failed != self._failures_known:
            self._failures_known = live.status.failed
            self._load("failed")

    def _load(self, state: State) -> None:
        background_tasks.create(self._read(state), name=state, context=self._container)

    async def _read(self, state: State) -> None:
        rows, after = await asyncio.to_thread(
            self._services.ledger.page, self._limits[state], states=(state,)
        )
        files = {"items": [file_view(row) for row in rows], "more": after is not None}
        self._view.show(**{state: files})

    def _show_list(self, _: Any) -> None:
        self._limits["pending"] = FILES_SHOWN
        self._load("pending")

    def _show_more(self, asked: Any) -> None:
        state: State = "pending" if asked == "pending" else "failed"
        self._limits[state] += FILES_SHOWN
        self._load(state)

    async def _act(self, asked: dict[str, Any]) -> None:
        if self._busy:
            return
        deed, track_id = str(asked.get("do", "")), str(asked.get("id", ""))
        words = self._texts["messages"]
        self._busy = True
        said = await asyncio.to_thread(attempt, lambda: self._do(deed, track_id), words, deed)
        self._busy = False
        self._view.show(**{"news": "", "problem": "", **said})
        if deed in {"hear", "retry"}:
            self._load("failed")
        if deed == "hear" and "pending" in self._view.props:
            self._load("pending")

    def _do(self, deed: str, track_id: str) -> Said:
        desk, words = self._services.folders, self._texts["messages"]
        if deed == "hear":
            try:
                desk.hear_now(track_id)
            except KeyError:
                return {"problem": words["file_gone"]}
            return {"news": words["hearing"]}
        if deed == "retry":
            return {"news": counted(words, "retrying", desk.retry_failed())}
        {"scan": desk.scan, "pause": desk.pause, "resume": desk.resume}[deed]()
        return {"news": words["scanning"]} if deed == "scan" else {}
