"""What differs between the disk and the ledger: a merge of two ascending streams.

Only what differs is kept, so that comparing costs no memory where nothing changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from traumbox.domain import Cut, FileStat, Found, KnownFile, KnownRow, Location, SeenRow

RENUMBERED_MAX = 500
"""How many files whose inode alone changed one comparison takes up; the next ones take the rest.

After a whole library was copied to another disk each of them has to be looked into.
"""


@dataclass(slots=True)
class Differences:
    """What differs in one folder, or in one directory of it.

    ``fresh`` files are new or have another stat than known: these have to settle; ``changed`` holds
    the known file of those that aren't new, missing ones too. ``back`` were missing and are there
    again as they were. ``absent`` are known and weren't seen; ``replaced`` those among them whose
    path was seen all the same: as a whole file instead of parts, or the other way round.
    ``excluded`` and ``included`` are known files for which only the rules' verdict is another.
    ``renumbered``: only the inode number is. ``seen`` counts the files on the disk.
    """

    folder: str
    fresh: dict[Location, Found] = field(default_factory=dict)
    changed: dict[Location, KnownFile] = field(default_factory=dict)
    back: dict[Location, tuple[KnownFile, FileStat]] = field(default_factory=dict)
    absent: dict[Location, KnownFile] = field(default_factory=dict)
    replaced: set[Location] = field(default_factory=set)
    excluded: dict[Location, tuple[KnownFile, Found]] = field(default_factory=dict)
    included: dict[Location, tuple[KnownFile, Found]] = field(default_factory=dict)
    renumbered: dict[Location, tuple[KnownFile, FileStat]] = field(default_factory=dict)
    seen: int = 0

    def divide(self, location: Location, cuts: Sequence[Cut]) -> None:
        """Replace a fresh whole file by the parts that the sheet within it tells.

        ``cuts`` are its tracks in order; parts that are known already are changed ones.
        """
        whole = self.fresh.pop(location)
        self.seen += len(cuts) - 1
        was = self.changed.pop(location, None)
        if was is not None and not was.missing:
            self.absent[location] = was
            self.replaced.add(location)
        for number, cut in enumerate(cuts, 1):
            place = replace(location, part=number)
            self.fresh[place] = Found(place, replace(whole.stat, cut=cut), whole.excluded)
            known = self.absent.pop(place, None)
            self.replaced.discard(place)
            if known is not None:
                self.changed[place] = known


def compare(folder: str, found: Iterable[SeenRow], known: Iterable[KnownRow]) -> Differences:
    """Compare what a walk over ``folder`` sees with what is known of the same range of it.

    Both ascend by path and part. An excluded row of ``known`` has its reason, any other "". A whole
    file matches the parts that are known of it when their sheet lies within the file, for a walk
    doesn't look in there.
    """
    differences = Differences(folder)
    rows, seen = iter(known), iter(found)
    row, here = next(rows, None), next(seen, None)
    last = b""
    count = 0
    while here is not None:
        if row is not None and row[:7] == here and not row[9]:  # next to all of them
            last = here[0]
            count += 1
            row, here = next(rows, None), next(seen, None)
            continue
        path = here[0]
        while row is not None and row[0] < path:
            _note_absent(row, last, differences)
            row = next(rows, None)
        ours: list[KnownRow] = []
        while row is not None and row[0] == path:
            ours.append(row)
            row = next(rows, None)
        theirs: list[SeenRow] = []
        while here is not None and here[0] == path:
            theirs.append(here)
            here = next(seen, None)
        last = path
        count += _compare_file(theirs, ours, differences)
    while row is not None:
        _note_absent(row, last, differences)
        row = next(rows, None)
    differences.seen = count
    return differences


def _compare_file(
    theirs: Sequence[SeenRow], ours: Sequence[KnownRow], differences: Differences
) -> int:
    """Compare one file, in as many parts as it is seen in and known in; return how many it has."""
    if len(theirs) == 1 and theirs[0][1] == 0:
        parts = _embedded(theirs[0], ours)
        theirs = [_part_of(theirs[0], part) for part in parts] or theirs
    known = {row[1]: row for row in ours}
    for here in theirs:
        _compare_one(here, known.pop(here[1], None), differences)
    for row in known.values():
        _note_absent(row, row[0], differences)
    return len(theirs)


def _embedded(here: SeenRow, ours: Sequence[KnownRow]) -> list[KnownRow]:
    """Return the known parts that a file, seen as a whole, still consists of."""
    parts = [row for row in ours if row[5] is not None and row[5].embedded]
    present = [row for row in parts if not row[9]]
    if present:
        return present if all(_is_same_file(here, row) for row in present) else []
    # Parts that went when the file became a whole one are kept as missing beside it.
    is_whole = any(row[1] == 0 and not row[9] for row in ours)
    return [] if is_whole else [row for row in parts if _is_same_file(here, row)]


def _part_of(here: SeenRow, row: KnownRow) -> SeenRow:
    return here[0], row[1], here[2], here[3], here[4], row[5], here[6]


def _is_same_file(here: SeenRow, row: KnownRow) -> bool:
    return here[2:4] == row[2:4] and here[4] in (row[4], 0)


def _compare_one(here: SeenRow, row: KnownRow | None, differences: Differences) -> None:
    location = Location(differences.folder, here[0], here[1])
    stat = FileStat(here[2], here[3], here[4], here[5])
    found = Found(location, stat, here[6])
    if row is None:
        differences.fresh[location] = found
        return
    known = _known(row)
    if here[2:4] != row[2:4] or here[5] != row[5]:
        differences.fresh[location] = found
        differences.changed[location] = known
        return
    if here[4] not in (row[4], 0):
        if len(differences.renumbered) < RENUMBERED_MAX:
            differences.renumbered[location] = (known, stat)
    elif known.missing:
        differences.back[location] = (known, stat)
    if here[6]:
        if known.state != "excluded" or known.reason != here[6]:
            differences.excluded[location] = (known, found)
    elif known.state == "excluded":
        differences.included[location] = (known, found)


def _note_absent(row: KnownRow, seen: bytes, differences: Differences) -> None:
    """Take note of a known file that isn't there; what is missing already is no news."""
    if row[9]:
        return
    location = Location(differences.folder, row[0], row[1])
    differences.absent[location] = _known(row)
    if row[0] == seen:
        differences.replaced.add(location)


def _known(row: KnownRow) -> KnownFile:
    stat = FileStat(row[2], row[3], row[4], row[5])
    return KnownFile(row[7], stat, row[8], bool(row[9]), row[6])
