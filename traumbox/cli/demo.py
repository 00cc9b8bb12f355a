"""``traumbox demo``: music to try the search with, where there is none yet."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from traumbox.cli import terminal
from traumbox.cli.configuration import settings_of
from traumbox.cli.exit_codes import DONE
from traumbox.cli.progress import count_progress
from traumbox.cli.remote import Remote, running
from traumbox.config import Settings
from traumbox.daemon.demo import default_directory, make_demo
from traumbox.errors import ConfigError


def execute(arguments: Namespace) -> int:
    """Write the demo music and see to it that it is watched."""
    settings = settings_of(arguments)
    given = arguments.dir
    directory = default_directory(settings) if given is None else given.expanduser().absolute()
    check_place(directory, settings)
    remote = running(settings)
    with count_progress("Synthesising the demo music") as show:
        make_demo(settings, directory, show)
    terminal.say(f"The demo music lies in {directory}.")
    _tell(remote)
    return DONE


def check_place(directory: Path, settings: Settings) -> None:
    """Raise ConfigError when ``directory`` can't become a watched folder."""
    here = directory.resolve()
    held = [folder.path for folder in settings.folders if folder.path.resolve() != here]
    for path in [settings.data_dir, *held]:
        if path.resolve().is_relative_to(here):
            raise ConfigError(
                f"{directory} holds {path}, which traumbox uses already. Choose a folder of its "
                "own for the demo music."
            )


def _tell(remote: Remote | None) -> None:
    if remote is None:
        terminal.say("Now start the service with 'traumbox run'; it listens to the music first.")
        return
    remote.post("/api/v1/reload")
    remote.post("/api/v1/scan")
    terminal.say(f"traumbox is listening to it now: {remote.address}")
