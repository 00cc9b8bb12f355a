"""Bytes from disk or decoder to a socket, as fast as the other side takes them and no faster."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Generator, Iterator
from pathlib import Path
from stat import S_ISREG
from typing import Protocol

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from traumbox.errors import TraumboxError

log = logging.getLogger(__name__)

PIECE_BYTES = 1 << 17


class Sound(Protocol):
    """Something of known length that can be read from anywhere."""

    @property
    def size(self) -> int:
        """Length in bytes."""
        ...

    def read(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield the bytes from ``start`` to ``stop`` (exclusive)."""
        ...


class FileSound:
    """A file as it lies on disk.

    Raises
    ------
    OSError
        When it isn't a regular file or can't be read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.stat = path.stat()
        # A pipe by a music file's name would be waited for forever.
        if not S_ISREG(self.stat.st_mode):
            raise OSError(f"{path} is no regular file")

    @property
    def size(self) -> int:
        """Length in bytes, when the file was looked at."""
        return self.stat.st_size

    def read(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield the bytes from ``start`` to ``stop``; OSError when the file has shrunk."""
        with self._path.open("rb", buffering=0) as file:
            file.seek(start)
            while start < stop:
                piece = file.read(min(PIECE_BYTES, stop - start))
                if not piece:
                    raise OSError(f"{self._path} has become shorter")
                start += len(piece)
                yield piece


class ByteStream(Response):
    """Sends pieces that are read in a thread; stops when the other side hangs up.

    ``first`` was read before, so that what fails at once fails before the headers are sent.
    """

    def __init__(
        self,
        status: int,
        headers: dict[str, str],
        first: bytes,
        rest: Generator[bytes, None, None] | None,
    ) -> None:
        self.status_code = status
        self.background = None
        self._first = first
        self._rest = rest
        self.init_headers(headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send headers and pieces."""
        gone = asyncio.create_task(_gone(receive))
        try:
            await send(
                {
                    "type": "http.response.start",
                    "status": self.status_code,
                    "headers": self.raw_headers,
                }
            )
            piece = self._first
            while piece and not gone.done():
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                piece = await run_in_threadpool(next, self._rest, b"") if self._rest else b""
            if not gone.done():
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        except (StoppedReadingError, TraumboxError) as error:
            # The headers are out; all that's left is to break off, which closes the connection.
            log.warning("%s broke off: %s", scope["path"], error)
        finally:
            gone.cancel()
            if self._rest is not None:
                self._rest.close()


class StoppedReadingError(Exception):
    """The source failed in the middle."""


def gathered(pieces: Iterator[bytes]) -> Generator[bytes, None, None]:
    """Join small pieces: each costs a way to a thread and back.

    Raises
    ------
    StoppedReadingError
        When reading fails, instead of OSError, which sending may raise as well.
    """
    held = bytearray()
    try:
        for piece in pieces:
            held += piece
            if len(held) >= PIECE_BYTES:
                yield bytes(held)
                held.clear()
    except OSError as error:
        raise StoppedReadingError(os.strerror(error.errno) if error.errno else error) from error
    if held:
        yield bytes(held)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
