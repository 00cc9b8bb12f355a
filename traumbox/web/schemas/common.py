"""What the other schemas share, and what every part answers."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Schema(BaseModel):
    """Nothing but what is named, and it doesn't change."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class AcceptedView(Schema):
    """It is being done."""

    accepted: Literal[True] = True
    message: str


class CountedView(AcceptedView):
    """It is being done, to so many."""

    count: int


class ProblemView(Schema):
    """What went wrong (RFC 9457), with one thing to do about it."""

    type: str = Field(default="about:blank", description="kind of problem")
    title: str
    status: int
    detail: str
    remedy: str


class HealthView(Schema):
    """The process answers."""

    status: Literal["ok"] = "ok"
    traumbox: str = Field(description="version of the program", examples=["0.1.0"])


class ReadyView(Schema):
    """Store and model serve."""

    ready: Literal[True] = True
    reason: str = ""


class Counts(Schema):
    """Files by state; together all the music files on disk."""

    indexed: int
    pending: int
    failed: int
    excluded: int
