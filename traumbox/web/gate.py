"""Before the panel: NiceGUI builds a page, and keeps it for a minute, for whatever it is asked.

So it is asked only for its pages, and only once there is something to show.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence

from fastapi import FastAPI
from starlette.responses import HTMLResponse
from starlette.routing import BaseRoute, Match, Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from traumbox.web.pages import REFRESH_S, starting_page
from traumbox.web.problems import NOTHING_HERE, Problem, problem_response
from traumbox.web.services import Readiness
from traumbox.web.views import safe

ONLY_SHOWN = Problem(405, "Method not allowed", "A page can only be looked at.", "Use GET.")


class PanelGate:
    """ASGI middleware: lets routes and pages through, and shows a plain page while starting.

    ``api`` is where the routes are looked up, ``pages`` are the panel's paths.
    """

    def __init__(
        self,
        app: ASGIApp,
        api: FastAPI,
        pages: Collection[str],
        readiness: Callable[[], Readiness],
    ) -> None:
        self.app = app
        self._api = api
        self._pages = frozenset(pages)
        self._readiness = readiness
        self._has_been_ready = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through what is known, and answer the rest."""
        if scope["type"] != "http":
            app = self.app
        elif (scope["path"].rstrip("/") or "/") in self._pages:
            app = await self._page(scope)
        elif _is_routed(self._api.routes, scope):
            app = self.app
        else:
            app = problem_response(scope, NOTHING_HERE)
        await app(scope, receive, send)

    async def _page(self, scope: Scope) -> ASGIApp:
        if scope["method"] not in {"GET", "HEAD"}:
            return problem_response(scope, ONLY_SHOWN)
        if not self._has_been_ready:
            # Once shown, the panel itself tells what is wrong: searching and playing may go on.
            readiness = await asyncio.to_thread(self._readiness)
            if not readiness.ready:
                headers = {"Cache-Control": "no-store", "Retry-After": str(REFRESH_S)}
                return HTMLResponse(starting_page(safe(readiness.reason)), 503, headers)
            self._has_been_ready = True
        return self.app


def _is_routed(routes: Sequence[BaseRoute], scope: Scope) -> bool:
    """Tell whether a route is there for a request; a mount at the root is looked into."""
    for route in routes:
        if isinstance(route, Mount) and route.path == "":
            if _is_routed(route.routes, scope):
                return True
        elif route.matches(scope)[0] is not Match.NONE:
            return True
    return False
