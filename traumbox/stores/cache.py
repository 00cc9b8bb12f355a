"""Waveform peaks and covers on disk: a cache, which may be deleted at any time."""

from __future__ import annotations

import logging
import os
import re
import tempfile
from pathlib import Path

log = logging.getLogger(__name__)

SAFE_ID = re.compile(r"[0-9A-Za-z_-]{2,128}")


class MediaCache:
    """Peaks by audio id, covers by track id; safe to use from any thread.

    Ids reach ``peaks`` and ``cover_path`` from URLs: what isn't plainly an id is never a path.
    Writing is best effort: a full disk costs a picture, not the hearing of a track.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def put_peaks(self, audio_id: str, peaks: bytes) -> None:
        """Keep the waveform picture (uint8[PEAKS]) of a sound."""
        _write(self._path("peaks", audio_id, ".u8"), peaks)

    def peaks(self, audio_id: str) -> bytes | None:
        """Return the waveform picture of a sound, or None."""
        if not SAFE_ID.fullmatch(audio_id):
            return None
        try:
            return self._path("peaks", audio_id, ".u8").read_bytes() or None
        except OSError:
            return None

    def put_cover(self, track_id: str, jpeg: bytes | None) -> None:
        """Keep a track's cover; None removes the one that was there."""
        path = self._path("covers", track_id, ".jpg")
        if jpeg:
            _write(path, jpeg)
            return
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            log.warning("An outdated cover can't be removed: %s", error)

    def cover_path(self, track_id: str) -> Path | None:
        """Return where the cover of a track lies, or None when it has none."""
        if not SAFE_ID.fullmatch(track_id):
            return None
        path = self._path("covers", track_id, ".jpg")
        try:
            # A power cut can leave a file without content: there is no fsync for a cache.
            return path if path.stat().st_size > 0 else None
        except OSError:
            return None

    def _path(self, kind: str, name: str, suffix: str) -> Path:
        if not SAFE_ID.fullmatch(name):
            raise ValueError(f"{name!r} is no id that traumbox gives out")
        return self._directory / kind / name[:2] / (name + suffix)


def _write(path: Path, content: bytes) -> None:
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(temporary).replace(path)
    except OSError as error:
        log.warning("The picture cache can't be written (%s); going on without", error)
        if temporary:
            Path(temporary).unlink(missing_ok=True)
