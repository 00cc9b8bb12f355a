"""One walk over a folder: what lies there now, in order, and what could not be seen.

Every trigger runs this same walk; the watcher only says when and where. Nothing is taken for gone
because it could not be looked at: a directory without permission is reported, and an I/O error
ends the walk, for then nothing of what it saw counts.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from stat import S_ISDIR, S_ISLNK
from typing import Protocol

from traumbox.domain import Cut, FileStat, SeenRow
from traumbox.library.folders import WatchedFolder, is_within
from traumbox.library.guard import why_offline
from traumbox.library.ignore import is_ignored_folder
from traumbox.library.links import CIRCLE, OUT, Links
from traumbox.library.listing import GONE, REFUSED, Lister, Listing, Naming
from traumbox.library.mounts import Mount
from traumbox.library.rules import RULES_NAME, RuleCache, Rules
from traumbox.library.sniff import Sniffer

_FLEETING_KINDS = frozenset(
    ("vfat", "msdos", "exfat", "fuse.sshfs", "fuse.rclone", "fuse.curlftpfs", "fuse.gvfsd-fuse")
)


class SheetReader(Protocol):
    """Knows the CUE sheets that divide a file into tracks."""

    def is_sheet(self, name: bytes) -> bool:
        """Tell by its suffix whether a file is a sheet."""
        ...

    def cuts(
        self, directory: bytes, names: Mapping[bytes, FileStat], sheets: Mapping[bytes, FileStat]
    ) -> Mapping[bytes, tuple[Cut, ...]]:
        """Return the tracks of each sound file in ``directory`` (absolute) that a sheet divides.

        ``names`` are its sound files, ``sheets`` its sheets.

        Raises
        ------
        OSError
            When a sheet can't be read though it is there and may be read.
        """
        ...


def fleeting_devices(mounts: Iterable[Mount]) -> frozenset[int]:
    """Return the devices whose file systems give a file a new inode number every now and then.

    FAT makes them up whenever a file comes into the kernel's cache; to believe them would be to
    hear such a disk again and again.
    """
    devices = set()
    for mount in mounts:
        major, _, minor = mount.device.partition(":")
        if mount.kind in _FLEETING_KINDS and major.isdigit() and minor.isdigit():
            devices.add(os.makedev(int(major), int(minor)))
    return frozenset(devices)


@dataclass(frozen=True, slots=True)
class _Under:
    """What holds in a directory.

    ``shut`` says why everything below it is excluded, ``chain`` through which (real) directories
    links led to it.
    """

    rules: Rules
    shut: str = ""
    chain: tuple[bytes, ...] = ()


_Item = SeenRow | tuple[bytes, _Under]  # a directory's path ends with a slash


class Walk:
    """Walks a folder, or one directory of it, once.

    Iterating yields a ``SeenRow`` for each file (for each part of a file that a CUE sheet divides),
    strictly ascending by path and part. What it could not see is complete after that:
    ``unlisted`` are the directories and files that can't be listed for lack of permission, and the
    ``protected`` ones it met; ``offline`` is "" or why nothing that was seen counts; ``vanished``
    went between being listed and being looked at. ``links_out`` counts links to directories
    elsewhere, ``entries`` what lies in the root itself, music or not.

    Parameters
    ----------
    folder
        What to walk.
    is_candidate
        Tells by a name's suffix whether a file may hold sound; asked once a suffix.
    subtree
        The relative path of the directory to walk; empty: the root.
    sheets
        Reads CUE sheets; None: files stay whole.
    protected
        Relative paths of directories that are not to be entered.
    rules, sniffer
        What earlier walks have read already.
    fleeting
        Device numbers of file systems whose inode numbers don't last; they count as 0.
    shallow
        Leave out the directories within.
    """

    def __init__(
        self,
        folder: WatchedFolder,
        is_candidate: Callable[[bytes], bool],
        *,
        subtree: bytes = b"",
        sheets: SheetReader | None = None,
        protected: Collection[bytes] = (),
        rules: RuleCache | None = None,
        sniffer: Sniffer | None = None,
        fleeting: Collection[int] = (),
        shallow: bool = False,
    ) -> None:
        self.folder = folder
        self.unlisted: list[bytes] = []
        self.vanished: list[bytes] = []
        self.offline = ""
        self.entries = 0
        self.directories = 0
        self.links_out = 0
        start = subtree.strip(b"/")
        self._start = start + b"/" if start else b""
        self._sheets = sheets
        self._protected = frozenset(protected)
        self._closed = self._protected | folder.inner
        self._cache = RuleCache() if rules is None else rules
        self._shallow = shallow
        self._prefix = os.fsencode(folder.root).rstrip(b"/") + b"/"
        self._lister = Lister(
            self._prefix,
            is_candidate,
            _no_sheet if sheets is None else sheets.is_sheet,
            Sniffer() if sniffer is None else sniffer,
            fleeting,
        )
        self._links: Links | None = None
        self._is_blind = False

    def __iter__(self) -> Iterator[SeenRow]:
        """Walk; each directory is read when its turn comes."""
        try:
            under = self._descend()
            if under is None:
                return
            # One stack for everything: what lies in a directory is put on it in descending order,
            # so that what is taken off ascends; a directory counts as its path with a slash.
            todo: list[_Item] = [(self._start, under)]
            while todo:
                item = todo.pop()
                if len(item) == 2:
                    todo += self._list(*item)
                else:
                    yield item
        except OSError as error:
            self.offline = why_offline(error)

    def read(self, directory: bytes) -> Listing:
        """Read one directory, given with a slash at its end; OSError when that fails."""
        return self._lister.read(directory)

    def covers(self, path: bytes) -> bool:
        """Tell, after the walk, whether it would have seen a file at ``path`` if it were there."""
        if self.offline or self._is_blind or not path.startswith(self._start):
            return False
        if self._shallow and b"/" in path[len(self._start) :]:
            return False
        return not any(is_within(path, place) for place in (*self.unlisted, *self.vanished))

    def _descend(self) -> _Under | None:
        """Return what holds where the walk starts; None when there is nothing to walk."""
        own = self.folder
        under = _Under(self._cache.of_folder(own.name, own.include, own.exclude))
        self.entries = len(os.listdir(self._prefix))  # noqa: PTH208 - bytes names stay bytes
        if b"" in own.inner:
            self.offline = "it is the same place as another watched folder"
            return None
        at = b""
        for name in self._start.split(b"/")[:-1]:
            path = at + name
            try:
                under = self._with_rules(at, under)
                found = os.lstat(self._prefix + path)
            except OSError as error:
                self._note(error, path)
                return None
            # What lies behind a link can only be judged by a walk that came through it.
            self._is_blind = path in self._closed or S_ISLNK(found.st_mode)
            if self._is_blind or is_ignored_folder(name) or not S_ISDIR(found.st_mode):
                return None
            at = path + b"/"
            under = _entering(at, under)
        return under

    def _with_rules(self, directory: bytes, under: _Under) -> _Under:
        """Add the rules that lie in a directory itself."""
        if under.shut:
            return under
        patterns = self._cache.read(self._prefix + directory + RULES_NAME)
        if patterns is None:
            return under
        return replace(under, rules=under.rules.within(directory, patterns))

    def _list(self, directory: bytes, under: _Under) -> list[_Item]:
        """Return what lies in a directory, descending; take note of it when it can't be listed."""
        self.directories += 1
        try:
            listing = self.read(directory)
            if listing.has_rules:
                under = self._with_rules(directory, under)
        except OSError as error:
            if not directory:
                raise
            self._note(error, directory[:-1])
            return []
        items: list[_Item] = []
        if listing.vanished or listing.refused:
            self._note_missed(directory, listing)
        if listing.folders and not self._shallow:
            items += self._folders(directory, listing.folders, under)
        for name in listing.links:
            self._link(directory, name, under, listing, items)
        rows = listing.rows
        if listing.unfinished:
            unfinished = {directory + name for name in listing.unfinished}
            rows = [row for row in rows if row[0] not in unfinished]
        if listing.sheets and rows and self._sheets is not None:
            rows = self._divided(directory, rows, listing.sheets, under, self._sheets)
        if under.shut or under.rules:
            rows = _judged(rows, under)
        items += rows
        items.sort(reverse=True)
        return items

    def _note(self, error: OSError, path: bytes) -> None:
        """Take note of a directory that can't be listed, if the others can be judged all the same.

        Below the root only: a root that is gone or shut leaves nothing to judge.
        """
        if error.errno in GONE:
            os.stat(self._prefix)  # noqa: PTH116 - bytes names stay bytes
            if path + b"/" != self._start and not self._start.startswith(path + b"/"):
                self.vanished.append(path)
        elif error.errno in REFUSED:
            self.unlisted.append(path)
        else:
            raise error

    def _note_missed(self, directory: bytes, listing: Listing) -> None:
        self.vanished += listing.vanished
        if len(listing.refused) > 1 and directory and not listing.rows:
            # A directory that may be read but not entered: its names can be had, and no stat.
            self.unlisted.append(directory[:-1])
        else:
            self.unlisted += listing.refused

    def _folders(self, directory: bytes, names: Iterable[bytes], under: _Under) -> Iterator[_Item]:
        for name in names:
            path = directory + name
            if path not in self._closed:
                yield path + b"/", _entering(path + b"/", under)
            elif path in self._protected:
                self.unlisted.append(path)

    def _link(
        self, directory: bytes, name: bytes, under: _Under, listing: Listing, items: list[_Item]
    ) -> None:
        naming = self._lister.naming(name)
        if naming is Naming.NEVER:
            return
        if self._links is None:
            self._links = Links(self.folder, self._is_listed)
        path = directory + name
        try:
            target = self._links.follow(self._prefix + path, under.chain)
            own = os.lstat(self._prefix + path)
        except OSError as error:
            self._note(error, path)
            return
        if target.kind == "directory" and not self._shallow and path not in self._closed:
            chain = (*under.chain, target.path)
            items.append((path + b"/", replace(_entering(path + b"/", under), chain=chain)))
        elif target.kind == "file" and target.stat is not None:
            self._link_to_file(path, target.path, target.stat, listing)
        elif target.kind == "out" and target.stat is not None and S_ISDIR(target.stat.st_mode):
            self.links_out += 1
        elif target.kind in ("out", "circle") and naming is Naming.SOUND:
            why = OUT if target.kind == "out" else CIRCLE
            listing.rows.append(self._lister.row(path, own, why))

    def _link_to_file(
        self, path: bytes, target: bytes, found: os.stat_result, listing: Listing
    ) -> None:
        name = path.rpartition(b"/")[2]
        naming = self._lister.naming(name)
        if naming is Naming.SHEET:
            listing.sheets[name] = self._lister.stat_of(found)
        elif naming is Naming.SOUND or self._lister.is_sound(target, found):
            listing.rows.append(self._lister.row(path, found))

    def _is_listed(self, path: bytes, found: os.stat_result) -> bool:
        """Tell whether a walk lists the file at ``path``, given that it goes there."""
        naming = self._lister.naming(path.rpartition(b"/")[2])
        if naming is Naming.UNSAID:
            return self._lister.is_sound(self._prefix + path, found)
        return naming is not Naming.NEVER

    def _divided(
        self,
        directory: bytes,
        rows: Sequence[SeenRow],
        sheets: Mapping[bytes, FileStat],
        under: _Under,
        reader: SheetReader,
    ) -> list[SeenRow]:
        """Replace files by their parts where a sheet divides them; rules cover sheets too."""
        rules = under.rules
        used = {
            name: found
            for name, found in sheets.items()
            if under.shut or not rules.why_left_out(directory + name)
        }
        if not used:
            return list(rows)
        cut = len(directory)
        names = {row[0][cut:]: FileStat(row[2], row[3], row[4]) for row in rows if not row[6]}
        cuts = reader.cuts((self._prefix + directory).rstrip(b"/"), names, used)
        result: list[SeenRow] = []
        for row in rows:
            path, _, size, mtime_ns, inode, _, why = row
            parts = cuts.get(path[cut:], ())
            for number, part in enumerate(parts, 1):
                result.append((path, number, size, mtime_ns, inode, part, why))
            if not parts:
                result.append(row)
        return result


def _entering(directory: bytes, under: _Under) -> _Under:
    """Return what holds in a directory before its own rules are read."""
    if under.shut or not under.rules:
        return under
    reason = under.rules.why_left_out(directory)
    return replace(under, shut=reason) if reason else under


def _judged(rows: Iterable[SeenRow], under: _Under) -> list[SeenRow]:
    """Say of each file whether, and why, it isn't to be heard."""
    result: list[SeenRow] = []
    for row in rows:
        path, part, size, mtime_ns, inode, cut, why = row
        why = why or under.shut or under.rules.why_excluded(path)
        result.append((path, part, size, mtime_ns, inode, cut, why) if why else row)
    return result


def _no_sheet(_name: bytes) -> bool:
    return False
