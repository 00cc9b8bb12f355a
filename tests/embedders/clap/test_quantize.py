import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from tests.embedders.clap.conftest import absent
from traumbox.domain import ModelCard
from traumbox.embedders.clap import golden
from traumbox.embedders.clap.embedder import ClapEmbedder
from traumbox.embedders.clap.manifest import read_manifest, verify_files, write_manifest
from traumbox.embedders.clap.quantize import (
    FEWEST_WINDOWS,
    REFUSED,
    Bar,
    missing,
    quantize,
    read_check,
)
from traumbox.embedders.clap.quantize.judge import Vectors, check_of, judge, shifted
from traumbox.embedders.clap.quantize.prompts import PROMPTS
from traumbox.errors import ModelError

DIM = 32
ANYTHING = Bar(error=1e9, overlap=0.0, spearman=-1.0, faster=0.0)
needs_onnx = pytest.mark.skipif(bool(missing()), reason="onnx isn't installed (make clap)")


def unit(vectors):
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def drawn(count, seed):
    return unit(np.random.default_rng(seed).standard_normal((count, DIM)))


def near(vectors, by, seed=9):
    return unit(vectors + by * drawn(len(vectors), seed))


ORIGINAL = Vectors(drawn(48, 1), drawn(24, 2), np.full(48, 0.2))
LATE = near(ORIGINAL.audio, 0.07, 3)


def smaller(audio=0.02, text=0.01, window_s=0.1):
    """The 8-bit model's vectors, as far from the original's as given."""
    return Vectors(
        near(ORIGINAL.audio, audio, 4), near(ORIGINAL.text, text, 5), np.full(48, window_s)
    )


def test_a_close_and_fast_model_is_accepted():
    check = judge(ORIGINAL, smaller(), LATE, (500, 200))
    assert check.accepted
    assert check.reasons == ()
    assert (check.windows, check.prompts) == (48, 24)
    assert check.faster == pytest.approx(2.0)
    assert check.median_error < check.shift_error
    assert check.sentence.startswith("Good enough on 48 windows of your music and 24 sentences")


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (smaller(audio=0.1), "differently by more than a shift of 5 ms"),
        (smaller(text=0.9), "ten best answers"),
        (smaller(text=0.4), "order of answers"),
        (smaller(window_s=0.16), "has to be 1.30 × as fast"),
        (replace(smaller(), audio=np.full((48, DIM), np.nan, np.float32)), "shift of 5 ms"),
    ],
)
def test_what_falls_short_is_refused_with_the_reason(made, reason):
    check = judge(ORIGINAL, made, LATE, (500, 200))
    assert not check.accepted
    assert any(reason in said for said in check.reasons), check
    assert check.sentence.startswith("Not good enough on 48 windows")
    assert reason in check.sentence


def test_a_bar_that_is_just_missed_does_not_look_reached():
    check = judge(ORIGINAL, smaller(window_s=ORIGINAL.window_s.mean() / 1.299), LATE, (500, 200))
    assert not check.accepted
    assert "1.29 × as fast. It has to be 1.30 × as fast" in check.sentence


def test_the_same_vectors_are_perfect():
    check = judge(ORIGINAL, ORIGINAL, LATE, (500, 500), Bar(faster=1.0))
    assert check.accepted
    assert (check.median_error, check.overlap) == (0.0, 1.0)
    assert (check.spearman, check.lowest_spearman) == pytest.approx((1.0, 1.0))
    assert check.min_cosine == pytest.approx(1.0)


def test_errors_are_counted_in_spreads():
    # All vectors around one: the same distance is a larger part of what tells them apart.
    apart, alike = ORIGINAL, replace(ORIGINAL, audio=near(np.tile(drawn(1, 7), (48, 1)), 0.1, 8))
    errors = [
        judge(one, replace(one, audio=near(one.audio, 0.02, 4)), LATE, (1, 1)).median_error
        for one in (apart, alike)
    ]
    assert errors[1] > 5 * errors[0]


def test_the_bar_can_be_moved():
    made = smaller(audio=0.1, text=0.9, window_s=0.3)
    assert judge(ORIGINAL, made, LATE, (500, 200), ANYTHING).accepted


def test_shifting_by_5_ms_moves_samples_by_240():
    windows = golden.windows()[2:4]
    late = shifted(windows)
    assert late.shape == windows.shape
    assert (late[:, :-240] == windows[:, 240:]).all()
    assert (late[:, -240:] == windows[:, :-241:-1]).all()


def test_a_check_survives_json():
    check = judge(ORIGINAL, smaller(text=0.9), LATE, (500, 200))
    assert check_of(json.loads(json.dumps(asdict(check)))) == check
    assert check_of({"accepted": True}) is None
    assert check_of([]) is None


def test_prompts_are_two_dozen_different_ones():
    assert len(set(PROMPTS)) == 24


def many_windows(count=FEWEST_WINDOWS):
    """Windows that differ: the golden sounds at other places and levels."""
    chance = np.random.default_rng(1)
    sounds = golden.windows()
    mixed = [
        sounds[n % 8] * chance.uniform(0.2, 1.0) + 0.3 * np.roll(sounds[(3 * n + 1) % 8], 9_999 * n)
        for n in range(count)
    ]
    return np.clip(np.stack(mixed), -1.0, 1.0)


