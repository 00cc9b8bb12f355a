"""``traumbox model``: the models, from their list to their removal."""

from __future__ import annotations

from argparse import Namespace

from traumbox.cli import terminal
from traumbox.cli.configuration import settings_of
from traumbox.cli.exit_codes import WRONG_USE
from traumbox.cli.model.choosing import remove, use
from traumbox.cli.model.getting import fetch, take_in
from traumbox.cli.model.listing import show_list, verify
from traumbox.cli.model.quantizing import quantize
from traumbox.embedders import registry
from traumbox.errors import ModelError

ACTIONS = {
    "list": show_list,
    "fetch": fetch,
    "import": take_in,
    "verify": verify,
    "use": use,
    "remove": remove,
    "quantize": quantize,
}


def execute(arguments: Namespace) -> int:
    """Do what ACTION says."""
    name = getattr(arguments, "name", None)
    settings = settings_of(arguments)
    if name is not None:
        try:
            registry.entry(name, settings.data_dir / "models")
        except ModelError as error:
            terminal.complain(str(error))
            return WRONG_USE
    if name == registry.AUTO and arguments.action != "use":
        terminal.complain(f"“{name}” is only something to use: name one of the models.")
        return WRONG_USE
    return ACTIONS[arguments.action](arguments, settings)
