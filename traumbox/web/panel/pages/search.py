"""The search page: the address asks, the service answers, the list shows it."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from nicegui import background_tasks, ui

from traumbox.errors import TraumboxError
from traumbox.web.panel.components import Results, SearchBar, TrackDetail, Welcome
from traumbox.web.panel.feed import Live
from traumbox.web.panel.pages.answers import (
    RECENT_SHOWN,
    Found,
    find,
    find_choices,
    find_detail,
    find_recent,
)
from traumbox.web.panel.state import SearchState
from traumbox.web.panel.texts import Texts
from traumbox.web.services import Services
from traumbox.web.upkeep_views import folder_status_view, index_view
from traumbox.web.views import safe

log = logging.getLogger(__name__)

EXAMPLE_LINES = "folders:\n  - path: /srv/music\n    name: Music"


class SearchPage:
    """Search field, results, and one track closely; without a query the way to begin."""

    def __init__(self, services: Services, texts: Texts, path: str) -> None:
        self._services = services
        self._texts = texts
        self._state = SearchState.from_path(path)
        self._live: Live | None = None
        self._asked = 0  # counts the questions: an answer to an earlier one comes too late
        self._has_room = True  # for more in the list of recently added tracks
        self._found_nothing = False  # in reply to a question
        self._is_stale = False  # the answer shown was given before all music was heard
        self._titles: dict[str, str] = {}  # of tracks that were named in questions, by id

    def build(self) -> None:
        """Create the page's elements and ask what the address asks."""
        self._container = ui.element("div").classes("tb-search-page")
        with self._container:
            self._bar = SearchBar(self._texts["search_bar"], asked=self._asked_props())
            self._bar.when("choices", self._show_choices)
            self._welcome = self._build_welcome()
            with ui.element("div").classes("tb-columns"):
                self._results = Results(self._texts["results"], asked=self._asked_props())
                self._results.classes("tb-gone")
                self._results.when("select", self._select)
                self._detail = TrackDetail(self._texts["track_detail"])
                self._detail.when("close", lambda _: self._detail.show(sheet=False))
        self._ask()

    def on_path(self, path: str) -> None:
        """Ask what a new address asks."""
        self._state = SearchState.from_path(path)
        self._bar.show(asked=self._asked_props(), chips=[])
        self._ask()

    def on_status(self, live: Live) -> None:
        """Show progress to those who wait for it; repeat a search that can now say more."""
        before, self._live = self._live, live
        self._show_welcome()
        away = sorted(safe(folder.name) for folder in live.folders if not folder.online)
        self._results.show(away=away)
        self._detail.show(away=away)
        became_ready = before is not None and live.readiness.ready and not before.readiness.ready
        has_grown = before is not None and live.status.indexed > before.status.indexed
        can_say_all = self._is_stale and not live.status.pending
        if became_ready or can_say_all or (self._found_nothing and has_grown):
            self._ask()
        elif self._state.is_empty and self._has_room and has_grown:
            background_tasks.create(self._show_recent(), name="recent", context=self._container)

    def _build_welcome(self) -> Welcome:
        settings = self._services.settings
        welcome = Welcome(
            self._texts["welcome"],
            starters=list(self._services.search.starters()),
            configFile=str(settings.config_file or "config/traumbox.yaml"),
            lines=EXAMPLE_LINES,
        )
        welcome.when("demo", self._start_demo)
        welcome.when("reload", lambda _: asyncio.to_thread(self._services.reload))
        return welcome

    def _show_welcome(self) -> None:
        if self._live is None or not self._state.is_empty:
            self._welcome.show(state="")
            return
        status = self._live.status
        if status.indexed:
            state = "starters"
        elif status.pending or self._live.demo_running:
            state = "making"
        else:
            state = "empty"
        self._welcome.show(
            state=state,
            status=index_view(status) if state == "making" else {},
            demo=self._live.demo_running,
            folders=[folder_status_view(folder) for folder in self._live.folders],
        )

    async def _start_demo(self, _: Any) -> None:
        try:
            await asyncio.to_thread(self._services.start_demo)
        except (TraumboxError, OSError) as error:
            reason = self._texts["messages"]["demo_failed"].format(reason=error)
            self._welcome.show(problem=reason)

    def _ask(self) -> None:
        self._asked += 1
        self._is_stale = self._found_nothing = False
        self._show_welcome()
        self._detail.show(hit=None, sheet=False)
        if self._state.sound:  # the browser holds the answer
            self._show_results(True, Found())
            return
        task = self._show_recent() if self._state.is_empty else self._show_answer()
        background_tasks.create(task, name="search", context=self._container)

    def _asked_props(self) -> dict[str, Any]:
        """Return the question as the components take it and write it into addresses."""
        state = self._state
        return {
            "text": safe(state.text),
            "like": [self._named(track_id) for track_id in state.like],
            "unlike": [self._named(track_id) for track_id in state.unlike],
            "filters": [safe(str(condition)) for condition in state.filters],
            "back": [safe(chip) for chip in state.back],
            "sound": safe(state.sound),
        }

    def _named(self, track_id: str) -> dict[str, str]:
        return {"id": safe(track_id), "title": self._titles.get(track_id, "")}

    async def _show_choices(self, _: Any) -> None:
        try:
            choices = await asyncio.to_thread(find_choices, self._services)
        except TraumboxError:
            log.warning("What can be filtered by isn't known", exc_info=True)
            return  # all of it can be typed as well
        self._bar.show(choices=choices)

    async def _show_recent(self) -> None:
        asked = self._asked
        hits = await asyncio.to_thread(find_recent, self._services)
        if asked == self._asked:
            self._has_room = len(hits) < RECENT_SHOWN
            self._show_results(bool(hits), Found(hits=hits))

    async def _show_answer(self) -> None:
        asked, state = self._asked, self._state
        if self._results.props.get("kind") in {"recent", "sound"}:
            self._results.show(hits=[])  # they would look like the answer
        self._results.show(state="busy", kind=state.kind, message="", hint="", leftBy=[], meant="")
        self._results.classes(remove="tb-gone")
        client = ui.context.client
        await client.connected()
        if client.is_deleted:  # nobody opened the page: no search either
            return
        try:
            found = await asyncio.to_thread(find, self._services, self._texts["messages"], state)
        except Exception:  # boundary: the page says that it failed, the log why
            log.exception("The search failed")
            words = self._texts["messages"]
            found = Found(message=words["failed"], hint=words["failed_hint"])
        if asked != self._asked:
            return
        self._is_stale = found.is_partial
        self._found_nothing = not found.hits
        self._titles.update(found.titles)
        self._bar.show(asked=self._asked_props(), chips=found.chips)
        self._show_results(True, found)

    def _show_results(self, visible: bool, found: Found) -> None:
        self._results.show(
            state="done",
            kind=self._state.kind,
            asked=self._asked_props(),
            hits=found.hits,
            answer=found.numbers,
            message=found.message,
            hint=found.hint,
            note=found.note,
            meant=found.meant,
            leftBy=found.left_by,
        )
        self._results.classes(**{"remove" if visible else "add": "tb-gone"})

    async def _select(self, chosen: dict[str, Any]) -> None:
        asked = self._asked
        track_id = str(chosen["id"])
        detail = await asyncio.to_thread(find_detail, self._services, self._state, track_id)
        if asked != self._asked or detail is None:
            return
        hits = self._results.props["hits"]
        hit = next((hit for hit in hits if hit["track"]["id"] == track_id), detail["hit"])
        self._detail.show(sheet=bool(chosen["sheet"]), **{**detail, "hit": hit})
