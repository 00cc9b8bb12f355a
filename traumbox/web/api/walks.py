"""Radio and journeys: walks from sounds onwards, or from one track to another."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi import Query as Parameter

from traumbox.search import Tuned, Walk, Walks
from traumbox.search.walks import LENGTH_LEAST, LENGTH_MOST
from traumbox.web.api.dependencies import ServicesHere, unknown_track
from traumbox.web.api.search import TRACKS_MOST, bounded, named
from traumbox.web.problems import Problem, documented
from traumbox.web.schemas import EvennessView, RadioAsked, WalkView
from traumbox.web.schemas.walking import JOURNEY
from traumbox.web.services import Services
from traumbox.web.views import hit_view, lens_of

router = APIRouter(prefix="/api/v1", tags=["walks"])


@router.get("/radio", response_model=WalkView, responses=documented(404, 422, 503))
async def radio(
    services: ServicesHere, asked: Annotated[RadioAsked, Parameter()]
) -> dict[str, Any]:
    """Give what a radio plays next: from tracks, or from what a description finds.

    Nothing of it is kept here: tell what was heard, liked and skipped each time. No recording comes
    twice; artists and albums keep their distance.
    """
    tuned = Tuned(
        seeds=named(asked.seed, TRACKS_MOST),
        text=bounded(asked.q)[0],
        heard=tuple(asked.heard),
        liked=tuple(asked.liked),
        skipped=tuple(asked.skipped),
        adventurous=asked.adventurous,
        chance=asked.chance,
    )
    return await asyncio.to_thread(_radio, services, tuned, asked.count)


@router.get("/journey", response_model=WalkView, responses=documented(404, 422, 503))
async def journey(
    services: ServicesHere,
    start: Annotated[str, Parameter(alias="from", description="id of the first track")],
    end: Annotated[str, Parameter(alias="to", description="id of the last track")],
    length: Annotated[int, Parameter(ge=LENGTH_LEAST, le=LENGTH_MOST, description=JOURNEY)] = 12,
) -> dict[str, Any]:
    """Find a way from one track to another in even steps of sound."""
    return await asyncio.to_thread(_journey, services, start, end, length)


def _radio(services: Services, tuned: Tuned, count: int) -> dict[str, Any]:
    begin_s = monotonic()
    try:
        walk = _walks(services).radio(tuned, count)
    except KeyError as error:
        raise unknown_track() from error
    except ValueError as error:
        raise Problem(
            422,
            "No radio from here",
            f"There is nothing to begin with: {error}.",
            "Begin at another track, or describe a sound that the library holds.",
        ) from error
    return _view(services, walk, begin_s)


def _journey(services: Services, start: str, end: str, length: int) -> dict[str, Any]:
    begin_s = monotonic()
    try:
        walk = _walks(services).journey(start, end, length)
    except KeyError as error:
        raise unknown_track() from error
    except ValueError as error:
        raise Problem(
            422,
            "No way there",
            f"There is no journey: {error}.",
            "Choose other tracks as its ends.",
        ) from error
    return _view(services, walk, begin_s)


def _walks(services: Services) -> Walks:
    return Walks(services.search, services.ledger, services.kind_of, services.folders.offline)


def _view(services: Services, walk: Walk, begin_s: float) -> dict[str, Any]:
    lens, even = lens_of(services), walk.evenness
    return WalkView(
        hits=[hit_view(hit, lens) for hit in walk.hits],
        evenness=EvennessView(
            variation=round(even.variation, 4),
            largest_to_mean=round(even.largest_to_mean, 4),
            largest_rad=round(even.largest_rad, 4),
        )
        if even is not None
        else None,
        ended=walk.ended,
        took_ms=round((monotonic() - begin_s) * 1000.0, 1),
    ).model_dump()
