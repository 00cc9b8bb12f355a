"""The ledger's row as a value, and its way into and out of SQLite's columns."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, TypeVar

from traumbox.domain import Cut, Descriptors, FileStat, Location, Media, State, Tags, Track

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Value = TypeVar("Value", bound=DataclassInstance)

COLUMNS = (
    "track_id, folder, path, part, size, mtime_ns, inode, cut, state, reason, audio_id,"
    " fingerprint, attempts, next_try_s, pending_since_s, urgent_since_s, first_seen_s,"
    " last_seen_s, missing_since_s, added_at_s, duration_s, media, tags, descriptors"
)

MISSING_COLUMNS = (
    "track_id, folder, path, part, size, mtime_ns, inode, cut, audio_id, fingerprint,"
    " missing_since_s"
)

PARTS_MOST = 1000
"""More than any sheet can have: CDs end at 99."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """What the ledger knows of one file. Times are POSIX seconds.

    ``last_seen_s`` is when a scan last found something new about the file; that a file is
    unchanged isn't written down for each. ``tags`` and ``descriptors`` are those last heard.
    ``pending_since_s`` is since when this version of the file waits to be heard, None once it has
    been; ``urgent_since_s`` when somebody asked for it to be heard next. ``fingerprint`` is of the
    version last heard, or empty.
    """

    track_id: str
    location: Location
    stat: FileStat
    state: State
    reason: str
    audio_id: str | None
    fingerprint: str
    attempts: int
    next_try_s: float | None
    pending_since_s: float | None
    urgent_since_s: float | None
    first_seen_s: float
    last_seen_s: float
    missing_since_s: float | None
    added_at_s: float | None
    duration_s: float | None
    media: Media | None
    tags: Tags
    descriptors: Descriptors

    def as_track(self) -> Track:
        """Return the track for search and panel; of a part, what its sheet says goes first.

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
            tags=filled_up(self.stat.cut.tags, self.tags) if self.stat.cut else self.tags,
            descriptors=self.descriptors,
        )


@dataclass(frozen=True, slots=True)
class MissingFile:
    """A file that is gone, as far as its return has to be recognised.

    ``audio_id`` is None when it was never heard; ``fingerprint`` is empty when none was taken.
    """

    track_id: str
    location: Location
    stat: FileStat
    audio_id: str | None
    fingerprint: str
    missing_since_s: float


def decode(row: tuple[Any, ...]) -> FileRow:
    """Build a FileRow from a row selected with ``COLUMNS``."""
    (
        track_id, folder, path, part, size, mtime_ns, inode, cut, state, reason, audio_id,
        fingerprint, attempts, next_try_s, pending_since_s, urgent_since_s, first_seen_s,
        last_seen_s, missing_since_s, added_at_s, duration_s, media, tags, descriptors,
    ) = row  # fmt: skip
    return FileRow(
        track_id=track_id,
        location=Location(folder, path, part_out(part)),
        stat=FileStat(size, mtime_ns, inode, cut_out(cut)),
        state=state,
        reason=reason,
        audio_id=audio_id,
        fingerprint=fingerprint,
        attempts=attempts,
        next_try_s=next_try_s,
        pending_since_s=pending_since_s,
        urgent_since_s=urgent_since_s,
        first_seen_s=first_seen_s,
        last_seen_s=last_seen_s,
        missing_since_s=missing_since_s,
        added_at_s=added_at_s,
        duration_s=duration_s,
        media=_from_json(Media, media) if media else None,
        tags=tags_out(tags),
        descriptors=_from_json(Descriptors, descriptors) if descriptors else Descriptors(),
    )


def decode_missing(row: tuple[Any, ...]) -> MissingFile:
    """Build a MissingFile from a row selected with ``MISSING_COLUMNS``."""
    (
        track_id, folder, path, part, size, mtime_ns, inode, cut, audio_id, fingerprint,
        missing_since_s,
    ) = row  # fmt: skip
    return MissingFile(
        track_id,
        Location(folder, path, part_out(part)),
        FileStat(size, mtime_ns, inode, cut_out(cut)),
        audio_id,
        fingerprint,
        missing_since_s,
    )


def tags_out(text: str | None) -> Tags:
    """Read the column of tags; what was never heard has none."""
    return _from_json(Tags, text) if text else Tags()


def filled_up(tags: Tags, more: Tags) -> Tags:
    """Return ``tags``, and where they say nothing, what ``more`` says."""
    return Tags(
        **{
            field.name: getattr(tags, field.name) or getattr(more, field.name)
            for field in fields(Tags)
        }
    )


def to_json(value: DataclassInstance) -> str:
    """Write a frozen value as JSON; ASCII, for text from tags may be no valid Unicode."""
    return json.dumps(asdict(value), separators=(",", ":"))


def _from_json(kind: type[Value], text: str) -> Value:
    known = {field.name for field in fields(kind)}
    return kind(**{name: value for name, value in json.loads(text).items() if name in known})


def cut_in(cut: Cut | None) -> str | None:
    """Write a cut as JSON; None for whole files."""
    return None if cut is None else to_json(cut)


def cut_out(text: str | None) -> Cut | None:
    """Undo ``cut_in``."""
    if text is None:
        return None
    cut = json.loads(text)
    tags = {field.name for field in fields(Tags)} & cut["tags"].keys()
    return Cut(
        start_s=cut["start_s"],
        end_s=cut["end_s"],
        tags=Tags(**{name: cut["tags"][name] for name in tags}),
        embedded=cut["embedded"],
    )


def part_out(part: int) -> int:
    """Return the part that a row is; negative ones stand for rows whose place another has taken.

    Those are missing, and recognised by what they were, not by where.
    """
    return part if part >= 0 else (-1 - part) % PARTS_MOST


def inode_in(inode: int) -> int:
    """Return as much of an inode number as SQLite holds: the lower 63 bits.

    Pooling file systems hash theirs into all 64. It is one mark of three by which a file is known.
    """
    return inode & ((1 << 63) - 1)


def text_in(text: str) -> str:
    r"""Make text valid Unicode: messages may quote names with bytes that are none."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
