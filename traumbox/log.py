"""Logging for people on a terminal and for journald: one line an event, no secrets."""

from __future__ import annotations

import logging
import sys


def configure(level: str, *, timestamps: bool) -> None:
    """Send all logging to standard error at ``level`` (debug, info, warning or error).

    ``timestamps`` is off under journald, which has its own.
    """
    form = "%(levelname)-7s %(name)s: %(message)s"
    logging.basicConfig(
        level=level.upper(),
        format=f"%(asctime)s {form}" if timestamps else form,
        datefmt="%Y-%m-%d %H:%M:%S",
        stream=sys.stderr,
        force=True,
    )
    # uvicorn's INFO prints the websocket's client_id, which is a bearer token.
    for noisy in ("uvicorn", "uvicorn.access", "uvicorn.error", "apscheduler", "httpx", "engineio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
