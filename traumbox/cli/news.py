"""What becomes of the models, in words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from traumbox.cli.terminal import clock, plural, printable, size
from traumbox.domain import ChangeProgress, FetchProgress


def news(document: dict[str, Any]) -> list[str]:
    """Return what goes on, a sentence each, from the API's view of one or all models."""
    told = [document["notice"]] if document.get("notice") else []
    if document.get("fetch"):
        progress = FetchProgress(**document["fetch"])
        # Of what waits, the notice has told all but the remedy.
        told.append(progress.note if told and progress.stage == "waiting" else fetching(progress))
    if document.get("change"):
        told.append(changing(ChangeProgress(**document["change"])))
    return [printable(text) for text in told if text]


def fetching(progress: FetchProgress) -> str:
    """Return how the getting of a model goes."""
    if progress.stage == "waiting":
        text = "waiting"
        if progress.next_try_s is not None:
            # The owner's own clock; tries are hours apart at most.
            text = f"next try {datetime.fromtimestamp(progress.next_try_s):%H:%M}"
        return f"{progress.model}: {text}. {progress.note}".rstrip()
    return f"{progress.model}: {', '.join([doing(progress), *_measures(progress)])}."


def doing(progress: FetchProgress) -> str:
    """Return what is being done just now, in a few words."""
    if progress.stage == "waiting":
        return "waiting"
    return progress.note or ("downloading" if progress.stage == "download" else "preparing")


def changing(progress: ChangeProgress) -> str:
    """Return how the change to another model goes."""
    text = (
        f"Changing from {progress.old} to {progress.new}: {progress.done:,} of "
        f"{plural(progress.total, 'track')} heard"
    )
    if progress.waiting:
        text += f", {progress.waiting:,} in offline folders"
    if progress.paused:
        text += ", paused"
    elif progress.left_s is not None:
        text += f", {clock(progress.left_s)} left"
    return f"{text}. {progress.note}".rstrip()


def _measures(progress: FetchProgress) -> list[str]:
    parts = []
    if progress.total_bytes:
        share = int(100 * progress.done_bytes / progress.total_bytes)
        # While it is prepared, the bytes only stand for a share of the work.
        of_all = f" of {size(progress.total_bytes)}" if progress.stage == "download" else ""
        parts.append(f"{share} %{of_all}")
    if progress.bytes_per_s:
        parts.append(f"{size(progress.bytes_per_s)}/s")
    if progress.left_s is not None:
        parts.append(f"{clock(progress.left_s)} left")
    return parts
