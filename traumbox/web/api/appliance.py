"""The state of the appliance, and what it can be asked to do."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from traumbox.web.addresses import reachable
from traumbox.web.api.dependencies import ServicesHere
from traumbox.web.problems import documented
from traumbox.web.schemas import AcceptedView, StatusView
from traumbox.web.services import Services
from traumbox.web.upkeep_views import status_view

router = APIRouter(prefix="/api/v1", tags=["appliance"])


@router.get("/status", response_model=StatusView, responses=documented(503))
async def status(services: ServicesHere, request: Request) -> dict[str, Any]:
    """Tell what has been heard, what is waiting, and how the folders are."""
    server = request.scope.get("server")
    port = server[1] if server else None
    return await asyncio.to_thread(_status, services, port)


@router.post(
    "/scan", status_code=202, response_model=AcceptedView, responses=documented(403, 404, 422)
)
async def scan(
    services: ServicesHere,
    folder: Annotated[str | None, Query(description="only this folder")] = None,
) -> dict[str, Any]:
    """Look through the folders now."""
    await asyncio.to_thread(services.folders.scan, folder)
    which = "The folders are" if folder is None else "The folder is"
    return {"message": f"{which} being looked through."}


@router.post("/pause", status_code=202, response_model=AcceptedView, responses=documented(403))
async def pause(services: ServicesHere) -> dict[str, Any]:
    """Hear nothing from now on, over restarts too; searching and watching go on."""
    await asyncio.to_thread(services.folders.pause)
    return {"message": "Nothing is heard until you resume; searches go on."}


@router.post("/resume", status_code=202, response_model=AcceptedView, responses=documented(403))
async def resume(services: ServicesHere) -> dict[str, Any]:
    """Go on hearing."""
    await asyncio.to_thread(services.folders.resume)
    return {"message": "The hearing goes on."}


@router.post("/demo", status_code=202, response_model=AcceptedView, responses=documented(403))
async def demo(services: ServicesHere) -> dict[str, Any]:
    """Make the demo music and watch its folder."""
    await asyncio.to_thread(services.start_demo)
    return {"message": "The demo music is being made; it takes a minute or two."}


@router.post("/reload", status_code=202, response_model=AcceptedView, responses=documented(403))
async def reload(services: ServicesHere) -> dict[str, Any]:
    """Read the folders from the configuration file again."""
    await asyncio.to_thread(services.reload)
    return {"message": "The configuration's folders were read again."}


def _status(services: Services, port: int | None) -> dict[str, Any]:
    urls = reachable(services.settings.web.host, port) if port else []
    return status_view(services, (urls[1:] or urls)[0] if urls else None)
