"""Help in asking: suggestions while somebody types, and descriptions to begin with."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi import Query as Parameter

from traumbox.search.phrases import Language
from traumbox.web.api.dependencies import ServicesHere
from traumbox.web.problems import documented
from traumbox.web.schemas import StartersView, SuggestionView, SuggestView
from traumbox.web.views import safe

router = APIRouter(prefix="/api/v1", tags=["search"])


@router.get("/suggest", response_model=SuggestView, responses=documented(422, 503))
async def suggest(
    services: ServicesHere,
    q: Annotated[str, Parameter(description="what has been typed so far", examples=["mil"])] = "",
    limit: Annotated[int, Parameter(ge=1, le=50, description="how many at most")] = 8,
) -> dict[str, Any]:
    """Suggest names, tags and sounds of this library of which words begin with those typed."""
    found = await asyncio.to_thread(services.search.suggest, q, limit)
    return SuggestView(
        suggestions=[
            SuggestionView(text=safe(one.text), kind=one.kind, tracks=one.tracks)
            for one in found.suggestions
        ],
        meant=safe(found.meant),
    ).model_dump()


@router.get("/starters", response_model=StartersView, responses=documented(422, 503))
async def starters(
    services: ServicesHere,
    language: Annotated[Language, Parameter(description="en or de")] = "en",
) -> dict[str, Any]:
    """Give descriptions of sounds that this library holds, for those who don't know what to ask."""
    found = await asyncio.to_thread(services.search.starters, language)
    return StartersView(starters=list(found)).model_dump()
