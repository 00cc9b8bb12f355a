"""What is around every page: navigation, player, and who hears of what."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Protocol
from urllib.parse import quote, urlsplit

from nicegui import ui

from traumbox.web.panel.components import PlayerBar, Rail
from traumbox.web.panel.feed import Live, StatusFeed
from traumbox.web.panel.pages.activity import ActivityPage
from traumbox.web.panel.pages.folders import FoldersPage, summary
from traumbox.web.panel.pages.models import ModelsPage, at_work
from traumbox.web.panel.pages.search import SearchPage
from traumbox.web.panel.texts import ENGLISH, Texts
from traumbox.web.services import Services
from traumbox.web.upkeep_views import index_view

PAGES = ("/", "/folders", "/activity", "/models")
"""The paths of the pages; NiceGUI answers no others."""

NO_PROGRESS = {"indexed": 0, "pending": 0, "failed": 0, "excluded": 0, "total": 0, "eta_s": None}


class Page(Protocol):
    """A page within the shell."""

    def build(self) -> None:
        """Create the page's elements."""
        ...

    def on_path(self, path: str) -> None:
        """Take note of a new address within this page."""
        ...

    def on_status(self, live: Live) -> None:
        """Take note of how the appliance is doing."""
        ...


class Shell:
    """One open browser tab."""

    def __init__(
        self,
        services: Services,
        feed: StatusFeed,
        styles: Sequence[str],
        texts: Texts = ENGLISH,
    ) -> None:
        self._services = services
        self._feed = feed
        self._styles = styles
        self._texts = texts
        self._page: Page | None = None
        self._place = "/"
        self._live: Live | None = None

    def build(self) -> None:
        """Create the shell and, in it, the page that the address names."""
        client = ui.context.client
        router = client.sub_pages_router
        self._place = _place(router.current_path)
        ui.add_head_html(_head(_prefix(), self._styles))
        # Outside of NiceGUI's <main>: neither navigation nor player are part of a page's content.
        with client.layout:
            self._rail = Rail(self._texts["rail"], path=self._place, status=NO_PROGRESS)
            self._rail.move(target_index=0)
            PlayerBar(self._texts["player_bar"])
        with ui.element("div").classes("tb-main").props("id=tb-main tabindex=-1"):
            openings = (
                self._open_search,
                self._open_folders,
                self._open_activity,
                self._open_models,
            )
            ui.sub_pages(dict(zip(PAGES, openings, strict=True)))
        router.on_path_changed(self._on_path)
        client.on_delete(self._feed.subscribe(self._on_status))

    def _open_search(self) -> None:
        path = ui.context.client.sub_pages_router.current_path
        self._open(SearchPage(self._services, self._texts, path))

    def _open_folders(self) -> None:
        self._open(FoldersPage(self._services, self._texts))

    def _open_activity(self) -> None:
        self._open(ActivityPage(self._services, self._texts))

    def _open_models(self) -> None:
        self._open(ModelsPage(self._services.models, self._texts))

    def _open(self, page: Page) -> None:
        self._page = page
        page.build()
        if self._live is not None:
            page.on_status(self._live)

    def _on_path(self, path: str) -> None:
        place, before = _place(path), self._place
        self._place = place
        self._rail.show(path=place)
        if self._page is not None and place == before:  # else another page is built for it
            self._page.on_path(path)

    def _on_status(self, live: Live) -> None:
        self._live = live
        self._rail.show(
            status=index_view(live.status),
            models=at_work(live.models),
            attention=summary(live)["attention"],
        )
        if self._page is not None:
            self._page.on_status(live)


def _place(path: str) -> str:
    return urlsplit(path).path.rstrip("/") or "/"


def _prefix() -> str:
    """Return the path under which a reverse proxy serves us; it comes from a request header."""
    request = ui.context.client.request
    forwarded = request.headers.get("X-Forwarded-Prefix", "")
    return quote(forwarded, safe="/-._~") + str(request.scope.get("root_path", ""))


def _head(prefix: str, styles: Sequence[str]) -> str:
    assets = escape(prefix, quote=True) + "/assets"
    links = [f'<link rel="stylesheet" href="{assets}/{style}">' for style in styles]
    return "\n".join(
        [
            f'<link rel="preload" href="{assets}/fonts/inter.woff2" as="font" crossorigin>',
            *links,
            f'<link rel="manifest" href="{assets}/manifest.webmanifest">',
            '<meta name="theme-color" content="#070A13">',
            '<meta name="description" content="Find your own music by describing it.">',
        ]
    )
