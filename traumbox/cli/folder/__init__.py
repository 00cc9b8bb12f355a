"""``traumbox folder``: the watched folders, from their list to their removal."""

from __future__ import annotations

from argparse import Namespace

from traumbox.cli import terminal
from traumbox.cli.configuration import settings_of
from traumbox.cli.exit_codes import WRONG_USE
from traumbox.cli.folder.editing import add, change, remove
from traumbox.cli.folder.listing import show_list
from traumbox.cli.folder.removals import confirm, forget
from traumbox.cli.folder.scanning import scan
from traumbox.cli.remote import RefusedError
from traumbox.errors import UnknownFolderError

ACTIONS = {
    "list": show_list,
    "add": add,
    "change": change,
    "remove": remove,
    "scan": scan,
    "confirm": confirm,
    "forget": forget,
}
REFUSED_AS_WRONG = frozenset({404, 422})
"""No such folder; a mistake in what was wanted of it."""


def execute(arguments: Namespace) -> int:
    """Do what ACTION says."""
    settings = settings_of(arguments)
    try:
        return ACTIONS[arguments.action](arguments, settings)
    except UnknownFolderError as error:
        terminal.complain(str(error))
        return WRONG_USE
    except RefusedError as error:
        if error.status not in REFUSED_AS_WRONG:
            raise
        terminal.complain(str(error))
        return WRONG_USE
