from dataclasses import replace

import numpy as np
import pytest

from traumbox.synth.beats import BEATS
from traumbox.synth.compose import compose
from traumbox.synth.mix import INSTRUMENTS, Room, perform
from traumbox.synth.moods import MOODS
from traumbox.synth.percussion import KIT
from traumbox.synth.score import SCALES, Section, Voice, degree_pitch

RATE_HZ = 48_000
DRY = Room(wet=0.0)


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def section(role: str, instrument: str, **changes) -> Section:
    return replace(Section(8.0, (Voice(instrument, role),)), **changes)


def onsets_s(mono: np.ndarray) -> np.ndarray:
    """Return where the energy of 10 ms frames jumps."""
    frames = mono[: len(mono) // 480 * 480].reshape(-1, 480)
    energy = (frames**2).mean(axis=1)
    rises = (energy[1:] > 20 * energy[:-1] + 1e-6).nonzero()[0] + 1
    return rises[np.diff(rises, prepend=-100) > 5] * 0.01


@pytest.mark.parametrize("tempo_bpm", [60.0, 90.0, 120.0])
def test_the_drums_keep_the_tempo(tempo_bpm, monkeypatch):
    monkeypatch.setitem(BEATS, "test clicks", {"rim": "X...X...X...X..."})
    heard = perform([section("drums", "test clicks", tempo_bpm=tempo_bpm)], rng(), DRY)
    spacing_s = np.diff(onsets_s(heard.mean(axis=1)))
    assert np.median(spacing_s) == pytest.approx(60 / tempo_bpm, abs=0.011)


def test_a_piece_is_as_long_as_its_sections_and_stereo():
    piece = perform([section("melody", "piano"), section("drums", "rock")], rng())
    assert piece.shape == (16 * RATE_HZ, 2)
    assert piece.dtype == np.float32
    assert np.abs(piece).max() == pytest.approx(0.89, abs=0.01)


def test_the_same_seed_is_the_same_music_and_another_is_not():
    piece = [section("melody", "marimba"), section("drums", "rock")]
    assert np.array_equal(perform(piece, rng(3)), perform(piece, rng(3)))
    assert not np.array_equal(perform(piece, rng(3)), perform(piece, rng(4)))


def test_passages_sound_where_they_were_put():
    piece = perform([section("drone", "sub bass"), section("drums", "rock")], rng(), DRY)
    mono = piece.mean(axis=1)

    def high_share(part: np.ndarray) -> float:
        power = np.abs(np.fft.rfft(part)) ** 2
        freq = np.fft.rfftfreq(len(part), 1 / RATE_HZ)
        return float(power[freq > 3000].sum() / power.sum())

    assert high_share(mono[: 7 * RATE_HZ]) < 1e-4
    assert high_share(mono[9 * RATE_HZ :]) > 1e-2


@pytest.mark.parametrize("mode", ["major", "minor"])
@pytest.mark.parametrize("role", ["melody", "chords", "arpeggio", "bass", "drone"])
def test_notes_stay_in_the_key(mode, role):
    scale = {(2 + step) % 12 for step in SCALES[mode]}
    (part,) = compose(section(role, "piano", tonic=2, mode=mode, energy=0.7), rng())
    assert part.notes
    assert {note.pitch % 12 for note in part.notes} <= scale


@pytest.mark.parametrize("mood", sorted(MOODS))
@pytest.mark.parametrize("meter", [3, 4])
def test_every_mood_plays_within_its_section(mood, meter):
    voices = tuple(Voice("piano", role) for role in ("melody", "chords", "arpeggio", "bass"))
    for part in compose(Section(9.5, voices, mood=mood, meter=meter, energy=0.8), rng()):
        assert part.notes
        assert all(0 <= note.start_s < 9.5 for note in part.notes)
        assert all(note.start_s + note.duration_s <= 9.5 + 1e-9 for note in part.notes)
        assert all(0 < note.velocity <= 1 for note in part.notes)


def test_more_energy_is_more_notes():
    def count(energy: float) -> int:
        (part,) = compose(section("melody", "piano", energy=energy, duration_s=30.0), rng())
        return len(part.notes)

    assert count(0.9) > 1.5 * count(0.2)


def test_beats_are_whole_bars_of_known_drums():
    for name, pattern in BEATS.items():
        assert {len(strokes) for strokes in pattern.values()} <= {12, 16}, name
        assert set(pattern) <= set(KIT), name


def test_degrees_are_counted_across_octaves():
    assert degree_pitch(0, "major", 0, 4) == 60
    assert degree_pitch(0, "major", 7, 4) == 72
    assert degree_pitch(9, "minor", -1, 3) == 55  # the G under A


def test_every_instrument_can_be_hired():
    for name in INSTRUMENTS:
        assert compose(section("melody", name), rng())[0].notes
