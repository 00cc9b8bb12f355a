"""``traumbox config check``."""

from __future__ import annotations

from argparse import Namespace

from traumbox.cli import terminal
from traumbox.cli.checks.check import Verdict
from traumbox.cli.checks.folders import check_folder
from traumbox.cli.configuration import settings_of
from traumbox.cli.exit_codes import DONE


def execute(arguments: Namespace) -> int:
    """Say that all is well, or raise ConfigError with every mistake."""
    settings = settings_of(arguments)
    terminal.say(f"{settings.config_file or 'No file, every default'}: in order.")
    terminal.say(f"data in {settings.data_dir}")
    for folder in settings.folders:
        check = check_folder(folder, settings.schedule.scan_every_s)
        terminal.say(f"watching {terminal.printable(folder.name)}: {folder.path}")
        if check.verdict is not Verdict.OK:
            terminal.complain(f"warning: {check.message} {check.remedy}")
    if not settings.folders:
        terminal.complain("warning: no folder is watched. Add one under 'folders:'.")
    return DONE
