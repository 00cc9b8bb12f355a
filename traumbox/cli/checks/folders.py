"""The music folders, and whether the kernel can watch them all."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from traumbox.audio.formats import is_candidate
from traumbox.cli.checks.check import Check, fail, ok, warn
from traumbox.cli.checks.storage import Mount, mount_of
from traumbox.cli.terminal import plural
from traumbox.config import Folder, Settings

COUNT_LIMIT = 100_000
"""Entries looked at per folder; more would keep a person waiting on a slow disk."""
_INOTIFY = Path("/proc/sys/fs/inotify")


def checks(settings: Settings, among: Sequence[Mount]) -> list[Check]:
    """Look at every folder and at the kernel's limits for watching them."""
    if not settings.folders:
        return [
            warn(
                "folders",
                "No folder is watched yet.",
                f"Add one under 'folders:' in {settings.config_file or 'the configuration'}, or "
                "run 'traumbox demo'.",
            )
        ]
    scan_every_s = settings.schedule.scan_every_s
    found = [
        check_folder(folder, scan_every_s, mount_of(folder.path, among))
        for folder in settings.folders
    ]
    directories = sum(count_directories(folder.path) for folder in settings.folders)
    try:
        watches = int((_INOTIFY / "max_user_watches").read_text())
        instances = int((_INOTIFY / "max_user_instances").read_text())
    except (OSError, ValueError):
        found.append(warn("inotify", "Its limits can't be read.", "Changes are found by scans."))
        return found
    found.append(check_inotify(directories, len(settings.folders), watches, instances))
    return found


def check_folder(folder: Folder, scan_every_s: float, mount: Mount | None = None) -> Check:
    """Whether the folder is there, readable and holds music."""
    name, path = f"folder {folder.name}", folder.path
    if not path.exists():
        return warn(
            name,
            f"{path} is not there.",
            "If it lies on a disk or share, mount it; until then it counts as offline and nothing "
            "is forgotten. Otherwise mend 'path:'.",
        )
    if not path.is_dir():
        return fail(name, f"{path} is a file.", "Name the folder that holds it.")
    if not os.access(path, os.R_OK | os.X_OK):
        return fail(
            name,
            f"{path} can't be read by this user.",
            f"Give the user that runs traumbox the right to read: sudo chmod -R o+rX {path}",
        )
    if not any(is_candidate(os.fsencode(entry.name)) for entry in _entries(path)):
        return warn(
            name,
            f"{path}: no audio file found in it.",
            "If it lies on a disk or share that isn't mounted just now, mount it.",
        )
    if mount is not None and mount.is_network:
        return ok(
            name,
            f"{path} on a network share ({mount.kind}): changes made on other machines are found "
            f"by the scans every {scan_every_s / 60:.0f} minutes.",
        )
    return ok(name, f"{path}.")


def check_inotify(directories: int, folders: int, watches: int, instances: int) -> Check:
    """Whether the kernel allows a watch on each directory."""
    count = plural(directories, "directory", "directories")
    # Other programs of the same user share the allowance.
    if directories > watches * 0.8 or folders > instances * 0.8:
        wanted = 2 ** max(17, (2 * directories).bit_length())
        return warn(
            "inotify",
            f"{count} to watch, {watches:,} watches allowed; the rest is found by scans only.",
            f"echo 'fs.inotify.max_user_watches={wanted}' | sudo tee "
            "/etc/sysctl.d/60-traumbox.conf && sudo sysctl --system",
        )
    return ok("inotify", f"{count} to watch, {watches:,} watches allowed.")


def count_directories(path: Path) -> int:
    """Return how many directories lie in ``path``, itself included, as far as is looked."""
    return 1 + sum(entry.is_dir(follow_symlinks=False) for entry in _entries(path))


def _entries(path: Path) -> Iterator[os.DirEntry[str]]:
    """Yield up to COUNT_LIMIT entries below ``path``, nearest first, without the unreadable."""
    waiting, seen = [str(path)], 0
    while waiting and seen < COUNT_LIMIT:
        try:
            with os.scandir(waiting.pop(0)) as entries:
                for entry in entries:
                    seen += 1
                    yield entry
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    if seen >= COUNT_LIMIT:
                        return
        except OSError:
            continue
