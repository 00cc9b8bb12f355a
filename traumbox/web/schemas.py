"""The shapes of the API's JSON; OpenAPI is made from them. ``version`` counts breaking changes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from traumbox.domain import FetchStage, ModelState, State


class _Schema(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TrackView(_Schema):
    """A track that has been heard."""

    id: str = Field(description="stays the same when the file is renamed, moved or retagged")
    folder: str = Field(description="name of the watched folder")
    path: str = Field(description=r"path within the folder; bytes that aren't UTF-8 as \xNN")
    title: str = Field(description="the tagged title, else the file's name")
    artist: str
    album: str
    genre: str
    year: int | None
    duration_s: float
    bpm: float | None
    key: str | None = Field(examples=["F# minor"])
    codec: str = Field(description="FFmpeg's short name", examples=["flac"])
    stream: str = Field(description="where it plays; understands Range", examples=["/stream/1f…"])
    cover: str | None = Field(description="where its cover is (JPEG), if it has one")
    peaks: str = Field(description="waveform picture: 220 uint8 columns in base64, or empty")


class HitView(_Schema):
    """A track of an answer and the moment where it matches best."""

    track: TrackView
    start_s: float = Field(description="where in the track the matching moment begins")
    score: float = Field(description="cosine similarity of that moment")
    match: int = Field(ge=0, le=100, description="the same on a calibrated scale")
    why: list[str] = Field(description="what made it match", examples=[["sound"]])


class Understood(_Schema):
    """How the search took the question."""

    text: str = Field(description="the words that were searched for")
    note: str = Field(default="", description="what was left out of account, in words")


class QueryView(_Schema):
    """What was asked, and how it was understood."""

    text: str
    like: str | None
    limit: int
    understood: Understood


class SearchView(_Schema):
    """An answer: hits, best first."""

    version: Literal[1] = 1
    query: QueryView
    hits: list[HitView]
    took_ms: float
    searched: int = Field(description="tracks that have been heard")
    total: int = Field(description="tracks known, heard or not")


# Bounded, so that the norm stays finite in float32.
Component = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]


class VectorQuery(_Schema):
    """A sound to search with, embedded by the model in use."""

    vector: list[Component] = Field(min_length=1, max_length=4096, examples=[[0.6, -0.8]])
    model: str = Field(
        default="",
        max_length=100,
        description="id of the model it was embedded with, so that a change can't mix models up",
    )
    limit: int | None = Field(None, ge=1, le=200, description="default from the configuration")


class FileView(_Schema):
    """A file in a watched folder, heard or not."""

    id: str
    folder: str
    path: str = Field(description=r"path within the folder; bytes that aren't UTF-8 as \xNN")
    state: State
    reason: str = Field(description="why it failed, or a remark such as 'cut short: …'")
    title: str
    artist: str
    album: str
    duration_s: float | None
    size: int = Field(description="bytes")
    attempts: int


class Counts(_Schema):
    """Files by state; together all the music files on disk."""

    indexed: int
    pending: int
    failed: int
    excluded: int


class FilesView(_Schema):
    """A page of files, by folder and path."""

    version: Literal[1] = 1
    items: list[FileView]
    counts: Counts
    next: str | None = Field(description="give it as 'after' to get the next page; null: the last")


class FileDetail(_Schema):
    """One file, and as a track when it has been heard."""

    version: Literal[1] = 1
    file: FileView
    track: TrackView | None


class MomentView(_Schema):
    """A place in a track and how well it matches."""

    start_s: float
    score: float
    match: int = Field(ge=0, le=100)


class MomentsView(_Schema):
    """Where in one track a sentence matches."""

    version: Literal[1] = 1
    heat: str = Field(description="96 uint8 columns over the whole track in base64")
    moments: list[MomentView] = Field(description="places that lie apart, best first")


class FetchView(_Schema):
    """How the getting of a model goes."""

    model: str
    stage: FetchStage = Field(description="'waiting' is for the next try")
    done_bytes: int
    total_bytes: int
    bytes_per_s: float
    left_s: float | None = Field(description="seconds until it is there, if that can be told")
    next_try_s: float | None = Field(description="when it is tried again, POSIX time")
    note: str = Field(description="what goes on or went wrong, in words")


class ChangeView(_Schema):
    """How the change from the model that serves to another one goes."""

    old: str
    new: str
    done: int = Field(description="tracks heard with the new one")
    total: int = Field(description="tracks the old one has")
    waiting: int = Field(description="tracks in offline folders, for which the switch waits")
    paused: bool
    left_s: float | None = Field(description="seconds until the switch, if that can be told")
    note: str = Field(description="what holds it up, in words")


class ModelView(_Schema):
    """The model that answers searches, and what becomes of it."""

    id: str
    name: str
    notice: str = Field(description="one sentence about models for the owner, or empty")
    fetch: FetchView | None = Field(description="a model that is being fetched")
    change: ChangeView | None = Field(description="a change to another model that is under way")


class ModelInfoView(_Schema):
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


class ModelsView(_Schema):
    """Everything about models at one moment."""

    version: Literal[1] = 1
    wanted: str = Field(description="'model: {name: …}' of the configuration", examples=["auto"])
    serving: str = Field(description="the model that answers searches")
    models: list[ModelInfoView]
    fetch: FetchView | None
    change: ChangeView | None
    notice: str = Field(description="one sentence for the owner, or empty")


class ImportOrder(_Schema):
    """A model that lies on the machine traumbox runs on."""

    path: str = Field(
        max_length=4096,
        description="absolute path of LAION's checkpoint (.pt) or of a converted model's folder",
        examples=["/media/stick/music_audioset_epoch_15_esc_90.14.pt"],
    )


class UseOrder(_Schema):
    """How to change to a model."""

    now: bool = Field(
        default=False,
        description="switch at once; what hasn't been heard with it yet can't be found till then",
    )


class VerifyView(_Schema):
    """Whether a model's files are what they were."""

    version: Literal[1] = 1
    model: str
    whole: bool
    note: str = Field(description="what is wrong, or empty")


class IndexView(Counts):
    """How far the indexing is."""

    total: int
    now_hearing: str = Field(description="path of the file in hand, or empty")
    tracks_per_minute: float
    eta_s: float | None = Field(description="seconds until all that waits has been heard")


class FolderStatus(_Schema):
    """A watched folder."""

    name: str
    path: str
    online: bool
    note: str = Field(description="what is wrong with it, or empty")


class StatusView(_Schema):
    """The state of the appliance."""

    version: Literal[1] = 1
    traumbox: str = Field(description="version of the program", examples=["0.1.0"])
    model: ModelView
    index: IndexView
    folders: list[FolderStatus]
    ready: bool
    reason: str = Field(description="why it isn't ready, or empty")
    address: str | None = Field(description="where the panel is in the local network")


class HealthView(_Schema):
    """The process answers."""

    status: Literal["ok"] = "ok"
    traumbox: str = Field(description="version of the program", examples=["0.1.0"])


class ReadyView(_Schema):
    """Store and model serve."""

    ready: Literal[True] = True
    reason: str = ""


class AcceptedView(_Schema):
    """It is being done."""

    accepted: Literal[True] = True
    message: str


class ProblemView(_Schema):
    """What went wrong (RFC 9457), with one thing to do about it."""

    type: str = Field(default="about:blank", description="kind of problem")
    title: str
    status: int
    detail: str
    remedy: str
