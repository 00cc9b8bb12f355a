"""The API's documentation, wholly from this machine."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

import swagger_ui_bundle
from fastapi import APIRouter, Request
from starlette.responses import FileResponse, HTMLResponse, Response

from traumbox.web.openapi import as_3_0
from traumbox.web.problems import NOTHING_HERE, problem_response

router = APIRouter(include_in_schema=False)

_SWAGGER = Path(str(swagger_ui_bundle.swagger_ui_path))
_OWN = resources.files("traumbox.web").joinpath("static")
_CACHED = {"Cache-Control": "public, max-age=3600"}


@router.get("/docs")
async def docs() -> Response:
    """Show the documentation."""
    return HTMLResponse(_OWN.joinpath("docs.html").read_text("utf-8"))


@router.get("/docs/openapi.json")
async def openapi(request: Request) -> dict[str, Any]:
    """Return the API's description in the dialect of the Swagger UI."""
    return as_3_0(request.app.openapi())


@router.get("/docs/docs.js")
async def docs_script() -> Response:
    """Return what starts the Swagger UI."""
    return Response(_OWN.joinpath("docs.js").read_bytes(), media_type="text/javascript")


@router.get("/docs/{name}")
async def swagger(name: str, request: Request) -> Response:
    """Return a part of the Swagger UI."""
    if name not in {"swagger-ui.css", "swagger-ui-bundle.js"}:
        return problem_response(request.scope, NOTHING_HERE)
    kind = "text/css" if name.endswith(".css") else "text/javascript"
    return FileResponse(_SWAGGER / name, headers=_CACHED, media_type=kind)
