"""Whether what lies at a folder's root is still the folder: offline is not deleted.

Nothing is ever written into a music folder, so there is no marker to look for. A root is known by
its file system and, where that is another one than before, by the files we know.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from traumbox.domain import FileStat, Location
from traumbox.library.folders import WatchedFolder
from traumbox.library.ignore import is_ignored_file, is_ignored_folder
from traumbox.library.mounts import Mount, display, mounts_below, read_mounts, top_mount
from traumbox.library.patience import LIMIT_S, Patience

SAMPLE = 16
"""Known files looked for where the file system alone doesn't tell."""
ENOUGH = 0.25
"""The share of them that must lie there; people tidy up, but not all on the day of the move."""

Sample = Iterable[tuple[Location, FileStat]]


@dataclass(frozen=True, slots=True)
class RootIdentity:
    """By what a root is known again after a restart; device numbers aren't, they change.

    ``source`` names device or share and, in brackets, the directory in it. ``mounts`` are the file
    systems mounted within the root: (path relative to it, kind, source).
    """

    kind: str
    source: str
    fs_id: int
    mounts: tuple[tuple[bytes, str, str], ...] = ()

    def to_json(self) -> str:
        """Return it as a JSON object; bytes that aren't UTF-8 survive."""
        mounts = [[os.fsdecode(path), kind, source] for path, kind, source in self.mounts]
        return json.dumps(
            {"kind": self.kind, "source": self.source, "fs_id": self.fs_id, "mounts": mounts}
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what ``to_json`` wrote; ValueError, KeyError or TypeError for anything else."""
        found = json.loads(text)
        mounts = tuple(
            (os.fsencode(path), str(kind), str(source)) for path, kind, source in found["mounts"]
        )
        return cls(str(found["kind"]), str(found["source"]), int(found["fs_id"]), mounts)

    def is_same_disk(self, other: RootIdentity) -> bool:
        """Tell whether both are one directory of one disk; its device's letter may have changed."""
        device, _, directory = self.source.partition("[")
        other_device, _, other_directory = other.source.partition("[")
        if (self.kind, directory) != (other.kind, other_directory):
            return False
        if self.fs_id and other.fs_id:
            return self.fs_id == other.fs_id
        return device == other_device

    def __str__(self) -> str:
        """Return kind and source, as people know them from ``df -T``."""
        return f"{self.kind} {self.source}".rstrip()


@dataclass(frozen=True, slots=True)
class Look:
    """What lies at a root now. ``device`` and ``inode`` are good for comparing within one scan.

    ``empty``: nothing is in it, or only what the default rules hide (lost+found, .Trash-1000).
    """

    device: int
    inode: int
    identity: RootIdentity
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a folder may be judged by what a scan finds now.

    ``offline`` says why not. ``protected`` are directories whose files can't be judged. ``note``
    is for the owner. ``confirmable``: it may be meant so, and the owner can say so; then the
    identity of the look is to be taken as the folder's.
    """

    offline: str = ""
    protected: tuple[bytes, ...] = ()
    note: str = ""
    confirmable: bool = False


def same_root(one: Look, other: Look) -> bool:
    """Tell whether the same directory of the same mounted file system lay there both times."""
    return (
        (one.device, one.inode) == (other.device, other.inode)
        and one.identity.is_same_disk(other.identity)
        and one.identity.mounts == other.identity.mounts
    )


def look_at(folder: WatchedFolder, mounts: Sequence[Mount] | None = None) -> Look:
    """Look at the root of ``folder``; may hang on a dead share, see ``Guard``.

    ``mounts`` are read when None, after the root was listed: listing is what makes an automounter
    mount it.

    Raises
    ------
    OSError
        When it isn't there, isn't a directory, can't be listed, or reading it fails.
    """
    try:
        root = folder.root.resolve(strict=True)
    except RuntimeError as error:  # a circle of links, before Python 3.13
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(folder.root)) from error
    empty = _is_empty(os.fsencode(root))
    among = read_mounts() if mounts is None else mounts
    asleep = [path for path, m in mounts_below(root, among).items() if m.kind == "autofs"]
    if asleep:
        for path in asleep:
            _knock(root / os.fsdecode(path))
        among = read_mounts()
    stat = root.stat()
    holding = top_mount(root, among)
    below = mounts_below(root, among)
    identity = RootIdentity(
        holding.kind if holding else "",
        holding.source_of(root) if holding else "",
        os.statvfs(root).f_fsid,
        tuple(
            (path, mount.kind, mount.source_of(mount.point))
            for path, mount in sorted(below.items())
            if mount.kind != "autofs"
        ),
    )
    return Look(stat.st_dev, stat.st_ino, identity, empty)


def why_offline(error: OSError) -> str:
    """Return in words why a folder can't be looked at."""
    if isinstance(error, FileNotFoundError):
        return "it doesn't exist; is its disk mounted?"
    if isinstance(error, NotADirectoryError):
        return "it is a file, not a folder"
    if isinstance(error, PermissionError):
        return "traumbox has no permission to read it"
    if isinstance(error, TimeoutError):
        return "it doesn't answer; is its server or disk asleep or off?"
    if error.errno in (errno.ENOTCONN, errno.ESTALE, errno.EHOSTDOWN, errno.EHOSTUNREACH):
        return f"the connection to it is lost ({error.strerror}); mount it anew"
    return f"reading it failed ({error.strerror or error})"


def judge(
    folder: WatchedFolder,
    look: Look,
    before: RootIdentity | None,
    sample: Sequence[tuple[Location, FileStat]],
    *,
    below: Callable[[bytes], Sample] | None = None,
    held: int = 0,
) -> Verdict:
    """Judge whether ``look`` shows the folder that was known as ``before``.

    Parameters
    ----------
    folder
        Whose root was looked at.
    look
        What lies there now.
    before
        What lay there after the last clean scan; None: not known.
    sample
        Known files that weren't missing, spread over the folder; empty when nothing is known.
    below
        The same for one directory of it, for judging a mount within the root; by default those of
        ``sample`` that lie there.
    held
        How many tracks are known, for the words.

    Raises
    ------
    OSError
        When reading fails half-way: then the folder is offline.
    """
    known = list(sample)
    if not known:
        return Verdict()
    if look.empty:
        tracks = f"{held:,} tracks" if held > 1 else "tracks"
        return Verdict(
            f"it is empty, but held {tracks}; is its disk mounted?",
            note="If it was emptied on purpose, confirm that.",
            confirmable=True,
        )
    if before is not None and before.is_same_disk(look.identity):
        return _judge_mounts(folder, look.identity, before, known, below)
    if not _are_there(folder, known):
        place = f"{look.identity} instead of {before}" if before else str(look.identity)
        why = (
            f"another disk is mounted there ({place})"
            if before is not None
            else f"hardly anything that is known of it lies there ({place})"
        )
        return Verdict(
            f"{why}; its tracks are kept",
            note="If this is meant, confirm it.",
            confirmable=True,
        )
    # The same music on another disk, or on one whose id isn't lasting.
    return _judge_mounts(folder, look.identity, before, known, below) if before else Verdict()


class Guard:
    """Looks and judges with a time limit: a share whose server is down hangs whoever asks it.

    Safe in any thread.
    """

    def __init__(
        self,
        limit_s: float = LIMIT_S,
        mounts: Callable[[], Sequence[Mount]] = read_mounts,
    ) -> None:
        self._mounts = mounts
        self._patience = Patience(limit_s)

    def look(self, folder: WatchedFolder) -> Look:
        """Look at the root of ``folder``; OSError, TimeoutError among them."""

        def work() -> Look:
            # An automounter mounts the share only when the root is listed.
            _knock(folder.root)
            return look_at(folder, self._mounts())

        return self._patience.ask(folder.root, work)

    def judge(
        self,
        folder: WatchedFolder,
        look: Look,
        before: RootIdentity | None,
        sample: Sequence[tuple[Location, FileStat]],
        *,
        below: Callable[[bytes], Sample] | None = None,
        held: int = 0,
    ) -> Verdict:
        """Judge like ``judge``; a reading error is a verdict too. ``below`` is called elsewhere."""

        def work() -> Verdict:
            return judge(folder, look, before, sample, below=below, held=held)

        try:
            return self._patience.ask(folder.root, work)
        except OSError as error:
            return Verdict(why_offline(error))

    def why_away(self, folder: WatchedFolder) -> str:
        """Return why the root can't be reached just now, or ""; for after an error within it."""
        try:
            self.look(folder)
        except OSError as error:
            return why_offline(error)
        return ""


def _judge_mounts(
    folder: WatchedFolder,
    now: RootIdentity,
    before: RootIdentity,
    sample: Sequence[tuple[Location, FileStat]],
    below: Callable[[bytes], Sample] | None,
) -> Verdict:
    """Protect directories where another file system lies than before, or none any more.

    Unless the files that are known there are there: they were copied from the one to the other.
    """
    was = {path: (kind, source) for path, kind, source in before.mounts}
    there = {path: (kind, source) for path, kind, source in now.mounts}
    gone: list[bytes] = []
    other: list[bytes] = []
    for path in sorted(was.keys() | there.keys()):
        if was.get(path) == there.get(path):
            continue
        known = list(below(path)) if below else _within(path, sample)
        if known and not _are_there(folder, known[:SAMPLE]):
            (other if path in there else gone).append(path)
    notes = []
    if gone:
        notes.append(f"the disk at {display(gone)} isn't mounted; its tracks are kept")
    if other:
        notes.append(f"another disk is mounted at {display(other)}; the tracks there are kept")
    return Verdict(
        protected=(*gone, *other), note="; ".join(notes), confirmable=bool(gone or other)
    )


def _within(directory: bytes, sample: Sample) -> list[tuple[Location, FileStat]]:
    return [known for known in sample if known[0].path.startswith(directory + b"/")]


def _are_there(folder: WatchedFolder, sample: Sequence[tuple[Location, FileStat]]) -> bool:
    """Tell whether enough of ``sample`` lies in ``folder``, by name and size."""
    there = told = 0
    for path, size in {location.path: stat.size for location, stat in sample}.items():
        try:
            found = (folder.root / os.fsdecode(path)).stat().st_size
        except (FileNotFoundError, NotADirectoryError):
            found = -1
        except PermissionError:
            continue
        told += 1
        there += found == size
    return there >= max(1.0, told * ENOUGH) if told else True


def _is_empty(root: bytes) -> bool:
    with os.scandir(root) as entries:
        return all(
            is_ignored_folder(entry.name)
            if entry.is_dir(follow_symlinks=False)
            else is_ignored_file(entry.name)
            for entry in entries
        )


def _knock(directory: Path) -> None:
    """List a directory, so that an automounter mounts it; whether that works shows later."""
    try:
        with os.scandir(directory) as entries:
            next(entries, None)
    except OSError:
        return
