"""Getting one file over HTTP, going on where it was cut off, however often that takes."""

from __future__ import annotations

from pathlib import Path
from threading import Event

from traumbox.embedders.catalogue import RemoteFile
from traumbox.embedders.clap.manifest import file_sha256
from traumbox.embedders.supply.access import Access, Answer
from traumbox.embedders.supply.part import Open, Part, Progress, for_appending
from traumbox.embedders.supply.room import disk_trouble
from traumbox.embedders.supply.trouble import (
    CutError,
    FetchError,
    FetchStopped,
    RangeRefusedError,
)

PAUSE_S = 1.0
"""Between a cut and going on."""


class Downloader:
    """Brings files into ``directory``, each checked against its SHA-256."""

    def __init__(
        self,
        directory: Path,
        access: Access,
        *,
        pause_s: float = PAUSE_S,
        open_file: Open = for_appending,
    ) -> None:
        self._directory = directory
        self._access = access
        self._pause_s = pause_s
        self._open = open_file

    def missing_bytes(self, file: RemoteFile) -> int:
        """Return how many bytes are still to come, judged by sizes."""
        for name in (file.name, f"{file.name}.part"):
            path = self._directory / name
            if path.is_file() and path.stat().st_size <= file.size:
                return file.size - path.stat().st_size
        return file.size

    def get(self, file: RemoteFile, progress: Progress, stop: Event) -> Path:
        """Return the path of the whole, checked file; nothing is asked for twice.

        Raises
        ------
        FetchError
            When it can't be had; what has come is kept, unless it is the wrong file.
        FetchStopped
            When ``stop`` is set.
        """
        target = self._directory / file.name
        if self._is_whole(target, file, progress):
            return target
        for _ in range(2):
            part = Part(self._directory, file, self._access.base, self._open)
            part.take_up(progress, stop)
            self._complete(part, file, progress, stop)
            if part.sha256() == file.sha256:
                part.settle(target)
                return target
            part.delete()
        raise FetchError(
            f"{file.name} came twice with a wrong checksum from {self._access.base}: it isn't the "
            "file that this traumbox knows. Set model.mirror to another mirror, update traumbox, "
            "or take in a file from elsewhere: traumbox model import.",
            reason="came twice with a wrong checksum",
            again="never",
        )

    def _is_whole(self, target: Path, file: RemoteFile, progress: Progress) -> bool:
        if not target.is_file() or target.stat().st_size != file.size:
            return False
        done = 0

        def advance(read_bytes: int) -> None:
            nonlocal done
            done += read_bytes
            progress(done, "checking what is there")

        try:
            return file_sha256(target, advance) == file.sha256
        except OSError as error:
            raise disk_trouble(error, target) from error

    def _complete(self, part: Part, file: RemoteFile, progress: Progress, stop: Event) -> None:
        while part.size < file.size:
            before = part.size
            if stop.is_set():
                raise FetchStopped
            try:
                self._pull(part, file, progress, stop)
            except RangeRefusedError:
                part.restart("")
            except CutError:
                if part.size <= before:
                    raise
                # It brought something: the line is bad, but there is one.
                stop.wait(self._pause_s)

    def _pull(self, part: Part, file: RemoteFile, progress: Progress, stop: Event) -> None:
        """Ask for the rest and append what comes.

        Raises
        ------
        FetchError
            When less than the rest came.
        """
        with self._access.open(file.url_path, part.size, part.etag) as answer:
            if answer.total is not None and answer.total != file.size:
                raise _other_size(file, answer)
            if answer.begin != part.size:
                if answer.begin:
                    raise _other_place(answer)
                part.restart(answer.etag)  # it has changed there, or the server knows no Range
            elif not part.size:
                part.restart(answer.etag)
            with part.growing() as append:
                while part.size < file.size:
                    if stop.is_set():
                        raise FetchStopped
                    chunk = answer.read()
                    if not chunk:
                        raise _cut(answer)
                    append(chunk[: file.size - part.size])
                    progress(part.size)


def _other_size(file: RemoteFile, answer: Answer) -> FetchError:
    return FetchError(
        f"{answer.host} sends {answer.total:,} bytes as {file.name}, which has {file.size:,}. "
        "Does a login page or a filter stand in between? Is model.mirror right?",
        reason=f"not reachable ({answer.host} sends something else)",
    )


def _other_place(answer: Answer) -> FetchError:
    return FetchError(
        f"{answer.host} sends another part of the file than it was asked for. Set model.mirror to "
        "another mirror.",
        reason=f"not reachable ({answer.host} sends another part than asked for)",
    )


def _cut(answer: Answer) -> CutError:
    return CutError(
        f"{answer.host} broke the connection off. What has come is kept.",
        reason=f"not reachable ({answer.host} broke the connection off)",
    )
