"""What may be asked of a search."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from traumbox.domain import Kind
from traumbox.web.schemas.common import Schema

# Bounded, so that the norm stays finite in float32.
Component = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]


class SearchAsked(Schema):
    """A question as the address writes it; lists by naming the parameter again."""

    q: str = Field("", description="a description of the sound", examples=["slow piano"])
    like: list[str] = Field([], description="ids of tracks that it should sound like")
    unlike: list[str] = Field([], description="ids of tracks that it shouldn't sound like")
    filter: list[str] = Field(
        [],
        description="what tracks must meet, as field:value, with - before it turned round. Numbers "
        "take a range: bpm, duration_s, year, loudness_lufs, dynamic_range_lu, brightness_hz, "
        "percussive, vocals, added_s, played_s. Words take several, with commas between: key, "
        "genre, artist, album, folder, format, kind, played (never, ever)",
        examples=[["bpm:110..130", "-genre:rock", "key:A minor,C major"]],
    )
    taken_back: list[str] = Field([], description="ids of chips that aren't meant")
    limit: int | None = Field(
        None, ge=1, le=200, description="how many hits at most; default from the configuration"
    )
    kind: list[Kind] = Field([], description="only these kinds")


class VectorQuery(Schema):
    """A sound to search with, embedded by the model in use."""

    vectors: list[Annotated[list[Component], Field(min_length=1, max_length=4096)]] = Field(
        min_length=1,
        max_length=1_000,
        description="one a window of the sound",
        examples=[[[0.6, -0.8]]],
    )
    model: str = Field(
        default="",
        max_length=100,
        description="id of the model it was embedded with, so that a change can't mix models up",
    )
    limit: int | None = Field(None, ge=1, le=200, description="default from the configuration")


class SuggestionView(Schema):
    """A name of this library or a sound in it."""

    text: str
    kind: Literal["artist", "album", "title", "genre", "folder", "sound"]
    tracks: int = Field(description="how many bear the name; of a sound, how many of the nearest")


class SuggestView(Schema):
    """What somebody may mean who is still typing."""

    version: Literal[1] = 1
    suggestions: list[SuggestionView] = Field(description="best first")
    meant: str = Field(description="where there are none: the same with names put right, or empty")


class StartersView(Schema):
    """Descriptions that lead somewhere in this library."""

    version: Literal[1] = 1
    starters: list[str] = Field(description="up to six, others every day")


class Played(Schema):
    """That somebody listened to a track."""

    seconds: float = Field(
        ge=0.0, le=1e6, allow_inf_nan=False, description="how much was heard so far"
    )
    at_s: float | None = Field(
        None,
        ge=0.0,
        le=1e11,
        allow_inf_nan=False,
        description="when it began, POSIX time; the same again is the same play. By default now, "
        "less what was heard",
    )
