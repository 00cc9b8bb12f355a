"""The state of the appliance."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from traumbox.web.schemas.common import Counts, Schema
from traumbox.web.schemas.folders import FolderStatus
from traumbox.web.schemas.models import ModelView


class IndexView(Counts):
    """How far the indexing is."""

    total: int
    missing: int = Field(description="tracks whose files are gone, kept for their return")
    outdated: int = Field(
        description="indexed tracks heard by an older traumbox, which are heard again by and by"
    )
    paused: bool = Field(description="whether somebody has paused the hearing")
    resting: str = Field(description="why nothing is heard just now though files wait, or empty")
    now_hearing: str = Field(description="path of the file in hand, or empty")
    tracks_per_minute: float
    eta_s: float | None = Field(description="seconds until all that waits has been heard")


class StatusView(Schema):
    """The state of the appliance."""

    version: Literal[1] = 1
    traumbox: str = Field(description="version of the program", examples=["0.1.0"])
    model: ModelView
    index: IndexView
    folders: list[FolderStatus]
    ready: bool
    reason: str = Field(description="why it isn't ready, or empty")
    address: str | None = Field(description="where the panel is in the local network")
