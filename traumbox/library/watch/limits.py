"""What the kernel allows for watching, how much of it is used, and how to have more."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from traumbox.domain import WatchHealth

_FD = Path("/proc/self/fd")
_FDINFO = Path("/proc/self/fdinfo")

_BREATH_FILES = 2_000
_BREATH_S = 0.002


@dataclass(frozen=True, slots=True)
class Limit:
    """One of the kernel's settings: the sysctl's name and its value."""

    key: str
    value: int

    def remedy(self, wanted: int) -> str:
        """Return the line that sets it to ``wanted`` for good."""
        # A file of its own for each, so that one remedy doesn't undo the other.
        file = f"/etc/sysctl.d/60-traumbox-{self.key.rsplit('.', 1)[-1].replace('_', '-')}.conf"
        return f"echo '{self.key}={wanted}' | sudo tee {file} && sudo sysctl --system"


@dataclass(frozen=True, slots=True)
class Limits:
    """The three that matter; None where they can't be read."""

    watches: Limit | None
    instances: Limit | None
    queue: Limit | None


def read_limits() -> Limits:
    """Return what holds for this process; of two limits on one thing the smaller."""
    return Limits(
        _read("fs.inotify.max_user_watches", "user.max_inotify_watches"),
        _read("fs.inotify.max_user_instances", "user.max_inotify_instances"),
        _read("fs.inotify.max_queued_events"),
    )


def enough_watches(directories: int) -> int:
    """Return a limit that leaves other programs of the user their share: a power of two."""
    return int(2 ** max(17, (2 * directories).bit_length()))


def inotify_descriptors() -> frozenset[int]:
    """Return the file descriptors of this process's inotify instances."""
    found = set()
    for entry in os.listdir(_FD):  # noqa: PTH208 - numbers, not paths
        try:
            if "inotify" in os.readlink(_FD / entry):  # noqa: PTH115 - its text, not a path
                found.add(int(entry))
        except OSError:  # the descriptor of this very listing
            continue
    return frozenset(found)


def count_watches(descriptor: int) -> int:
    """Return how many directories an inotify instance watches; OSError when it is closed."""
    return (_FDINFO / str(descriptor)).read_bytes().count(b"inotify wd:")


def count_directories(root: bytes) -> int:
    """Return how many directories lie in ``root``, itself included, as inotify counts them.

    Hidden ones too; those that can't be listed can't be watched either and don't count, and one
    that is mounted in two places counts once. Links aren't followed.
    """
    seen: dict[int, set[int]] = {}
    todo, looked_at = [root], 0
    while todo:
        directory = todo.pop()
        try:
            stat = os.stat(directory)  # noqa: PTH116 - bytes names stay bytes
            with os.scandir(directory) as entries:
                for entry in entries:
                    looked_at += 1
                    if entry.is_dir(follow_symlinks=False):
                        todo.append(entry.path)
        except OSError:
            continue
        seen.setdefault(stat.st_dev, set()).add(stat.st_ino)
        if looked_at > _BREATH_FILES:  # a large folder must not hold up a search
            time.sleep(_BREATH_S)
            looked_at = 0
    return sum(map(len, seen.values()))


def short_of_watches(watches: int, directories: int, limits: Limits) -> WatchHealth:
    """Return the health of a folder of which only some directories are watched."""
    reason = f"only {watches:,} of {directories:,} directories are watched"
    if limits.watches is None:
        return WatchHealth("partial", reason)
    return WatchHealth(
        "partial",
        f"{reason}; the kernel allows this user {limits.watches.value:,} in all",
        limits.watches.remedy(max(enough_watches(directories), 2 * limits.watches.value)),
    )


def no_watches(limits: Limits) -> WatchHealth:
    """Return the health of a folder that couldn't be watched at all: every watch is taken."""
    if limits.watches is None:
        return WatchHealth("polled", "no directory more can be watched")
    return WatchHealth(
        "polled",
        f"the kernel allows this user {limits.watches.value:,} watched directories, and all are "
        "taken",
        limits.watches.remedy(max(enough_watches(0), 2 * limits.watches.value)),
    )


def no_instances(limits: Limits) -> WatchHealth:
    """Return the health of a folder for which there was no inotify instance left."""
    if limits.instances is None:
        return WatchHealth("polled", "no folder more can be watched")
    return WatchHealth(
        "polled",
        f"the kernel allows this user {limits.instances.value:,} inotify instances, and all are "
        "taken",
        limits.instances.remedy(max(512, 2 * limits.instances.value)),
    )


def queue_too_short(limits: Limits, restarts: int) -> WatchHealth:
    """Return the health of a folder whose changes come faster than they can be noted."""
    reason = f"so many changes came at once that some were lost, {restarts} times within an hour"
    if limits.queue is None:
        return WatchHealth("polled", reason)
    return WatchHealth(
        "polled",
        f"{reason}; the kernel keeps {limits.queue.value:,} of them",
        limits.queue.remedy(max(131_072, 4 * limits.queue.value)),
    )


def _read(key: str, in_namespace: str | None = None) -> Limit | None:
    """Read a limit; ``in_namespace`` is the same once more, for a container with its own users."""
    values = [_number(name) for name in (key, in_namespace) if name]
    known = [value for value in values if value is not None]
    return Limit(key, min(known)) if known else None


def _number(key: str) -> int | None:
    try:
        return int((Path("/proc/sys") / key.replace(".", "/")).read_text())
    except (OSError, ValueError):
        return None
