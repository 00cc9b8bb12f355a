"""The music itself: as it lies on disk, or as WAV where browsers can't play that."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from traumbox.audio.formats import browser_plays, content_type
from traumbox.errors import AudioError
from traumbox.stores.ledger import FileRow
from traumbox.web.api.dependencies import HeardRow, ServicesHere
from traumbox.web.caching import etag_of, is_current
from traumbox.web.problems import Problem, documented
from traumbox.web.ranges import UnsatisfiableError, parse_range
from traumbox.web.services import Services
from traumbox.web.streaming import ByteStream, FileSound, Sound, StoppedReadingError, gathered
from traumbox.web.views import safe

router = APIRouter(tags=["stream"])

_PLAIN = re.compile(r"[^A-Za-z0-9 ._()+-]")


@dataclass(frozen=True, slots=True)
class _Offer:
    """What is served: the sound and how it is described."""

    sound: Sound
    media_type: str
    etag: str
    modified: str
    file_name: str


@router.get(
    "/stream/{track_id}",
    response_class=Response,
    responses={
        200: {"content": {"audio/*": {}}, "description": "All of it"},
        206: {"content": {"audio/*": {}}, "description": "The range asked for"},
        304: {"description": "Not modified"},
        **documented(404, 416, 422, 503),
    },
)
@router.head("/stream/{track_id}", include_in_schema=False)
async def stream(
    services: ServicesHere,
    row: HeardRow,
    request: Request,
    form: Annotated[
        Literal["auto", "wav"],
        Query(alias="as", description="'wav' decodes; 'auto' does where browsers need it"),
    ] = "auto",
    download: Annotated[bool, Query(description="save the file instead of playing it")] = False,
) -> Response:
    """Play a track from anywhere: Range and If-Range are understood."""
    media = row.media
    wav = form == "wav" or not (download or (media is not None and browser_plays(media)))
    path = await run_in_threadpool(_path_of, services, row)
    offer = await _open(row, path, wav=wav)
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "ETag": offer.etag,
        "Last-Modified": offer.modified,
    }
    if is_current(request.headers, offer.etag):
        return Response(status_code=304, headers=headers)
    headers["Content-Type"] = offer.media_type
    headers["Content-Disposition"] = disposition(offer.file_name, download=download)
    part = _wanted(request, offer)
    start, stop = part or (0, offer.sound.size)
    headers["Content-Length"] = str(stop - start)
    if part:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{offer.sound.size}"
    status = 206 if part else 200
    if request.method == "HEAD":
        return ByteStream(status, headers, b"", None)
    pieces = gathered(offer.sound.read(start, stop))
    try:
        first = await run_in_threadpool(next, pieces, b"")
    except (StoppedReadingError, AudioError) as error:
        raise _unplayable(row, error.__cause__ or error) from error
    return ByteStream(status, headers, first, pieces)


def disposition(file_name: str, *, download: bool) -> str:
    """Return a Content-Disposition with the name twice: plain, and as RFC 5987 has it."""
    kind = "attachment" if download else "inline"
    plain = _PLAIN.sub("_", file_name)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"


def _path_of(services: Services, row: FileRow) -> Path:
    path = services.resolve(row.location)
    if path is not None:
        return path
    folder = next((one for one in services.folders() if one.name == row.location.folder), None)
    if folder is not None and not folder.online:
        raise Problem(
            503,
            "Folder offline",
            f"The folder '{folder.name}' is offline"
            + (f": {folder.note}." if folder.note else "."),
            "Bring its disk or share back; its music plays again without a new scan.",
        )
    raise Problem(
        404,
        "No longer there",
        f"'{row.location.display}' isn't in the folder '{row.location.folder}' any more.",
        "If it was moved, the next scan finds it again.",
    )


def _as_wav(path: Path, duration_s: float) -> tuple[Sound, str]:
    # Imported here: PyAV's libraries take 20 MB, and only what browsers can't play needs them.
    from traumbox.audio.wav import CONTENT_TYPE, VirtualWav  # noqa: PLC0415

    return VirtualWav(path, duration_s), CONTENT_TYPE


async def _open(row: FileRow, path: Path, *, wav: bool) -> _Offer:
    try:
        file = await run_in_threadpool(FileSound, path)
        modified = formatdate(file.stat.st_mtime, usegmt=True)
        name = safe(row.location.display.rsplit("/", 1)[-1])
        if wav:
            sound, kind = await run_in_threadpool(_as_wav, path, row.duration_s or 0.0)
            name = name.rpartition(".")[0] + ".wav"
            return _Offer(sound, kind, etag_of(file.stat, "-wav"), modified, name)
        kind = content_type(row.media) if row.media else "application/octet-stream"
        return _Offer(file, kind, etag_of(file.stat), modified, name)
    except (OSError, AudioError) as error:
        raise _unplayable(row, error) from error


def _wanted(request: Request, offer: _Offer) -> tuple[int, int] | None:
    valid_for = request.headers.get("if-range")
    if valid_for is not None and valid_for not in {offer.etag, offer.modified}:
        return None
    try:
        return parse_range(request.headers.get("range"), offer.sound.size)
    except UnsatisfiableError as error:
        raise Problem(
            416,
            "Behind the end",
            f"The track has {offer.sound.size:,} bytes; the range asked for lies behind them.",
            "Ask for an earlier range.",
            {"Content-Range": f"bytes */{offer.sound.size}"},
        ) from error


def _unplayable(row: FileRow, error: BaseException) -> Problem:
    if isinstance(error, FileNotFoundError):
        return Problem(
            404,
            "No longer there",
            f"'{row.location.display}' has just gone.",
            "If it was moved, the next scan finds it again.",
        )
    status = 422 if isinstance(error, AudioError) else 503
    return Problem(
        status,
        "Can't be played",
        f"'{row.location.display}' can't be read: {error}",
        "Check that traumbox may read the file and that its disk is well, then try again.",
    )
