import numpy as np
import pytest

from traumbox.synth.mix import INSTRUMENTS
from traumbox.synth.percussion import KIT
from traumbox.synth.signal import hz, modal, running_phase, samples, wavetable, white
from traumbox.synth.textures import TEXTURES

RATE_HZ = 48_000


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def spectrum(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    padded = np.pad(x * np.hanning(len(x)), (0, max(0, 4 * RATE_HZ - len(x))))
    return np.fft.rfftfreq(len(padded), 1 / RATE_HZ), np.abs(np.fft.rfft(padded))


def share_between(x: np.ndarray, low_hz: float, high_hz: float) -> float:
    freq, magnitude = spectrum(x)
    power = magnitude**2
    return float(power[(freq >= low_hz) & (freq < high_hz)].sum() / power.sum())


# A bell's strike note is heard, not measured: its strongest partials lie beside it. The
# distorted guitar plays a chord.
PITCHED = sorted(set(INSTRUMENTS) - {"bell", "distorted guitar"})


@pytest.mark.parametrize("name", PITCHED)
def test_a_440_is_a_440(name):
    freq, magnitude = spectrum(INSTRUMENTS[name](440.0, 1.0, 0.5, rng()))
    near = (freq > 415) & (freq < 466)
    peak_hz = freq[near][np.argmax(magnitude[near])]
    assert 1200 * abs(np.log2(peak_hz / 440.0)) < 15  # cents; ensembles are spread on purpose
    assert magnitude[near].max() > 0.2 * magnitude.max()
    between = (freq > 480) & (freq < 800) & (np.abs(freq - 660) > 40)
    assert magnitude[near].max() > 5 * magnitude[between].max()


@pytest.mark.parametrize("name", sorted(INSTRUMENTS))
@pytest.mark.parametrize("pitch_hz", [41.2, 1760.0])
def test_notes_are_sound_in_every_register(name, pitch_hz):
    x = INSTRUMENTS[name](pitch_hz, 0.3, 0.7, rng())
    assert x.dtype == np.float32
    assert np.isfinite(x).all()
    assert 0.01 < np.abs(x).max() < 1.0


@pytest.mark.parametrize("name", sorted(INSTRUMENTS))
def test_the_same_seed_plays_the_same_note(name):
    one = INSTRUMENTS[name](220.0, 0.2, 0.5, rng())
    assert np.array_equal(one, INSTRUMENTS[name](220.0, 0.2, 0.5, rng()))


@pytest.mark.parametrize("name", ["piano", "brass", "strings", "synth bass"])
def test_force_makes_louder_and_brighter(name):
    soft = INSTRUMENTS[name](220.0, 0.5, 0.2, rng())
    hard = INSTRUMENTS[name](220.0, 0.5, 1.0, rng())
    assert np.abs(hard).max() > 2 * np.abs(soft).max()
    assert share_between(hard, 1500, 20_000) > share_between(soft, 1500, 20_000)


@pytest.mark.parametrize("name", sorted(KIT))
def test_drums_die_away(name):
    x = KIT[name](0.9, rng())
    assert np.isfinite(x).all()
    assert np.abs(x[: len(x) // 4]).max() > 3 * np.abs(x[-len(x) // 10 :]).max()


def test_kick_is_low_and_hat_is_high():
    assert share_between(KIT["kick"](0.9, rng()), 20, 200) > 0.8
    assert share_between(KIT["hat"](0.9, rng()), 4000, 24_000) > 0.9


@pytest.mark.parametrize("name", sorted(TEXTURES))
def test_textures_fill_their_length_at_one_level(name):
    x = TEXTURES[name](3.0, rng())
    assert x.shape == (3 * RATE_HZ, 2)
    assert x.dtype == np.float32
    assert np.sqrt(np.mean(x**2)) == pytest.approx(0.1, rel=0.01)


def test_modes_decay_by_60_db_in_their_time():
    x = modal([1000.0], [1.0], [0.5], samples(1.0))
    early, late = np.abs(x[:480]).max(), np.abs(x[samples(0.5) : samples(0.5) + 480]).max()
    assert 20 * np.log10(late / early) == pytest.approx(-60, abs=1)


def test_wavetables_don_t_alias():
    table = wavetable(np.ones(64), 5000.0)  # only three of them lie under 20 kHz
    assert np.count_nonzero(np.abs(np.fft.rfft(table)) > 1.0) == 4


def test_phase_runs_at_the_pitch():
    assert running_phase(440.0, RATE_HZ)[-1] == pytest.approx(440.0, abs=0.02)
    assert hz(69) == 440.0
    assert abs(float(white(10_000, rng()).std()) - 1) < 0.05
