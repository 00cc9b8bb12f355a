"""Whether the disk has room for a model, asked before gigabytes are on their way."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

from traumbox.embedders.supply.trouble import FetchError

CONVERTED_BYTES = 600_000_000
"""Room that a conversion takes beside the checkpoint: clap-music's towers are 550 MB, the audio one
in fp32 and the text one in fp16, clap-general's 380."""
RESERVE_BYTES = 200_000_000
"""Left for everything else that writes."""


def free_bytes(directory: Path) -> int:
    """Return the room on the disk of ``directory``, or of the nearest folder above that exists."""
    while not directory.exists():
        directory = directory.parent
    return shutil.disk_usage(directory).free


def ensure_room(directory: Path, needed: int, free: int) -> None:
    """Refuse when ``free`` bytes are not enough for ``needed`` and the reserve.

    Raises
    ------
    FetchError
        Naming both numbers.
    """
    if free < needed + RESERVE_BYTES:
        raise FetchError(
            f"{directory} has {_gb(free)} free, but {_gb(needed + RESERVE_BYTES)} are needed. Make "
            "room, or set data_dir to a larger disk.",
            reason=f"needs {_gb(needed + RESERVE_BYTES)} of room, of which {_gb(free)} are free",
        )


def disk_trouble(error: OSError, path: Path) -> FetchError:
    """Return what a failed write to ``path`` means to the owner."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return FetchError(
            f"The disk of {path.parent} is full. What has come is kept; make room.",
            reason="can't be stored (the disk is full)",
        )
    return FetchError(
        f"{path} can't be written ({error.strerror or error}). Let the user that runs traumbox "
        "write there.",
        reason=f"can't be stored ({path} can't be written)",
    )


def _gb(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 100_000_000 else f"{size / 1e6:.1f} MB"
