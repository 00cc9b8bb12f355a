"""What changed between the ledger and the disk: pure functions over snapshots."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from traumbox.domain import Changes, FileStat, KnownFile, Location, Snapshot

Identity = tuple[int, int, int]


def fresh(known: Mapping[Location, KnownFile], snapshot: Snapshot) -> dict[Location, FileStat]:
    """Return the files that are new or differ from what is known; these have to settle."""
    return {
        location: stat
        for location, stat in snapshot.items()
        if location not in known or known[location].stat != stat
    }


def diff(
    known: Mapping[Location, KnownFile],
    snapshot: Snapshot,
    is_settled: Callable[[Location], bool],
    is_covered: Callable[[Location], bool],
) -> Changes:
    """Compare a ``snapshot`` with what is ``known``.

    ``is_covered`` says whether the scan would have seen a location (its folder is online, its
    directory could be listed): only then may absence mean *gone*. A new file whose inode, size and
    mtime are those of a vanished one is that file, moved: it keeps its id and need not settle.
    """
    gone = {
        location: file
        for location, file in known.items()
        if location not in snapshot and (file.missing or is_covered(location))
    }
    by_identity = {_identity(file.stat): file for file in gone.values() if file.stat.inode}
    new: dict[Location, FileStat] = {}
    changed: dict[str, FileStat] = {}
    moved: dict[str, tuple[Location, FileStat]] = {}
    for location, stat in snapshot.items():
        file = known.get(location)
        if file is None:
            source = by_identity.pop(_identity(stat), None)
            if source is not None:
                moved[source.track_id] = (location, stat)
            elif is_settled(location):
                new[location] = stat
        elif file.stat != stat:
            if is_settled(location):
                changed[file.track_id] = stat
        elif file.missing:
            moved[file.track_id] = (location, stat)
    vanished = frozenset(
        file.track_id for file in gone.values() if not file.missing and file.track_id not in moved
    )
    return Changes(new=new, changed=changed, moved=moved, gone=vanished)


def _identity(stat: FileStat) -> Identity:
    return (stat.inode, stat.size, stat.mtime_ns)
