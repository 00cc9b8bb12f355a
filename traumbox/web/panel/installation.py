"""Puts the panel into the application."""

from __future__ import annotations

from functools import partial
from hashlib import blake2b
from pathlib import Path

from fastapi import FastAPI
from nicegui import app as nicegui_app
from nicegui import ui
from starlette.staticfiles import StaticFiles

from traumbox.web.panel.feed import StatusFeed, look
from traumbox.web.panel.shell import Shell
from traumbox.web.services import Services

STATIC = Path(__file__).parent / "static"
STYLES = (
    "tokens",
    "base",
    "shell",
    "cards",
    "lists",
    "search",
    "asking",
    "filters",
    "player",
    "activity",
    "folders",
    "models",
)
RECONNECT_TIMEOUT_S = 120.0
"""How long a page's state outlives its connection: a dead spot in the house, not a night."""


def install(app: FastAPI, services: Services) -> None:
    """Mount the panel on every path of ``app`` that isn't taken yet."""
    app.mount("/assets", StaticFiles(directory=STATIC), name="assets")
    feed = StatusFeed(partial(look, services))
    version = _version(STATIC)

    def root() -> None:
        Shell(services, feed, [f"{name}.css?v={version}" for name in STYLES]).build()

    # NiceGUI's application is one for the whole process and, once started, takes no further
    # middleware; a second `install` (another app in the same process) begins afresh.
    nicegui_app.user_middleware.clear()
    nicegui_app.middleware_stack = None
    ui.run_with(
        app,
        root=root,
        title="traumbox",
        favicon=STATIC / "icon.svg",
        dark=True,
        language="en-US",
        reconnect_timeout=RECONNECT_TIMEOUT_S,
        tailwind=False,
        show_welcome_message=False,
    )


def _version(directory: Path) -> str:
    """Return a name for the styles' content, so that no browser shows an outdated one."""
    digest = blake2b(digest_size=6)
    for path in sorted(directory.glob("*.css")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
