import json
import sys
from dataclasses import asdict, replace

import numpy as np
import pytest

from tests.embedders.clap import small
from traumbox.embedders.clap import engines
from traumbox.embedders.clap.engines import ONNXRUNTIME, OPENVINO, OPENVINO_BF16
from traumbox.embedders.clap.probe import (
    FILE_NAME,
    LISTENER_REST_MB,
    EngineChooser,
    choose,
    try_in_a_process,
)
from traumbox.embedders.clap.trial import (
    Trial,
    fidelity,
    main,
    read_golden,
    spread_of,
    try_engine,
)
from traumbox.errors import ModelError

SLOW = Trial(ONNXRUNTIME, ms=174.0, distance=2e-6, cosine=1.0, error=3e-6, peak_mb=440.0)
FAST = Trial(OPENVINO, ms=155.0, distance=3e-6, cosine=1.0, error=4e-6, peak_mb=690.0)
BF16 = Trial(OPENVINO_BF16, ms=81.0, distance=9e-3, cosine=0.99996, error=0.04, peak_mb=560.0)


class TestChoosing:
    def test_the_quickest_that_hears_right(self):
        assert choose([SLOW, FAST, BF16], None) == BF16
        assert choose([SLOW, FAST], None) == FAST
        assert choose([], None) is None

    @pytest.mark.parametrize(
        "wrong",
        [
            replace(BF16, cosine=0.9998),
            replace(BF16, error=0.08),
            replace(FAST, ms=1.0, distance=1.1e-3),
            # What is enough for bfloat16 isn't for an engine that claims to be exact.
            replace(FAST, ms=1.0, distance=9e-3, cosine=0.99996, error=0.04),
            replace(SLOW, ms=1.0, distance=float("nan")),
        ],
    )
    def test_one_that_hears_otherwise_is_out(self, wrong):
        assert choose([SLOW, wrong], None) == SLOW

    def test_one_that_takes_more_memory_than_the_listener_may_is_out(self):
        trials = [SLOW, FAST, BF16]
        assert choose(trials, 560 + LISTENER_REST_MB) == BF16
        assert choose(trials, 559 + LISTENER_REST_MB) == SLOW
        assert choose(trials, 100) is None

    def test_a_model_in_8_bits_need_only_be_near(self):
        near = replace(SLOW, distance=9e-3, cosine=0.99996, error=0.04)
        assert choose([near], None, int8=True) == near
        assert choose([near], None) is None


class TestFidelity:
    true = np.eye(4, dtype=np.float32)[:3]

    def test_what_is_equal_is_exact(self):
        assert fidelity(self.true, self.true, 1.0).suffices(exact=True)

    def test_the_worst_vector_counts(self):
        heard = self.true.copy()
        heard[2] = heard[2] * 0.6 + self.true[0] * 0.8
        found = fidelity(heard, self.true, 2.0)
        assert found.cosine == pytest.approx(0.6)
        assert found.distance == pytest.approx(np.sqrt(0.8), abs=1e-6)
        assert found.error == pytest.approx(np.sqrt(0.8) / 2.0, abs=1e-6)

    def test_what_is_no_number_never_suffices(self):
        heard = self.true.copy()
        heard[1, 1] = np.nan
        found = fidelity(heard, self.true, 1.0)
        assert not found.suffices(exact=True)
        assert not found.suffices(exact=False)

    def test_where_all_vectors_are_alike_the_error_grows(self):
        alike = self.true * np.float32(0.01) + np.float32(0.5)
        assert spread_of(alike) < 0.01
        assert fidelity(alike * 1.001, alike, spread_of(alike)).error > 0.1


class Engines:
    """Engines that answer the golden vectors, or not; counts their trials."""

    def __init__(self, true, trials):
        self.true, self.trials, self.tried = true, {t.engine: t for t in trials}, []
        self.wrong, self.dead, self.loaded = set(), set(), []

    def try_engine(self, name):
        self.tried.append(name)
        if name in self.dead or name not in self.trials:
            raise ModelError("its trial died of signal 4.")
        return self.trials[name]

    def load(self, name):
        self.loaded.append(name)
        return FakeEngine(self.true, wrong=name in self.wrong)


class FakeEngine:
    def __init__(self, true, *, wrong):
        self.true, self.wrong = true, wrong

    def run(self, mel):
        return -self.true[:1] if self.wrong else self.true[:1]


@pytest.fixture
def model(tmp_path):
    directory = tmp_path / "clap-music"
    return directory, small.write_model(directory)


def chooser(model, fakes, *, threads=2, memory_mb=None):
    directory, manifest = model
    return EngineChooser(
        directory,
        manifest,
        threads,
        memory_mb=memory_mb,
        names=(OPENVINO_BF16, OPENVINO, ONNXRUNTIME),
        try_engine=fakes.try_engine,
        load_engine=fakes.load,
    )


