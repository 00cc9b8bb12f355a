"""When a file has stopped changing: a pure rule over our own observations.

A file's own mtime proves nothing (``cp -p`` keeps old ones, preallocation shows the final size at
once). Settled means: we ourselves saw the same size and mtime, ``settle_s`` apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from traumbox.domain import FileStat, Location


@dataclass(frozen=True, slots=True)
class Sighting:
    """The version of a file we saw, and since when (seconds of a steady clock)."""

    stat: FileStat
    since_s: float


@dataclass(frozen=True, slots=True)
class Settling:
    """The outcome of one look: who has settled, who is still watched, when to look again."""

    settled: frozenset[Location]
    sightings: Mapping[Location, Sighting]
    look_again_s: float | None


def settle(
    before: Mapping[Location, Sighting],
    fresh: Mapping[Location, FileStat],
    now_s: float,
    settle_s: float,
) -> Settling:
    """Judge the ``fresh`` (new or changed) files of a scan at ``now_s``.

    ``before`` is the ``sightings`` of the look before; files no longer fresh are dropped from it.
    """
    sightings: dict[Location, Sighting] = {}
    settled: set[Location] = set()
    for location, stat in fresh.items():
        seen = before.get(location)
        sighting = seen if seen is not None and seen.stat == stat else Sighting(stat, now_s)
        if now_s - sighting.since_s >= settle_s:
            settled.add(location)
        else:
            sightings[location] = sighting
    due = [sighting.since_s + settle_s for sighting in sightings.values()]
    return Settling(frozenset(settled), sightings, min(due, default=None))
