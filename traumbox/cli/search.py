"""``traumbox search``: asked of the running service, else of the store itself."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from traumbox.cli import terminal
from traumbox.cli.configuration import settings_of
from traumbox.cli.exit_codes import DONE, FOUND_NOTHING
from traumbox.cli.remote import Remote, running
from traumbox.cli.tracks import track_of
from traumbox.config import Settings
from traumbox.embedders import registry
from traumbox.errors import TraumboxError
from traumbox.stores.ledger import Ledger


def execute(arguments: Namespace) -> int:
    """Print the best moments, best first.

    When nothing fits the description, the nearest are printed and the exit code says so.
    """
    settings = settings_of(arguments)
    limit = arguments.limit or settings.search.limit
    text = " ".join(arguments.text).strip()
    if arguments.like is not None and not arguments.like.is_file():
        raise TraumboxError(f"--like {arguments.like}: there is no such file.")
    remote = running(settings)
    if remote is not None:
        answer = ask(remote, settings, text, arguments.like, limit)
    else:
        from traumbox.cli.offline import search  # noqa: PLC0415 - see there

        answer = search(settings, text, arguments.like, limit)
    if arguments.json:
        terminal.say_json(answer)
    else:
        _show(answer)
    return DONE if any(_fits(hit) for hit in answer["hits"]) else FOUND_NOTHING


def ask(
    remote: Remote, settings: Settings, text: str, like: Path | None, limit: int
) -> dict[str, Any]:
    """Return the running service's answer."""
    if like is None:
        return remote.get("/api/v1/search", q=text, limit=limit)
    with closing(Ledger(settings.data_dir / "traumbox.db")) as ledger:
        track_id = track_of(like, settings.folders, ledger)
    if track_id is not None:
        return remote.get(f"/api/v1/similar/{track_id}", limit=limit)
    from traumbox.cli.offline import embed_file  # noqa: PLC0415 - see there

    serving = remote.get("/api/v1/models")["serving"]
    card = registry.card(serving, settings.data_dir / "models")
    vectors = embed_file(settings, serving, like).tolist()
    query = {"vectors": vectors, "model": card.id, "limit": limit}
    return remote.post("/api/v1/search/vector", query)


def _show(answer: dict[str, Any]) -> None:
    if not answer["hits"]:
        terminal.complain(
            "nothing found."
            if answer["searched"]
            else "nothing has been heard yet; see 'traumbox status'."
        )
        return
    if not any(_fits(hit) for hit in answer["hits"]):
        terminal.complain("nothing here sounds like that. The nearest:")
    if sys.stdout.isatty():
        Console().print(table_of(answer["hits"]))
    else:
        for hit in answer["hits"]:
            terminal.say("\t".join(_cells(hit)))


def table_of(hits: Sequence[dict[str, Any]]) -> Table:
    """Return hits as a terminal shows them, those that don't fit below a line of their own."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("match", justify="right")
    table.add_column("moment", justify="right")
    table.add_column("track", overflow="fold")
    table.add_column("file", overflow="fold", style="dim")
    for place, hit in enumerate(hits):
        if place and _fits(hits[place - 1]) and not _fits(hit):
            table.add_row("", "", Text("less like it:", style="dim"), "")
        table.add_row(*(Text(cell) for cell in _cells(hit)), style=None if _fits(hit) else "dim")
    return table


def _fits(hit: dict[str, Any]) -> bool:
    """Tell whether it is what was asked for; a service not yet restarted doesn't say."""
    return bool(hit.get("fits", True))


def _cells(hit: dict[str, Any]) -> tuple[str, str, str, str]:
    track = hit["track"]
    name = " – ".join(part for part in (track["artist"], track["title"]) if part)
    file = f"{track['folder']}/{track['path']}"
    moment = terminal.clock(hit["start_s"])
    match = f"{hit['match']} %" if _fits(hit) else "–"
    return match, moment, terminal.printable(name), terminal.printable(file)
