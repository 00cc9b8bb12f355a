"""``traumbox pause``."""

from __future__ import annotations

from argparse import Namespace

from traumbox.cli import terminal
from traumbox.cli.configuration import settings_of
from traumbox.cli.exit_codes import DONE
from traumbox.cli.ledger_alone import set_paused
from traumbox.cli.remote import running


def execute(arguments: Namespace) -> int:
    """Hear nothing until somebody resumes."""
    settings = settings_of(arguments)
    remote = running(settings)
    if remote is not None:
        terminal.say(remote.post("/api/v1/pause")["message"])
        return DONE
    set_paused(settings, paused=True)
    terminal.say("Nothing is heard from the next start on, until: traumbox resume")
    return DONE
