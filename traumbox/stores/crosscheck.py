"""Whether the two tables of the index agree, after whatever ended the last run."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection
from itertools import islice

from traumbox.stores.repair import Table
from traumbox.stores.schema import one_of

log = logging.getLogger(__name__)

IDS_A_DELETE = 500


def forget_incomplete(windows: Table, tracks: Table) -> None:
    """Delete tracks whose windows aren't all there, and windows of sounds no track has.

    A process may die between the commits of a batch, and each table may have been rolled back by
    itself. The ledger finds what is missing and has it heard again.
    """
    stored: Counter[str] = Counter()
    for batch in windows.search().select(["audio_id"]).to_batches(8192):
        for count in batch.column("audio_id").value_counts().to_pylist():
            stored[count["values"]] += count["counts"]
    complete: set[str] = set()
    torn: list[str] = []
    for batch in tracks.search().select(["track_id", "audio_id", "windows"]).to_batches(8192):
        for row in batch.to_pylist():
            if stored[row["audio_id"]] == row["windows"]:
                complete.add(row["audio_id"])
            else:
                torn.append(row["track_id"])
    if torn:
        log.warning("%d tracks are incomplete in the index and will be heard again", len(torn))
    delete(tracks, "track_id", torn)
    delete(windows, "audio_id", stored.keys() - complete)


def delete(table: Table, column: str, values: Collection[str]) -> None:
    """Delete the rows whose ``column`` is one of ``values``; no commit when there are none."""
    left = iter(values)
    while some := list(islice(left, IDS_A_DELETE)):
        where = one_of(column, some)
        if table.count_rows(where):
            table.delete(where)
