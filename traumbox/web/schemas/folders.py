"""The folders: how they are, and what is wanted of them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from traumbox.domain import WatchMode
from traumbox.web.schemas.common import Counts, Schema


class WatchView(Schema):
    """How a folder's changes are noticed."""

    mode: WatchMode = Field(
        description="live: by events; partial: of some directories only; polled: by the clock"
    )
    note: str = Field(description="why not by events, or empty")
    remedy: str = Field(description="the command that mends that, or empty")


class FolderCounts(Counts):
    """A folder's files by state."""

    files: int = Field(description="those that are there, whatever their state")
    missing: int = Field(description="tracks whose files are gone, kept for their return")


class HeldView(Schema):
    """A removal so large that it waits to be confirmed; nothing has been changed yet."""

    count: int = Field(description="tracks that would go")
    total: int = Field(description="tracks of the folder")
    gone: int = Field(description="of those that would go: the gone; a rule excludes the others")
    since_s: float = Field(description="since when it waits, POSIX time")
    examples: list[str] = Field(description="some of the paths")


class FolderStatus(Schema):
    """A watched folder."""

    name: str
    path: str
    online: bool
    note: str = Field(description="what is wrong with it, or empty")
    remedy: str = Field(description="what can be done about that, or empty")
    colour: str = Field(examples=["#4fa3d1"])
    kind: str = Field(description="auto, music, audiobook or podcast", examples=["auto"])
    priority: str = Field(description="first, normal or last", examples=["normal"])
    include: list[str] = Field(description="patterns of the only files wanted; none: all")
    exclude: list[str] = Field(description="patterns of what is left out", examples=[["Karaoke/"]])
    watch: WatchView
    counts: FolderCounts
    unreadable: int = Field(description="directories and files in it that can't be listed")
    looked: bool = Field(description="whether it was looked through since the start")
    last_scan_s: float | None = Field(description="when it was looked through last, POSIX time")
    next_scan_s: float | None = Field(description="when it will be next, POSIX time")
    held: HeldView | None = Field(description="a removal that waits to be confirmed")


class RemovalView(Schema):
    """Tracks of a folder that one look found gone; they come back with their files."""

    folder: str
    since_s: float = Field(description="when that was, POSIX time")
    until_s: float = Field(description="till when they are kept at least, POSIX time")
    count: int
    examples: list[str] = Field(description="some of the paths")


class FoldersView(Schema):
    """Every watched folder, and what went lately."""

    version: Literal[1] = 1
    folders: list[FolderStatus]
    removals: list[RemovalView] = Field(description="the latest first")


class OneFolderView(Schema):
    """A folder as it is now."""

    version: Literal[1] = 1
    folder: FolderStatus


Pattern = Annotated[str, Field(min_length=1, max_length=500)]
Patterns = Annotated[list[Pattern], Field(max_length=200)]
_NAME = "a short name without '/', different from the other folders' names"
_COLOUR = "a colour such as #4fa3d1"
_KIND = "auto (by the rules of the configuration), music, audiobook or podcast"
_PRIORITY = "first, normal or last: whose files are heard first"
_INCLUDE = "patterns as in .gitignore of the only files wanted; none: all"
_EXCLUDE = "patterns as in .gitignore of what is left out"


class FolderChange(Schema):
    """What to change about a folder; what isn't named stays as it is."""

    name: str | None = Field(None, max_length=80, description=_NAME)
    colour: str | None = Field(None, max_length=40, description=_COLOUR)
    kind: str | None = Field(None, max_length=40, description=_KIND)
    priority: str | None = Field(None, max_length=40, description=_PRIORITY)
    include: Patterns | None = Field(None, description=_INCLUDE)
    exclude: Patterns | None = Field(None, description=_EXCLUDE)


class NewFolder(FolderChange):
    """A folder to watch; what isn't named has its default."""

    path: str = Field(
        min_length=1,
        max_length=4096,
        description="absolute path of a folder on the machine that traumbox runs on",
        examples=["/srv/music"],
    )
