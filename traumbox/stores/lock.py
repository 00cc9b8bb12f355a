"""One process a data folder: a lock that the kernel lets go of when its holder dies."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from traumbox.errors import AlreadyRunningError, StoreError

NAME = "traumbox.lock"
TRIES = 10
PAUSE_S = 0.02


class DataLock:
    """Context manager that holds ``data_dir`` for this process.

    Raises
    ------
    AlreadyRunningError
        On entering, when another process holds it; names its pid.
    StoreError
        On entering, when the folder can't be made or written.
    """

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        try:
            self._data_dir.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(
                self._data_dir / NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644
            )
        except OSError as error:
            raise StoreError(
                f"The data folder {self._data_dir} can't be used: {error.strerror}. Make it"
                " writable for the user that runs traumbox, or set data_dir to another folder."
            ) from error
        try:
            self._acquire(descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor = descriptor
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._descriptor is not None:
            # The file stays: removing it could give two processes a lock on two files.
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None

    def _acquire(self, descriptor: int) -> None:
        # Somebody asking for the holder has the lock for an instant; that is no second daemon.
        for _ in range(TRIES):
            if _try(descriptor, fcntl.LOCK_EX):
                os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
                return
            time.sleep(PAUSE_S)
        pid = _read_pid(descriptor)
        raise AlreadyRunningError(
            f"traumbox is already running on the data folder {self._data_dir}"
            f" (process {pid or 'unknown'}). Use that one, or stop it first:"
            f" {f'kill {pid}' if pid else 'see who it is with: ps aux | grep traumbox'},"
            " or systemctl stop traumbox where it runs as a service."
        )


def holder(data_dir: Path) -> int | None:
    """Return the pid of the process that holds ``data_dir``, 0 if it can't be told, else None."""
    try:
        descriptor = os.open(data_dir / NAME, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        for _ in range(TRIES):
            if _try(descriptor, fcntl.LOCK_SH):
                return None
            pid = _read_pid(descriptor)
            if pid:
                return pid
            time.sleep(PAUSE_S)  # it holds the lock but hasn't written its pid yet
        return 0
    finally:
        os.close(descriptor)


def _try(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read_pid(descriptor: int) -> int:
    text = os.pread(descriptor, 32, 0).strip()
    return int(text) if text.isdigit() else 0
