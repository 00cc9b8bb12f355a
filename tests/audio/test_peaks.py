import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traumbox.audio.peaks import PeakMeter
from traumbox.domain import PEAKS, Float32


def peaks(*blocks: Float32) -> list[int]:
    meter = PeakMeter()
    for block in blocks:
        meter.feed(block)
    result = meter.result()
    assert len(result) == PEAKS
    return list(result)


def test_a_ramp_is_a_ramp_at_any_level() -> None:
    ramp = np.linspace(0, 1, 48_000 * 60, dtype=np.float32)
    loud = peaks(ramp)
    assert loud == pytest.approx([255 * (i + 1) / PEAKS for i in range(PEAKS)], abs=3)
    assert peaks(ramp * np.float32(0.01)) == pytest.approx(loud, abs=1)


def test_a_click_is_where_it_is() -> None:
    click = np.zeros(48_000 * 600, np.float32)
    click[len(click) * 3 // 4 + 60_000] = -0.5
    columns = peaks(*np.split(click, 100))
    assert columns.index(255) == PEAKS * 3 // 4
    assert sum(columns) == 255


@pytest.mark.parametrize("length", [0, 1, 100, 219, 220, 221, 5000])
def test_any_length_gives_all_columns(length: int) -> None:
    columns = peaks(np.full(length, 0.5, np.float32))
    assert set(columns) <= ({255} if length else {0})


def test_silence_is_flat() -> None:
    assert set(peaks(np.full(48_000, 1e-4, np.float32))) == {0}


@settings(deadline=None, max_examples=30)
@given(sizes=st.lists(st.integers(1, 300_000), min_size=1, max_size=6), seed=st.integers(0, 99))
def test_blocks_make_no_difference(sizes: list[int], seed: int) -> None:
    sound = np.random.default_rng(seed).normal(0, 0.2, 1_500_000).astype(np.float32)
    blocks, at = [], 0
    while at < len(sound):
        size = sizes[len(blocks) % len(sizes)] + 1000
        blocks.append(sound[at : at + size])
        at += size
    assert peaks(*blocks) == peaks(sound)
