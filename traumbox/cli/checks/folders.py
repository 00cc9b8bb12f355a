"""The music folders, and whether the kernel can watch them all."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from traumbox.audio.formats import is_candidate
from traumbox.cli.checks.check import Check, fail, ok, warn
from traumbox.cli.folder_words import WATCHED, held_sentence, sentence
from traumbox.cli.terminal import plural
from traumbox.config import Folder, Schedule, Settings
from traumbox.library.guard import why_offline
from traumbox.library.mounts import Mount, deafness_of, display
from traumbox.library.patience import Patience
from traumbox.library.watch.limits import Limits, enough_watches, read_limits

COUNT_LIMIT = 100_000
"""Entries looked at per folder; more would keep a person waiting on a slow disk."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found below a folder, as far as was looked.

    ``directories`` counts it as well; ``unreadable`` are those that can't be listed, relative to
    it. ``deafness`` says why changes there don't tell themselves, or nothing.
    """

    directories: int
    has_audio: bool
    unreadable: tuple[str, ...] = ()
    deafness: str = ""


def checks(settings: Settings, among: Sequence[Mount]) -> list[Check]:
    """Look at every folder and at the kernel's limits for watching them."""
    if not settings.folders:
        return [
            warn(
                "folders",
                "No folder is watched yet.",
                "Add one: traumbox folder add /srv/music. Or run 'traumbox demo'.",
            )
        ]
    found, directories, patience = [], 0, Patience()
    for folder in settings.folders:
        # A share whose server is down may never answer.
        seen = look(folder.path, among, patience)
        found.append(check_folder(folder, settings.schedule, seen))
        directories += seen.directories if isinstance(seen, Survey) else 0
    found += check_nesting(settings.folders)
    found.append(check_inotify(directories, len(settings.folders), read_limits()))
    return found


def check_told(folders: Sequence[dict[str, Any]]) -> list[Check]:
    """Pass on what the running service tells of its folders, from the API's document."""
    found = []
    for folder in folders:
        name, watch = folder["name"], folder.get("watch") or {}
        if watch.get("note") and watch.get("remedy"):
            message = f"{WATCHED.get(watch['mode'], 'watched')}: {watch['note']}."
            found.append(warn(f"watching {name}", message, watch["remedy"]))
        if folder.get("held") is not None:
            found.append(
                warn(
                    f"removal in {name}",
                    f"{held_sentence(folder)} Nothing has been changed yet.",
                    f"If that is right: traumbox folder confirm {shlex.quote(name)}",
                )
            )
    return found


def look(
    path: Path, among: Sequence[Mount], patience: Patience, *, until_audio: bool = False
) -> Survey | OSError:
    """Look through a folder, or return what keeps from it; at will only until music is found."""
    try:
        return patience.ask(path, lambda: survey(path, among, until_audio=until_audio))
    except OSError as error:
        return error


def survey(path: Path, among: Sequence[Mount] = (), *, until_audio: bool = False) -> Survey:
    """Look through up to COUNT_LIMIT entries below ``path``.

    Raises
    ------
    OSError
        When ``path`` itself can't be listed.
    """
    with os.scandir(path):
        pass
    unreadable: list[str] = []
    directories, has_audio = 1, False
    for entry in _entries(path, unreadable):
        if entry.is_dir(follow_symlinks=False):
            directories += 1
        elif not has_audio:
            has_audio = is_candidate(os.fsencode(entry.name))
            if has_audio and until_audio:
                break
    root, below = deafness_of(path.resolve(), among)
    if not root and below:
        reason = next(iter(below.values())).removeprefix("it lies on ")
        root = f"within it, {display(below)} lies on {reason}"
    return Survey(directories, has_audio, tuple(unreadable), root)


