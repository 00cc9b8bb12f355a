"""Runs a command and turns whatever happens into words and an exit code."""

from __future__ import annotations

import importlib
import logging
import os
import sys
from argparse import Namespace
from collections.abc import Sequence

from traumbox.cli import terminal
from traumbox.cli.arguments import parse
from traumbox.cli.exit_codes import DONE, FAILED, INTERRUPTED, WRONG_USE
from traumbox.errors import ConfigError, TraumboxError

COMMANDS = {
    "run": "traumbox.cli.run",
    "scan": "traumbox.cli.scan",
    "search": "traumbox.cli.search",
    "status": "traumbox.cli.status",
    "demo": "traumbox.cli.demo",
    "doctor": "traumbox.cli.doctor",
    "folder": "traumbox.cli.folder",
    "pause": "traumbox.cli.pause",
    "resume": "traumbox.cli.resume",
    "hear": "traumbox.cli.hear",
    "model": "traumbox.cli.model",
    "config": "traumbox.cli.config",
}
"""Command to module; each has ``execute(arguments) -> int``."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    terminal.tolerate_any_character()
    arguments = parse(argv)
    try:
        code = _execute(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader (head, less) has seen enough. Give Python's own flush at exit somewhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    return code


def _execute(arguments: Namespace) -> int:
    try:
        module = importlib.import_module(COMMANDS[arguments.command])
        return int(module.execute(arguments))
    except KeyboardInterrupt:
        return INTERRUPTED
    except ConfigError as error:
        terminal.complain(str(error))
        return WRONG_USE
    except TraumboxError as error:
        terminal.complain(str(error))
        return FAILED
    except BrokenPipeError:
        raise
    except PermissionError as error:
        terminal.complain(
            f"{error.filename}: no permission. Run the command as the user traumbox runs as, "
            "such as: sudo -u traumbox traumbox …"
        )
        return FAILED
    except Exception as error:
        # The last boundary before the person at the terminal.
        logging.getLogger("traumbox.cli").debug("unexpected error", exc_info=True)
        terminal.complain(
            f"Sorry, that went wrong in a way traumbox wasn't prepared for "
            f"({type(error).__name__}: {error}). With TRAUMBOX_LOG__LEVEL=debug before the "
            "command, it tells where."
        )
        return FAILED
