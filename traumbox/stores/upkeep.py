"""Keeping a table quick: compaction, cleaning of old versions, indices."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from lancedb.index import BTree, IvfRq

from traumbox.stores.repair import Table

log = logging.getLogger(__name__)

KEEP_EVERYTHING = timedelta(days=365 * 100)
VECTOR_INDEX = "vector_at_"
"""Followed by the number of rows the index was trained on, which nothing else remembers."""


@dataclass(frozen=True, slots=True)
class Upkeep:
    """When to do what.

    Neglected, ten thousand small commits make 5 GB and searches of 1.8 s. ``keep`` may never be
    0: a search in another thread still reads the version it began with.
    """

    commits: int = 50
    keep: timedelta = timedelta(minutes=10)
    vector_index_rows: int = 20_000
    key_index_rows: int = 1_000


def tidy(table: Table, upkeep: Upkeep, sync: Callable[[], object]) -> None:
    """Compact small files and new index parts, then drop versions older than ``upkeep.keep``.

    In two steps with ``sync`` between: else the last version that a power cut would survive might
    be dropped before the new one is on the disk.
    """
    table.optimize(cleanup_older_than=KEEP_EVERYTHING)
    sync()
    table.optimize(cleanup_older_than=upkeep.keep)


def index_key(table: Table, column: str, upkeep: Upkeep) -> None:
    """Build the index that finds rows by ``column``, once the table is worth it."""
    name = f"by_{column}"
    if table.count_rows() >= upkeep.key_index_rows and not _has_index(table, name):
        table.create_index(column, config=BTree(), name=name)


def index_vectors(table: Table, dim: int, upkeep: Upkeep) -> None:
    """Build the vector index when the table is large enough, anew when it has doubled since.

    Before that, searches are exact; rows not yet in the index are always searched too.
    """
    rows = table.count_rows()
    if rows < upkeep.vector_index_rows or dim % 8:  # RabitQ packs whole bytes
        return
    built = [name for name in _index_names(table) if name.startswith(VECTOR_INDEX)]
    trained_on = max((int(name.removeprefix(VECTOR_INDEX)) for name in built), default=0)
    if trained_on and rows < 2 * trained_on:
        return
    log.info("Building the vector index over %d windows", rows)
    fresh = f"{VECTOR_INDEX}{rows}"
    table.create_index("vector", config=IvfRq(distance_type="dot", num_bits=1), name=fresh)
    for name in built:
        if name != fresh:
            table.drop_index(name)


def _has_index(table: Table, name: str) -> bool:
    return name in _index_names(table)


def _index_names(table: Table) -> list[str]:
    return [str(index.name) for index in table.list_indices()]
