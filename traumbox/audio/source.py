"""The file as the decoding libraries get it."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from types import TracebackType
from typing import Self

from traumbox.errors import AudioError

_HEAD_BYTES = 4096


class Source:
    """A file opened by us and handed to libsndfile or FFmpeg as a mere stream of bytes.

    Neither library learns the path: a name that isn't UTF-8 can't trip them, and one like
    ``concat:`` or ``http:`` is never taken for a protocol. Only the suffix is passed on, as a hint.

    The libraries report a read error as the end of the file. It is remembered here and raised by
    :meth:`check`, so that a share that goes away isn't taken for a truncated file.

    Raises
    ------
    AudioError
        When ``path`` is no regular file: opening a pipe would block for ever.
    OSError
        When the file can't be opened.
    """

    def __init__(self, path: Path) -> None:
        if not stat.S_ISREG(path.stat().st_mode):
            raise AudioError("not a file: a folder, pipe or device lies under this name")
        self._file = path.open("rb")
        self._error: OSError | None = None
        self.size_bytes = os.fstat(self._file.fileno()).st_size
        suffix = path.suffix
        self.name = "sound" + suffix if suffix.isascii() and suffix[1:].isalnum() else "sound"
        try:
            self.head = self._file.read(_HEAD_BYTES)
            self._file.seek(0)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._file.close()

    def check(self) -> None:
        """Raise the OSError that a library met while reading, if any."""
        if self._error is not None:
            raise self._error

    def read_at(self, offset: int, length: int) -> bytes:
        """Return up to ``length`` bytes from ``offset`` on; the libraries' position is kept."""
        return os.pread(self._file.fileno(), length, offset)

    def read(self, size: int = -1) -> bytes:
        try:
            return self._file.read(size)
        except OSError as error:
            self._error = error
            return b""

    def readinto(self, buffer: memoryview) -> int:
        try:
            return self._file.readinto(buffer)
        except OSError as error:
            self._error = error
            return 0

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        try:
            return self._file.seek(offset, whence)
        except (OSError, ValueError) as error:
            # A damaged header may send a library before the start or beyond 64 bits (ValueError,
            # EINVAL): that is the file's fault. Only the medium's own errors are kept.
            if isinstance(error, OSError) and error.errno not in (None, 22):
                self._error = error
            return -1

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True
