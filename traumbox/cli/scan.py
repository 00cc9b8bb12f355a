"""``traumbox scan``: one pass over the folders, here or in the running service."""

from __future__ import annotations

import time
from argparse import Namespace
from collections.abc import Callable

from traumbox.cli import terminal
from traumbox.cli.configuration import settings_of
from traumbox.cli.exit_codes import DONE
from traumbox.cli.progress import Show, scan_progress
from traumbox.cli.remote import Remote, running
from traumbox.config import Settings
from traumbox.domain import IndexStatus
from traumbox.errors import ConfigError

POLL_S = 0.5
SCAN_ALLOWANCE_S = 5.0
"""On top of the settle time: how long the service may take to find the first new file."""


def execute(arguments: Namespace) -> int:
    """Scan and hear everything, showing how far it is."""
    settings = settings_of(arguments)
    if not settings.folders:
        raise ConfigError(
            "No folder to scan: add one under 'folders:' in "
            f"{settings.config_file or 'the configuration'}, or run 'traumbox demo'."
        )
    remote = running(settings)
    with scan_progress() as show:
        if remote is None:
            from traumbox.cli.offline import scan_once  # noqa: PLC0415 - see there

            status = scan_once(settings, show)
        else:
            status = follow(remote, show, _quiet_s(settings), time.monotonic, time.sleep)
    terminal.say(summary(status))
    return DONE


def follow(
    remote: Remote,
    show: Show,
    quiet_s: float,
    clock_s: Callable[[], float],
    sleep: Callable[[float], None],
) -> IndexStatus:
    """Ask the service to scan; return once nothing has been pending for ``quiet_s`` seconds."""
    remote.post("/api/v1/scan")
    busy_s = clock_s()
    while True:
        index = remote.get("/api/v1/status")["index"]
        status = IndexStatus(**{k: v for k, v in index.items() if k != "total"})
        show(status)
        if status.pending or status.now_hearing:
            busy_s = clock_s()
        elif clock_s() - busy_s >= quiet_s:
            return status
        sleep(POLL_S)


def summary(status: IndexStatus) -> str:
    """Return the counts in a sentence."""
    text = f"{status.indexed:,} of {terminal.plural(status.total, 'file')} heard"
    if status.pending:
        text += f", {status.pending:,} to be tried again later"
    if status.failed:
        text += f", {status.failed:,} failed (the panel says why)"
    if status.excluded:
        text += f", {status.excluded:,} excluded"
    return f"{text}."


def _quiet_s(settings: Settings) -> float:
    # A new file counts as pending only after it has settled.
    return settings.schedule.settle_s + SCAN_ALLOWANCE_S
