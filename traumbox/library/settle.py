"""When a file has stopped changing: a pure rule over our own observations.

A file's own mtime proves nothing (``cp -p`` keeps old ones, preallocation shows the final size at
once). Settled means: it isn't empty, we ourselves saw the same size and mtime, long enough apart,
and nobody has it open for writing as far as that can be known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    settle_s: Callable[[Location], float],
    *,
    is_busy: Callable[[Location], bool | None] | None = None,
    spans: Callable[[Location], bool] | None = None,
) -> Settling:
    """Judge the ``fresh`` (new or changed) files of a look at ``now_s``.

    Parameters
    ----------
    before
        The ``sightings`` of the look before; those of files no longer fresh are dropped.
    fresh
        What was seen now. An empty file never settles; it will change before it is one.
    now_s
        Seconds of a steady clock, like all times here.
    settle_s
        How long a file must stay the same.
    is_busy
        Tells whether someone is writing a file, asked when all else says that it has settled; None
        as its answer means that it can't be known.
    spans
        Tells whether this look went where a file lies; the sightings of the others stay.
    """
    sightings: dict[Location, Sighting] = {}
    due: list[float] = []
    settled: set[Location] = set()
    for location, seen in before.items():
        if spans is not None and not spans(location):
            sightings[location] = seen
            due.append(seen.since_s + settle_s(location))
    for location, stat in fresh.items():
        if stat.size == 0:
            continue
        known = before.get(location)
        sighting = known if known is not None and known.stat == stat else Sighting(stat, now_s)
        wait_s = settle_s(location)
        if now_s - sighting.since_s < wait_s:
            due.append(sighting.since_s + wait_s)
        elif is_busy is not None and is_busy(location):
            due.append(now_s + wait_s)
        else:
            settled.add(location)
            continue
        sightings[location] = sighting
    return Settling(frozenset(settled), sightings, min(due, default=None))
