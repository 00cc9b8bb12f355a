"""Find by a sound that isn't in the library: a file or a recording, sent along."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import shutil
import tempfile
from pathlib import Path
from typing import Annotated, Any, BinaryIO

from fastapi import APIRouter, Request
from fastapi import Query as Parameter
from starlette.requests import ClientDisconnect

from traumbox.domain import Embedding, Heard, Query
from traumbox.errors import (
    AudioError,
    ListenerBusyError,
    ListenerClosedError,
    ListenerError,
    ListenerStartError,
    ModelError,
)
from traumbox.web.api.dependencies import ServicesHere
from traumbox.web.api.search import Limit
from traumbox.web.guard import declared_bytes
from traumbox.web.problems import Problem, documented
from traumbox.web.schemas import SearchView
from traumbox.web.services import SOUND_MOST_S, UPLOADS, Services
from traumbox.web.views import answer_view, lens_of

router = APIRouter(prefix="/api/v1", tags=["search"])

WITHIN_S = 120.0
"""Nobody waits longer, and browsers and proxies give up about then."""
AT_ONCE = 3
"""More would only wait for one another, and each of them holds a thread of the API."""
SPARE_BYTES = 100_000_000
"""So much of the disk is left to the house, whatever somebody sends."""
KINDS = ("audio/", "video/", "application/ogg", "application/octet-stream")
"""Browsers call recordings and some music files by the latter ones."""


@router.post(
    "/search/sound",
    response_model=SearchView,
    responses=documented(403, 413, 415, 422, 503, 507),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"audio/*": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def search_sound(
    services: ServicesHere,
    request: Request,
    limit: Limit = None,
    within_s: Annotated[
        float, Parameter(gt=0.0, le=WITHIN_S, description="how long to wait for the answer")
    ] = WITHIN_S,
) -> dict[str, Any]:
    """Find what sounds like the audio file in the body, of at most 200 MB.

    Its first ten minutes are heard, after the file that is being heard just now and before all
    others; it isn't kept.
    """
    kind = request.headers.get("content-type", "application/octet-stream").casefold()
    if not kind.startswith(KINDS):
        raise Problem(
            415, "No sound", f"A body of the type {kind} is no sound.", "Send an audio file."
        )
    path = await _received(request, services.settings.data_dir / UPLOADS)
    try:
        heard, embedding = await asyncio.wait_for(
            asyncio.to_thread(_heard, services, path, within_s), within_s
        )
    except TimeoutError as error:
        raise _busy(f"The sound wasn't heard within {within_s:.0f} s.") from error
    finally:
        # The thread goes on for a while when nobody waits any more; without the file not for long.
        _delete(path)
    return await asyncio.to_thread(
        _answer, services, heard, embedding, limit or services.settings.search.limit
    )


async def _received(request: Request, directory: Path) -> Path:
    """Write the body to a file of its own, piece by piece; nothing is left if that fails."""
    file, path = await asyncio.to_thread(_opened, directory, declared_bytes(request.headers))
    size = 0
    try:
        async for piece in request.stream():
            size += len(piece)
            await asyncio.to_thread(file.write, piece)
        await asyncio.to_thread(file.close)
    except BaseException as error:
        # Cancelled or not: it must not stay.
        _delete(path)
        if isinstance(error, OSError):
            raise _no_room(error) from error
        if isinstance(error, ClientDisconnect):
            raise Problem(400, "Cut off", "The sound broke off.", "Send it again.") from error
        raise
    finally:
        _close(file)
    if not size:
        _delete(path)
        raise Problem(422, "No sound", "The body is empty.", "Send an audio file.")
    return path


def _opened(directory: Path, size: int) -> tuple[BinaryIO, Path]:
    try:
        directory.mkdir(parents=True, exist_ok=True)
        waiting = len(list(directory.iterdir()))
        free = shutil.disk_usage(directory).free
        number, name = tempfile.mkstemp(dir=directory, prefix="sound-")
    except OSError as error:
        raise _no_room(error) from error
    file, path = os.fdopen(number, "wb"), Path(name)
    if waiting < AT_ONCE and free >= size + SPARE_BYTES:
        return file, path
    file.close()
    _delete(path)
    if waiting >= AT_ONCE:
        raise _busy(f"{AT_ONCE} sounds are waiting to be heard already.")
    raise _no_room(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))


def _close(file: BinaryIO) -> None:
    with contextlib.suppress(OSError):  # what couldn't be written has been told of
        file.close()


def _heard(services: Services, path: Path, within_s: float) -> tuple[Heard, Embedding]:
    try:
        return services.hear(path, within_s)
    except (ListenerBusyError, ListenerClosedError, ListenerStartError) as error:
        raise _busy(str(error)) from error
    except ListenerError as error:
        raise _not_to_be_heard("it ended the listener, or took it too long") from error
    except AudioError as error:
        raise _not_to_be_heard(str(error)) from error
    except OSError as error:
        raise _not_to_be_heard(f"reading it failed ({error.strerror or error})") from error


def _delete(path: Path) -> None:
    path.unlink(missing_ok=True)


def _answer(services: Services, heard: Heard, embedding: Embedding, limit: int) -> dict[str, Any]:
    changed = _busy("The model changed while the sound was being heard.")
    if embedding.model_id != services.search.card.id:
        raise changed
    try:
        answer = services.search.search_sound(embedding.vectors, limit)
    except ModelError as error:  # just now
        raise changed from error
    is_all = heard.duration_s < SOUND_MOST_S
    note = "" if is_all else "Only the first 10 minutes of the sound were heard."
    return answer_view(answer, Query(limit=limit), lens_of(services), note)


def _busy(detail: str) -> Problem:
    return Problem(503, "Not just now", detail, "Try again in a moment.", {"Retry-After": "10"})


def _not_to_be_heard(reason: str) -> Problem:
    return Problem(
        422,
        "Can't be heard",
        f"This sound can't be heard: {reason}.",
        "Try another file, or play it somewhere else to see whether it is whole.",
    )


def _no_room(error: OSError) -> Problem:
    return Problem(
        507,
        "No room",
        f"The sound can't be written to the data folder ({error.strerror or error}).",
        "Make room on the disk of the data folder, or send a shorter file.",
    )
