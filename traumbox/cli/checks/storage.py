"""The data folder: writable, roomy, on a local file system that knows hard links."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from traumbox.cli.checks.check import Check, fail, ok, warn
from traumbox.config import Settings
from traumbox.library.mounts import Mount, mount_of

LEAST_FREE_MB = 200
ROOMY_FREE_MB = 2_000


def checks(settings: Settings, among: Sequence[Mount]) -> list[Check]:
    """Look at the data folder, or at where it will be made."""
    directory = settings.data_dir
    there = next(path for path in (directory, *directory.parents) if path.is_dir())
    writable = check_writable(directory, there)
    found = [writable, check_free_space(there, shutil.disk_usage(there).free // 2**20)]
    found.append(check_file_system(directory, mount_of(directory, among)))
    if not writable.remedy:
        found.append(check_hard_links(there))
    return found


def check_writable(directory: Path, there: Path) -> Check:
    """Whether the data folder can be written, or made below ``there``."""
    if os.access(there, os.W_OK | os.X_OK):
        made = "" if directory == there else " (will be made)"
        return ok("data folder", f"{directory}{made}.")
    return fail(
        "data folder",
        f"{there} can't be written by this user.",
        f"sudo install -d -o {_user()} {directory} — or run this as the service's user, or set "
        "another 'data_dir:'.",
    )


def check_free_space(there: Path, free_mb: int) -> Check:
    """Whether there is room for the index."""
    message = f"{free_mb:,} MB free."
    if free_mb < LEAST_FREE_MB:
        return fail("disk", message, f"Make room on the disk of {there}.")
    if free_mb < ROOMY_FREE_MB:
        return warn("disk", message, f"A large collection needs more; make room on {there}.")
    return ok("disk", message)


def check_file_system(directory: Path, mount: Mount | None) -> Check:
    """Whether the data folder lies on this machine."""
    if mount is None:
        return warn("file system", f"That of {directory} can't be told.", "Is /proc mounted?")
    if mount.is_network:
        return fail(
            "file system",
            f"{directory} lies on a network share ({mount.kind}), where databases get damaged.",
            "Set 'data_dir:' to a folder on a disk of this machine; the music may stay there.",
        )
    return ok("file system", f"{mount.kind} on {mount.point}.")


def check_hard_links(there: Path) -> Check:
    """Whether a file can have two names, which LanceDB's commits rest on."""
    try:
        with tempfile.TemporaryDirectory(dir=there, prefix=".traumbox-doctor-") as scratch:
            one = Path(scratch) / "one"
            one.touch()
            (Path(scratch) / "two").hardlink_to(one)
    except OSError as error:
        return fail(
            "hard links",
            f"The file system of {there} can't do them ({error.strerror}).",
            "Set 'data_dir:' to a folder on ext4, btrfs or xfs; exFAT and FAT won't do.",
        )
    return ok("hard links", "They work.")


def _user() -> str:
    return os.environ.get("SUDO_USER") or os.environ.get("USER") or str(os.getuid())
