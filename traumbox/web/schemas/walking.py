"""Radio and journeys: what may be asked of them, and what they give."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from traumbox.search.journey import Rules
from traumbox.search.walks import ADVENTUROUS, HEARD_MOST, LENGTH_LEAST, LENGTH_MOST
from traumbox.web.schemas.common import Schema
from traumbox.web.schemas.tracks import HitView

CHANCE_MOST = 2**53
"""The largest number that every JSON reader keeps exactly."""


class RadioAsked(Schema):
    """A radio as its listener knows it; the service keeps nothing of it."""

    seed: list[str] = Field([], description="ids of tracks that it begins at")
    q: str = Field("", description="or a description that it begins at", examples=["calm piano"])
    heard: list[str] = Field(
        [],
        description="ids of what it has given, the latest at the end: none comes again. The last "
        f"{HEARD_MOST} are used, of the following as well",
    )
    liked: list[str] = Field([], description="ids of what was liked: it leans there")
    skipped: list[str] = Field([], description="ids of what was skipped: it turns away from that")
    adventurous: float = Field(
        ADVENTUROUS,
        ge=0.0,
        le=1.0,
        allow_inf_nan=False,
        description="0: near to where it began, 1: a wide walk",
    )
    count: int = Field(10, ge=1, le=50, description="how many tracks at most")
    chance: int = Field(
        0,
        ge=0,
        le=CHANCE_MOST,
        description="any number, the same for one sitting: another one gives another radio",
    )


class EvennessView(Schema):
    """How even the steps of a journey are, in angles of sound."""

    variation: float = Field(description="their standard deviation over their mean; 0: even")
    largest_to_mean: float = Field(description="1: even")
    largest_rad: float


class WalkView(Schema):
    """Tracks one after another."""

    version: Literal[1] = 1
    hits: list[HitView] = Field(
        description="in their order; the score is the likeness, on a radio to where it began, on a "
        "journey to the track before"
    )
    evenness: EvennessView | None = Field(description="of a journey's steps")
    ended: bool = Field(description="whether a radio has nothing left that wasn't heard")
    took_ms: float


JOURNEY = (
    f"{LENGTH_LEAST} to {LENGTH_MOST} tracks, both ends among them; no artist again within "
    f"{Rules().artist_apart} tracks, and no leaps of tempo, as far as the library allows"
)
