"""Demo music for a house without any: synthesised into a folder that is then watched."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from traumbox import config
from traumbox.config import Settings

FOLDER_NAME = "Demo"


def default_directory(settings: Settings) -> Path:
    """Return where the demo goes unless told otherwise."""
    return settings.data_dir / "demo"


def is_watched(settings: Settings, directory: Path) -> bool:
    """Tell whether ``directory`` lies in (or is) a configured folder."""
    inside = directory.resolve()
    return any(inside.is_relative_to(folder.path.resolve()) for folder in settings.folders)


def make_demo(
    settings: Settings,
    directory: Path,
    progress: Callable[[int, int], None] | None = None,
    environ: Mapping[str, str] = os.environ,
) -> list[Path]:
    """Write the demo pieces into ``directory`` and see to it that it is watched.

    Raises
    ------
    ConfigError
        When the folder must be added to the configuration and that can't be written; the message
        says which lines to add by hand.
    """
    # The daemon imports this module for its button, and must not pay for the synthesiser.
    from traumbox.synth.demo import write_demo  # noqa: PLC0415

    directory.mkdir(parents=True, exist_ok=True)
    pieces = write_demo(directory, progress)
    if not is_watched(settings, directory):
        taken = {folder.name for folder in settings.folders}
        name = FOLDER_NAME if FOLDER_NAME not in taken else f"{FOLDER_NAME} ({directory.name})"
        file = settings.config_file or config.CONFIG_FILE.absolute()
        config.add_folder(file, directory, name, environ=environ)
    return pieces


class DemoMaker:
    """Has the demo made for the daemon by ``traumbox demo``, at most once at a time.

    A process of its own: synthesising takes memory and time that searches and streams would miss.
    The command tells the daemon itself when the music is there.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None

    def is_running(self) -> bool:
        """Tell whether the pieces are being made just now."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Begin, unless it is under way already."""
        if self.is_running():
            return
        command = [sys.executable, "-m", "traumbox"]
        if self._settings.config_file is not None:
            command += ["-c", str(self._settings.config_file)]
        self._process = subprocess.Popen([*command, "demo"], stdin=subprocess.DEVNULL)  # noqa: S603 - our own program

    def stop(self) -> None:
        """End it; the pieces made so far stay."""
        if self._process is not None and self.is_running():
            self._process.terminate()
            self._process.wait()
