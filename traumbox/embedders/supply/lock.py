"""One getter of models at a time for a folder, be it the service or the command line."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from traumbox.errors import AlreadyRunningError, ModelError

NAME = "lock"
TRIES = 10
PAUSE_S = 0.02


@contextmanager
def exclusive(directory: Path) -> Iterator[int]:
    """Hold ``directory`` and yield the lock's descriptor.

    A child that inherits the descriptor holds the lock too, until it ends: a conversion that
    outlives its killed parent isn't begun a second time beside it.

    Raises
    ------
    AlreadyRunningError
        When somebody else holds it; names the pid.
    ModelError
        When the folder can't be made or written.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(directory / NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise ModelError(
            f"The models' folder {directory} can't be used ({error.strerror}). Let the user that "
            "runs traumbox write there."
        ) from error
    try:
        # Somebody asking for the holder has the lock for an instant.
        for _ in range(TRIES):
            if _try(descriptor, fcntl.LOCK_EX):
                break
            time.sleep(PAUSE_S)
        else:
            pid = _read_pid(descriptor)
            raise AlreadyRunningError(
                f"Another traumbox is getting or removing a model just now (process "
                f"{pid or 'unknown'}). Wait for it, or stop it first."
            )
        _write_pid(descriptor, os.getpid())
        yield descriptor
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)  # the file stays: removing it could give two processes a lock each


def pass_to(descriptor: int, pid: int) -> None:
    """Name another process as the holder: a child that has inherited the lock."""
    _write_pid(descriptor, pid)


def holder(directory: Path) -> int | None:
    """Return the pid of the process that is getting a model, 0 if it can't be told, else None."""
    try:
        descriptor = os.open(directory / NAME, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        return None if _try(descriptor, fcntl.LOCK_SH) else _read_pid(descriptor)
    finally:
        os.close(descriptor)


def _try(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _write_pid(descriptor: int, pid: int) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{pid}\n".encode(), 0)


def _read_pid(descriptor: int) -> int:
    text = os.pread(descriptor, 32, 0).strip()
    return int(text) if text.isdigit() else 0
