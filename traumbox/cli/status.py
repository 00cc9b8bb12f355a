"""``traumbox status``: from the running service, else from the ledger alone."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

import traumbox
from traumbox.cli import terminal
from traumbox.cli.configuration import settings_of
from traumbox.cli.exit_codes import DONE
from traumbox.cli.news import news
from traumbox.cli.remote import running
from traumbox.config import Settings
from traumbox.domain import STATES
from traumbox.stores.ledger import Ledger


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
    counts = dict.fromkeys(STATES, 0)
    path = settings.data_dir / "traumbox.db"
    if path.exists():
        ledger = Ledger(path)
        try:
            counts.update(ledger.counts())
        finally:
            ledger.close()
    return {
        "version": 1,
        "traumbox": traumbox.__version__,
        "model": None,
        "index": {
            **counts,
            "total": sum(counts.values()),
            "now_hearing": "",
            "tracks_per_minute": 0.0,
            "eta_s": None,
        },
        "folders": [
            {
                "name": folder.name,
                "path": str(folder.path),
                "online": folder.path.is_dir(),
                "note": "" if folder.path.is_dir() else "not there",
            }
            for folder in settings.folders
        ],
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
    apart = [f"{index[key]:,} {key}" for key in ("pending", "failed", "excluded") if index[key]]
    out.append(", ".join([heard, *apart]))
    if index["now_hearing"]:
        out.append(f"  hearing   {terminal.printable(index['now_hearing'])}")
    if index["pending"] and index["tracks_per_minute"]:
        left = f", {terminal.clock(index['eta_s'])} left" if index["eta_s"] is not None else ""
        out.append(f"  speed     {index['tracks_per_minute']:.1f} tracks a minute{left}")
    for folder in status["folders"]:
        note = folder["note"] or ("" if folder["online"] else "offline")
        text = f"  folder    {folder['name']}: {folder['path']}"
        out.append(terminal.printable(f"{text} ({note})" if note else text))
    if not status["folders"]:
        out.append("  folder    none is watched; add one to the configuration or take the demo")
    return out
