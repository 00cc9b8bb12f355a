"""Tracks, files and answers."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from traumbox.domain import Kind, State, Why
from traumbox.web.schemas.common import Counts, Schema


class TrackView(Schema):
    """A track that has been heard."""

    id: str = Field(description="stays the same when the file is renamed, moved or retagged")
    folder: str = Field(description="name of the watched folder")
    path: str = Field(description=r"path within the folder; bytes that aren't UTF-8 as \xNN")
    part: int = Field(description="which track of the file, by its CUE sheet; 0: the whole file")
    offline: bool = Field(description="whether its folder is offline: found, but not to be played")
    kind: Kind = Field(description="by the rules of the configuration")
    title: str = Field(description="the tagged title, else the file's name")
    artist: str
    album: str
    album_artist: str
    track_no: int | None
    disc_no: int | None
    genre: str
    year: int | None
    duration_s: float
    bpm: float | None = Field(description="the likeliest tempo; None where there is none for sure")
    bpm_other: float | None = Field(
        description="half or double of bpm, where that is nearly as likely; conditions on bpm are "
        "met by either"
    )
    key: str | None = Field(examples=["F# minor"])
    codec: str = Field(description="FFmpeg's short name", examples=["flac"])
    stream: str = Field(description="where it plays; understands Range", examples=["/stream/1f…"])
    cover: str | None = Field(description="where its cover is (JPEG), if it has one")
    peaks: str = Field(description="waveform picture: 220 uint8 columns in base64, or empty")


class HitView(Schema):
    """A track of an answer and the moment where it matches best."""

    track: TrackView
    start_s: float = Field(description="where in the track the matching moment begins")
    score: float = Field(description="cosine similarity of that moment")
    match: int = Field(ge=0, le=100, description="the same on a calibrated scale")
    fits: bool = Field(
        description="false: below the floor measured for the model, so not what was asked for; "
        "given because nothing else comes nearer"
    )
    why: list[Why] = Field(
        description="what made it match, the strongest first: its sound, a name (artist, title, "
        "album, folder, file), a tag (genre), words (lyrics, comment), or only the filters",
        examples=[["name", "sound"]],
    )
    copies: list[TrackView] = Field(description="other files with the same recording")


class ChipView(Schema):
    """A part of the sentence that was understood as more than a description of sound."""

    id: str = Field(description="give it as 'taken_back' to have the words taken as they are")
    words: str = Field(description="the words of the sentence")
    filter: str = Field(description="the condition it stands for, as 'filter' takes it, or empty")
    without: str = Field(description="the sound that must not be heard, or empty")


class FilterCount(Schema):
    """A filter, and how many tracks it alone would leave."""

    filter: str
    tracks: int


class Understood(Schema):
    """How the search took the question."""

    text: str = Field(description="the words that were searched for")
    sound: str = Field(description="what of them describes a sound")
    names: str = Field(description="what of them may be a name or a tag")
    starts: bool = Field(description="whether the place is wanted where a sound comes in")
    chips: list[ChipView]
    note: str = Field(default="", description="what was left out of account, in words")


class QueryView(Schema):
    """What was asked, and how it was understood."""

    text: str
    like: list[str] = Field(description="ids of tracks that it should sound like")
    unlike: list[str] = Field(description="ids of tracks that it shouldn't sound like")
    filters: list[str] = Field(description="the filters asked for beside the sentence")
    kinds: list[Kind] = Field(description="the only kinds wanted; none named: all")
    limit: int
    understood: Understood


class SearchView(Schema):
    """An answer: hits, best first."""

    version: Literal[1] = 1
    query: QueryView
    hits: list[HitView] = Field(description="those that fit come first")
    nothing_fits: bool = Field(
        description="whether no hit is what was asked for; they are only the nearest then. "
        "Likeness to a track or a sound always fits, as does everything where no floor is known"
    )
    meant: str = Field(description="the sentence with misspelt names put right, or empty")
    left_by: list[FilterCount] = Field(
        description="where the filters together leave nothing: what each alone leaves"
    )
    took_ms: float
    searched: int = Field(description="tracks that have been heard")
    total: int = Field(description="tracks known, heard or not")


class FileView(Schema):
    """A file in a watched folder, heard or not."""

    id: str
    folder: str
    path: str = Field(description=r"path within the folder; bytes that aren't UTF-8 as \xNN")
    part: int = Field(description="which track of the file, by its CUE sheet; 0: the whole file")
    state: State
    reason: str = Field(description="why it failed, or a remark such as 'cut short: …'")
    title: str
    artist: str
    album: str
    duration_s: float | None
    size: int = Field(description="bytes")
    attempts: int
    missing_since_s: float | None = Field(
        description="since when it is gone and kept for its return, POSIX time; null: it is there"
    )


class FilesView(Schema):
    """A page of files, by folder and path."""

    version: Literal[1] = 1
    items: list[FileView]
    counts: Counts
    next: str | None = Field(description="give it as 'after' to get the next page; null: the last")


class FileDetail(Schema):
    """One file, and as a track when it has been heard."""

    version: Literal[1] = 1
    file: FileView
    track: TrackView | None


class MomentView(Schema):
    """A place in a track and how well it matches."""

    start_s: float
    score: float
    match: int = Field(ge=0, le=100)
    fits: bool = Field(description="false: below the floor measured for the model, so no match")


class MomentsView(Schema):
    """Where in one track a sentence matches."""

    version: Literal[1] = 1
    heat: str = Field(
        description="96 uint8 columns over the whole track in base64; 0 where nothing fits"
    )
    moments: list[MomentView] = Field(description="places that lie apart, best first")
