"""``traumbox resume``."""

from __future__ import annotations

from argparse import Namespace

from traumbox.cli import terminal
from traumbox.cli.configuration import settings_of
from traumbox.cli.exit_codes import DONE
from traumbox.cli.ledger_alone import set_paused
from traumbox.cli.remote import running


def execute(arguments: Namespace) -> int:
    """Go on hearing."""
    settings = settings_of(arguments)
    remote = running(settings)
    if remote is not None:
        terminal.say(remote.post("/api/v1/resume")["message"])
        return DONE
    set_paused(settings, paused=False)
    terminal.say("The hearing goes on from the next start.")
    return DONE
