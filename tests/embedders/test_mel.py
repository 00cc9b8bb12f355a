import numpy as np
import pytest

from traumbox.embedders.builtin.mel import BANDS, FRAMES, log_mel, mel_filters

RATE_HZ = 48_000


def tone(freq_hz: float, level: float) -> np.ndarray:
    t = np.arange(10 * RATE_HZ) / RATE_HZ
    return (level * np.sin(2 * np.pi * freq_hz * t)).astype(np.float32)


def test_a_tone_shows_in_its_band_and_at_its_level():
    loud, soft = log_mel(tone(1000, 1.0)), log_mel(tone(1000, 0.1))
    assert loud.shape == (FRAMES, BANDS)
    band = int(np.argmax(mel_filters()[round(1000 / RATE_HZ * 2048)]))
    assert set(loud.argmax(axis=1)) <= {band - 1, band, band + 1}
    assert (loud - soft).max(axis=1) == pytest.approx(1.0, abs=0.02)  # 20 dB


def test_the_filters_leave_no_band_deaf():
    assert mel_filters().sum(axis=0) == pytest.approx(1.0, abs=1e-5)
