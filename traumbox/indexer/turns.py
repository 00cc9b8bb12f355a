"""Whose turn it is to be heard: what was asked for, then drops, then the backlog."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby

from traumbox.library.folders import WatchedFolder
from traumbox.stores.folders import FolderBook
from traumbox.stores.ledger import FileRow, Ledger

BACKLOG_TURN = 5
"""Every fifth file comes from the backlog, lest a stream of drops keeps it waiting for ever."""


class Turns:
    """Chooses the next file anew each time; what is to be done follows from the ledger."""

    def __init__(self, ledger: Ledger, book: FolderBook) -> None:
        self._ledger = ledger
        self._book = book
        self._taken = 0

    def take(self) -> None:
        """Count a turn as taken."""
        self._taken += 1

    def next(
        self,
        folders: Sequence[WatchedFolder],
        now_s: float,
        *,
        skip: Collection[str] = (),
        urgent_only: bool = False,
        ahead: int = 0,
    ) -> FileRow | None:
        """Return the file whose turn it is in these folders, or ``ahead`` turns later; or None."""
        ordered = sorted(folders, key=lambda folder: -folder.priority)
        groups = [
            [folder.name for folder in group]
            for _, group in groupby(ordered, key=lambda folder: folder.priority)
        ]
        return self._ledger.next_pending(
            now_s,
            skip=skip,
            folders=groups,
            baselines=self._book.baselines(),
            urgent_only=urgent_only,
            backlog=(self._taken + ahead) % BACKLOG_TURN == BACKLOG_TURN - 1,
        )
