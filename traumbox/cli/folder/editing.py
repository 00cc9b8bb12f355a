"""``traumbox folder add``, ``change`` and ``remove``."""

from __future__ import annotations

import os
from argparse import Namespace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from traumbox.cli import terminal
from traumbox.cli.exit_codes import DONE, WRONG_USE
from traumbox.cli.folder.listing import FOLDERS
from traumbox.cli.remote import running
from traumbox.config import (
    CONFIG_FILE,
    Settings,
    add_folder,
    change_folder,
    folder_to_add,
    remove_folder,
)

NEXT_START = "traumbox takes it over at its next start."


def add(arguments: Namespace, settings: Settings) -> int:
    """Watch another folder, at once where a service runs."""
    path, wanted = arguments.path.expanduser().absolute(), wishes(arguments)
    remote = running(settings)
    if remote is not None:
        added = remote.post(FOLDERS, {"path": str(path), **wanted})["folder"]
        _say(f"“{added['name']}” is watched now: {added['path']}")
        return DONE
    path, name = folder_to_add(settings, path, wanted.pop("name", None))
    file = _file(settings)
    add_folder(file, path, name, environ=os.environ, **wanted)
    _say(f"{file} names “{name}” now; {NEXT_START}")
    return DONE


def change(arguments: Namespace, settings: Settings) -> int:
    """Change what is wanted of a folder, at once where a service runs."""
    wanted = wishes(arguments)
    if not wanted:
        terminal.complain("folder change: say what to change, such as --name or --exclude.")
        return WRONG_USE
    remote = running(settings)
    if remote is not None:
        changed = remote.patch(address(arguments.folder), wanted)["folder"]
        _say(f"“{changed['name']}” was changed.")
        return DONE
    file = _file(settings)
    change_folder(file, arguments.folder, wanted, environ=os.environ)
    _say(f"{file} was changed; {NEXT_START}")
    return DONE


def remove(arguments: Namespace, settings: Settings) -> int:
    """Watch a folder no longer, from now on where a service runs."""
    remote = running(settings)
    if remote is not None:
        _say(remote.delete(address(arguments.folder))["message"])
        return DONE
    file = _file(settings)
    remove_folder(file, arguments.folder, environ=os.environ)
    _say(f"{file} no longer names “{arguments.folder}”; {NEXT_START}")
    return DONE


def address(name: str, deed: str = "") -> str:
    """Return where in the API a folder, or what can be done with it, lies."""
    return f"{FOLDERS}/{quote(name, safe='')}{deed}"


def wishes(arguments: Namespace) -> dict[str, Any]:
    """Return what was said of a folder; an empty pattern takes all patterns away."""
    said: dict[str, Any] = {
        key: value
        for key in ("name", "colour", "kind", "priority")
        if (value := getattr(arguments, key)) is not None
    }
    for key in ("include", "exclude"):
        patterns = getattr(arguments, key)
        if patterns is not None:
            said[key] = [pattern for pattern in patterns if pattern]
    return said


def _file(settings: Settings) -> Path:
    return settings.config_file or CONFIG_FILE.absolute()


def _say(text: str) -> None:
    terminal.say(terminal.printable(text))