class TestChooser:
    @pytest.fixture
    def fakes(self, model):
        return Engines(read_golden(model[0]), [SLOW, FAST, BF16])

    def test_the_first_start_tries_all_and_the_next_none(self, model, fakes):
        chooser(model, fakes).engine()
        assert set(fakes.tried) == {OPENVINO_BF16, OPENVINO, ONNXRUNTIME}
        fakes.tried.clear()
        chooser(model, fakes).engine()
        assert fakes.tried == []
        assert fakes.loaded == [OPENVINO_BF16, OPENVINO_BF16]

    @pytest.mark.parametrize("change", ["threads", "tower", "libraries"])
    def test_what_was_found_elsewhere_doesnt_count(self, model, fakes, change):
        directory, manifest = model
        chooser(model, fakes).engine()
        fakes.tried.clear()
        threads = 2
        if change == "threads":
            threads = 3
        elif change == "tower":
            files = dict(manifest.files)
            files["audio.onnx"] = replace(files["audio.onnx"], sha256="1" * 64)
            model = directory, replace(manifest, files=files)
        else:
            path = directory / FILE_NAME
            path.write_text(path.read_text().replace("onnxruntime 1", "onnxruntime 0"))
        chooser(model, fakes, threads=threads).engine()
        assert fakes.tried

    def test_an_engine_that_dies_on_trial_is_left_out(self, model, fakes):
        fakes.dead = {OPENVINO_BF16}
        chooser(model, fakes).engine()
        assert fakes.loaded == [OPENVINO]

    def test_one_that_fails_its_golden_sound_is_replaced_for_good(self, model, fakes):
        chooser(model, fakes).engine()
        fakes.wrong = {OPENVINO_BF16}
        fakes.tried.clear()
        fakes.loaded.clear()
        chooser(model, fakes).engine()
        assert fakes.loaded == [OPENVINO_BF16, OPENVINO]
        assert OPENVINO_BF16 not in fakes.tried
        fakes.loaded.clear()
        chooser(model, fakes).engine()
        assert fakes.loaded == [OPENVINO]

    def test_when_none_hears_right_the_owner_is_told(self, model, fakes):
        fakes.wrong = {OPENVINO_BF16, OPENVINO, ONNXRUNTIME}
        with pytest.raises(ModelError, match="traumbox model verify clap-music"):
            chooser(model, fakes).engine()
        fakes.wrong = set()
        # Nothing was remembered of that: the next start tries anew.
        chooser(model, fakes).engine()
        assert fakes.loaded[-1] == OPENVINO_BF16

    def test_memory_decides_also_over_what_was_found_before(self, model, fakes):
        chooser(model, fakes).engine()
        chooser(model, fakes, memory_mb=440 + LISTENER_REST_MB).engine()
        assert fakes.loaded == [OPENVINO_BF16, ONNXRUNTIME]

    def test_too_little_memory_for_any_says_how_much_it_takes(self, model, fakes):
        with pytest.raises(ModelError, match=r"about 611 MB.*allows 300"):
            chooser(model, fakes, memory_mb=300).engine()

    @pytest.mark.parametrize("content", ["", "{", "[]", '{"key": 1}', '{"trials": [{}]}'])
    def test_a_damaged_memory_is_no_reason_to_fail(self, model, fakes, content):
        chooser(model, fakes).engine()
        (model[0] / FILE_NAME).write_text(content)
        fakes.tried.clear()
        chooser(model, fakes).engine()
        assert fakes.tried
        assert json.loads((model[0] / FILE_NAME).read_text())["trials"]

    def test_a_folder_that_cant_be_written_costs_a_trial_a_start(self, model, fakes):
        (model[0] / FILE_NAME).with_suffix(".new").mkdir()
        asked = chooser(model, fakes)
        asked.engine()
        assert not (model[0] / FILE_NAME).exists()
        fakes.tried.clear()
        asked.engine()
        assert fakes.tried == []
        chooser(model, fakes).engine()
        assert fakes.tried

    def test_missing_golden_vectors_are_named(self, model, fakes):
        (model[0] / "golden.npy").write_bytes(b"")
        with pytest.raises(ModelError, match=r"golden\.npy.*traumbox model fetch clap-music"):
            chooser(model, fakes).engine()


def test_a_trial_hears_all_golden_sounds(model):
    now = iter(float(tick) for tick in range(100))
    trial = try_engine(ONNXRUNTIME, model[0], 2, clock_s=lambda: next(now))
    assert trial.engine == ONNXRUNTIME
    assert trial.ms == 500.0  # a second of two threads
    assert trial.distance < 1e-4
    assert trial.cosine > 0.999999
    assert 20 < trial.peak_mb < 4000


def test_real_trials_run_in_their_own_processes_with_signs_of_life(model):
    directory, manifest = model
    signs = []
    engine = EngineChooser(directory, manifest, 1, report=lambda: signs.append(1)).engine()
    assert len(signs) >= 2
    kept = json.loads((directory / FILE_NAME).read_text())["trials"]
    assert ONNXRUNTIME in {trial["engine"] for trial in kept}
    assert engine.run(np.zeros((1, 1001, 64), np.float32)).shape == (1, small.DIM)


def test_the_process_that_tries_tells_why_it_cant(model, capsys):
    (model[0] / "golden.npy").unlink()
    asked = ["--model", str(model[0]), "--engine", ONNXRUNTIME]
    assert main(asked) == 1
    assert "golden.npy" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGILL)", "died of signal 4"),
        ("import sys; sys.exit('one\\ntwo')", "^two$"),
        ("import sys; sys.exit(3)", "ended with 3"),
        ("", "told nothing"),
        ("print('{}')", "told nothing"),
        ("print('[1]')", "told nothing"),
    ],
)
def test_a_trial_that_goes_wrong_is_a_reason_in_words(program, reason):
    with pytest.raises(ModelError, match=reason):
        try_in_a_process([sys.executable, "-c", program], lambda: None)


def test_what_a_trial_prints_last_counts():
    program = f"print('loading'); print({json.dumps(asdict(SLOW))!r})"
    assert try_in_a_process([sys.executable, "-c", program], lambda: None) == SLOW


def test_engines_have_titles():
    assert set(engines.TITLES) >= {ONNXRUNTIME, OPENVINO, OPENVINO_BF16}
