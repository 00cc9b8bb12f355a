"""Ears for the listener tests; importable, because the spawned child imports them by name."""

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from traumbox.domain import Cut, Embedding, Heard, Media
from traumbox.errors import AudioError, ModelError


class ObedientEar:
    """Does what the file's name says; the sound's id is the process that heard it."""

    def __init__(self, progress: Callable[[], None]) -> None:
        self._progress = progress
        self._expected = "nothing"

    def expect(self, path: Path, cut: Cut | None = None) -> None:
        self._expected = _told(path, cut)
        if path.stem == "crash soon":
            threading.Timer(0.2, _crash).start()

    def hear(
        self, path: Path, model: str, is_known: Callable[[str], bool], cut: Cut | None = None
    ) -> tuple[Heard, Embedding | None]:
        expected, self._expected = self._expected, "nothing"
        self._obey(path.stem)
        heard = Heard(str(os.getpid()), 1.0, Media("flac", "flac", 48_000, 2))
        if is_known(path.stem):
            return heard, None
        whole = Path(path.stem)
        said = f"{model}{_told(whole, cut).removeprefix(path.stem)}, then {expected}"
        return heard, Embedding(said, np.zeros(1, np.float32), np.ones((1, 4), np.float32))

    def close(self) -> None:
        pass

    def _obey(self, order: str) -> None:
        match order:
            case "crash":
                _crash()
            case "hang":
                time.sleep(60)
            case "slow":
                for _ in range(30):
                    time.sleep(0.1)
                    self._progress()
            case "wait":
                time.sleep(1)
            case "multiply":
                np.ones((512, 512)) @ np.ones((512, 512))
            case "eat":
                eaten = np.ones(60_000_000)
                time.sleep(60)
                del eaten
            case _:
                _refuse(order)


def _told(path: Path, cut: Cut | None) -> str:
    return path.stem if cut is None else f"{path.stem} from {cut.start_s:g} s"


def _crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def _refuse(order: str) -> None:
    match order:
        case "no audio":
            raise AudioError("it isn't audio")
        case "no permission":
            raise PermissionError(13, "Permission denied")
        case "no model":
            raise ModelError("the model is damaged")
        case "bug":
            raise ZeroDivisionError


class StillbornEar:
    """An installation that is broken: the ear can't be built."""

    def __init__(self, progress: Callable[[], None]) -> None:
        raise OSError(2, "No such file or directory", "libsoxr.so")
