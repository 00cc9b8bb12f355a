import numpy as np
import pytest

from tests.embedders.train.rng import rng
from traumbox.embedders.builtin.train import soundfont, voices
from traumbox.embedders.builtin.train.augment import spoil, to_level
from traumbox.embedders.builtin.train.concepts import CONCEPTS
from traumbox.embedders.builtin.train.facts import Facts
from traumbox.embedders.builtin.train.measure import measure, measured_concepts
from traumbox.embedders.builtin.train.performing import _resized, _restored, perform_all
from traumbox.embedders.builtin.train.scenes import (
    Passage,
    Scene,
    draw_scene,
    draw_texture_scene,
)
from traumbox.synth.percussion import KIT
from traumbox.synth.score import Note, Part, Section, Voice
from traumbox.synth.signal import lowpass

RATE_HZ = 48_000


def tone(freq_hz: float, level: float, duration_s: float = 10.0) -> np.ndarray:
    t = np.arange(round(duration_s * RATE_HZ)) / RATE_HZ
    return (level * np.sin(2 * np.pi * freq_hz * t)).astype(np.float32)


def test_measured_words_fit_the_sound():
    deep = measured_concepts(measure(tone(60, 0.9)), set())
    high = measured_concepts(measure(tone(6000, 0.01)), set())
    assert {"deep", "dull", "loud"} <= deep
    assert {"high", "bright", "quiet"} <= high


def test_spoiling_keeps_the_length_names_what_it_did_and_the_level_is_reached():
    brought: set[str] = set()
    chance = rng()
    for _ in range(100):
        x, names = spoil(tone(440, 0.5, 1.0), chance)
        brought |= names
        assert x.shape == (RATE_HZ,)
        assert np.isfinite(x).all()
        rms = np.sqrt(np.mean(to_level(x, -20.0) ** 2))
        assert 20 * np.log10(rms) == pytest.approx(-20, abs=0.8)
    assert brought <= set(CONCEPTS)
    assert {"reverberant", "distorted", "old recording"} <= brought


def test_own_scenes_sound_for_their_whole_length():
    scenes = [draw_scene(6.0, None, rng(n)) for n in range(4)]
    scenes.append(draw_texture_scene(6.0, rng()))
    for _, sound in perform_all(scenes, 6.0, None, rng()):
        assert sound.ndim == 1
        assert len(sound) >= 6 * RATE_HZ
        assert np.isfinite(sound).all()
        assert np.abs(sound).max() > 1e-3


def test_somebody_speaks_with_espeak_or_without():
    for speaker in ("man", "woman"):
        spoken = voices.speak(speaker, 3.0, rng())
        assert spoken.shape == (3 * RATE_HZ,)
        assert np.sqrt(np.mean(spoken**2)) == pytest.approx(0.1, rel=0.2)


@pytest.mark.skipif(not voices.is_there(), reason="no espeak-ng")
def test_women_speak_higher_than_men():
    def pitch_hz(speaker: str) -> float:
        """Return the median over voiced frames of the autocorrelation's first peak."""
        found = []
        for seed in range(4):
            x = lowpass(voices.speak(speaker, 4.0, rng(seed)), 900.0)[:: RATE_HZ // 8000]
            for frame in x[: len(x) // 400 * 400].reshape(-1, 400):
                lags = np.correlate(frame, frame, "full")[399:]
                lag = 20 + int(np.argmax(lags[20:120]))  # 400 to 67 Hz
                if lags[lag] > 0.5 * lags[0] > 0:
                    found.append(8000 / lag)
        return float(np.median(found))

    assert pitch_hz("woman") > 1.15 * pitch_hz("man")


def test_drums_of_the_patterns_are_on_the_general_midi_map():
    assert set(soundfont.GM_DRUMS) == set(KIT)


FONTS = [
    pytest.param(
        font, marks=pytest.mark.skipif(not font.is_there, reason=f"no {font.package} or no player")
    )
    for font in (*soundfont.SOUNDFONTS, soundfont.HELD_OUT)
]


@pytest.mark.parametrize("font", FONTS)
def test_sampled_pieces_sound_in_their_slots(font):
    def part(pitch: int) -> list[Part]:
        return [Part(Voice("gm:73", "melody"), (Note(0.0, 1.0, pitch, 0.8),))]

    low, high = soundfont.render([(part(69), 0), (part(81), 0)], 1.5, font, rng())
    for sound, pitch_hz in ((low, 440), (high, 880)):
        spectrum = np.abs(np.fft.rfft(sound[:RATE_HZ].mean(axis=1)))
        partial = np.argmax(spectrum) / pitch_hz  # a flute's second may be the strongest
        assert partial == pytest.approx(round(partial), abs=0.03)
        assert (
            spectrum[round(pitch_hz * 0.98) : round(pitch_hz * 1.02)].max() > 0.2 * spectrum.max()
        )


@pytest.mark.parametrize("font", FONTS[:1])
def test_larger_instruments_play_the_same_tune_at_the_same_pace(font):
    note = Note(1.0, 1.0, 69, 0.8)
    section = Section(4.0, (Voice("gm:73", "melody"),), tempo_bpm=100.0)
    scene = Scene((Passage(section, frozenset(), Facts()),), sampled=True)
    found, chance = set(), rng()
    for _ in range(10):
        _, sound = next(perform_all([scene], 4.0, font, chance))
        assert 4.0 * RATE_HZ <= len(sound) < 8.5 * RATE_HZ
        found.add(len(sound))
    assert len(found) > 2  # bodies of several sizes
    part = Part(section.voices[0], (note,))
    (larger,) = _resized(part, -3).notes
    (sound,) = soundfont.render([([_resized(part, -3)], 0)], 3.0, font, rng())
    heard = _restored(sound.mean(axis=1), -3)
    begins_s = np.argmax(np.abs(heard) > 0.2 * np.abs(heard).max()) / RATE_HZ
    assert begins_s == pytest.approx(1.0, abs=0.15)
    spectrum = np.abs(np.fft.rfft(heard[RATE_HZ : 2 * RATE_HZ]))
    assert np.argmax(spectrum) == pytest.approx(440, rel=0.02)
    assert larger.pitch == 72
