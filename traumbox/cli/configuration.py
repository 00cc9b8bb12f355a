"""Which configuration file a command uses, and its settings."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path

from traumbox import log
from traumbox.config import CONFIG_FILE, Settings, load

PLACES = (CONFIG_FILE, Path("/etc/traumbox/traumbox.yaml"))
"""Where a configuration is looked for when none is named."""


def find(
    named: Path | None, environ: Mapping[str, str], places: Sequence[Path] = PLACES
) -> Path | None:
    """Return the file to use: ``named``, $TRAUMBOX_CONFIG, or the first of ``places`` there is."""
    if named is not None:
        return named
    if environ.get("TRAUMBOX_CONFIG"):
        return Path(environ["TRAUMBOX_CONFIG"])
    return next((place for place in places if place.is_file()), None)


def settings_of(arguments: Namespace) -> Settings:
    """Load the settings a command works with, and set the logging up.

    Raises
    ------
    ConfigError
        Naming every mistake.
    """
    settings = load(find(arguments.config, os.environ), os.environ)
    service = arguments.command == "run"
    # Apart from the service, commands speak for themselves; only what is odd is logged.
    level = "warning" if settings.log.level == "info" and not service else settings.log.level
    log.configure(level, timestamps="JOURNAL_STREAM" not in os.environ)
    return settings
