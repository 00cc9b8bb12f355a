"""``traumbox model use`` and ``remove``."""

from __future__ import annotations

import os
from argparse import Namespace

from traumbox.cli import terminal
from traumbox.cli.exit_codes import DONE
from traumbox.cli.model.getting import fetcher_for
from traumbox.cli.model.telling import MODELS
from traumbox.cli.remote import running
from traumbox.config import CONFIG_FILE, Settings, set_model
from traumbox.embedders import registry
from traumbox.errors import ModelError


def use(arguments: Namespace, settings: Settings) -> int:
    """Choose a model, through the service where one runs."""
    remote = running(settings)
    if remote is not None:
        answer = remote.post(f"{MODELS}/{arguments.name}/use", {"now": arguments.now})
        terminal.say(answer["message"])
        return DONE
    models_dir = settings.data_dir / "models"
    if not registry.is_installed(arguments.name, models_dir):
        fetcher_for(settings).source_of(arguments.name)  # says what to do where it can't be fetched
        raise ModelError(
            f"{arguments.name} isn't installed. Get it: traumbox model fetch {arguments.name}"
        )
    file = settings.config_file or CONFIG_FILE.absolute()
    set_model(file, arguments.name, os.environ)
    terminal.say(f"{file} says {arguments.name} now; traumbox takes it at its next start.")
    if arguments.now:
        terminal.complain(
            "nothing is switched at once while no service runs; give --now once it does."
        )
    return DONE


def remove(arguments: Namespace, settings: Settings) -> int:
    """Delete a model and what was heard with it."""
    remote = running(settings)
    if remote is not None:
        terminal.say(remote.delete(f"{MODELS}/{arguments.name}")["message"])
        return DONE
    from traumbox.cli.offline import remove_model  # noqa: PLC0415 - see there

    remove_model(settings, arguments.name)
    terminal.say(f"{arguments.name} was removed.")
    return DONE
