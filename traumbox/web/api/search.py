"""Find by a sentence, or by likeness to a track."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter
from fastapi import Query as Parameter

from traumbox.domain import Answer, Condition, Float32, Query
from traumbox.web.api.dependencies import HeardRow, ServicesHere, unknown_track
from traumbox.web.problems import Problem, documented
from traumbox.web.schemas import MomentsView, SearchAsked, SearchView, VectorQuery
from traumbox.web.services import Services
from traumbox.web.views import answer_view, lens_of, moments_view

TEXT_MAX = 1_000
"""Characters of a query that are used; more than anybody describes, less than a nuisance."""

TRACKS_MOST, FILTERS_MOST = 20, 50
"""More of them in one question are left out."""

router = APIRouter(prefix="/api/v1", tags=["search"])

Limit = Annotated[
    int | None,
    Parameter(ge=1, le=200, description="how many hits at most; default from the configuration"),
]
Text = Annotated[str, Parameter(description="a description of the sound", examples=["slow piano"])]


@router.get("/search", response_model=SearchView, responses=documented(404, 422, 503))
async def search(
    services: ServicesHere, asked: Annotated[SearchAsked, Parameter()]
) -> dict[str, Any]:
    """Find tracks and their best moments by a sentence, by likeness, or by both; best first.

    Names, tempo, key, years and more in the sentence are understood: see `understood.chips`. When
    nothing sounds like the sentence, the nearest are given and `nothing_fits` says so.
    """
    text, note = bounded(asked.q)
    query = Query(
        text=text,
        like=named(asked.like, TRACKS_MOST),
        unlike=named(asked.unlike, TRACKS_MOST),
        conditions=tuple(dict.fromkeys(_condition(one) for one in asked.filter[:FILTERS_MOST])),
        taken_back=frozenset(asked.taken_back[:FILTERS_MOST]),
        limit=asked.limit or services.settings.search.limit,
        kinds=frozenset(asked.kind),
    )
    return await asyncio.to_thread(_answer, services, query, note)


@router.get("/similar/{track_id}", response_model=SearchView, responses=documented(404, 422, 503))
async def similar(services: ServicesHere, row: HeardRow, limit: Limit = None) -> dict[str, Any]:
    """Find the tracks that sound most like one, without itself."""
    query = Query(like=(row.track_id,), limit=limit or services.settings.search.limit)
    return await asyncio.to_thread(_answer, services, query, "")


@router.post("/search/vector", response_model=SearchView, responses=documented(422, 503))
async def search_vector(services: ServicesHere, sound: VectorQuery) -> dict[str, Any]:
    """Find what sounds like a recording that isn't in the library, by its windows' embedding."""
    card = services.search.card
    wrong = next((len(one) for one in sound.vectors if len(one) != card.dim), None)
    if wrong is not None or sound.model not in {"", card.id}:
        of = f" of {sound.model}" if sound.model else ""
        raise Problem(
            422,
            "A vector of another model",
            f"The vector has {wrong or card.dim} numbers{of}; {card.id} has {card.dim}.",
            "Embed the recording with the model that is in use here.",
        )
    vectors = np.array(sound.vectors, dtype=np.float32)
    limit = sound.limit or services.settings.search.limit
    return await asyncio.to_thread(_answer_sound, services, vectors, limit)


@router.get(
    "/audio/files/{track_id}/moments",
    response_model=MomentsView,
    responses=documented(404, 422, 503),
)
async def moments(services: ServicesHere, row: HeardRow, q: Text = "") -> dict[str, Any]:
    """Tell where in a track a sentence matches."""
    text, _ = bounded(q)
    return moments_view(await asyncio.to_thread(services.search.moments, row.track_id, text))


def bounded(text: str) -> tuple[str, str]:
    """Cut a query to TEXT_MAX characters; return it and a note saying so."""
    if len(text) <= TEXT_MAX:
        return text, ""
    return text[:TEXT_MAX], f"Only the first {TEXT_MAX:,} characters were used."


def named(ids: list[str], most: int) -> tuple[str, ...]:
    """Return up to ``most`` ids, each once."""
    return tuple(dict.fromkeys(one for one in ids[:most] if one))


def _condition(written: str) -> Condition:
    try:
        return Condition.parse(written)
    except ValueError as error:
        raise Problem(
            422,
            "No filter",
            f"{error}.",
            "Write it as in filter=bpm:110..130 or filter=-genre:rock.",
        ) from error


def _answer(services: Services, query: Query, note: str) -> dict[str, Any]:
    try:
        answer: Answer = services.search.search(query, services.kind_of)
    except KeyError as error:
        raise unknown_track() from error
    return answer_view(answer, query, lens_of(services), note)


def _answer_sound(services: Services, vectors: Float32, limit: int) -> dict[str, Any]:
    answer = services.search.search_sound(vectors, limit)
    return answer_view(answer, Query(limit=limit), lens_of(services))
