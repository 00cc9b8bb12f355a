"""The ledger's row as a value, and its way into and out of SQLite's columns."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, TypeVar

from traumbox.domain import Descriptors, FileStat, Location, Media, State, Tags, Track

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Value = TypeVar("Value", bound=DataclassInstance)

COLUMNS = (
    "track_id, folder, path, size, mtime_ns, inode, state, reason, audio_id, attempts,"
    " next_try_s, first_seen_s, last_seen_s, missing_since_s, added_at_s, duration_s,"
    " media, tags, descriptors"
)


@dataclass(frozen=True, slots=True)
class FileRow:
    """What the ledger knows of one file. Times are POSIX seconds.

    ``last_seen_s`` is when a scan last found something new about the file; that a file is
    unchanged isn't written down for each. ``tags`` and ``descriptors`` are those last heard.
    """

    track_id: str
    location: Location
    stat: FileStat
    state: State
    reason: str
    audio_id: str | None
    attempts: int
    next_try_s: float | None
    first_seen_s: float
    last_seen_s: float
    missing_since_s: float | None
    added_at_s: float | None
    duration_s: float | None
    media: Media | None
    tags: Tags
    descriptors: Descriptors

    def as_track(self) -> Track:
        """Return the track for search and panel.

        Raises
        ------
        ValueError
            When the file hasn't been heard yet.
        """
        if self.audio_id is None or self.media is None or self.duration_s is None:
            raise ValueError(f"{self.location.display} hasn't been heard yet")
        return Track(
            id=self.track_id,
            location=self.location,
            audio_id=self.audio_id,
            duration_s=self.duration_s,
            media=self.media,
            tags=self.tags,
            descriptors=self.descriptors,
        )


def decode(row: tuple[Any, ...]) -> FileRow:
    """Build a FileRow from a row selected with ``COLUMNS``."""
    (
        track_id, folder, path, size, mtime_ns, inode, state, reason, audio_id, attempts,
        next_try_s, first_seen_s, last_seen_s, missing_since_s, added_at_s, duration_s,
        media, tags, descriptors,
    ) = row  # fmt: skip
    return FileRow(
        track_id=track_id,
        location=Location(folder, path),
        stat=FileStat(size, mtime_ns, inode_out(inode)),
        state=state,
        reason=reason,
        audio_id=audio_id,
        attempts=attempts,
        next_try_s=next_try_s,
        first_seen_s=first_seen_s,
        last_seen_s=last_seen_s,
        missing_since_s=missing_since_s,
        added_at_s=added_at_s,
        duration_s=duration_s,
        media=_from_json(Media, media) if media else None,
        tags=_from_json(Tags, tags) if tags else Tags(),
        descriptors=_from_json(Descriptors, descriptors) if descriptors else Descriptors(),
    )


def to_json(value: DataclassInstance) -> str:
    """Write a frozen value as JSON; ASCII, for text from tags may be no valid Unicode."""
    return json.dumps(asdict(value), separators=(",", ":"))


def _from_json(kind: type[Value], text: str) -> Value:
    known = {field.name for field in fields(kind)}
    return kind(**{name: value for name, value in json.loads(text).items() if name in known})


def inode_in(inode: int) -> int:
    """Fold an unsigned 64-bit inode (pooling file systems hash them) into SQLite's signed one."""
    return inode - (1 << 64) if inode >= 1 << 63 else inode


def inode_out(inode: int) -> int:
    """Undo ``inode_in``."""
    return inode + (1 << 64) if inode < 0 else inode


def text_in(text: str) -> str:
    r"""Make text valid Unicode: messages may quote names with bytes that are none."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
