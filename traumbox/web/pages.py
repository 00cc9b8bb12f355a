"""Plain HTML for when the panel can't speak: starting, not found, gone wrong. No scripts."""

from __future__ import annotations

from functools import cache
from html import escape
from importlib import resources
from string import Template

SAFETY = "Your music is safe: traumbox only reads it, and never changes or deletes a file."
REFRESH_S = 2


@cache
def _template() -> Template:
    text = resources.files("traumbox.web").joinpath("static/page.html").read_text("utf-8")
    return Template(text)


def error_page(title: str, detail: str, remedy: str) -> str:
    """Say what happened, that the music is safe, and one thing to do."""
    return _page(title, detail, remedy, kind="error", refresh="", href="/", action="To the search")


def starting_page(reason: str) -> str:
    """Say why the panel isn't there yet; the browser asks again by itself."""
    return _page(
        "traumbox is starting",
        reason or "The last preparations are under way.",
        "This page turns into the panel by itself.",
        kind="waiting",
        refresh=f'<meta http-equiv="refresh" content="{REFRESH_S}">',
        href="",
        action="Look again now",
    )


def _page(
    title: str, detail: str, remedy: str, *, kind: str, refresh: str, href: str, action: str
) -> str:
    return _template().substitute(
        title=escape(title),
        detail=escape(detail),
        remedy=escape(remedy),
        kind=kind,
        refresh=refresh,
        safety=escape(SAFETY),
        href=href,
        action=escape(action),
    )
