"""The diary of what was played."""

from __future__ import annotations

import asyncio
from time import time
from typing import Any

from fastapi import APIRouter

from traumbox.web.api.dependencies import Row, ServicesHere, unknown_track
from traumbox.web.problems import documented
from traumbox.web.schemas import AcceptedView, Played

router = APIRouter(prefix="/api/v1/audio/files", tags=["files"])

AHEAD_S = 60.0
"""A clock that is so much ahead of ours is only badly set; further, the time is no time."""


@router.post(
    "/{track_id}/played", response_model=AcceptedView, responses=documented(403, 404, 422, 503)
)
async def played(services: ServicesHere, row: Row, play: Played) -> dict[str, Any]:
    """Note that a track was listened to: searches can ask for what was played, and what never."""
    now_s = time()
    at_s = play.at_s
    if at_s is None or at_s > now_s + AHEAD_S:
        at_s = max(0.0, now_s - play.seconds)
    known = await asyncio.to_thread(services.diary.played, row.track_id, at_s, play.seconds)
    if not known:
        raise unknown_track()
    return {"message": "It is noted."}
