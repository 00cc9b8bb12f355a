"""The page of the watched folders: how they are, adding and changing them, and what went."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from nicegui import background_tasks, ui

from traumbox.config.music import PALETTE
from traumbox.web.panel.components import Folders
from traumbox.web.panel.feed import Live
from traumbox.web.panel.pages.folder_orders import Ask, FolderWork
from traumbox.web.panel.pages.saying import Said, attempt
from traumbox.web.panel.texts import Texts
from traumbox.web.services import FolderView, Services
from traumbox.web.upkeep_views import folder_status_view, folders_view
from traumbox.web.views import View, safe

UNDO = "undo"


class FoldersPage:
    """Follows the folders' state; what is asked for here is done at the desk, in a thread."""

    def __init__(
        self, services: Services, texts: Texts, clock_s: Callable[[], float] = time.time
    ) -> None:
        self._services = services
        self._texts = texts
        self._clock_s = clock_s
        self._work = FolderWork(services.folders, texts["messages"])
        self._busy: dict[str, str] = {}  # the deed under way, by its place on the page
        self._said: dict[str, Said] = {}  # what came of the last one
        self._deeds = 0
        self._looked_at: dict[str, float | None] = {}
        self._gone_known: object = None

    def build(self) -> None:
        """Create the page's element."""
        settings = self._services.settings
        self._view = Folders(
            self._texts["folders"],
            palette=list(PALETTE),
            pollEveryS=settings.schedule.poll_every_s,
            keepMissingS=settings.library.keep_missing_s,
        )
        self._view.when("act", self._act)
        self._container = ui.context.slot.parent

    def on_path(self, path: str) -> None:
        """Nothing in this page's address changes what it shows."""

    def on_status(self, live: Live) -> None:
        """Show how it stands now; that a folder is being looked through is true until it was."""
        looked_at = {f"folder:{safe(view.name)}": view.last_scan_s for view in live.folders}
        for place, last_scan_s in self._looked_at.items():
            if last_scan_s != looked_at.get(place) and self._is_scanning(place):
                del self._said[place]
        self._looked_at = looked_at
        self._view.show(
            folders=[folder_status_view(view) for view in live.folders],
            demo=live.demo_running,
            serverS=self._clock_s(),
            said=dict(self._said),
        )
        gone = (live.status.missing, [(view.name, view.missing) for view in live.folders])
        if gone != self._gone_known:
            self._gone_known = gone
            self._load_removals()

    def _is_scanning(self, place: str) -> bool:
        return self._said.get(place, {}).get("deed") == "scan"

    def _load_removals(self) -> None:
        background_tasks.create(self._read_removals(), name="removals", context=self._container)

    async def _read_removals(self) -> None:
        view = await asyncio.to_thread(folders_view, self._services)
        self._view.show(removals=view["removals"])

    async def _act(self, asked: dict[str, Any]) -> None:
        ask = Ask.from_event(asked)
        if ask.place in self._busy:
            return
        if ask.deed in {"begin", "dismiss"}:
            self._put_away(ask)
            return
        self._busy[ask.place] = ask.deed
        self._said.pop(ask.place, None)
        self._show_deeds()
        said = await asyncio.to_thread(self._carry_out, ask)
        self._deeds += 1
        self._said[ask.place] = {**said, "deed": ask.deed, "number": str(self._deeds)}
        del self._busy[ask.place]
        self._show_deeds()
        if ask.deed in {"remove", UNDO, "forget"}:
            self._load_removals()

    def _put_away(self, ask: Ask) -> None:
        """Take away what was said: a form is opened anew, or an offer isn't wanted."""
        self._said.pop(ask.place, None)
        if ask.place == UNDO:
            self._work.removed = None
        self._show_deeds()

    def _carry_out(self, ask: Ask) -> Said:
        if ask.deed == "demo":
            return attempt(self._start_demo, self._texts["messages"], ask.deed)
        return self._work.carry_out(ask)

    def _start_demo(self) -> Said:
        try:
            self._services.start_demo()
        except OSError as error:
            return {"problem": self._texts["messages"]["demo_failed"].format(reason=error)}
        return {}

    def _show_deeds(self) -> None:
        removed = self._work.removed
        self._view.show(
            busy=dict(self._busy),
            said=dict(self._said),
            removed=safe(removed.name) if removed is not None else "",
        )


def summary(live: Live) -> View:
    """Return how the folders are in all, for what is around the pages and for other pages."""
    offline = {view.name for view in live.folders if is_offline(view)}
    held = {view.name for view in live.folders if view.held is not None}
    return {
        "count": len(live.folders),
        "offline": len(offline),
        "held": len(held),
        "attention": len(offline | held),
    }


def is_offline(view: FolderView) -> bool:
    """Whether a folder is known to be offline, not only not looked at yet."""
    return not view.online and (view.looked or bool(view.note))
