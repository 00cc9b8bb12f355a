"""Ears for the listener tests; importable, because the spawned child imports them by name."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from traumbox.domain import Embedding, Heard, Media
from traumbox.errors import AudioError


class ObedientEar:
    """Does what the file's name says."""

    def __init__(self, progress: Callable[[], None]) -> None:
        self._progress = progress

    def hear(self, path: Path, is_known: Callable[[str], bool]) -> tuple[Heard, Embedding | None]:
        match path.stem:
            case "crash":
                os.kill(os.getpid(), signal.SIGSEGV)
            case "hang":
                time.sleep(60)
            case "slow":
                for _ in range(30):
                    time.sleep(0.1)
                    self._progress()
            case "eat":
                eaten = np.ones(60_000_000)
                time.sleep(60)
                del eaten
            case "no audio":
                raise AudioError("it isn't audio")
            case "no permission":
                raise PermissionError(13, "Permission denied")
            case "bug":
                raise ZeroDivisionError
        heard = Heard(str(os.getpid()), 1.0, Media("flac", "flac", 48_000, 2))
        if is_known(path.stem):
            return heard, None
        return heard, Embedding("fake", np.zeros(1, np.float32), np.ones((1, 4), np.float32))

    def close(self) -> None:
        pass
