"""``traumbox scan``: one pass over the folders, here or in the running service."""

from __future__ import annotations

import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from typing import Any

from traumbox.cli import folder_words, terminal
from traumbox.cli.configuration import settings_of
from traumbox.cli.exit_codes import DONE
from traumbox.cli.progress import Show, scan_progress
from traumbox.cli.remote import Remote, running
from traumbox.config import Settings
from traumbox.domain import IndexStatus
from traumbox.errors import ConfigError

SCAN = "/api/v1/scan"
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

            scanned = scan_once(settings, show)
            status, folders = (
                scanned.status,
                [folder_words.as_json(name, state) for name, state in scanned.folders.items()],
            )
        else:
            status = follow(remote, show, quiet_s(settings), time.monotonic, time.sleep)
            folders = remote.get("/api/v1/status")["folders"]
    terminal.say(summary(status))
    tell(folders)
    return DONE


def tell(folders: Sequence[dict[str, Any]]) -> None:
    """Say which folders are offline or in trouble, and which removals wait to be confirmed."""
    for folder in folders:
        state = folder_words.state(folder)
        lines = [folder_words.sentence(f"“{folder['name']}”: {state}")] if state else []
        for line in [*lines, *folder_words.held_lines(folder)]:
            terminal.complain(terminal.printable(line))


def follow(
    remote: Remote,
    show: Show,
    quiet_s: float,
    clock_s: Callable[[], float],
    sleep: Callable[[float], None],
    *,
    address: str = SCAN,
) -> IndexStatus:
    """Ask the service to scan; return once nothing has been pending for ``quiet_s`` seconds.

    What is pending while the service rests (paused, quiet hours) isn't waited for. ``address`` is
    where a scan is asked for.
    """
    remote.post(address)
    busy_s = clock_s()
    while True:
        index = remote.get("/api/v1/status")["index"]
        status = IndexStatus(**{k: v for k, v in index.items() if k != "total"})
        show(status)
        if (status.pending and not status.resting) or status.now_hearing:
            busy_s = clock_s()
        elif clock_s() - busy_s >= quiet_s:
            return status
        sleep(POLL_S)


def summary(status: IndexStatus) -> str:
    """Return the counts in a sentence."""
    text = f"{status.indexed:,} of {terminal.plural(status.total, 'file')} heard"
    if status.pending and status.resting:
        text += f", {status.pending:,} waiting ({status.resting.rstrip('.')})"
    elif status.pending:
        text += f", {status.pending:,} to be tried again later"
    if status.failed:
        text += f", {status.failed:,} failed (the panel says why)"
    if status.excluded:
        text += f", {status.excluded:,} excluded"
    return f"{text}."


def quiet_s(settings: Settings) -> float:
    """Return for how many seconds nothing must be pending for a scan to be over."""
    # A new file counts as pending only after it has settled.
    return settings.schedule.settle_s + SCAN_ALLOWANCE_S
