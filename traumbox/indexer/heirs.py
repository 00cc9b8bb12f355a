"""A new file that sounds like a missing one is that one: it takes over its id."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from traumbox.stores.ledger import FileRow, Ledger, MissingFile

log = logging.getLogger(__name__)


def take_over(
    ledger: Ledger, heard: Sequence[tuple[FileRow, str]], now_s: float
) -> dict[str, FileRow]:
    """Let files heard for the first time inherit from missing ones of the same sound.

    ``heard`` are (row, audio id). Return by the id that is no more the row that took its place;
    it is still pending.
    """
    first = [(row, audio_id) for row, audio_id in heard if row.audio_id is None]
    if not first:
        return {}
    estates = ledger.heirs({audio_id for _, audio_id in first})
    taken: dict[str, FileRow] = {}
    for row, audio_id in first:
        old = _choice(row, estates.get(audio_id, []))
        if old is None:
            continue
        estates[audio_id].remove(old)
        ledger.take_over(old.track_id, row.track_id, now_s)
        heir = ledger.row(old.track_id)
        if heir is not None:
            log.info("%s is %s, found again", row.location.display, old.location.display)
            taken[row.track_id] = heir
    return taken


def _choice(row: FileRow, missing: Sequence[MissingFile]) -> MissingFile | None:
    """Return whom to inherit from: one of the same name if there is, else the last to go."""
    name = row.location.path.rsplit(b"/", 1)[-1]
    alike = [old for old in missing if old.location.path.rsplit(b"/", 1)[-1] == name]
    return next(iter([*alike, *missing]), None)
