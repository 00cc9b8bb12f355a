"""``traumbox folder confirm`` and ``forget``: what takes tracks away asks back first."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from traumbox.cli import folder_words, terminal
from traumbox.cli.exit_codes import DONE, FAILED, WRONG_USE
from traumbox.cli.folder.editing import address
from traumbox.cli.folder.listing import all_folders, one_folder
from traumbox.cli.ledger_alone import forget_missing
from traumbox.cli.remote import Remote, running
from traumbox.cli.terminal import plural
from traumbox.config import Settings
from traumbox.domain import FolderState
from traumbox.errors import NothingHeldError


def confirm(arguments: Namespace, settings: Settings) -> int:
    """Let a held removal happen, or take what lies at an offline folder's place for the folder."""
    remote, name = running(settings), arguments.folder
    folder = one_folder(settings, remote, name)
    if remote is None:
        return _confirm_alone(arguments, settings)
    code = _may_go(arguments, folder)
    if code is None:
        terminal.say(terminal.printable(remote.post(address(name, "/confirm"))["message"]))
        return DONE
    return code


def _confirm_alone(arguments: Namespace, settings: Settings) -> int:
    """Look through the folders here: what is held shows only then."""
    if not arguments.yes and not terminal.can_ask():
        return _nobody()
    from traumbox.cli.offline import confirm_held  # noqa: PLC0415 - see there

    name, codes = arguments.folder, list[int]()

    def agreed(state: FolderState) -> bool:
        code = _may_go(arguments, folder_words.as_json(name, state))
        if code is not None:
            codes.append(code)
        return code is None

    count = confirm_held(settings, name, agreed)
    if codes:
        return codes[0]
    terminal.say(terminal.printable(f"{plural(count, 'track')} of “{name}” taken out."))
    return DONE


def _may_go(arguments: Namespace, folder: dict[str, Any]) -> int | None:
    """Show what waits to be confirmed and ask; return None when it may happen, else the code."""
    name = folder["name"]
    if folder["held"] is not None:
        terminal.say(terminal.printable(folder_words.held_sentence(folder)))
        question = "They come back if their files do. Let them go?"
    elif not folder["online"]:
        terminal.say(
            terminal.printable(folder_words.sentence(f"“{name}” is {folder_words.state(folder)}"))
        )
        question = "Take what lies there now for the folder, whatever it held before?"
    elif folder["note"]:
        terminal.say(terminal.printable(folder_words.sentence(f"“{name}”: {folder['note']}")))
        question = "Is that as it should be?"
    else:
        raise NothingHeldError(f"Nothing waits to be confirmed in “{name}”.")
    return _agreed(arguments, question)


def forget(arguments: Namespace, settings: Settings) -> int:
    """Forget a folder's missing tracks for good."""
    remote, name = running(settings), arguments.folder
    missing = _missing(settings, remote, name)
    if not missing:
        terminal.say(terminal.printable(f"“{name}” misses no track."))
        return DONE
    tracks = plural(missing, "missing track")
    question = (
        f"Forget {tracks} of “{terminal.printable(name)}” for good? If the files come back, they "
        "are heard as new ones."
    )
    if (code := _agreed(arguments, question)) is not None:
        return code
    if remote is not None:
        message = remote.post(address(name, "/forget"))["message"]
    else:
        message = f"{plural(forget_missing(settings, name), 'track')} of “{name}” forgotten."
    terminal.say(terminal.printable(message))
    return DONE


def _missing(settings: Settings, remote: Remote | None, name: str) -> int:
    """Return how many tracks a folder misses; one that is watched no longer may do so as well."""
    document = all_folders(settings, remote)
    gone = [one["count"] for one in document["removals"] if one["folder"] == name]
    if gone and all(one["name"] != name for one in document["folders"]):
        return sum(gone)
    found: int = one_folder(settings, remote, name)["counts"]["missing"]
    return found


def _agreed(arguments: Namespace, question: str) -> int | None:
    """Return None when it may be done, else the exit code."""
    if arguments.yes:
        return None
    if not terminal.can_ask():
        return _nobody()
    if terminal.ask(question):
        return None
    terminal.complain("nothing was changed.")
    return FAILED


def _nobody() -> int:
    terminal.complain("nobody here to ask: say --yes if that is what you want.")
    return WRONG_USE
