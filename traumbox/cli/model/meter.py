"""How the getting of a model goes: a bar on a terminal, plain lines everywhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from traumbox.cli.news import doing, fetching
from traumbox.cli.terminal import clock, printable, size
from traumbox.domain import FetchProgress

Show = Callable[[FetchProgress], None]

LINE_EVERY_S = 10.0


@contextmanager
def fetch_meter() -> Iterator[Show]:
    """Yield a function that shows how far it is."""
    if not sys.stderr.isatty():
        yield plain_lines(lambda text: sys.stderr.write(f"{text}\n"), time.monotonic)
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=28),
        TextColumn("{task.fields[note]}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("looking what is there", total=None, note="")

        def show(progress: FetchProgress) -> None:
            bar.update(
                task,
                description=printable(f"{progress.model}: {doing(progress)}"),
                completed=progress.done_bytes,
                total=progress.total_bytes or None,
                note=beside_the_bar(progress),
            )

        yield show


def beside_the_bar(progress: FetchProgress) -> str:
    """Return bytes, rate and time left."""
    parts = []
    if progress.stage == "download" and progress.total_bytes:
        parts.append(f"{size(progress.done_bytes)} of {size(progress.total_bytes)}")
    if progress.bytes_per_s:
        parts.append(f"{size(progress.bytes_per_s)}/s")
    if progress.left_s is not None:
        parts.append(f"{clock(progress.left_s)} left")
    return ", ".join(parts)


def plain_lines(write: Callable[[str], object], clock_s: Callable[[], float]) -> Show:
    """Return a function that writes a line every few seconds, and at each new step."""
    last_s, last_step, last_text = -LINE_EVERY_S, ("", ""), ""

    def show(progress: FetchProgress) -> None:
        nonlocal last_s, last_step, last_text
        text, now_s = printable(fetching(progress)), clock_s()
        step = (progress.stage, progress.note)
        is_due = step != last_step or now_s - last_s >= LINE_EVERY_S
        if is_due and text != last_text:
            last_s, last_step, last_text = now_s, step, text
            write(text)

    return show
