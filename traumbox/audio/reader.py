"""What the two decoding libraries have in common for :mod:`traumbox.audio.decode`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from traumbox.domain import Float32, Media

CHUNK_S = 2.0
"""Sound that is collected before it is averaged and resampled."""
CHUNK_VALUES = 1 << 21
"""Upper bound of samples x channels in one chunk, whatever the header declares."""
_RATES_HZ = range(2_000, 6_200_000)  # telephone speech to DSD1024 divided by 8
_CHANNELS_MAX = 1024


class UnreadableError(Exception):
    """A library can't read this file; the message, if any, is a reason for people."""


class Reader(Protocol):
    """An open file in one library's hands."""

    @property
    def media(self) -> Media:
        """Container, codec, rate and channels."""
        ...

    @property
    def declared_s(self) -> float | None:
        """The duration that the file itself states, where that can be relied on."""
        ...

    @property
    def damaged(self) -> bool:
        """Whether passages in the middle could not be decoded; known after the last chunk."""
        ...

    def chunks(self) -> Iterator[tuple[Float32, int]]:
        """Yield (mono float32[n], sample rate in Hz); the rate may change on the way.

        Raises
        ------
        UnreadableError
            When the file turns out not to be decodable.
        """
        ...

    def close(self) -> None:
        """Let the library go; the source stays open."""
        ...


def checked_rate(rate_hz: int) -> int:
    """Return ``rate_hz``, or raise UnreadableError when no sound has such a sample rate."""
    if rate_hz not in _RATES_HZ:
        raise UnreadableError(
            f"damaged: its header states a sample rate of {rate_hz} Hz, "
            f"which is outside {_RATES_HZ.start}–{_RATES_HZ.stop} Hz"
        )
    return rate_hz


def chunk_frames(rate_hz: int, channels: int) -> int:
    """Return how many samples per channel make one chunk.

    Raises
    ------
    UnreadableError
        When the numbers of the header are absurd.
    """
    if not 1 <= channels <= _CHANNELS_MAX:
        raise UnreadableError(f"damaged: its header states {channels} channels")
    return min(int(checked_rate(rate_hz) * CHUNK_S), CHUNK_VALUES // channels)
