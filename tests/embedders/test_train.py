import importlib

import numpy as np
import pytest

from traumbox.embedders.builtin.mel import BANDS, FRAMES, log_mel, mel_filters
from traumbox.embedders.builtin.train import soundfont
from traumbox.embedders.builtin.train.augment import spoil, to_level
from traumbox.embedders.builtin.train.captions import caption
from traumbox.embedders.builtin.train.concepts import CONCEPTS, IDIOMS
from traumbox.embedders.builtin.train.data import count_shards, load, make_shard
from traumbox.embedders.builtin.train.evaluate import calibrate
from traumbox.embedders.builtin.train.measure import measure, measured_concepts
from traumbox.embedders.builtin.train.players import PLAYERS
from traumbox.embedders.builtin.train.scenes import draw_scene
from traumbox.synth.compose import compose
from traumbox.synth.mix import INSTRUMENTS
from traumbox.synth.percussion import KIT
from traumbox.synth.score import Note, Part, Voice

RATE_HZ = 48_000


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def tone(freq_hz: float, level: float, duration_s: float = 10.0) -> np.ndarray:
    t = np.arange(round(duration_s * RATE_HZ)) / RATE_HZ
    return (level * np.sin(2 * np.pi * freq_hz * t)).astype(np.float32)


def test_mel_shows_a_tone_in_its_band_and_at_its_level():
    loud, soft = log_mel(tone(1000, 1.0)), log_mel(tone(1000, 0.1))
    assert loud.shape == (FRAMES, BANDS)
    band = int(np.argmax(mel_filters()[round(1000 / RATE_HZ * 2048)]))
    assert set(loud.argmax(axis=1)) <= {band - 1, band, band + 1}
    assert (loud - soft).max(axis=1) == pytest.approx(1.0, abs=0.02)  # 20 dB


def test_mel_filters_leave_no_band_deaf():
    assert mel_filters().sum(axis=0) == pytest.approx(1.0, abs=1e-5)


def test_scenes_name_only_concepts_that_exist_and_differ():
    seen = set()
    for seed in range(150):
        for passage in draw_scene(20.0, seed % 2 == 0, rng(seed)).passages:
            assert passage.section.voices
            seen |= passage.concepts
    assert seen <= set(CONCEPTS)
    assert len(seen) > 90


def test_scenes_dont_contradict_themselves():
    for seed in range(150):
        for passage in draw_scene(20.0, seed % 2 == 0, rng(seed)).passages:
            for pair in ({"drums", "no drums"}, {"slow", "fast"}, {"major", "minor"}):
                assert not pair <= passage.concepts


def test_captions_ask_only_for_what_is_there():
    for seed in range(200):
        present = draw_scene(20.0, False, rng(seed)).passages[0].concepts
        text, asked = caption(present, rng(seed))
        assert text.strip()
        assert asked
        assert asked <= present


def test_idioms_and_players_speak_of_known_concepts():
    assert {name for _, asked in IDIOMS for name in asked} <= set(CONCEPTS)
    assert {name for player in PLAYERS for name in player.concepts} <= set(CONCEPTS)
    own = {player.instrument for player in PLAYERS if not player.sampled}
    assert own <= set(INSTRUMENTS)


def test_measured_words_fit_the_sound():
    deep = measured_concepts(measure(tone(60, 0.9)), set())
    high = measured_concepts(measure(tone(6000, 0.01)), set())
    assert {"deep", "dull", "loud"} <= deep
    assert {"high", "bright", "quiet"} <= high


def test_spoiling_keeps_length_and_level_is_reached():
    for seed in range(6):
        x = spoil(tone(440, 0.5, 2.0), rng(seed))
        assert x.shape == (2 * RATE_HZ,)
        assert np.isfinite(x).all()
        rms = np.sqrt(np.mean(to_level(x, -20.0) ** 2))
        assert 20 * np.log10(rms) == pytest.approx(-20, abs=0.5)


def test_a_shard_can_be_made_again_and_read(tmp_path):
    first, second = tmp_path / "one", tmp_path / "two"
    for directory in (first, second):
        directory.mkdir()
        make_shard(directory, 3, seed=5, pieces=2)
    clips, again = load(first), load(second)
    assert count_shards(first) == 1
    assert len(clips) >= 4
    for clip, other in zip(clips, again, strict=True):
        assert clip.mel.shape == (FRAMES, BANDS)
        assert np.array_equal(clip.mel, other.mel)
        assert clip.concepts == other.concepts <= set(CONCEPTS)


def test_drums_of_the_patterns_are_on_the_general_midi_map():
    assert set(soundfont.GM_DRUMS) == set(KIT)


@pytest.mark.skipif(soundfont.find() is None, reason="no fluidsynth with the FluidR3 soundfont")
def test_sampled_pieces_sound_in_their_slots():
    def part(pitch: int) -> list[Part]:
        return [Part(Voice("gm:73", "melody"), (Note(0.0, 1.0, pitch, 0.8),))]

    low, high = soundfont.render([(part(69), 0), (part(81), 0)], 1.5, soundfont.find())
    for sound, pitch_hz in ((low, 440), (high, 880)):
        spectrum = np.abs(np.fft.rfft(sound[:RATE_HZ].mean(axis=1)))
        assert np.argmax(spectrum) == pytest.approx(pitch_hz, rel=0.01)


def test_the_scale_reads_right_pairs_high_and_wrong_ones_low():
    right, wrong = rng(1).normal(0.6, 0.1, 500), rng(2).normal(0.1, 0.1, 5000)
    midpoint, slope = calibrate(right, wrong)

    def reads(cosine: float) -> float:
        return float(100 / (1 + np.exp(-slope * (cosine - midpoint))))

    assert 80 <= reads(0.6) <= 95
    assert reads(0.1) < 30


def test_towers_export_to_the_same_numbers(tmp_path):
    torch = pytest.importorskip("torch", reason="torch is only installed for training")
    pytest.importorskip("onnx", reason="onnx is only installed for training")
    towers_module = importlib.import_module("traumbox.embedders.builtin.train.learn")
    export_module = importlib.import_module("traumbox.embedders.builtin.train.export")
    torch.manual_seed(1)
    towers = towers_module.Towers()
    with torch.no_grad():  # statistics as a training would leave them
        towers.train().audio(torch.randn(4, FRAMES, BANDS))
    export_module.export(towers, tmp_path)  # raises ArithmeticError when they differ
    assert sorted(path.name for path in tmp_path.iterdir()) == ["audio.onnx", "text.onnx"]


def test_passages_reach_the_composer():
    scene = draw_scene(20.0, False, rng(4))
    assert all(compose(passage.section, rng()) for passage in scene.passages)
