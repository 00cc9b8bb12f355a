"""CUE sheets in folders: which audio file each one means, and how it divides that."""

from __future__ import annotations

import logging
import os
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path

from traumbox.domain import Cut, FileStat
from traumbox.library.cue import (
    SHEET_MAX_BYTES,
    SheetFile,
    UnusableSheetError,
    display,
    parse_sheet,
)

log = logging.getLogger(__name__)

_SUFFIX = b".cue"
_KEPT_TRACKS = 50_000
"""About 15 MB of parsed tracks; libraries with more parse the rest at every scan, 0.4 ms each."""

# In the order in which one is preferred to another of the same name.
_LOSSLESS = (b".flac", b".wv", b".ape", b".tta", b".tak", b".wav", b".aiff", b".aif", b".m4a")

_Parsed = tuple[tuple[bytes, SheetFile], ...]  # sheet's name, one file of it with its tracks


class Sheets:
    """Fulfils ``scan.SheetReader``: sheets are read when they change, from one thread at a time.

    A sheet that nobody can follow leaves its files whole; that is logged once for each version.
    """

    def __init__(self, kept_tracks: int = _KEPT_TRACKS) -> None:
        self._limit = kept_tracks
        self._kept: dict[bytes, tuple[tuple[tuple[bytes, FileStat], ...], _Parsed]] = {}
        self._kept_tracks = 0

    def is_sheet(self, name: bytes) -> bool:
        """Return whether a file's name is that of a CUE sheet."""
        return name[-4:].lower() == _SUFFIX and len(name) > len(_SUFFIX)

    def cuts(
        self, directory: bytes, names: Mapping[bytes, FileStat], sheets: Mapping[bytes, FileStat]
    ) -> Mapping[bytes, tuple[Cut, ...]]:
        """Return the tracks of those audio files that a sheet beside them divides.

        Parameters
        ----------
        directory
            Absolute.
        names
            The audio files in it.
        sheets
            The sheets in it.

        Raises
        ------
        OSError
            When a sheet that is there can't be read just now. Not to know how its files are divided
            is no reason to take them for whole ones.
        """
        return _divided(names, self._parsed(directory, sheets))

    def _parsed(self, directory: bytes, sheets: Mapping[bytes, FileStat]) -> _Parsed:
        version = tuple(sorted(sheets.items(), key=lambda sheet: sheet[0]))
        kept = self._kept.get(directory)
        if kept is not None and kept[0] == version:
            return kept[1]
        parsed = tuple((name, file) for name, _ in version for file in _read(directory, name))
        self._keep(directory, version, parsed)
        return parsed

    def _keep(
        self, directory: bytes, version: tuple[tuple[bytes, FileStat], ...], parsed: _Parsed
    ) -> None:
        self._drop(directory)
        self._kept[directory] = version, parsed
        self._kept_tracks += _weight(parsed)
        while self._kept_tracks > self._limit and len(self._kept) > 1:
            # The one before this: scans come by in the same order each time, and of the latest ones
            # none would be asked for again before it had to go.
            self._drop(next(islice(reversed(self._kept), 1, None)))

    def _drop(self, directory: bytes) -> None:
        kept = self._kept.pop(directory, None)
        if kept is not None:
            self._kept_tracks -= _weight(kept[1])


def _weight(parsed: _Parsed) -> int:
    return 1 + sum(len(file.cuts) for _, file in parsed)


def _read(directory: bytes, name: bytes) -> tuple[SheetFile, ...]:
    path = Path(os.fsdecode(os.path.join(directory, name)))  # noqa: PTH118 - Path takes no bytes
    try:
        with path.open("rb") as file:
            return parse_sheet(file.read(SHEET_MAX_BYTES + 1))
    except FileNotFoundError:
        return ()  # gone since it was listed: the next scan's news
    except PermissionError:
        why = "traumbox has no permission to read it"
    except UnusableSheetError as error:
        why = str(error)
    log.warning("The CUE sheet %s can't be used: %s", display(path), why)
    return ()


def _divided(names: Iterable[bytes], parsed: _Parsed) -> dict[bytes, tuple[Cut, ...]]:
    """Return each audio file's tracks; of several sheets the one of the same name has the say."""
    if not any(file.cuts for _, file in parsed):
        return {}
    lying = _Lying(names)
    divided: dict[bytes, tuple[Cut, ...]] = {}
    for is_namesake in (True, False):
        for sheet, file in parsed:
            audio = lying.meant_by(sheet, file, alone=_is_alone(sheet, parsed))
            if audio is not None and file.cuts and _are_namesakes(sheet, audio) == is_namesake:
                divided.setdefault(audio, file.cuts)
    return divided


class _Lying:
    """The audio files that lie in a directory, found by what somebody else calls them."""

    def __init__(self, names: Iterable[bytes]) -> None:
        self._names = frozenset(names)
        self._by_look: dict[str, bytes] = {}
        self._by_stem: dict[str, bytes] = {}
        for name in sorted(self._names, key=_rank, reverse=True):
            self._by_look[_look(os.fsdecode(name))] = name
            self._by_stem[_stem(os.fsdecode(name))] = name

    def meant_by(self, sheet: bytes, file: SheetFile, *, alone: bool) -> bytes | None:
        """Return the file that is meant: by its very name, by how that looks, by its stem.

        What was encoded after the sheet was written has another suffix. Where a sheet is about one
        file ``alone``, that may have been renamed together with it.
        """
        return next(self._candidates(sheet, file, alone=alone), None)

    def _candidates(self, sheet: bytes, file: SheetFile, *, alone: bool) -> Iterator[bytes]:
        if file.raw in self._names:
            yield file.raw
        looks = [self._by_look.get(_look(file.name)), self._by_stem.get(_stem(file.name))]
        if alone:
            # “Album.flac.cue” and “Album.cue”.
            stem = os.fsdecode(sheet[: -len(_SUFFIX)])
            looks += [self._by_look.get(_look(stem)), self._by_stem.get(_look(stem))]
        yield from (name for name in looks if name is not None)


def _is_alone(sheet: bytes, parsed: _Parsed) -> bool:
    return sum(name == sheet for name, _ in parsed) == 1


def _are_namesakes(sheet: bytes, audio: bytes) -> bool:
    stem = _look(os.fsdecode(sheet[: -len(_SUFFIX)]))
    return stem in (_look(os.fsdecode(audio)), _stem(os.fsdecode(audio)))


def _rank(name: bytes) -> tuple[int, bytes]:
    suffix = os.path.splitext(name)[1].lower()  # noqa: PTH122 - Path takes no bytes
    return _LOSSLESS.index(suffix) if suffix in _LOSSLESS else len(_LOSSLESS), name


def _look(name: str) -> str:
    """Return a name as people see it: file systems differ in case and composition of letters."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _stem(name: str) -> str:
    return _look(os.path.splitext(name)[0])  # noqa: PTH122 - names, no paths