class _Fake:
    """Hears a window as what numpy makes of it; the 8-bit one as something else, if told to."""

    card = ModelCard("fake", "fake", DIM, "none")

    def __init__(self, seed=0):
        self._chance = np.random.default_rng(seed)
        self._seed = seed
        self.released = False

    def embed_audio(self, windows):
        found = unit(np.abs(np.fft.rfft(windows))[:, 1 : 1 + DIM] + 1e-3)
        return near(found, 0.5, self._seed) if self._seed else found

    def embed_text(self, sentences):
        return drawn(len(sentences), 2)

    def release(self):
        self.released = True


@pytest.fixture
def original(tmp_path) -> Path:
    from tests.embedders.clap import small  # noqa: PLC0415 - skips the module where onnx is absent

    small.write_model(tmp_path / "clap-music")
    return tmp_path / "clap-music"


def ticking():
    """A clock by which every window takes a second."""
    now_s = 0.0

    def clock_s():
        nonlocal now_s
        now_s += 1.0
        return now_s

    return clock_s


@needs_onnx
def test_a_refused_model_leaves_only_its_check(original, tmp_path):
    models = []

    def load(directory, threads):
        models.append(_Fake(seed=directory.name.endswith(".new")))
        return models[-1]

    target = tmp_path / "clap-music-int8"
    check = quantize(original, target, many_windows(), load=load, clock_s=ticking())
    assert not check.accepted
    assert any("has to be 1.30 × as fast" in reason for reason in check.reasons)
    assert [path.name for path in tmp_path.iterdir()] == ["clap-music"]
    assert read_check(original) == check
    assert [model.released for model in models] == [True, True]
    verify_files(original, read_manifest(original))


@needs_onnx
def test_an_accepted_model_is_whole_and_of_its_own_space(original, tmp_path):
    (original / REFUSED).write_text("{}")
    target = tmp_path / "clap-music-int8"
    steps = []
    check = quantize(
        original,
        target,
        many_windows(),
        bar=ANYTHING,
        load=lambda _directory, _threads: _Fake(),
        report=lambda step, done: steps.append((done, step)),
    )
    about, before = read_manifest(target), read_manifest(original)
    assert check.accepted
    assert read_check(target) == check
    assert read_check(original) is None
    assert about.precision == "int8"
    assert about.name == "clap-music-int8"
    assert about.id == f"clap-music-int8-{before.source_sha256[:8]}"
    assert about.source_sha256 == before.source_sha256
    verify_files(target, about)
    assert steps == sorted(steps)
    assert steps[-1] == (1.0, "Done")


@needs_onnx
def test_too_few_windows_are_refused(original, tmp_path):
    with pytest.raises(ModelError, match="needs 24 windows of your music, not 23"):
        quantize(original, tmp_path / "small", many_windows(23))


@needs_onnx
def test_8_bits_arent_halved_again(original, tmp_path):
    write_manifest(original, replace(read_manifest(original), precision="int8"))
    with pytest.raises(ModelError, match="in 8 bits already"):
        quantize(original, tmp_path / "small", many_windows())


@needs_onnx
def test_a_damaged_original_is_told(original, tmp_path):
    with (original / "audio.onnx").open("ab") as file:
        file.write(b"x")
    with pytest.raises(ModelError, match=r"audio\.onnx has"):
        quantize(original, tmp_path / "small", many_windows())


@pytest.mark.parametrize(
    ("flags", "saturates"),
    [
        ("fpu avx2 fma", True),
        ("fpu avx2 avx512f", True),
        ("fpu avx2 avx512f avx512_vnni", False),
        ("fpu avx2 avx_vnni", False),
        ("fp asimd asimddp", False),
    ],
)
def test_only_some_processors_saturate(flags, saturates):
    steps = pytest.importorskip(
        "traumbox.embedders.clap.quantize.steps",
        exc_type=ImportError,
        reason="onnx isn't installed",
    )
    assert steps.saturates(f"flags\t\t: {flags}\n") == saturates


@pytest.mark.skipif(bool(absent()), reason=f"the converter isn't installed: no {absent()}")
def test_a_full_size_model_in_8_bits_hears_nearly_the_same(converted_tiny, tmp_path):
    target = tmp_path / "clap-general-int8"
    check = quantize(converted_tiny, target, many_windows(), threads=2, bar=ANYTHING)
    assert check.median_error < 0.3
    assert check.median_cosine > 0.97
    assert check.spearman > 0.7
    assert check.bytes_after < 0.6 * check.bytes_before
    made = ClapEmbedder(target, threads=2)  # proves itself by its own golden vectors
    known = ClapEmbedder(converted_tiny, threads=2)
    sound = golden.windows()[4:5]
    assert made.card.id != known.card.id
    cosine = float(made.embed_audio(sound)[0] @ known.embed_audio(sound)[0])
    assert 0.97 < cosine < 0.99999
