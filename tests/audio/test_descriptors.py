import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from traumbox.audio.descriptors import DescriptorMeter
from traumbox.domain import SAMPLE_RATE_HZ as RATE_HZ
from traumbox.domain import Descriptors
from traumbox.domain.keys import TONICS

Sound = NDArray[np.float64]
RANDOM = np.random.default_rng(7)


def measure(sound: Sound, block: int = 96_000) -> Descriptors:
    meter = DescriptorMeter()
    for start in range(0, len(sound), block):
        meter.feed(sound[start : start + block].astype(np.float32))
    return meter.result()


def times_s(duration_s: float) -> Sound:
    return np.arange(int(duration_s * RATE_HZ)) / RATE_HZ


def sine(hz: float, dbfs: float, duration_s: float) -> Sound:
    return 10 ** (dbfs / 20) * np.sin(2 * np.pi * hz * times_s(duration_s))


def noise(duration_s: float, level: float = 0.1) -> Sound:
    return level * RANDOM.standard_normal(int(duration_s * RATE_HZ))


def placed(parts: list[tuple[float, Sound]], duration_s: float) -> Sound:
    sound = np.zeros(int((duration_s + 2) * RATE_HZ))
    for start_s, part in parts:
        start = round(start_s * RATE_HZ)
        sound[start : start + len(part)] += part
    return sound[: int(duration_s * RATE_HZ)]


def clicks(bpm: float, duration_s: float = 30) -> Sound:
    click = sine(1500, -6, 0.05) * np.exp(-times_s(0.05) * 160)
    beats = np.arange(0, duration_s, 60 / bpm)
    return placed([(beat, click) for beat in beats], duration_s)


def drums(bpm: float, duration_s: float = 30) -> Sound:
    """Bass drum and snare on alternate beats, a hi-hat on every half."""
    hat = noise(0.1) * np.exp(-times_s(0.1) * 96)
    snare = noise(0.3, 0.3) * np.exp(-times_s(0.3) * 15)
    kick = 2 * sine(55, -6, 0.3) * np.exp(-times_s(0.3) * 10)
    parts = []
    for number, beat_s in enumerate(np.arange(0, duration_s, 60 / bpm)):
        parts += [(beat_s, hat), (beat_s + 30 / bpm, hat), (beat_s, snare if number % 2 else kick)]
    return placed(parts, duration_s)


def note(midi: float, duration_s: float) -> Sound:
    hz = 440 * 2 ** ((midi - 69) / 12)
    partials = sum(sine(hz * k, -14, duration_s) / k for k in range(1, 6))
    return np.asarray(partials * np.exp(-2 * times_s(duration_s)))


def progression(tonic: float, mode: str) -> Sound:
    """I-IV-V-I, twice, one second a chord."""
    third = 4 if mode == "major" else 3
    chords = [(0, third), (5, third), (7, 4), (0, third)] * 2
    return np.concatenate(
        [
            sum((note(48 + tonic + root + tone, 1.0) for tone in (0, third_, 7)), np.zeros(RATE_HZ))
            for root, third_ in chords
        ]
    )


# Loudness: the tolerance of EBU Tech 3341 is 0.1 LU


@pytest.mark.parametrize("dbfs", [-23.0, -33.0, -6.0])
def test_a_sine_from_both_loudspeakers_has_its_level_in_lufs(dbfs: float) -> None:
    assert measure(sine(997, dbfs, 20)).loudness_lufs == pytest.approx(dbfs, abs=0.1)


def test_the_relative_gate_ignores_quiet_passages() -> None:
    """EBU Tech 3341, minimum requirements test 3."""
    sound = np.concatenate([sine(1000, -36, 10), sine(1000, -23, 60), sine(1000, -36, 10)])
    assert measure(sound).loudness_lufs == pytest.approx(-23.0, abs=0.1)


def test_the_absolute_gate_ignores_silence() -> None:
    """EBU Tech 3341, minimum requirements test 4."""
    levels = [(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)]
    sound = np.concatenate([sine(1000, dbfs, seconds) for dbfs, seconds in levels])
    assert measure(sound).loudness_lufs == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize(("hz", "gain_lu"), [(25, -10.4), (100, -1.1), (2000, 3.1), (10_000, 4.0)])
