"""When a removal is so large that it is rather an accident than meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from traumbox.library.changes import Outcome

ALWAYS_FINE = 20
"""So many tracks may go whatever their share: somebody cleans up a small folder."""


def is_too_much(count: int, present: int, percent: float) -> bool:
    """Tell whether ``count`` of ``present`` tracks may not go without the owner's word."""
    return count > ALWAYS_FINE and count * 100 > present * percent


def brake(
    outcome: Outcome, present: Mapping[str, int], percent: float, confirmed: Collection[str] = ()
) -> dict[str, frozenset[str]]:
    """Return, by folder, the track ids that must not go yet.

    ``present`` counts the tracks of each folder, ``confirmed`` are ids that the owner let go.
    """
    waiting = {id_: at for id_, (at, _) in outcome.going.items() if id_ not in confirmed}
    counts = Counter(location.folder for location in waiting.values())
    return {
        folder: frozenset(id_ for id_, location in waiting.items() if location.folder == folder)
        for folder, count in counts.items()
        if is_too_much(count, present.get(folder, 0), percent)
    }
