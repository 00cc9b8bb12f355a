"""Whether the process is alive, and whether it serves."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter

import traumbox
from traumbox.web.api.dependencies import ServicesHere
from traumbox.web.problems import Problem, documented
from traumbox.web.schemas import HealthView, ReadyView

router = APIRouter(prefix="/api/v1/health", tags=["health"])


@router.get("", response_model=HealthView)
async def health() -> dict[str, Any]:
    """Tell that the process answers; nothing else is looked at."""
    return {"traumbox": traumbox.__version__}


@router.get("/ready", response_model=ReadyView, responses=documented(503))
async def ready(services: ServicesHere) -> dict[str, Any]:
    """Tell whether store and model serve; 503 with the reason until they do."""
    readiness = await asyncio.to_thread(services.readiness)
    if not readiness.ready:
        raise Problem(
            503,
            "Not ready",
            readiness.reason or "traumbox is still starting.",
            "Wait a moment and ask again.",
            {"Retry-After": "2"},
        )
    return {"reason": readiness.reason}
