"""Which fresh files have stopped changing, and what an embedded CUE sheet makes of those."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence

from traumbox.domain import Location
from traumbox.indexer.dirty import Directories, outermost
from traumbox.indexer.looking import Looked
from traumbox.indexer.terms import Terms
from traumbox.library.embedded import can_hold_sheet, embedded_cuts
from traumbox.library.lease import is_being_written
from traumbox.library.settle import Sighting, settle

log = logging.getLogger(__name__)


class Settlers:
    """Remembers what was seen of files that are still settling; steady seconds."""

    def __init__(self) -> None:
        self._sightings: dict[str, dict[Location, Sighting]] = {}
        self._settle_s: dict[str, float] = {}
        self._first_s: dict[str, float] = {}

    def keep(self, folders: Collection[str]) -> None:
        """Forget all folders but these."""
        for notes in (self._sightings, self._settle_s, self._first_s):
            for name in notes.keys() - set(folders):
                del notes[name]

    def judge(self, looks: Sequence[Looked], now_s: float, terms: Terms) -> frozenset[Location]:
        """Return the fresh files of good ``looks`` that have settled; divide those with a sheet."""
        settled: set[Location] = set()
        for looked in looks:
            settled |= self._judge(looked, now_s, terms)
        return frozenset(settled)

    def due(self, now_s: float) -> dict[str, Directories]:
        """Return where files have had time to settle, by folder."""
        found: dict[str, Directories] = {}
        for name, sightings in self._sightings.items():
            settle_s = self._settle_s[name]
            places = {
                location.path.rpartition(b"/")[0]
                for location, seen in sightings.items()
                if seen.since_s + settle_s <= now_s and seen.stat.size
            }
            if places:
                found[name] = outermost(places)
        return found

    def next_s(self) -> dict[str, float]:
        """Return when, by folder, the next file will have had time to settle."""
        return {
            name: min(times_s) + self._settle_s[name]
            for name, sightings in self._sightings.items()
            if (times_s := [seen.since_s for seen in sightings.values() if seen.stat.size])
        }

    def has_first_settled(self, name: str) -> bool:
        """Tell whether nothing of what a folder's first look saw is still settling."""
        first_s = self._first_s.get(name)
        if first_s is None:
            return False
        return all(seen.since_s > first_s for seen in self._sightings.get(name, {}).values())

    def _judge(self, looked: Looked, now_s: float, terms: Terms) -> set[Location]:
        name = looked.name
        settle_s = terms.settle_network_s if looked.is_network else terms.settle_s
        self._settle_s[name] = settle_s
        self._first_s.setdefault(name, now_s)
        fresh = {
            location: found.stat
            for differences in looked.differences
            for location, found in differences.fresh.items()
        }
        settling = settle(
            self._sightings.get(name, {}),
            fresh,
            now_s,
            lambda _: settle_s,
            is_busy=None if looked.is_deaf else lambda at: self._is_busy(looked, at),
            spans=looked.spans,
        )
        self._sightings[name] = {
            # Who would be due again at once is being written: then a whole wait begins anew.
            at: Sighting(seen.stat, now_s) if now_s - seen.since_s >= settle_s else seen
            for at, seen in settling.sightings.items()
        }
        return {part for at in settling.settled for part in self._divided(looked, at, now_s)}

    def _is_busy(self, looked: Looked, location: Location) -> bool | None:
        return is_being_written(looked.order.folder.path_of(location))

    def _divided(self, looked: Looked, location: Location, now_s: float) -> list[Location]:
        """Return what a settled file comes to: itself, its parts, or nothing just now."""
        differences = next(found for found in looked.differences if location in found.fresh)
        found = differences.fresh[location]
        name = location.path.rsplit(b"/", 1)[-1]
        if found.excluded or location.part or not can_hold_sheet(name, found.stat.size):
            return [location]
        try:
            cuts = embedded_cuts(looked.order.folder.path_of(location))
        except OSError as error:
            log.info("%s can't be opened just now (%s)", location.display, error.strerror or error)
            self._sightings[looked.name][location] = Sighting(found.stat, now_s)
            return []
        if not cuts:
            return [location]
        differences.divide(location, cuts)
        return [Location(location.folder, location.path, part + 1) for part in range(len(cuts))]
