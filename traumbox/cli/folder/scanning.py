"""``traumbox folder scan``."""

from __future__ import annotations

import time
from argparse import Namespace

from traumbox.cli import terminal
from traumbox.cli.exit_codes import DONE
from traumbox.cli.folder.editing import address
from traumbox.cli.folder.listing import one_folder
from traumbox.cli.progress import scan_progress
from traumbox.cli.remote import running
from traumbox.cli.scan import follow, quiet_s, summary, tell
from traumbox.config import Settings
from traumbox.errors import TraumboxError


def scan(arguments: Namespace, settings: Settings, wait_s: float | None = None) -> int:
    """Have the service look through one folder, and wait until what is new has been heard.

    That is so when nothing has been pending for ``wait_s`` seconds; None: as it settles.
    """
    remote, name = running(settings), arguments.folder
    one_folder(settings, remote, name)
    if remote is None:
        raise TraumboxError(
            "No service runs that could look through one folder alone. For all of them: "
            "traumbox scan"
        )
    wait_s = quiet_s(settings) if wait_s is None else wait_s
    with scan_progress() as show:
        status = follow(
            remote, show, wait_s, time.monotonic, time.sleep, address=address(name, "/scan")
        )
    terminal.say(summary(status))
    tell([one_folder(settings, remote, name)])
    return DONE
