"""``traumbox status``: from the running service, else from the ledger alone."""

from __future__ import annotations

from argparse import Namespace
from contextlib import closing
from typing import Any

import traumbox
from traumbox.cli import folder_words, terminal
from traumbox.cli.configuration import settings_of
from traumbox.cli.exit_codes import DONE
from traumbox.cli.folder_facts import views
from traumbox.cli.news import news
from traumbox.cli.remote import running
from traumbox.config import Settings
from traumbox.domain import STATES
from traumbox.stores.ledger import Ledger
from traumbox.stores.switches import Switches


def execute(arguments: Namespace) -> int:
    """Print what has been heard and what is waiting."""
    settings = settings_of(arguments)
    remote = running(settings)
    status = remote.get("/api/v1/status") if remote is not None else offline(settings)
    if arguments.json:
        terminal.say_json(status)
    else:
        for line in lines(status):
            terminal.say(line)
    return DONE


def offline(settings: Settings) -> dict[str, Any]:
    """Return the API's status document as far as it is known without the service."""
    counts, missing, outdated, is_paused = dict.fromkeys(STATES, 0), 0, 0, False
    path = settings.data_dir / "traumbox.db"
    if path.exists():
        with closing(Ledger(path)) as ledger:
            counts.update(ledger.counts())
            missing, outdated = ledger.missing_count(), ledger.outdated_count()
            is_paused = Switches(ledger.database).paused
            folders = views(settings, ledger)
    else:
        folders = views(settings, None)
    return {
        "version": 1,
        "traumbox": traumbox.__version__,
        "model": None,
        "index": {
            **counts,
            "total": sum(counts.values()),
            "missing": missing,
            "outdated": outdated,
            "paused": is_paused,
            "resting": "",
            "now_hearing": "",
            "tracks_per_minute": 0.0,
            "eta_s": None,
        },
        "folders": folders,
        "ready": False,
        "reason": "traumbox is not running.",
        "address": None,
    }


def lines(status: dict[str, Any]) -> list[str]:
    """Return the status in words."""
    index = status["index"]
    state = "ready" if status["ready"] else status["reason"]
    out = [f"traumbox {status['traumbox']}: {state}"]
    if status.get("address"):
        out.append(f"  panel     {status['address']}")
    if status.get("model"):
        out.append(f"  model     {status['model']['name']}")
        out += [f"            {told}" for told in news(status["model"])]
    heard = f"  heard     {index['indexed']:,} of {terminal.plural(index['total'], 'file')}"
    others = ("pending", "failed", "excluded", "missing")
    apart = [f"{index[key]:,} {key}" for key in others if index.get(key)]
    out.append(", ".join([heard, *apart]))
    if index.get("outdated"):
        outdated = terminal.plural(index["outdated"], "track")
        out.append(f"            {outdated} heard by an older traumbox, heard again by and by")
    if index["now_hearing"]:
        out.append(f"  hearing   {terminal.printable(index['now_hearing'])}")
    rest = resting(index)
    out += rest
    if index["pending"] and index["tracks_per_minute"] and not rest:
        left = f", {terminal.clock(index['eta_s'])} left" if index["eta_s"] is not None else ""
        out.append(f"  speed     {index['tracks_per_minute']:.1f} tracks a minute{left}")
    for folder in status["folders"]:
        state = folder_words.state(folder)
        text = f"  folder    {folder['name']}: {folder['path']}"
        out.append(terminal.printable(f"{text} ({state})" if state else text))
        out += [terminal.printable(f"            {told}") for told in folder_words.trouble(folder)]
    if not status["folders"]:
        out.append("  folder    none is watched; add one (traumbox folder add) or take the demo")
    return out


def resting(index: dict[str, Any]) -> list[str]:
    """Return why nothing is heard just now, if so; a service of an earlier version tells less."""
    why = index.get("resting") or ("paused" if index.get("paused") else "")
    if not why:
        return []
    told = [f"  resting   {terminal.printable(why)}"]
    return [*told, "            → traumbox resume"] if index.get("paused") else told