def check_folder(folder: Folder, schedule: Schedule, seen: Survey | OSError) -> Check:
    """Whether the folder is there, readable and holds music, and how its changes are noticed."""
    name, path = f"folder {folder.name}", folder.path
    if isinstance(seen, OSError):
        return _out_of_reach(name, path, seen)
    if seen.unreadable:
        some = f" (the first is {seen.unreadable[0]}/)"
        count = plural(len(seen.unreadable), "directory in it", "directories in it")
        return warn(
            name,
            f"{path}: {count} can't be read{some}. Music in them isn't found; what was heard of it "
            "is kept.",
            "Give the user that runs traumbox the right to read: "
            f"sudo chmod -R o+rX {shlex.quote(str(path))}",
        )
    if not seen.has_audio:
        return warn(
            name,
            f"{path}: no audio file found in it.",
            "If it lies on a disk or share that isn't mounted just now, mount it.",
        )
    if seen.deafness:
        every = f"every {schedule.poll_every_s / 60:.0f} minutes"
        return ok(name, f"{path}: {seen.deafness}; it is looked through {every}.")
    return ok(name, f"{path}.")


def check_nesting(folders: Sequence[Folder]) -> list[Check]:
    """Which folders lie within others: an inner folder has its files for itself."""
    found = []
    for inner in folders:
        around = [one for one in folders if one is not inner and _lies_in(inner.path, one.path)]
        if around:
            outer = max(around, key=lambda one: len(one.path.parts))
            message = f"It lies in “{outer.name}”; its files belong to “{inner.name}” alone."
            found.append(ok(f"folder {inner.name}", message))
    return found


def check_inotify(directories: int, folders: int, limits: Limits) -> Check:
    """Whether the kernel allows a watch on each directory."""
    if limits.watches is None or limits.instances is None:
        return warn("inotify", "Its limits can't be read.", "Changes are found by the clock.")
    count = plural(directories, "directory", "directories")
    watches, instances = limits.watches.value, limits.instances.value
    # Other programs of the same user share the allowance.
    if directories > watches * 0.8:
        return warn(
            "inotify",
            f"{count} to watch, {watches:,} watches allowed; the rest is found by the clock only.",
            limits.watches.remedy(enough_watches(directories)),
        )
    if folders > instances * 0.8:
        return warn(
            "inotify",
            f"{plural(folders, 'folder')} to watch, {instances:,} instances allowed; the rest is "
            "found by the clock only.",
            limits.instances.remedy(max(512, 2 * folders)),
        )
    return ok("inotify", f"{count} to watch, {watches:,} watches allowed.")


def _out_of_reach(name: str, path: Path, error: OSError) -> Check:
    if isinstance(error, NotADirectoryError):
        return fail(name, f"{path} is a file.", "Name the folder that holds it.")
    if isinstance(error, PermissionError):
        return fail(
            name,
            f"{path} can't be read by this user.",
            "Give the user that runs traumbox the right to read: "
            f"sudo chmod -R o+rX {shlex.quote(str(path))}",
        )
    return warn(
        name,
        sentence(f"{path}: {why_offline(error)}"),
        "If it lies on a disk or share, mount it; until then it counts as offline and nothing is "
        "forgotten. Otherwise mend 'path:'.",
    )


def _lies_in(path: Path, other: Path) -> bool:
    # As texts: to resolve links could mean to wait for a share that doesn't answer.
    return path != other and path.is_relative_to(other)


def _entries(path: Path, unreadable: list[str]) -> Iterator[os.DirEntry[str]]:
    """Yield up to COUNT_LIMIT entries below ``path``, nearest first; note what can't be listed."""
    waiting, seen = [str(path)], 0
    while waiting and seen < COUNT_LIMIT:
        directory = waiting.pop(0)
        try:
            with os.scandir(directory) as entries:
                for entry in entries:
                    seen += 1
                    yield entry
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    if seen >= COUNT_LIMIT:
                        return
        except PermissionError:
            unreadable.append(os.path.relpath(directory, path))
        except OSError:
            continue
