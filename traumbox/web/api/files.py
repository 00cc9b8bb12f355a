"""The files in the watched folders, whatever has become of them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from traumbox.domain import State
from traumbox.stores.ledger import FileRow
from traumbox.web.api.dependencies import Row, ServicesHere, TrackId
from traumbox.web.caching import etag_of, is_current
from traumbox.web.problems import Problem, documented
from traumbox.web.schemas import AcceptedView, CountedView, FileDetail, FilesView
from traumbox.web.services import Services
from traumbox.web.views import file_detail_view, files_view, lens_of

router = APIRouter(prefix="/api/v1/audio/files", tags=["files"])

COVER_CACHED = "private, max-age=600, stale-while-revalidate=86400"


@router.get("", response_model=FilesView, responses=documented(422, 503))
async def files(
    services: ServicesHere,
    *,
    limit: Annotated[int, Query(ge=1, le=200, description="files a page")] = 100,
    after: Annotated[str, Query(description="'next' of the page before")] = "",
    state: Annotated[list[State] | None, Query(description="only these states")] = None,
    folder: Annotated[str | None, Query(description="only those of this folder")] = None,
    missing: Annotated[
        bool, Query(description="those that are gone and kept for their return, instead")
    ] = False,
) -> dict[str, Any]:
    """List the files by folder and path, a page at a time, with the counts by state of all."""

    def page() -> tuple[list[FileRow], str | None]:
        return services.ledger.page(limit, after, state or (), folder=folder, missing=missing)

    return await asyncio.to_thread(_page, services, page)


@router.post("/retry", status_code=202, response_model=CountedView, responses=documented(403, 503))
async def retry(services: ServicesHere) -> dict[str, Any]:
    """Have every file that couldn't be heard tried again."""
    count = await asyncio.to_thread(services.folders.retry_failed)
    files = "1 file is" if count == 1 else f"{count:,} files are"
    return {"message": f"{files} tried again.", "count": count}


@router.get("/{track_id}", response_model=FileDetail, responses=documented(404, 422, 503))
async def file(services: ServicesHere, row: Row) -> dict[str, Any]:
    """Tell what is known of one file."""
    return await asyncio.to_thread(lambda: file_detail_view(row, lens_of(services)))


@router.post(
    "/{track_id}/hear",
    status_code=202,
    response_model=AcceptedView,
    responses=documented(403, 404, 409, 422, 503),
)
async def hear(services: ServicesHere, row: Row) -> dict[str, Any]:
    """Hear one file next, whatever the hour and even while paused; a failed one again."""
    try:
        await asyncio.to_thread(services.folders.hear_now, row.track_id)
    except KeyError as error:
        why = "it isn't there any more" if row.missing_since_s is not None else row.reason
        raise Problem(
            409,
            "Not to be heard",
            f"'{row.location.display}' can't be heard" + (f": {why}." if why else "."),
            "What is gone is heard when it comes back; what is excluded, when no rule does so.",
        ) from error
    return {"message": "It is heard next."}


@router.get(
    "/{track_id}/cover",
    response_class=Response,
    responses={
        200: {"content": {"image/jpeg": {}}, "description": "The cover"},
        304: {"description": "Not modified"},
        **documented(404, 422),
    },
)
async def cover(services: ServicesHere, track_id: TrackId, request: Request) -> Response:
    """Return the cover of a track (JPEG)."""
    found = await asyncio.to_thread(_cover, services, track_id)
    if found is None:
        raise Problem(404, "No cover", "This track has no cover.", "Show one of your own.")
    jpeg, etag = found
    headers = {"ETag": etag, "Cache-Control": COVER_CACHED}
    if is_current(request.headers, etag):
        return Response(status_code=304, headers=headers)
    return Response(jpeg, headers=headers, media_type="image/jpeg")


def _cover(services: Services, track_id: str) -> tuple[bytes, str] | None:
    path = services.cache.cover_path(track_id)
    if path is None:
        return None
    try:
        # Opened once: it may be replaced, or the cache deleted, at any time.
        with path.open("rb") as file:
            return file.read(), etag_of(os.fstat(file.fileno()))
    except OSError:
        return None


def _page(
    services: Services, look: Callable[[], tuple[list[FileRow], str | None]]
) -> dict[str, Any]:
    try:
        rows, cursor = look()
    except ValueError as error:
        raise Problem(
            422,
            "Not understood",
            "'after' is no cursor that a page gave.",
            "Begin without it, and then give the 'next' of each page.",
        ) from error
    return files_view(rows, services.ledger.counts(), cursor)
