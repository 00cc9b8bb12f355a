"""A small library with a face: titles, keys, waveforms and a cover or two."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

from tests.web.appliance import Appliance
from traumbox.domain import PEAKS, WINDOW_S, Tags

ALBUMS = ("Night Maps", "Midnight Cartography", "Saffron Skyline")
ARTISTS = ("Northern Owls", "Coastal Static", "Polar Bureau", "Lumen Drift", "Hiro Tanabe", "Sable")
TITLES = (
    "Glass Reverie",
    "Midnight Carousel",
    "Slow Tides",
    "Paper Lanterns",
    "Undertow",
    "Neon Orchard",
    "The Long Exposure",
    "Violet Hours",
    "Sleepwalker’s Map",
    "A Title That Goes On Rather Longer Than Any Row Has Room For, Part Two",
)
MOMENT_S = 20.0
"""Where the 440 Hz passage of every piece begins."""


@dataclass(frozen=True)
class Piece:
    """One track that was added to the appliance."""

    track_id: str
    title: str


def fill(appliance: Appliance, count: int = len(TITLES)) -> list[Piece]:
    """Add ``count`` pieces of 40 s, each with 440 Hz from 20 s to 30 s."""
    pieces = []
    for i, title in enumerate(TITLES[:count]):
        ground_hz = 110.0 * 2.0 ** (i / 12)
        track_id = appliance.add(
            f"album {i % 3}/{i:02} piece.flac".encode(),
            ground_hz,
            ground_hz,
            440.0,
            ground_hz * 1.5,
            tags=Tags(title=title, artist=ARTISTS[i % 6], album=ALBUMS[i % 3], genre="Ambient"),
            cover=cover(i) if i % 4 == 1 else None,
        )
        appliance.cache.put_peaks(f"sound-of-{track_id}", peaks(i))
        pieces.append(Piece(track_id, title))
    return pieces


def peaks(seed: int) -> bytes:
    """Draw a waveform picture with a little life in it."""
    rng = np.random.default_rng(seed)
    swell = 0.55 + 0.3 * np.sin(np.linspace(0.0, 5.0, PEAKS) + seed)
    return (
        (255 * np.clip(swell * rng.uniform(0.55, 1.0, PEAKS), 0.04, 1.0)).astype(np.uint8).tobytes()
    )


def cover(seed: int) -> bytes:
    """Draw a plain picture as a JPEG."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(20, 235, (4, 4, 3), dtype=np.uint8))
    file = io.BytesIO()
    coarse.resize((300, 300), Image.Resampling.BICUBIC).save(file, "JPEG")
    return file.getvalue()


DURATION_S = 4 * WINDOW_S
