"""A file that is being downloaded: what has come of it, and which file that belongs to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import BinaryIO, Protocol

from traumbox.embedders.catalogue import RemoteFile
from traumbox.embedders.clap.manifest import sync
from traumbox.embedders.supply.room import disk_trouble
from traumbox.embedders.supply.trouble import FetchStopped

CHUNK_BYTES = 1 << 20

Open = Callable[[Path], BinaryIO]
"""How a file is opened for appending; a test can hand in a full disk."""


def for_appending(path: Path) -> BinaryIO:
    """Open a real file."""
    return path.open("ab")


class Progress(Protocol):
    """Told how many bytes of a file are done, and in a few words what is going on."""

    def __call__(self, done_bytes: int, note: str = "") -> None:
        """Take note."""
        ...


class Part:
    """``NAME.part`` and, beside it, ``NAME.part.json`` that says what it is a part of.

    The digest is kept along, so that the end of the download is also the end of the check.
    """

    def __init__(self, directory: Path, file: RemoteFile, base: str, open_file: Open) -> None:
        self.path = directory / f"{file.name}.part"
        self._note = directory / f"{file.name}.part.json"
        self._file = file
        self._base = base
        self._open = open_file
        self._digest = hashlib.sha256()
        self.size = 0
        self.etag = ""

    def take_up(self, progress: Progress, stop: Event) -> None:
        """Take what is there of this very file, reading it once for its digest."""
        about = self._about()
        same = (about.get("url_path"), about.get("size"), about.get("sha256"))
        there = self.path.stat().st_size if self.path.is_file() else 0
        wanted = (self._file.url_path, self._file.size, self._file.sha256)
        if same != wanted or not 0 < there <= self._file.size:
            self.restart("")
            return
        # Another mirror gives other tags to the same bytes; the checksum decides in the end.
        self.etag = str(about.get("etag", "")) if about.get("base") == self._base else ""
        self.size = 0
        with self.path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                if stop.is_set():
                    raise FetchStopped
                self._digest.update(chunk)
                self.size += len(chunk)
                progress(self.size, "checking what is there")

    def restart(self, etag: str) -> None:
        """Begin anew with a file that the server knows as ``etag``.

        Raises
        ------
        FetchError
            When the disk doesn't take it.
        """
        self._digest = hashlib.sha256()
        self.size = 0
        self.etag = etag
        about = {
            "url_path": self._file.url_path,
            "size": self._file.size,
            "sha256": self._file.sha256,
            "base": self._base,
            "etag": etag,
        }
        try:
            self.path.unlink(missing_ok=True)
            self._note.write_text(json.dumps(about), "utf-8")
        except OSError as error:
            raise disk_trouble(error, self.path) from error

    @contextmanager
    def growing(self) -> Iterator[Callable[[bytes], None]]:
        """Open it at its end; what is yielded appends bytes.

        Raises
        ------
        FetchError
            When the disk doesn't take them, here or while appending.
        """
        try:
            file = self._open(self.path)
        except OSError as error:
            raise disk_trouble(error, self.path) from error

        def append(chunk: bytes) -> None:
            try:
                file.write(chunk)
            except OSError as error:
                raise disk_trouble(error, self.path) from error
            self._digest.update(chunk)
            self.size += len(chunk)

        try:
            yield append
        finally:
            self._close(file)

    def _close(self, file: BinaryIO) -> None:
        try:
            file.close()
        except OSError as error:
            raise disk_trouble(error, self.path) from error

    def settle(self, target: Path) -> None:
        """Put the complete file in place, on the disk itself."""
        try:
            sync(self.path)
            self.path.replace(target)
            self._note.unlink(missing_ok=True)
            sync(target.parent)
        except OSError as error:
            raise disk_trouble(error, target) from error

    def delete(self) -> None:
        """Forget it: it turned out to be something else."""
        self.path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def sha256(self) -> str:
        """Return the digest of all that has come."""
        return self._digest.hexdigest()

    def _about(self) -> dict[str, object]:
        try:
            about = json.loads(self._note.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return about if isinstance(about, dict) else {}