def test_k_weighting(hz: float, gain_lu: float) -> None:
    """The gain of BS.1770-4's filter; the high-pass alone is f^2 / (f^2 + 38.1^2)."""
    level = measure(sine(hz, -20, 5)).loudness_lufs
    assert level == pytest.approx(-20 - 0.69 + gain_lu, abs=0.3)


@pytest.mark.parametrize(
    ("levels_dbfs", "range_lu"),
    [((-20, -30), 10), ((-20, -15), 5), ((-40, -20), 20), ((-50, -35, -20, -35, -50), 15)],
)
def test_the_loudness_range(levels_dbfs: tuple[int, ...], range_lu: float) -> None:
    """EBU Tech 3342, minimum requirements tests 1 to 4; 1 LU of tolerance."""
    sound = np.concatenate([sine(1000, dbfs, 20) for dbfs in levels_dbfs])
    assert measure(sound).dynamic_range_lu == pytest.approx(range_lu, abs=1)


def test_no_loudness_range_of_two_seconds() -> None:
    assert measure(sine(1000, -20, 2)).dynamic_range_lu is None


# Tempo


@pytest.mark.parametrize("bpm", [60, 72, 87.5, 100, 120, 133.3, 150, 160, 174, 180])
def test_the_tempo_of_clicks(bpm: float) -> None:
    assert measure(clicks(bpm)).bpm == pytest.approx(bpm, rel=0.005)


@pytest.mark.parametrize("bpm", [70, 85, 100, 120, 140, 156])
def test_the_tempo_of_drums_in_spite_of_the_hi_hat(bpm: float) -> None:
    assert measure(drums(bpm)).bpm == pytest.approx(bpm, rel=0.01)


def test_what_fast_drums_leave_open_is_told() -> None:
    """A backbeat at 174 with eighths is one at 87 with sixteenths: only the tempo may decide."""
    found = measure(drums(174))
    assert 174 in [round(bpm) for bpm in (found.bpm, found.bpm_other) if bpm is not None]


@pytest.mark.parametrize("gain", [0.01, 0.1])
def test_quiet_drums_have_a_tempo_too(gain: float) -> None:
    assert measure(gain * drums(110)).bpm == pytest.approx(110, rel=0.01)


def test_no_tempo_without_a_beat() -> None:
    pad = sum((sine(hz, -20, 20) for hz in (220, 277.18, 329.63)), np.zeros(20 * RATE_HZ))
    swelling = pad * (1 + 0.3 * np.sin(2 * np.pi * 0.13 * times_s(20)))
    free = np.concatenate(
        [note(60 + k * 5 % 12, s) for k, s in enumerate(RANDOM.uniform(0.2, 1.5, 30))]
    )
    for sound in (sine(440, -12, 20), noise(20), noise(7), pad, swelling, free, clicks(120, 3)):
        assert measure(sound).bpm is None


def test_a_clear_beat_is_told_with_confidence() -> None:
    found = measure(drums(120))
    assert found.bpm_confidence is not None
    assert found.bpm_confidence > 0.4


def test_the_other_tempo_is_half_or_double() -> None:
    found = [measure(clicks(bpm)) for bpm in (80, 90, 150, 160)]
    others = [one for one in found if one.bpm_other is not None]
    assert others, "clicks alone tell nobody on which of them the foot falls"
    for one in others:
        assert one.bpm is not None
        assert one.bpm_other is not None
        ratio = one.bpm_other / one.bpm
        assert ratio == pytest.approx(0.5, rel=0.03) or ratio == pytest.approx(2.0, rel=0.03)


# Key


@pytest.mark.parametrize("mode", ["major", "minor"])
@pytest.mark.parametrize("tonic", range(12))
def test_the_key_of_a_cadence(tonic: int, mode: str) -> None:
    assert measure(progression(tonic, mode)).key == f"{TONICS[tonic]} {mode}"


