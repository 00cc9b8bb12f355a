"""The models, and what goes on with them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from traumbox.domain import FetchStage, ModelState
from traumbox.web.schemas.common import Schema


class FetchView(Schema):
    """How the getting of a model goes."""

    model: str
    stage: FetchStage = Field(description="'waiting' is for the next try")
    done_bytes: int
    total_bytes: int
    bytes_per_s: float
    left_s: float | None = Field(description="seconds until it is there, if that can be told")
    next_try_s: float | None = Field(description="when it is tried again, POSIX time")
    note: str = Field(description="what goes on or went wrong, in words")


class ChangeView(Schema):
    """How the change from the model that serves to another one goes."""

    old: str
    new: str
    done: int = Field(description="tracks heard with the new one")
    total: int = Field(description="tracks the old one has")
    waiting: int = Field(description="tracks in offline folders, for which the switch waits")
    paused: bool
    left_s: float | None = Field(description="seconds until the switch, if that can be told")
    note: str = Field(description="what holds it up, in words")


class ModelView(Schema):
    """The model that answers searches, and what becomes of it."""

    id: str
    name: str
    notice: str = Field(description="one sentence about models for the owner, or empty")
    fetch: FetchView | None = Field(description="a model that is being fetched")
    change: ChangeView | None = Field(description="a change to another model that is under way")


class ModelInfoView(Schema):
    """A model of the catalogue and how it stands on this machine."""

    name: str = Field(examples=["clap-music"])
    title: str
    purpose: str
    licence: str
    dim: int = Field(description="numbers in a vector")
    download_bytes: int = Field(description="size of the download; 0: there is none")
    state: ModelState
    serving: bool = Field(description="whether it answers searches now")
    tracks: int = Field(description="tracks that were heard with it")
    note: str = Field(description="why it is damaged, what its self-check found; or empty")


class ModelsView(Schema):
    """Everything about models at one moment."""

    version: Literal[1] = 1
    wanted: str = Field(description="'model: {name: …}' of the configuration", examples=["auto"])
    serving: str = Field(description="the model that answers searches")
    models: list[ModelInfoView]
    fetch: FetchView | None
    change: ChangeView | None
    notice: str = Field(description="one sentence for the owner, or empty")


class ImportOrder(Schema):
    """A model that lies on the machine traumbox runs on."""

    path: str = Field(
        max_length=4096,
        description="absolute path of LAION's checkpoint (.pt) or of a converted model's folder",
        examples=["/media/stick/music_audioset_epoch_15_esc_90.14.pt"],
    )


class UseOrder(Schema):
    """How to change to a model."""

    now: bool = Field(
        default=False,
        description="switch at once; what hasn't been heard with it yet can't be found till then",
    )


class VerifyView(Schema):
    """Whether a model's files are what they were."""

    version: Literal[1] = 1
    model: str
    whole: bool
    note: str = Field(description="what is wrong, or empty")
