"""Errors as people and programs read them: problem+json (RFC 9457), or a page for browsers."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from traumbox.errors import (
    ConfigError,
    NothingHeldError,
    StoreError,
    TraumboxError,
    UnknownFolderError,
)
from traumbox.web.pages import error_page
from traumbox.web.schemas import ProblemView
from traumbox.web.views import safe

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

# Where programs ask; elsewhere a browser gets a page.
API_PREFIX = "/api/"


class Problem(Exception):  # noqa: N818 - RFC 9457's word for it
    """An answer that isn't the one asked for: what happened, and one thing to do."""

    def __init__(
        self,
        status: int,
        title: str,
        detail: str,
        remedy: str,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.title = title
        self.detail = detail
        self.remedy = remedy
        self.headers = headers or {}


NOTHING_HERE = Problem(
    404,
    "Nothing here",
    "There is nothing at this address.",
    "Check the address for a slip, or start at the search.",
)
OUR_FAULT = Problem(
    500,
    "Something went wrong",
    "traumbox ran into something it wasn't prepared for; the log says what.",
    "Try again. If it happens again, look into the log (journalctl -u traumbox).",
)

_REFUSALS: dict[type[Exception], tuple[int, str, str]] = {
    UnknownFolderError: (404, "No such folder", "See the list of folders."),
    NothingHeldError: (409, "Nothing to confirm", "See how the folder is; it may have changed."),
    ConfigError: (422, "Not with this configuration", "'traumbox config check' names mistakes."),
}
"""What was asked for can't be: status, title, and the remedy where the error itself has none."""

_REMEDIES = {
    404: NOTHING_HERE.remedy,
    405: "Use one of the methods that the documentation at /docs names.",
    413: "Send less at once.",
}


def problem_response(scope: Scope, problem: Problem) -> Response:
    """Answer with a problem: a page where a browser wants to show one, else JSON."""
    headers = {"Cache-Control": "no-store", **problem.headers}
    if wants_page(scope):
        page = error_page(problem.title, safe(problem.detail), safe(problem.remedy))
        return HTMLResponse(page, problem.status, headers)
    view = ProblemView(
        title=problem.title,
        status=problem.status,
        detail=_safe_lines(problem.detail),
        remedy=_safe_lines(problem.remedy),
    )
    return JSONResponse(view.model_dump(), problem.status, headers, MEDIA_TYPE)


def refused(status: int, title: str, error: TraumboxError, remedy: str) -> Problem:
    """Return a refusal as a problem.

    The last sentence of our messages is what to do, and so are lines below it; ``remedy`` is for
    a message that has but one sentence.
    """
    head, *lines = str(error).split("\n")
    what, _, last = head.rpartition(". ")
    if not what:
        return Problem(status, title, "\n".join([last, *lines]), remedy)
    return Problem(status, title, f"{what}.", "\n".join([last, *lines]))


def wants_page(scope: Scope) -> bool:
    """Tell whether a browser asks for something to show to a person."""
    path: str = scope["path"]
    return not path.startswith(API_PREFIX) and "text/html" in Headers(scope=scope).get("accept", "")


def install_handlers(app: FastAPI) -> None:
    """Turn every error that a route raises into a problem."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(TraumboxError, _on_ours)
    for kind in _REFUSALS:
        app.add_exception_handler(kind, _on_refusal)


class LastResort:
    """ASGI middleware: an error nobody expected is logged with its traceback and shown without."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; answer 500 when the app raises before it has begun to answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        has_begun = False

        async def noting(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except Exception:
            # The boundary between the parts behind the API and whoever asks.
            log.exception("%s %s failed", scope["method"], safe(scope["path"]))
            if has_begun:
                raise
            await problem_response(scope, OUR_FAULT)(scope, receive, send)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the ``responses=`` of a route that can answer with these problems."""
    schema = ProblemView.model_json_schema()
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": schema}},
        }
        for status in statuses
    }


async def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101 - for the type checker
    return problem_response(request.scope, error)


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - for the type checker
    phrase = HTTPStatus(error.status_code).phrase
    is_plain = error.detail == phrase
    problem = Problem(
        error.status_code,
        NOTHING_HERE.title if error.status_code == 404 else phrase,
        NOTHING_HERE.detail if error.status_code == 404 and is_plain else str(error.detail),
        _REMEDIES.get(error.status_code, "See the documentation at /docs."),
        dict(error.headers or {}),
    )
    return problem_response(request.scope, problem)


async def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - for the type checker
    told = "; ".join(
        f"{'.'.join(str(part) for part in one['loc'][1:]) or one['loc'][0]}: {one['msg']}"
        for one in error.errors()
    )
    problem = Problem(
        422,
        "Not understood",
        f"The request has a mistake. {told}.",
        "See the documentation of this address at /docs.",
    )
    return problem_response(request.scope, problem)


async def _on_ours(request: Request, error: Exception) -> Response:
    log.error("%s %s: %s", request.method, safe(request.url.path), error)
    remedy = "Wait a moment and try again; 'traumbox doctor' finds what is wrong."
    title = "The library can't be read" if isinstance(error, StoreError) else "Not just now"
    return problem_response(request.scope, Problem(503, title, str(error), remedy))


async def _on_refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, TraumboxError)  # noqa: S101 - for the type checker
    status, title, remedy = next(
        _REFUSALS[kind] for kind in type(error).__mro__ if kind in _REFUSALS
    )
    return problem_response(request.scope, refused(status, title, error, remedy))


def _safe_lines(text: str) -> str:
    """Make text safe to show; lines to be copied stay lines."""
    return "\n".join(safe(line) for line in text.split("\n"))
