"""The watched folders: how they are, adding one, changing and removing it, its removals."""

from __future__ import annotations

import asyncio
from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import APIRouter, Path

from traumbox.web.api.dependencies import ServicesHere
from traumbox.web.problems import documented
from traumbox.web.schemas import (
    AcceptedView,
    CountedView,
    FolderChange,
    FoldersView,
    NewFolder,
    OneFolderView,
)
from traumbox.web.services import FolderOrder
from traumbox.web.upkeep_views import folders_view, one_folder_view
from traumbox.web.views import safe

router = APIRouter(prefix="/api/v1/folders", tags=["folders"])

Name = Annotated[str, Path(description="name of a watched folder", examples=["Music"])]


@router.get("", response_model=FoldersView, responses=documented(503))
async def folders(services: ServicesHere) -> dict[str, Any]:
    """Tell how every folder is, and what went lately."""
    return await asyncio.to_thread(folders_view, services)


@router.post("", status_code=201, response_model=OneFolderView, responses=documented(403, 422, 503))
async def add(services: ServicesHere, order: NewFolder) -> dict[str, Any]:
    """Watch another folder from now on, and write it to the configuration."""
    added = await asyncio.to_thread(services.folders.add, _as_order(order, FilePath(order.path)))
    return one_folder_view(added)


@router.patch("/{name}", response_model=OneFolderView, responses=documented(403, 404, 422, 503))
async def change(services: ServicesHere, name: Name, order: FolderChange) -> dict[str, Any]:
    """Change what is named of a folder, at once and in the configuration."""
    changed = await asyncio.to_thread(services.folders.change, name, _as_order(order))
    return one_folder_view(changed)


@router.delete("/{name}", response_model=AcceptedView, responses=documented(403, 404, 422, 503))
async def remove(services: ServicesHere, name: Name) -> dict[str, Any]:
    """Watch a folder no longer; its files stay, and what was heard is kept for its return."""
    await asyncio.to_thread(services.folders.remove, name)
    return {"message": f"“{safe(name)}” is no longer watched. What was heard of it is kept."}


@router.post(
    "/{name}/scan",
    status_code=202,
    response_model=AcceptedView,
    responses=documented(403, 404, 422, 503),
)
async def scan(services: ServicesHere, name: Name) -> dict[str, Any]:
    """Look through one folder now."""
    await asyncio.to_thread(services.folders.scan, name)
    return {"message": f"“{safe(name)}” is being looked through."}


@router.post(
    "/{name}/confirm",
    status_code=202,
    response_model=CountedView,
    responses=documented(403, 404, 409, 422, 503),
)
async def confirm(services: ServicesHere, name: Name) -> dict[str, Any]:
    """Say that what is missing in a folder is really gone: let the held removal happen."""
    count = await asyncio.to_thread(services.folders.confirm, name)
    return {
        "message": f"{_tracks(count)} of “{safe(name)}” taken out. They come back if their files "
        "do.",
        "count": count,
    }


@router.post(
    "/{name}/forget",
    status_code=202,
    response_model=CountedView,
    responses=documented(403, 404, 422, 503),
)
async def forget(services: ServicesHere, name: Name) -> dict[str, Any]:
    """Forget a folder's missing tracks for good, now."""
    count = await asyncio.to_thread(services.folders.forget, name)
    return {"message": f"{_tracks(count)} of “{safe(name)}” forgotten.", "count": count}


def _as_order(order: FolderChange, path: FilePath | None = None) -> FolderOrder:
    return FolderOrder(
        path=path,
        name=order.name,
        colour=order.colour,
        kind=order.kind,
        priority=order.priority,
        include=tuple(order.include) if order.include is not None else None,
        exclude=tuple(order.exclude) if order.exclude is not None else None,
    )


def _tracks(count: int) -> str:
    return "1 track" if count == 1 else f"{count:,} tracks"
