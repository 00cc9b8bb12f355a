"""Puts the web together: API, streams and panel, and the guard around them."""

from __future__ import annotations

import socket

from fastapi import FastAPI
from nicegui.client import templates

import traumbox
from traumbox.web import panel
from traumbox.web.api import (
    appliance,
    docs,
    files,
    folders,
    health,
    models,
    plays,
    search,
    sound,
    stream,
    suggest,
    walks,
)
from traumbox.web.gate import PanelGate
from traumbox.web.guard import Guard
from traumbox.web.hosts import Hosts
from traumbox.web.nonce import give_nonces
from traumbox.web.problems import LastResort, install_handlers
from traumbox.web.services import Services

DESCRIPTION = """
Find your own music by describing it.

Lists are paged with an opaque cursor. Errors are `application/problem+json` with a `remedy`.
Requests of other sites' pages are refused, and so are host names that aren't this appliance's own.
"""


def create_app(services: Services) -> FastAPI:
    """Build the whole web: API and panel. One a process: NiceGUI's own app is a global."""
    app = create_api(services, panel.PAGES)
    give_nonces(templates.env)
    panel.install(app, services)
    return app


def create_api(services: Services, pages: tuple[str, ...] = ()) -> FastAPI:
    """Build the API and what stands around everything; ``pages`` are the panel's paths."""
    app = FastAPI(
        title="traumbox",
        version=traumbox.__version__,
        description=DESCRIPTION,
        license_info={"name": "GPL-3.0-or-later", "identifier": "GPL-3.0-or-later"},
        docs_url=None,
        redoc_url=None,
    )
    app.state.services = services
    install_handlers(app)
    finding = (search, sound, suggest, walks)
    for part in (health, *finding, files, plays, folders, appliance, models, stream, docs):
        app.include_router(part.router)
    # The last one added is the outermost.
    app.add_middleware(PanelGate, api=app, pages=pages, readiness=services.readiness)
    app.add_middleware(LastResort)
    hosts = Hosts(socket.gethostname(), services.settings.security.allowed_hosts)
    app.add_middleware(Guard, hosts=hosts)
    return app
