"""The name of a sound: what stays the same through a retag, a rename or a copy."""

from __future__ import annotations

import hashlib

from traumbox.domain import Int16


class AudioHash:
    """BLAKE2b-128 over the decoded 48 kHz mono samples, little-endian."""

    def __init__(self) -> None:
        self._hash = hashlib.blake2b(digest_size=16)

    def feed(self, pcm: Int16) -> None:
        """Take the next int16[n]; how a track is split into blocks makes no difference."""
        self._hash.update(pcm.astype("<i2", copy=False).tobytes())

    def result(self) -> str:
        """Return the audio id: 32 hexadecimal digits."""
        return self._hash.hexdigest()
