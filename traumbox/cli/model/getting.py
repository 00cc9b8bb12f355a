"""``traumbox model fetch`` and ``import``.

Done in this process where it can be: the service's sandbox may forbid it the internet.
"""

from __future__ import annotations

import signal
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType

from traumbox.cli import terminal
from traumbox.cli.exit_codes import DONE, INTERRUPTED
from traumbox.cli.model.meter import Show, fetch_meter
from traumbox.cli.model.telling import MODELS, announce
from traumbox.cli.remote import Remote, running
from traumbox.config import Settings
from traumbox.domain import FetchProgress
from traumbox.embedders import registry
from traumbox.embedders.supply import Fetcher, FetchStopped, check_importable, fetcher_of
from traumbox.errors import ModelError

POLL_S = 1.0
SIGNALS = (signal.SIGINT, signal.SIGTERM)


def fetch(arguments: Namespace, settings: Settings) -> int:
    """Download and prepare a model, or follow the service that is doing so."""
    name, fetcher = arguments.name, fetcher_for(settings)
    fetcher.source_of(name)
    if registry.is_installed(name, fetcher.models_dir):
        terminal.say(f"{name} is here already. To check its files: traumbox model verify {name}")
        return DONE
    remote = running(settings)
    if remote is not None and is_fetching(remote, name):
        with fetch_meter() as show:
            failure = follow(remote, name, show, time.sleep)
        if failure:
            raise ModelError(failure)
    else:
        go_on = f"traumbox model fetch {name}"
        if not _here(lambda show, stop: fetcher.fetch(name, show, stop), go_on):
            return INTERRUPTED
    announce(settings, name, remote)
    return DONE


def take_in(arguments: Namespace, settings: Settings) -> int:
    """Take in a checkpoint or a converted model's folder."""
    fetcher, path = fetcher_for(settings), arguments.path.expanduser().absolute()
    check_importable(path)
    taken: list[str] = []

    def work(show: Show, stop: Event) -> None:
        taken.append(fetcher.import_from(path, show, stop))

    if not _here(work, f"traumbox model import {path}"):
        return INTERRUPTED
    announce(settings, taken[0])
    return DONE


def fetcher_for(settings: Settings) -> Fetcher:
    """Return what fetches as the configuration says."""
    return fetcher_of(settings.data_dir / "models", settings.model.mirror, settings.model.proxy)


def is_fetching(remote: Remote, name: str) -> bool:
    """Whether the service is getting this very model just now, not only waiting to."""
    progress = remote.get(MODELS)["fetch"]
    return progress is not None and progress["model"] == name and progress["stage"] != "waiting"


def follow(remote: Remote, name: str, show: Show, sleep: Callable[[float], None]) -> str:
    """Show how the service gets on until it has ended; return why it failed, or nothing."""
    while True:
        status = remote.get(MODELS)
        progress = None if status["fetch"] is None else FetchProgress(**status["fetch"])
        if progress is None or progress.model != name or progress.stage == "waiting":
            found = next(model for model in status["models"] if model["name"] == name)
            if found["state"] == "installed":
                return ""
            note = progress.note if progress is not None and progress.model == name else ""
            return note or status["notice"] or f"{name} was not fetched; the panel says why."
        show(progress)
        sleep(POLL_S)


def _here(work: Callable[[Show, Event], object], go_on: str) -> bool:
    """Do it in this process; False when it was stopped from the keyboard."""
    with stopping() as stop:
        try:
            with fetch_meter() as show:
                work(show, stop)
        except (FetchStopped, KeyboardInterrupt):
            terminal.complain(f"stopped; what has come is kept. To go on: {go_on}")
            return False
    return True


@contextmanager
def stopping() -> Iterator[Event]:
    """Yield an event that the first Ctrl-C or SIGTERM sets; a second Ctrl-C interrupts at once."""
    stop = Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        terminal.complain("stopping … (again: at once)")

    before = {number: signal.signal(number, on_signal) for number in SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
