"""What comes of a model that has just been put in place."""

from __future__ import annotations

from typing import Any

from traumbox.cli import terminal
from traumbox.cli.remote import Remote, running
from traumbox.config import Settings
from traumbox.embedders.registry import AUTO

MODELS = "/api/v1/models"


def announce(settings: Settings, name: str, remote: Remote | None = None) -> None:
    """Have the running service, if any, look at the models anew, and say what comes next."""
    remote = remote or running(settings)
    status: dict[str, Any] = {}
    if remote is not None:
        remote.post(f"{MODELS}/refresh")
        status = remote.get(MODELS)
    terminal.say(what_next(settings.model.name, name, status))


def what_next(wanted: str, name: str, status: dict[str, Any]) -> str:
    """Return what happens with ``name``, now that it is there; no ``status``: nothing runs."""
    change = status.get("change")
    if change is not None and change["new"] == name:
        return (
            f"{name} is ready. Your music is being heard with it now; until that is done, "
            f"{change['old']} answers."
        )
    if status.get("serving") == name:
        return f"{name} is ready and answers."
    if not status and wanted in {AUTO, name} and not name.endswith("-int8"):
        return f"{name} is ready. traumbox listens with it from its next start."
    return f"{name} is ready. To use it: traumbox model use {name}"