@pytest.mark.parametrize("cents", [-45, -20, 30])
def test_the_key_of_a_recording_that_is_out_of_tune(cents: int) -> None:
    assert measure(progression(9 + cents / 100, "minor")).key == "A minor"


def test_a_recording_between_two_tunings_is_not_split_between_them() -> None:
    assert measure(progression(9.5, "minor")).key in ("A minor", "Bb minor")


def test_no_key_of_sirens() -> None:
    waver = np.abs(times_s(20) / 4 % 1 - 0.5) * 2 - 0.5  # half a semitone up and down
    hz = [440 * 2 ** ((midi - 69 + waver) / 12) for midi in (57, 61, 64)]
    sirens = sum((0.1 * np.sin(2 * np.pi * np.cumsum(f) / RATE_HZ) for f in hz), np.zeros(1))
    assert measure(sirens).key is None


def test_no_key_without_pitch() -> None:
    for sound in (noise(20), drums(120), clicks(120) * 0):
        assert measure(sound).key is None


# Brightness


@pytest.mark.parametrize("hz", [200, 1000, 8000])
def test_the_brightness_of_a_sine_is_its_frequency(hz: float) -> None:
    assert measure(sine(hz, -20, 5)).brightness_hz == pytest.approx(hz, rel=0.02)


def test_the_brightness_is_that_of_the_loud_part() -> None:
    sound = np.concatenate([sine(300, -10, 5), sine(9000, -50, 5)])
    assert measure(sound).brightness_hz == pytest.approx(300, rel=0.05)


# Strokes and tones


def test_strokes_are_told_from_tones() -> None:
    pad = sum((sine(hz, -20, 8) for hz in (220, 277.18, 329.63, 440, 880)), np.zeros(8 * RATE_HZ))
    sounds = (pad, progression(0, "major"), drums(120, 8))
    tones, chords, strokes = (measure(sound).percussive or 0.0 for sound in sounds)
    assert tones < 0.03
    assert tones <= chords < 0.2
    assert strokes > 0.35


def test_steady_noise_is_hardly_a_stroke() -> None:
    rain, beats = measure(noise(8)).percussive, measure(drums(100, 8)).percussive
    assert rain is not None
    assert beats is not None
    assert rain < beats / 2


# Silence


@pytest.mark.parametrize(("before_s", "after_s"), [(0.0, 0.0), (1.5, 0.0), (0.0, 2.25), (0.3, 4.0)])
def test_the_silence_at_both_ends(before_s: float, after_s: float) -> None:
    rest = [np.zeros(int(seconds * RATE_HZ)) for seconds in (before_s, 1.0, after_s)]
    tone = sine(440, -20, 2)
    found = measure(np.concatenate([rest[0], tone, rest[1], tone, rest[2]]), 12_345)
    assert found.silence_start_s == pytest.approx(before_s, abs=0.011)
    assert found.silence_end_s == pytest.approx(after_s, abs=0.011)


def test_hiss_that_nobody_hears_is_silence() -> None:
    found = measure(np.concatenate([noise(1, 3e-4), sine(440, -20, 1)]))
    assert found.silence_start_s == pytest.approx(1.0, abs=0.011)


# All


@pytest.mark.parametrize("sound", [np.zeros(0), np.zeros(5), np.zeros(10 * RATE_HZ)])
def test_silence_and_nothing_have_no_descriptors(sound: Sound) -> None:
    assert measure(sound) == Descriptors()


MUSIC = 0.5 * drums(124, 14) + np.resize(progression(2, "major"), 14 * RATE_HZ)


@settings(deadline=None, max_examples=10)
@given(st.integers(500, 300_000))
def test_blocks_make_no_difference(block: int) -> None:
    whole, parts = measure(MUSIC, len(MUSIC)), measure(MUSIC, block)
    for name in (field.name for field in dataclasses.fields(Descriptors)):
        one, other = getattr(parts, name), getattr(whole, name)
        if isinstance(other, float):
            assert one == pytest.approx(other, rel=1e-4, abs=0.011), name
        else:
            assert one == other, name
