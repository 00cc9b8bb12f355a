"""What several routers need: the services, and a file by its id."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import Depends, Path, Request

from traumbox.stores.ledger import FileRow
from traumbox.web.problems import Problem
from traumbox.web.services import Services
from traumbox.web.views import is_heard


def services_of(request: Request) -> Services:
    """Return the services the app was created with."""
    services: Services = request.app.state.services
    return services


ServicesHere = Annotated[Services, Depends(services_of)]
TrackId = Annotated[str, Path(description="id of a track", examples=["1f0c9a7be2d34856"])]


def unknown_track() -> Problem:
    """Return the answer for an id that isn't known."""
    return Problem(
        404,
        "No such track",
        "No track has this id.",
        "It may have been deleted since; search again.",
    )


async def row_of(services: ServicesHere, track_id: TrackId) -> FileRow:
    """Return the file with this id."""
    row = await asyncio.to_thread(services.ledger.row, track_id)
    if row is None:
        raise unknown_track()
    return row


Row = Annotated[FileRow, Depends(row_of)]


async def heard_row_of(row: Row) -> FileRow:
    """Return the file with this id, which has been heard."""
    if not is_heard(row):
        raise Problem(
            404,
            "Not heard yet",
            f"'{row.location.display}' hasn't been heard"
            + (f": {row.reason}" if row.reason else " yet."),
            "See the list of files for what becomes of it.",
        )
    return row


HeardRow = Annotated[FileRow, Depends(heard_row_of)]
