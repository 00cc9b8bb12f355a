"""What stands behind the port: a page that says "starting" at once, then the house itself."""

from __future__ import annotations

from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

import traumbox
from traumbox.web.pages import REFRESH_S, starting_page
from traumbox.web.problems import Problem, problem_response, wants_page
from traumbox.web.schemas import HealthView

HEALTH = "/api/v1/health"


class FrontDoor:
    """The ASGI application the server is given; it passes on to the house once that is built.

    A Raspberry Pi takes many seconds to load what the house needs. Until then whoever knocks is
    told why to wait, instead of being refused the connection.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        self._house: ASGIApp | None = None

    def open(self, house: ASGIApp) -> None:
        """Let everyone through to ``house`` from now on."""
        self._house = house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif self._house is not None:
            await self._house(scope, receive, send)
        elif scope["type"] == "http":
            await self._starting(scope)(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 1013, "reason": self.reason})

    def _starting(self, scope: Scope) -> Response:
        headers = {"Cache-Control": "no-store", "Retry-After": str(REFRESH_S)}
        if scope["path"] == HEALTH:
            alive = HealthView(traumbox=traumbox.__version__)
            return JSONResponse(alive.model_dump(), headers=headers)
        if wants_page(scope):
            return HTMLResponse(starting_page(self.reason), 503, headers)
        remedy = "Try again in a few seconds."
        problem = Problem(503, "Not ready yet", self.reason, remedy, headers)
        return problem_response(scope, problem)


async def _lifespan(receive: Receive, send: Send) -> None:
    """Say yes to the server; the house's own lifespan is entered when it is built."""
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})
