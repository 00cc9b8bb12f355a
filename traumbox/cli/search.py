"""``traumbox search``: asked of the running service, else of the store itself."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from contextlib import closing
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from traumbox.cli import terminal
from traumbox.cli.chips import filter_words, understood
from traumbox.cli.configuration import settings_of
from traumbox.cli.exit_codes import DONE, FOUND_NOTHING
from traumbox.cli.remote import Remote, running
from traumbox.cli.sought import Asked, conditions_of, known_tracks
from traumbox.cli.terminal import plural
from traumbox.config import Settings
from traumbox.embedders import registry
from traumbox.errors import TraumboxError
from traumbox.stores.ledger import Ledger

WHY = {
    "sound": "sounds like it",
    "name": "name",
    "tag": "tag",
    "words": "words",
    "filter": "filter",
}


def execute(arguments: Namespace) -> int:
    """Print the best moments, best first.

    When nothing fits the description, the nearest are printed and the exit code says so.
    """
    settings = settings_of(arguments)
    asked = Asked(
        " ".join(arguments.text).strip(),
        tuple(arguments.like),
        conditions_of(arguments.filter),
        arguments.limit or settings.search.limit,
    )
    for file in asked.like:
        if not file.is_file():
            raise TraumboxError(f"--like {file}: there is no such file.")
    remote = running(settings)
    if remote is not None:
        answer = ask(remote, settings, asked)
    else:
        from traumbox.cli.offline import search  # noqa: PLC0415 - see there

        answer = search(settings, asked)
    if arguments.json:
        terminal.say_json(answer)
    else:
        _show(answer)
    return DONE if any(_fits(hit) for hit in answer["hits"]) else FOUND_NOTHING


def ask(remote: Remote, settings: Settings, asked: Asked) -> dict[str, Any]:
    """Return the running service's answer."""
    parameters: dict[str, Any] = {"limit": asked.limit}
    if asked.text:
        parameters = {"q": asked.text, **parameters}
    if asked.conditions:
        parameters["filter"] = [str(condition) for condition in asked.conditions]
    if not asked.like:
        return remote.get("/api/v1/search", **parameters)
    with closing(Ledger(settings.data_dir / "traumbox.db")) as ledger:
        known = known_tracks(asked, settings, ledger)
    if known:
        return remote.get("/api/v1/search", like=known, **parameters)
    from traumbox.cli.offline import embed_files  # noqa: PLC0415 - see there

    serving = remote.get("/api/v1/models")["serving"]
    card = registry.card(serving, settings.data_dir / "models")
    vectors = embed_files(settings, serving, asked.like).tolist()
    query = {"vectors": vectors, "model": card.id, "limit": asked.limit}
    return remote.post("/api/v1/search/vector", query)


def _show(answer: dict[str, Any]) -> None:
    taken = understood(answer)
    if taken:
        terminal.complain(f"understood: {taken}")
    if not answer["hits"]:
        terminal.complain(_why_nothing(answer))
    if answer.get("meant"):
        terminal.complain(f"did you mean: {terminal.printable(answer['meant'])}")
    if not answer["hits"]:
        return
    if not any(_fits(hit) for hit in answer["hits"]):
        terminal.complain("nothing here sounds like that. The nearest:")
    if sys.stdout.isatty():
        Console().print(table_of(answer["hits"]))
    else:
        for hit in answer["hits"]:
            terminal.say("\t".join(_cells(hit)))


def _why_nothing(answer: dict[str, Any]) -> str:
    if not answer["searched"]:
        return "nothing has been heard yet; see 'traumbox status'."
    left = [
        f"{filter_words(one['filter'])}: {plural(one['tracks'], 'track')}"
        for one in answer.get("left_by", ())
    ]
    if not left:
        return "nothing found."
    return terminal.printable(f"nothing meets all of it. Each alone leaves: {'; '.join(left)}")


def table_of(hits: Sequence[dict[str, Any]]) -> Table:
    """Return hits as a terminal shows them, those that don't fit below a line of their own."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("match", justify="right")
    table.add_column("moment", justify="right")
    table.add_column("track", overflow="fold")
    table.add_column("file", overflow="fold", style="dim")
    table.add_column("why", style="dim")
    for place, hit in enumerate(hits):
        if place and _fits(hits[place - 1]) and not _fits(hit):
            table.add_row("", "", Text("less like it:", style="dim"), "", "")
        table.add_row(*(Text(cell) for cell in _cells(hit)), style=None if _fits(hit) else "dim")
    return table


def _fits(hit: dict[str, Any]) -> bool:
    """Tell whether it is what was asked for; a service not yet restarted doesn't say."""
    return bool(hit.get("fits", True))


def _cells(hit: dict[str, Any]) -> tuple[str, str, str, str, str]:
    track = hit["track"]
    name = " – ".join(part for part in (track["artist"], track["title"]) if part)
    file = f"{track['folder']}/{track['path']}"
    moment = terminal.clock(hit["start_s"])
    match = f"{hit['match']} %" if _fits(hit) else "–"
    why = " + ".join(WHY.get(one, one) for one in hit.get("why", ()))
    copies = len(hit.get("copies", ()))
    if copies:
        why += f", {plural(copies, 'copy', 'copies')}"
    return match, moment, terminal.printable(name), terminal.printable(file), why
