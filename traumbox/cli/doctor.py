"""``traumbox doctor``: is this machine fit, and if not, what to do."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from traumbox.cli import terminal
from traumbox.cli.checks import folders, machine, models, serving, storage
from traumbox.cli.checks.check import Check, Verdict
from traumbox.cli.configuration import settings_of
from traumbox.cli.exit_codes import DONE, FAILED
from traumbox.cli.remote import Remote, running
from traumbox.config import Settings
from traumbox.errors import TraumboxError
from traumbox.library.mounts import read_mounts

_STYLE = {Verdict.OK: "green", Verdict.WARN: "yellow", Verdict.FAIL: "bold red"}


def execute(arguments: Namespace) -> int:
    """Run every check; the exit code says whether one failed."""
    settings = settings_of(arguments)
    checks = examine(settings)
    if arguments.json:
        terminal.say_json(as_json(checks))
    else:
        _show(checks)
    return DONE if is_fit(checks) else FAILED


def examine(settings: Settings) -> list[Check]:
    """Return every check, the processor before anything that might need its features."""
    mounts, remote = read_mounts(), running(settings)
    return [
        *machine.checks(settings),
        *storage.checks(settings, mounts),
        *folders.checks(settings, mounts),
        *folders.check_told(told_by(remote)),
        *models.checks(settings),
        *serving.checks(settings, remote),
    ]


def told_by(remote: Remote | None) -> list[dict[str, Any]]:
    """Return what the service tells of its folders; nothing when it doesn't answer just now."""
    if remote is None:
        return []
    try:
        found: list[dict[str, Any]] = remote.get("/api/v1/status").get("folders", [])
    except TraumboxError:
        return []
    return found


def is_fit(checks: Sequence[Check]) -> bool:
    """Whether traumbox can do its work; warnings don't count."""
    return all(check.verdict is not Verdict.FAIL for check in checks)


def as_json(checks: Sequence[Check]) -> dict[str, Any]:
    """Return the checks as a document for programs."""
    return {
        "version": 1,
        "ok": is_fit(checks),
        "checks": [
            {
                "name": check.name,
                "verdict": check.verdict.value,
                "message": check.message,
                "remedy": check.remedy,
            }
            for check in checks
        ],
    }


def _show(checks: Sequence[Check]) -> None:
    console = (
        Console(soft_wrap=True) if sys.stdout.isatty() else Console(soft_wrap=True, no_color=True)
    )
    for check in checks:
        line = Text(f"{check.verdict.value:<5}", style=_STYLE[check.verdict])
        line.append(f"{check.name}: {terminal.printable(check.message)}", style="default")
        console.print(line)
        if check.remedy:
            console.print(Text(f"     → {check.remedy}"))
    count = sum(check.verdict is Verdict.FAIL for check in checks)
    console.print(
        Text(f"{terminal.plural(count, 'thing')} must be mended." if count else "Fit to run.")
    )
