"""Progress as a bar on a terminal, as plain lines everywhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
)

from traumbox.cli import terminal
from traumbox.domain import IndexStatus

Show = Callable[[IndexStatus], None]

LINE_EVERY_S = 10.0


@contextmanager
def scan_progress() -> Iterator[Show]:
    """Yield a function that shows the state of an indexing run."""
    if not sys.stderr.isatty():
        yield plain_lines(lambda text: sys.stderr.write(f"{text}\n"), time.monotonic)
        return
    with _bar() as bar:
        task = bar.add_task("looking through the folders", total=None, note="")

        def show(status: IndexStatus) -> None:
            bar.update(
                task,
                description=_doing(status),
                completed=status.indexed + status.failed,
                total=(status.total - status.excluded) or None,
                note=_speed(status),
            )

        yield show


def plain_lines(write: Callable[[str], object], clock_s: Callable[[], float]) -> Show:
    """Return a function that writes a line at most every few seconds, and when all is done."""
    last_s, last = -LINE_EVERY_S, ""

    def show(status: IndexStatus) -> None:
        nonlocal last_s, last
        text = f"{status.indexed + status.failed} of {status.total - status.excluded} files"
        speed = _speed(status)
        text = f"{text}, {speed}" if speed else text
        now_s = clock_s()
        if text == last or (status.pending and now_s - last_s < LINE_EVERY_S):
            return
        last_s, last = now_s, text
        write(text)

    return show


@contextmanager
def count_progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """Yield a function of (done, total) that shows how far ``what`` is."""
    if not sys.stderr.isatty():
        sys.stderr.write(f"{what} …\n")
        yield lambda done, total: None  # noqa: ARG005 - a second of work needs no further lines
        return
    with _bar() as bar:
        task = bar.add_task(what, total=None, note="")
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def share_progress(what: str) -> Iterator[Callable[[str, float], None]]:
    """Yield a function of (step in words, share from 0 to 1) that shows how far ``what`` is."""
    if not sys.stderr.isatty():
        sys.stderr.write(f"{what} …\n")
        yield step_lines(lambda text: sys.stderr.write(f"{text}\n"))
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=28),
        TaskProgressColumn(),
        TextColumn("{task.fields[note]}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=1.0, note="")
        yield lambda step, share: bar.update(task, completed=share, note=step)


def step_lines(write: Callable[[str], object]) -> Callable[[str, float], None]:
    """Return a function of (step, share) that writes a line for each new step."""
    last = ""

    def show(step: str, _share: float) -> None:
        nonlocal last
        if step and step != last:
            last = step
            write(f"{step} …")

    return show


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=28),
        MofNCompleteColumn(),
        TextColumn("{task.fields[note]}", markup=False),
        console=Console(stderr=True),
    )


def _doing(status: IndexStatus) -> str:
    name = terminal.printable(status.now_hearing.rsplit("/", 1)[-1])
    shortened = name if len(name) <= 32 else f"{name[:31]}…"
    return shortened or ("waiting" if status.pending else "looking through the folders")


def _speed(status: IndexStatus) -> str:
    if not status.tracks_per_minute or not status.pending:
        return ""
    left = f", {terminal.clock(status.eta_s)} left" if status.eta_s is not None else ""
    return f"{status.tracks_per_minute:.1f} a minute{left}"
