"""Vocal-likeness: told by the model, kept with the track, and following the model."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.fakes import ToneEmbedder
from tests.indexer.bench import Bench, build
from traumbox.domain import WINDOW_SAMPLES, Descriptors, Float32
from traumbox.embedders.builtin.embedder import BuiltinEmbedder
from traumbox.errors import ModelError
from traumbox.indexer.probing import NO_VOICES, VOICES, Probes
from traumbox.ports import Embedder
from traumbox.synth.mix import Room, perform
from traumbox.synth.score import Section, Voice

SUNG, PLAYED = 440.0, 220.0


class SingingTones(ToneEmbedder):
    """Takes 440 Hz for singing and 220 Hz for instruments; counts what it is asked."""

    def __init__(self, model_id: str = "tones") -> None:
        super().__init__(model_id)
        self.asked = 0

    def embed_text(self, sentences: Sequence[str]) -> Float32:
        self.asked += len(sentences)
        tones = [f"{SUNG if sentence in VOICES else PLAYED} Hz" for sentence in sentences]
        return super().embed_text(tones)

    def sound(self, *tones_hz: float) -> Float32:
        """Return the windows of a sound, one for each tone."""
        return super().embed_text([f"{hz} Hz" for hz in tones_hz])


class MuteEmbedder(SingingTones):
    """Has lost its text tower."""

    def embed_text(self, sentences: Sequence[str]) -> Float32:
        self.asked += 1
        raise ModelError("text.onnx is missing")


@pytest.fixture
def probes(tmp_path: Path) -> Probes:
    return Probes(tmp_path / "probes")


def test_singing_is_told_from_playing(probes: Probes) -> None:
    model = SingingTones()
    sung, played = model.sound(SUNG, SUNG), model.sound(PLAYED, PLAYED)
    assert probes.vocals(model, sung) == pytest.approx(1.0, abs=0.01)
    assert probes.vocals(model, played) == pytest.approx(0.0, abs=0.01)


def test_a_third_of_the_song_sung_is_enough_and_a_tenth_is_not(probes: Probes) -> None:
    model = SingingTones()
    third = probes.vocals(model, model.sound(*[SUNG] * 4, *[PLAYED] * 8))
    tenth = probes.vocals(model, model.sound(SUNG, *[PLAYED] * 9))
    assert third is not None
    assert third > 0.9
    assert tenth is not None
    assert tenth < 0.1


def test_silence_says_nothing_and_loads_nothing(probes: Probes) -> None:
    model = SingingTones()
    assert probes.vocals(model, np.zeros((0, model.card.dim), np.float32)) is None
    assert model.asked == 0


def test_the_text_tower_is_needed_once_in_a_model_s_life(tmp_path: Path) -> None:
    model = SingingTones()
    first = Probes(tmp_path)
    values = [first.vocals(model, model.sound(SUNG)) for _ in range(3)]
    assert (model.asked, model.released) == (len(VOICES + NO_VOICES), 1)
    mute = MuteEmbedder()
    assert Probes(tmp_path).vocals(mute, mute.sound(SUNG)) == values[0]
    assert mute.asked == 0


def test_each_model_has_its_own_probes(probes: Probes) -> None:
    one, other = SingingTones("a/b"), SingingTones("a?c")
    assert probes.vocals(one, one.sound(SUNG)) == probes.vocals(other, other.sound(SUNG))
    assert one.asked == other.asked == len(VOICES + NO_VOICES)


def test_without_a_text_tower_there_is_no_value_and_no_second_try(probes: Probes) -> None:
    mute = MuteEmbedder()
    assert [probes.vocals(mute, mute.sound(SUNG)) for _ in range(3)] == [None] * 3
    assert mute.asked == 1


@pytest.mark.parametrize("damage", [b"", b"nonsense", b"\x93NUMPY\x01\x00"])
def test_a_damaged_file_is_written_anew(tmp_path: Path, damage: bytes) -> None:
    model = SingingTones()
    Probes(tmp_path).vocals(model, model.sound(SUNG))
    (file,) = tmp_path.glob("*.npy")
    whole = file.read_bytes()
    file.write_bytes(damage)
    assert Probes(tmp_path).vocals(model, model.sound(SUNG)) == pytest.approx(1.0, abs=0.01)
    assert file.read_bytes() == whole
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_a_place_that_can_t_be_written_to_costs_only_the_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no directory")
    model = SingingTones()
    probes = Probes(tmp_path / "file" / "probes")
    assert probes.vocals(model, model.sound(SUNG)) == pytest.approx(1.0, abs=0.01)


class SaidProbes(Probes):
    """Says of each model what it was told to."""

    def __init__(self, said: dict[str, float | None]) -> None:
        super().__init__(Path("nowhere"))
        self.said = said

    def vocals(self, embedder: Embedder, vectors: Float32) -> float | None:
        return self.said[embedder.card.id] if len(vectors) else None


def vocals(bench: Bench) -> dict[str, float | None]:
    return {path: row.descriptors.vocals for path, row in bench.rows().items()}


def test_what_is_heard_gets_its_value_copies_too(tmp_path: Path) -> None:
    bench = build(tmp_path, probes=SaidProbes({"old-1": 0.25}))
    bench.put("a.flac", "one")
    bench.put("copy.flac", "one")
    bench.settle()
    assert vocals(bench) == {"a.flac": 0.25, "copy.flac": 0.25}
    bench.put("later.flac", "one|retagged")
    bench.settle()
    assert bench.ear.embedded == ["a.flac"]
    assert vocals(bench)["later.flac"] == 0.25


def test_the_values_follow_when_another_model_takes_over(tmp_path: Path) -> None:
    bench = build(tmp_path, probes=SaidProbes({"old-1": 0.25, "new-1": 0.75}))
    for name in ("one", "two"):
        bench.put(f"{name}.flac", name)
    bench.settle()
    before = bench.rows()["one.flac"].descriptors
    bench.change.begin("new")
    bench.run()
    assert bench.serving == "new"
    assert set(vocals(bench).values()) == {0.75}
    assert bench.rows()["one.flac"].descriptors == replace(before, vocals=0.75)


def test_a_model_that_can_t_tell_leaves_what_was_told(tmp_path: Path) -> None:
    bench = build(tmp_path, probes=SaidProbes({"old-1": 0.25, "new-1": None}))
    bench.put("one.flac", "one")
    bench.settle()
    bench.change.begin("new")
    bench.run()
    assert vocals(bench) == {"one.flac": 0.25}


def test_without_probes_nothing_is_said(tmp_path: Path) -> None:
    bench = build(tmp_path)
    bench.put("one.flac", "one")
    bench.settle()
    assert bench.rows()["one.flac"].descriptors == Descriptors()


def played(instrument: str, seed: int) -> Float32:
    """Return two windows of a tune with chords: float32[2, 480000]."""
    voices = (Voice(instrument, "melody", 1.2), Voice("piano", "chords", 0.3))
    section = Section(20.0, voices, 92, seed % 12, "major", "romantic", 0.5)
    sound = perform((section,), np.random.default_rng(seed), Room()).mean(axis=1)
    windows: Float32 = sound[: 2 * WINDOW_SAMPLES].reshape(2, WINDOW_SAMPLES)
    return windows


def test_the_built_in_model_hears_singing_in_singing(probes: Probes) -> None:
    model = BuiltinEmbedder()
    values = {
        name: [probes.vocals(model, model.embed_audio(played(name, seed))) for seed in (1, 2)]
        for name in ("singer", "piano")
    }
    sung, piano = ([v for v in values[name] if v is not None] for name in ("singer", "piano"))
    assert min(sung) > max(piano) + 0.2, values
