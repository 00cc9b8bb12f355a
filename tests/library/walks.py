"""What the tests of scans share."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from traumbox.domain import Cut, FileStat, Tags
from traumbox.library.folders import WatchedFolder
from traumbox.library.scan import Walk

CUTS = (Cut(0.0, 60.0, Tags(title="one")), Cut(60.0, None, Tags(title="two")))


class TwoTracks:
    """Takes a sheet named after a file for one that divides it into ``CUTS``."""

    def __init__(self, error: OSError | None = None) -> None:
        self.error = error
        self.asked: list[bytes] = []

    def is_sheet(self, name: bytes) -> bool:
        return name.endswith(b".cue")

    def cuts(
        self, directory: bytes, names: Mapping[bytes, FileStat], sheets: Mapping[bytes, FileStat]
    ) -> Mapping[bytes, tuple[Cut, ...]]:
        if self.error is not None:
            raise self.error
        self.asked.append(directory)
        stems = {name.removesuffix(b".cue") for name in sheets}
        return {name: CUTS for name in names if name.removesuffix(b".flac") in stems}


def is_flac(name: bytes) -> bool:
    return name.endswith(b".flac")


def put(path: Path, data: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def walk(
    root: Path, is_candidate: Callable[[bytes], bool] = is_flac, **how: Any
) -> dict[bytes, str]:
    """Walk ``root``; return path (with "#part" of parts) -> why it is excluded."""
    return told(Walk(WatchedFolder("m", root), is_candidate, **how))


def told(walk: Walk) -> dict[bytes, str]:
    seen = {}
    for path, part, _, _, _, _, excluded in walk:
        seen[path + (b"#%d" % part if part else b"")] = excluded
    return seen


def bytes_path(root: Path, name: bytes) -> Path:
    return Path(os.fsdecode(os.fsencode(root) + b"/" + name))
