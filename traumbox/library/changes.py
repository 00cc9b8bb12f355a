"""What differs, turned into what is to be written: moves first, then what is new and what is gone.

A file is known again by its inode, size and time where its name, or its content, agrees. The rows
that lost their place are matched with the files that nobody knows over all folders of a batch, so
that a track keeps its id wherever it goes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from traumbox.domain import Changes, FileStat, Found, KnownFile, Location
from traumbox.library.diff import Differences

_Identity = tuple[int, int, int, int]


class Missing(Protocol):
    """A row whose file was gone before; the ledger's ``MissingFile`` is one."""

    @property
    def track_id(self) -> str:
        """Its id."""
        ...

    @property
    def location(self) -> Location:
        """Where the file lay."""
        ...

    @property
    def stat(self) -> FileStat:
        """The version that was there."""
        ...

    @property
    def audio_id(self) -> str | None:
        """What was heard; None: nothing yet."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """The changes, and which of them take tracks away.

    ``going`` are, by track id, the files that are gone or newly excluded: what the brake counts.
    Those whose place is taken by another file or another form of the same aren't among them.
    """

    changes: Changes
    going: Mapping[str, tuple[Location, KnownFile]] = field(default_factory=dict)

    def without(self, held: Collection[str]) -> Changes:
        """Return the changes without those that take the tracks ``held`` away."""
        if not held:
            return self.changes
        all_ = self.changes
        shut = all_.excluded.keys() & held
        return replace(
            all_,
            gone=all_.gone.difference(held),
            excluded={id_: why for id_, why in all_.excluded.items() if id_ not in shut},
            changed={id_: stat for id_, stat in all_.changed.items() if id_ not in shut},
        )


@dataclass(frozen=True, slots=True)
class _Source:
    """A row that lost its place, and may have got another one."""

    track_id: str
    location: Location
    stat: FileStat
    is_heard: bool


def changes_of(
    differences: Sequence[Differences],
    *,
    is_settled: Callable[[Location], bool],
    missing: Iterable[Missing] = (),
    same_content: Callable[[str, Location], bool],
    is_covered: Callable[[Location], bool],
) -> Outcome:
    """Return what is to be written after the looks of one batch.

    Parameters
    ----------
    differences
        Of every folder or directory looked at; no two of the same range.
    is_settled
        Tells whether a fresh file has stopped changing.
    missing
        The rows gone before that have the stat of a fresh file.
    same_content
        Tells whether the file at a location has the content that was heard of a track id; asked
        only where the stat agrees and the name doesn't. False where that can't be known.
    is_covered
        Tells whether a file at a location would have been seen: only then absence means *gone*.
    """
    return _Batch(differences, is_settled, same_content, is_covered).outcome(missing)


class _Batch:
    def __init__(
        self,
        differences: Sequence[Differences],
        is_settled: Callable[[Location], bool],
        same_content: Callable[[str, Location], bool],
        is_covered: Callable[[Location], bool],
    ) -> None:
        self._differences = differences
        self._is_settled = is_settled
        self._same_content = same_content
        self._fresh = {at: found for each in differences for at, found in each.fresh.items()}
        self._absent = {
            at: known for each in differences for at, known in each.absent.items() if is_covered(at)
        }
        # Who has a claim to the place of a fresh file.
        self._owner = {at: known for each in differences for at, known in each.changed.items()}
        self._moved: dict[str, tuple[Location, FileStat]] = {}
        self._gone: set[str] = set()
        self._going: dict[str, tuple[Location, KnownFile]] = {}
        self._changed: dict[str, FileStat] = {}
        self._new: dict[Location, FileStat] = {}
        self._shut: dict[Location, tuple[FileStat, str]] = {}
        self._excluded: dict[str, str] = {}
        self._included: dict[str, FileStat] = {}

    def outcome(self, missing: Iterable[Missing]) -> Outcome:
        """Work everything out; once."""
        self._renumber()
        taken = self._match(self._sources(missing))
        self._make_room(taken)
        self._take_in(taken)
        self._let_go()
        self._judge()
        return Outcome(
            Changes(
                new=self._new,
                shut=self._shut,
                changed=self._changed,
                moved=self._moved,
                gone=frozenset(self._gone),
                excluded=self._excluded,
                included=self._included,
            ),
            self._going,
        )

    def _renumber(self) -> None:
        """Take files that are back, and those that differ by their inode alone, for what they were.

        Copying a disk changes all inodes. But a file may also have been replaced by one of the same
        size and time.
        """
        for each in self._differences:
            for at, (known, stat) in each.back.items():
                self._moved[known.track_id] = (at, stat)
            for at, (known, stat) in each.renumbered.items():
                if known.state == "pending" or self._same_content(known.track_id, at):
                    self._moved[known.track_id] = (at, stat)
                else:
                    self._changed[known.track_id] = stat

    def _sources(self, missing: Iterable[Missing]) -> list[_Source]:
        """Return the rows that may have moved: gone now first, then those gone before."""
        sources: dict[str, _Source] = {}
        for at, known in (*self._absent.items(), *self._owner.items()):
            is_heard = known.state != "pending"
            sources[known.track_id] = _Source(known.track_id, at, known.stat, is_heard)
        for row in missing:
            if row.track_id not in sources:
                is_heard = bool(row.audio_id)
                sources[row.track_id] = _Source(row.track_id, row.location, row.stat, is_heard)
        there = self._moved.keys() | self._changed.keys()
        return [source for id_, source in sources.items() if id_ not in there]

    def _match(self, sources: Iterable[_Source]) -> dict[Location, _Source]:
        """Return which row each fresh file continues, if it is one that moved."""
        by_identity: defaultdict[_Identity, list[_Source]] = defaultdict(list)
        for source in sources:
            by_identity[_identity(source.location, source.stat)].append(source)
        taken: dict[Location, _Source] = {}
        # Files that keep their name choose first: what is left may be hard links of each other.
        for fits in (_has_same_name, self._has_same_content):
            for at, found in self._fresh.items():
                candidates = by_identity.get(_identity(at, found.stat))
                if not candidates or at in taken:
                    continue
                for source in candidates:
                    if source.stat.cut == found.stat.cut and fits(source, at):
                        taken[at] = source
                        candidates.remove(source)
                        break
        return taken

    def _has_same_content(self, source: _Source, at: Location) -> bool:
        if not source.is_heard:
            # Nothing was heard yet that could be taken for another file's.
            return source.stat.inode != 0
        return self._same_content(source.track_id, at)

    def _make_room(self, taken: Mapping[Location, _Source]) -> None:
        """Move rows, and find a place for those whose place another row takes.

        Whose file was overwritten gets the place that the overwriting one came from, or that of
        whoever moved there, and so on: there it waits, as missing, for the return of its file.
        """
        movers = {source.track_id for source in taken.values()}
        for at, source in taken.items():
            self._moved[source.track_id] = (at, self._fresh[at].stat)
            owner = self._owner.get(at)
            if owner is None or owner.track_id in movers:
                continue
            place = source.location
            while place in taken:
                place = taken[place].location
            del self._owner[at]
            self._moved[owner.track_id] = (place, owner.stat)
            if place in self._fresh:
                self._owner[place] = owner
            else:
                self._gone.add(owner.track_id)

    def _take_in(self, taken: Mapping[Location, _Source]) -> None:
        """Write what is fresh: moved rows at once, the rest when it has settled."""
        movers = {source.track_id for source in taken.values()}
        known = {known.track_id: known for known in self._known()}
        for at, found in self._fresh.items():
            source = taken.get(at)
            if source is not None:
                self._judge_moved(source.track_id, known.get(source.track_id), found)
                continue
            if not self._is_settled(at):
                continue
            owner = self._owner.get(at)
            if owner is not None and owner.track_id not in movers:
                self._changed[owner.track_id] = found.stat
                if found.excluded:
                    self._exclude(owner, found)
            elif found.excluded:
                self._shut[at] = (found.stat, found.excluded)
            else:
                self._new[at] = found.stat

    def _known(self) -> Iterator[KnownFile]:
        yield from self._absent.values()
        for each in self._differences:
            yield from each.changed.values()

    def _judge_moved(self, track_id: str, known: KnownFile | None, found: Found) -> None:
        if found.excluded:
            if known is None:
                self._excluded[track_id] = found.excluded
            else:
                self._exclude(known, found)
        elif known is not None and known.state == "excluded":
            self._included[track_id] = found.stat

    def _exclude(self, known: KnownFile, found: Found) -> None:
        self._excluded[known.track_id] = found.excluded
        if known.state != "excluded" and not known.missing:
            self._going[known.track_id] = (found.location, known)

    def _let_go(self) -> None:
        """Mark as gone what is absent, unless its place waits for another form of the file."""
        forms: defaultdict[tuple[str, bytes], list[Location]] = defaultdict(list)
        replaced = {at for each in self._differences for at in each.replaced}
        if replaced:
            for at in self._fresh:
                forms[at.folder, at.path].append(at)
        for at, known in self._absent.items():
            if known.track_id in self._moved:
                continue
            if at in replaced:
                others = forms[at.folder, at.path]
                if not all(self._is_settled(other) for other in others):
                    continue
            else:
                self._going[known.track_id] = (at, known)
            self._gone.add(known.track_id)

    def _judge(self) -> None:
        """Write where only the verdict of the rules is another."""
        for each in self._differences:
            for known, found in each.excluded.values():
                self._exclude(known, found)
            for known, found in each.included.values():
                self._included[known.track_id] = found.stat


def _identity(at: Location, stat: FileStat) -> _Identity:
    return (stat.inode, stat.size, stat.mtime_ns, at.part)


def _has_same_name(source: _Source, at: Location) -> bool:
    if source.stat.inode == 0 and source.is_heard:
        return False
    return source.location.path.rpartition(b"/")[2] == at.path.rpartition(b"/")[2]
