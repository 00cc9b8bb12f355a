"""``traumbox config check``."""

from __future__ import annotations

from argparse import Namespace

from traumbox.cli import terminal
from traumbox.cli.checks.check import Verdict
from traumbox.cli.checks.folders import check_folder, look
from traumbox.cli.configuration import settings_of
from traumbox.cli.exit_codes import DONE
from traumbox.library.mounts import read_mounts
from traumbox.library.patience import Patience


def execute(arguments: Namespace) -> int:
    """Say that all is well, or raise ConfigError with every mistake."""
    settings = settings_of(arguments)
    terminal.say(f"{settings.config_file or 'No file, every default'}: in order.")
    terminal.say(f"data in {settings.data_dir}")
    mounts, patience = read_mounts(), Patience()
    for folder in settings.folders:
        seen = look(folder.path, mounts, patience, until_audio=True)
        check = check_folder(folder, settings.schedule, seen)
        terminal.say(f"watching {terminal.printable(folder.name)}: {folder.path}")
        if check.verdict is not Verdict.OK:
            terminal.complain(f"warning: {check.message} {check.remedy}")
    if not settings.folders:
        terminal.complain("warning: no folder is watched. Add one: traumbox folder add PATH")
    return DONE
