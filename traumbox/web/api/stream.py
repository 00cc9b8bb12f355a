"""The music itself: as it lies on disk, or as WAV where browsers can't play that."""

from __future__ import annotations

import os
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
    """Play a track from anywhere: Range and If-Range are understood.

    A track of an album in one piece comes as WAV, with nothing of its neighbours.
    """
    media = row.media
    as_it_lies = download or (media is not None and browser_plays(media))
    wav = form == "wav" or row.stat.cut is not None or not as_it_lies
    path = await run_in_threadpool(_path_of, services, row)
    try:
        offer = await run_in_threadpool(_offered, row, path, wav=wav)
    except (OSError, AudioError) as error:
        raise await run_in_threadpool(_unplayable, services, row, error) from error
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
        cause = error.__cause__ or error
        raise await run_in_threadpool(_unplayable, services, row, cause) from error
    return ByteStream(status, headers, first, pieces)


def disposition(file_name: str, *, download: bool) -> str:
    """Return a Content-Disposition with the name twice: plain, and as RFC 5987 has it."""
    kind = "attachment" if download else "inline"
    plain = _PLAIN.sub("_", file_name)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"


def _path_of(services: Services, row: FileRow) -> Path:
    path = services.resolve(row.location)
    if path is None:
        raise _why_offline(services, row) or Problem(
            404,
            "No longer there",
            f"'{row.location.display}' isn't in the folder '{row.location.folder}' any more.",
            "If it was moved, the next scan finds it again.",
        )
    return path


def _offered(row: FileRow, path: Path, *, wav: bool) -> _Offer:
    file = FileSound(path)
    modified = formatdate(file.stat.st_mtime, usegmt=True)
    name = safe(row.location.display.rsplit("/", 1)[-1])
    if not wav:
        kind = content_type(row.media) if row.media else "application/octet-stream"
        return _Offer(file, kind, etag_of(file.stat), modified, name)
    # Imported here: PyAV's libraries take 20 MB, and only what browsers can't play needs them.
    from traumbox.audio.wav import CONTENT_TYPE, VirtualWav  # noqa: PLC0415

    cut = row.stat.cut
    sound = VirtualWav(path, row.duration_s or 0.0, cut)
    variant = "-wav" if cut is None else f"-{cut.start_s:.6f}+{sound.size:x}-wav"
    stem = name.rpartition(".")[0] if cut is None else _part_name(row)
    return _Offer(sound, CONTENT_TYPE, etag_of(file.stat, variant), modified, f"{stem}.wav")


def _part_name(row: FileRow) -> str:
    """Return "03 Title", as a ripper would call the track."""
    tags = row.as_track().tags
    number = tags.track_no or row.location.part
    title = safe(tags.title).replace("/", "-").replace("\\", "-").strip()
    return f"{number:02d} {title}".strip()


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


def _unplayable(services: Services, row: FileRow, error: BaseException) -> Problem:
    if isinstance(error, OSError):
        offline = _why_offline(services, row)
        if offline is not None:
            return offline
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


def _why_offline(services: Services, row: FileRow) -> Problem | None:
    """Return the answer for a track whose folder is offline, or None when that isn't the reason."""
    folders = services.folders.folders()
    folder = next((one for one in folders if one.name == row.location.folder), None)
    if folder is None:
        return None
    note = folder.note
    if folder.online:
        # It may have gone since the last look.
        note = _why_unreachable(Path(folder.path))
        if not note:
            return None
    return Problem(
        503,
        "Folder offline",
        f"The folder '{folder.name}' is offline"
        + (f": {note}{'' if note[-1] in '.?' else '.'}" if note else "."),
        folder.remedy or "Bring its disk or share back; its music plays again without a new scan.",
    )


def _why_unreachable(root: Path) -> str:
    try:
        with os.scandir(root) as entries:
            is_empty = next(entries, None) is None
    except OSError as error:
        return f"{root} can't be read ({error.strerror or error})"
    return f"{root} is empty; is its disk mounted?" if is_empty else ""
