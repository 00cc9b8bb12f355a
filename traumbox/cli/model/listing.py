"""``traumbox model list`` and ``verify``."""

from __future__ import annotations

import sys
from argparse import Namespace
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from traumbox.cli import terminal
from traumbox.cli.exit_codes import DONE, FAILED
from traumbox.cli.model.getting import fetcher_for
from traumbox.cli.model.telling import MODELS
from traumbox.cli.news import news
from traumbox.cli.progress import share_progress
from traumbox.cli.remote import running
from traumbox.config import Settings
from traumbox.embedders.catalogue import CATALOGUE
from traumbox.embedders.clap.quantize import read_check

Document = dict[str, Any]


def show_list(arguments: Namespace, settings: Settings) -> int:
    """Print every model and how it stands."""
    remote = running(settings)
    if remote is not None:
        document = remote.get(MODELS)
    else:
        from traumbox.cli.offline import models  # noqa: PLC0415 - see there

        document = models(settings)
    if arguments.json:
        terminal.say_json(document)
        return DONE
    _print(document["models"])
    for told in news(document):
        terminal.say(told)
    return DONE


def verify(arguments: Namespace, settings: Settings) -> int:
    """Read the files of one model, or of all that are here, and compare their checksums."""
    fetcher = fetcher_for(settings)
    names = (
        [arguments.name]
        if arguments.name
        else [
            name
            for name, entry in CATALOGUE.items()
            if entry.comes_along or (fetcher.models_dir / name).is_dir()
        ]
    )
    found: list[Document] = []
    for name in names:
        with share_progress(f"Checking {name}") as show:
            wrong = fetcher.verify(
                name, lambda done, total: show("", done / total if total else 1.0)
            )
        # Beside a model may lie the check of its edition in 8 bits; that isn't about itself.
        check = read_check(fetcher.models_dir / name) if CATALOGUE[name].made_from else None
        note = wrong or (check.sentence if check is not None else "")
        found.append({"model": name, "whole": not wrong, "note": note})
    if arguments.json:
        terminal.say_json({"version": 1, "models": found})
    else:
        for one in found:
            state = "whole" if one["whole"] else "not whole"
            terminal.say(terminal.printable(f"{one['model']}: {state}. {one['note']}".rstrip()))
    return DONE if all(one["whole"] for one in found) else FAILED


def cells(model: Document) -> tuple[str, str, str]:
    """Return name, state and what it is of one model in the API's view of all."""
    about = f"{model['title']}. {model['purpose']} Licence {model['licence']}."
    return model["name"], terminal.printable(state_of(model)), terminal.printable(about)


def state_of(model: Document) -> str:
    """Return how one model stands."""
    if model["state"] == "absent":
        to_get = model["download_bytes"]
        text = f"{terminal.size(to_get)} to download" if to_get else "not made"
    elif model["state"] == "damaged":
        text = "damaged"
    else:
        text = "in use" if model["serving"] else "installed"
    if model["tracks"]:
        text += f", {terminal.plural(model['tracks'], 'track')} heard"
    return f"{text}. {model['note']}" if model["note"] else text


def _print(models: list[Document]) -> None:
    rows = [cells(model) for model in models]
    if not sys.stdout.isatty():
        for row in rows:
            terminal.say("\t".join(row))
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("model", "state", "what it is"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)
