"""Cover pictures, drawn: a few shapes on a sky, in the manner of old record sleeves."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

SIZE_PX = 600


def _sky(top: tuple[int, int, int], bottom: tuple[int, int, int]) -> Image.Image:
    blend = np.linspace(0.0, 1.0, SIZE_PX)[:, np.newaxis, np.newaxis]
    rows = np.array(top) * (1 - blend) + np.array(bottom) * blend
    grain = np.random.default_rng(7).normal(0.0, 3.0, (SIZE_PX, SIZE_PX, 1))
    pixels = np.clip(np.broadcast_to(rows, (SIZE_PX, SIZE_PX, 3)) + grain, 0, 255)
    return Image.fromarray(pixels.astype(np.uint8), "RGB")


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=86, optimize=True)
    return out.getvalue()


def lamp() -> bytes:
    """Draw a lit window in a dark house front: for a slow piano at night."""
    image = _sky((18, 22, 48), (58, 38, 74))
    glow = Image.new("RGB", image.size)
    ImageDraw.Draw(glow).ellipse((190, 150, 410, 450), fill=(190, 120, 40))
    image = Image.blend(image, Image.composite(glow, image, glow.convert("L")), 0.35)
    image = image.filter(ImageFilter.GaussianBlur(14))
    draw = ImageDraw.Draw(image)
    draw.rectangle((245, 205, 355, 395), fill=(255, 206, 120))
    draw.line((300, 205, 300, 395), fill=(70, 42, 54), width=8)
    draw.line((245, 290, 355, 290), fill=(70, 42, 54), width=8)
    draw.rectangle((232, 395, 368, 410), fill=(94, 60, 72))
    return _jpeg(image)


def motorway() -> bytes:
    """Draw a road running to a striped sun: for machines that dance."""
    image = _sky((38, 6, 74), (236, 72, 120))
    draw = ImageDraw.Draw(image)
    draw.ellipse((160, 120, 440, 400), fill=(255, 190, 90))
    for row, y in enumerate(range(240, 400, 26)):
        half = int(np.sqrt(max(0, 140**2 - (y - 260) ** 2)))  # the chord of the disc at this height
        draw.rectangle((300 - half, y, 300 + half, y + 4 + 2 * row), fill=(200, 60, 116))
    draw.rectangle((0, 380, SIZE_PX, SIZE_PX), fill=(22, 10, 44))
    for x in range(-900, 1501, 120):
        draw.line((300 + (x - 300) // 12, 380, x, SIZE_PX), fill=(90, 220, 230), width=3)
    for step in range(8):
        y = 380 + int(220 * (step / 7) ** 2)
        draw.line((0, y, SIZE_PX, y), fill=(90, 220, 230), width=2)
    return _jpeg(image)


def harbour() -> bytes:
    """Draw a sun over layered water: for wind, sea and long chords."""
    image = _sky((236, 226, 200), (214, 150, 110))
    draw = ImageDraw.Draw(image)
    draw.ellipse((370, 110, 480, 220), fill=(226, 92, 60))
    x = np.arange(0, SIZE_PX + 1, 10)
    for layer, colour in enumerate(((120, 150, 160), (72, 110, 130), (36, 70, 96), (16, 38, 60))):
        heights = 300 + 70 * layer + 14 * np.sin(x / (40 + 9 * layer) + 2 * layer)
        line = [(int(a), int(b)) for a, b in zip(x, heights, strict=True)]
        draw.polygon([(0, SIZE_PX), *line, (SIZE_PX, SIZE_PX)], fill=colour)
    draw.polygon([(150, 330), (150, 200), (235, 330)], fill=(250, 244, 230))
    draw.polygon([(120, 338), (250, 338), (230, 366), (140, 366)], fill=(120, 40, 30))
    return _jpeg(image)
