"""CUE sheets: which tracks lie where in an album that is one file.

The format is that of CDRWIN's user's guide ("Appendix A: CUE Sheet Commands"), with the liberties
that rippers have taken since: several FILEs, a track's gap at the end of the file before, REM
fields for what the commands don't cover. Times count from the beginning of their FILE, as
minutes:seconds:frames of a CD, 75 frames a second.

A track goes from its INDEX 01 to that of the next one, as players have it: the gap between two
belongs to the first. PREGAP and POSTGAP are silence that no file holds.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from traumbox.domain import Cut, Tags
from traumbox.library.text import cleaned, decoded_text, number_in, year_in

SHEET_MAX_BYTES = 1_000_000
_TRACKS_MAX = 999
_FRAMES_A_S = 75
_HIDDEN_S = 10.0
"""So much ahead of the first track is a hidden one, and begins it; less is the usual pause."""

_COMMAND = re.compile(r"\s*([A-Za-z]+)[ \t]+(.*)")
_FILE_TYPE = re.compile(
    r"[ \t]+(?:WAVE|MP3|AIFF|BINARY|MOTOROLA|FLAC|APE|WV|TTA|OGG|M4A)\s*$", re.IGNORECASE
)
_NUMBER = re.compile(r"\d{1,4}")
_TIME = re.compile(r"(\d{1,4}):(\d{1,2})(?:[:.](\d{1,3}))?")


class UnusableSheetError(Exception):
    """A sheet that can't be followed; the message says where and why, for the log."""


@dataclass(frozen=True, slots=True)
class SheetFile:
    """One file that a sheet names, and its tracks; none unless there are at least two.

    ``raw`` is the name in the sheet's own bytes. Both are without folders.
    """

    name: str
    raw: bytes
    cuts: tuple[Cut, ...]


@dataclass(slots=True)
class _Track:
    number: int
    is_audio: bool
    fields: dict[str, str] = field(default_factory=dict)
    indexes: dict[int, tuple[int, float]] = field(default_factory=dict)  # (place of file, seconds)


def parse_sheet(data: bytes) -> tuple[SheetFile, ...]:
    """Return the files of the CUE sheet ``data``, in its order.

    Raises
    ------
    UnusableSheetError
        When it can't be followed.
    """
    if len(data) > SHEET_MAX_BYTES:
        raise UnusableSheetError(
            f"it has more than {SHEET_MAX_BYTES:,} bytes, which no CUE sheet has"
        )
    text, encoding = decoded_text(data)
    return _Reading(text).files(encoding)


def parse_embedded(text: str) -> tuple[Cut, ...]:
    """Return the tracks of a CUE sheet that lies within the only file it can mean.

    Raises
    ------
    UnusableSheetError
        When it can't be followed.
    """
    files = _Reading(text).files("utf-8", embedded=True)
    return files[0].cuts if len(files) == 1 else ()


def display(path: Path) -> str:
    """Return a path for the log: valid Unicode in one line."""
    return cleaned(os.fsencode(path).decode("utf-8", "backslashreplace"))


