"""WCAG 2.2 contrasts of the look: 4.5 : 1 for text, 3 : 1 for what carries meaning."""

import re
from itertools import product

import pytest

from traumbox.web.panel.installation import STATIC

TOKENS = dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6});", (STATIC / "tokens.css").read_text()))
SURFACES = ("bg0", "bg1", "bg2", "bg3")


def luminance(colour: str) -> float:
    """Relative luminance of #RRGGBB, as WCAG defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_measured_as_wcag_does() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    ("text", "surface"), list(product(("t1", "t2", "t3", "acc", "ok", "warn", "err"), SURFACES))
)
def test_text_is_readable_on_every_surface(text: str, surface: str) -> None:
    assert contrast(TOKENS[text], TOKENS[surface]) >= 4.5


@pytest.mark.parametrize("accent", ["acc", "acc2", "acc3", "err"])
def test_text_on_accents_is_readable(accent: str) -> None:
    assert contrast(TOKENS["onacc"], TOKENS[accent]) >= 4.5


@pytest.mark.parametrize(("line", "surface"), list(product(("ctl", "wave"), ("bg0", "bg1", "bg2"))))
def test_control_borders_and_waveforms_stand_out(line: str, surface: str) -> None:
    assert contrast(TOKENS[line], TOKENS[surface]) >= 3.0


def test_colours_are_defined_in_one_place() -> None:
    used = {
        f"{path.name}: {colour}"
        for path in STATIC.glob("*.css")
        if path.name != "tokens.css"
        for colour in re.findall(r"var\(--([\w-]+)\)", path.read_text())
        if f"--{colour}:" not in (STATIC / "tokens.css").read_text() and colour != "level"
    }
    assert not used
