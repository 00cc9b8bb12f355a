"""``traumbox run``: the service itself."""

from __future__ import annotations

from argparse import Namespace

from traumbox.cli.configuration import settings_of


def execute(arguments: Namespace) -> int:
    """Serve until told to stop."""
    settings = settings_of(arguments)
    from traumbox.daemon.lean import go_without  # noqa: PLC0415

    go_without()
    from traumbox.daemon import service  # noqa: PLC0415 - heavy; a mistake above shows at once

    return service.run(settings)