class _Reading:
    """One pass over a sheet's lines."""

    def __init__(self, text: str) -> None:
        self._names: list[str] = []
        self._disc: dict[str, str] = {}
        self._tracks: list[_Track] = []
        for number, line in enumerate(text.splitlines(), start=1):
            command = _COMMAND.match(line)
            if command is None:
                continue
            try:
                self._take(command[1].upper(), command[2].strip())
            except UnusableSheetError as error:
                raise UnusableSheetError(f"line {number}: {cleaned(str(error))[:100]}") from None

    def files(self, encoding: str, *, embedded: bool = False) -> tuple[SheetFile, ...]:
        """Return what was read."""
        return tuple(
            SheetFile(
                name, name.encode(encoding, "replace"), tuple(self._cuts(place, embedded=embedded))
            )
            for place, name in enumerate(self._names)
        )

    def _take(self, command: str, rest: str) -> None:
        match command:
            case "FILE":
                self._names.append(_file_name(rest))
            case "TRACK":
                self._begin_track(rest)
            case "INDEX":
                self._note_index(rest)
            case "TITLE" | "PERFORMER":
                self._note(command, rest)
            case "REM":
                name, _, value = rest.partition(" ")
                self._note(name.upper(), value)

    def _begin_track(self, rest: str) -> None:
        number, _, kind = rest.partition(" ")
        if not _NUMBER.fullmatch(number):
            raise UnusableSheetError(f"“{number}” is no track number")
        if len(self._tracks) >= _TRACKS_MAX:
            raise UnusableSheetError(f"more than {_TRACKS_MAX} tracks")
        self._tracks.append(_Track(int(number), kind.strip().upper() in ("AUDIO", "")))

    def _note(self, name: str, value: str) -> None:
        fields = self._tracks[-1].fields if self._tracks else self._disc
        fields.setdefault(name, cleaned(_unquoted(value)))

    def _note_index(self, rest: str) -> None:
        number, _, time = rest.partition(" ")
        if not self._tracks or not self._names:
            raise UnusableSheetError("an INDEX outside of a TRACK and a FILE")
        if not _NUMBER.fullmatch(number):
            raise UnusableSheetError(f"“{number}” is no index number")
        place = len(self._names) - 1
        self._tracks[-1].indexes.setdefault(int(number), (place, _seconds(time)))

    def _cuts(self, place: int, *, embedded: bool) -> Iterator[Cut]:
        begun = sorted(self._begun_in(place), key=lambda entry: entry[0])
        if sum(track.is_audio for _, track in begun) < 2:
            return
        ends_s = [_end_s(place, *then) for then in begun[1:]]
        for at, ((start_s, track), end_s) in enumerate(zip(begun, [*ends_s, None], strict=True)):
            if not track.is_audio or (end_s is not None and end_s <= start_s):
                continue
            has_hidden = at == 0 and start_s >= _HIDDEN_S
            yield Cut(0.0 if has_hidden else start_s, end_s, self._tags(track), embedded)

    def _begun_in(self, place: int) -> Iterator[tuple[float, _Track]]:
        for track in self._tracks:
            start_s = _time_in(place, track, 1, 0)
            if start_s is not None:
                yield start_s, track

    def _tags(self, track: _Track) -> Tags:
        def text(name: str) -> str:
            return track.fields.get(name) or self._disc.get(name, "")

        return Tags(
            title=track.fields.get("TITLE") or f"Track {track.number:02d}",
            artist=text("PERFORMER"),
            album=self._disc.get("TITLE", ""),
            album_artist=self._disc.get("PERFORMER", ""),
            genre=text("GENRE"),
            year=year_in(text("DATE")),
            track_no=number_in(str(track.number)),
            disc_no=number_in(text("DISCNUMBER")),
        )


def _end_s(place: int, then_s: float, then: _Track) -> float:
    """Return where the track before ``then`` ends: the gap ahead of a CD's data isn't its own."""
    gap_s = None if then.is_audio else _time_in(place, then, 0)
    return then_s if gap_s is None else gap_s


def _time_in(place: int, track: _Track, *numbers: int) -> float | None:
    """Return when the first of these indexes that a track has lies in a file; None: elsewhere."""
    index = next((track.indexes[number] for number in numbers if number in track.indexes), None)
    return index[1] if index is not None and index[0] == place else None


def _seconds(time: str) -> float:
    found = _TIME.fullmatch(time.strip())
    if found is None or int(found[2]) >= 60:
        raise UnusableSheetError(f"“{time}” is no time (minutes:seconds:frames)")
    # Sheets that weren't made from a CD write hundredths there; the last frame is near enough.
    frames = min(int(found[3] or 0), _FRAMES_A_S - 1)
    return ((int(found[1]) * 60 + int(found[2])) * _FRAMES_A_S + frames) / _FRAMES_A_S


def _file_name(rest: str) -> str:
    name = _unquoted(rest) if rest.startswith('"') else _FILE_TYPE.sub("", rest)
    return re.split(r"[/\\]", name)[-1]


def _unquoted(value: str) -> str:
    """Return what stands between the first quotation mark and the last; or all of it."""
    value = value.strip()
    if not value.startswith('"'):
        return value
    return value[1:].rpartition('"')[0] or value[1:].rstrip('"')
