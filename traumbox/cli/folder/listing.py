"""``traumbox folder list``."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from typing import Any

from traumbox.cli import folder_words, terminal
from traumbox.cli.exit_codes import DONE
from traumbox.cli.remote import Remote, running
from traumbox.config import Settings
from traumbox.errors import UnknownFolderError

FOLDERS = "/api/v1/folders"


def show_list(arguments: Namespace, settings: Settings) -> int:
    """Print every folder, how it is, and what went lately."""
    document = all_folders(settings, running(settings))
    if arguments.json:
        terminal.say_json(document)
    else:
        for line in lines(document):
            terminal.say(terminal.printable(line))
    return DONE


def all_folders(settings: Settings, remote: Remote | None) -> dict[str, Any]:
    """Return the API's document on folders, as far as it is known without the service."""
    if remote is not None:
        return remote.get(FOLDERS)
    from traumbox.cli.folder_facts import folders  # noqa: PLC0415 - loads the store

    return folders(settings)


def one_folder(settings: Settings, remote: Remote | None, name: str) -> dict[str, Any]:
    """Return how one folder is; UnknownFolderError when there is none of that name."""
    found = all_folders(settings, remote)["folders"]
    folder: dict[str, Any] | None = next((one for one in found if one["name"] == name), None)
    if folder is None:
        names = ", ".join(f"“{one['name']}”" for one in found) or "none"
        raise UnknownFolderError(f"No watched folder is called “{name}”. There are: {names}.")
    return folder


def lines(document: dict[str, Any]) -> Iterator[str]:
    """Yield the document in words."""
    for folder in document["folders"]:
        state = folder_words.state(folder)
        yield f"{folder['name']}: {folder['path']}{f' ({state})' if state else ''}"
        for line in (
            folder_words.counts(folder),
            folder_words.wishes(folder),
            folder_words.looks(folder),
            *folder_words.trouble(folder),
        ):
            if line:
                yield f"  {line}"
    if not document["folders"]:
        yield "No folder is watched. Add one: traumbox folder add PATH"
    for gone in document["removals"]:
        yield folder_words.removal(gone)
