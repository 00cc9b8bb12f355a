import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.embedders.clap import small
from traumbox.embedders.clap import engines, golden
from traumbox.embedders.clap.cpu import cpu_name, has_bf16
from traumbox.embedders.clap.frontend import log_mel
from traumbox.embedders.clap.trial import read_golden
from traumbox.errors import ModelError

EPYC = "processor\t: 0\nmodel name\t: AMD EPYC 9554\nflags\t\t: fpu avx2 avx512_bf16 avx512_vnni\n"
PI = "processor\t: 0\nFeatures\t: fp asimd crc32\nCPU implementer\t: 0x41\nCPU part\t: 0xd0b\n"
GRAVITON = "Features\t: fp asimd i8mm bf16 sve\nCPU part\t: 0xd40\n"


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Path:
    directory = tmp_path_factory.mktemp("models") / "clap-music"
    small.write_model(directory)
    return directory


@pytest.fixture(scope="module")
def mel():
    return np.stack([log_mel(sound) for sound in golden.windows()[:3]])


def test_bf16_is_known_by_its_flag_on_any_processor():
    assert has_bf16(EPYC)
    assert has_bf16(GRAVITON)
    assert not has_bf16(PI)
    assert not has_bf16("")
    # A flag that only begins like it, or stands in another line, is none.
    assert not has_bf16("flags\t: avx512_bf16x\nbugs\t: bf16\n")


def test_processors_have_different_names():
    names = {cpu_name(text, "x") for text in (EPYC, PI, GRAVITON, "")}
    assert len(names) == 4


def test_bf16_is_only_tried_where_the_processor_has_it():
    assert engines.OPENVINO_BF16 not in engines.candidates("fp32", PI)
    assert engines.candidates("fp32", PI)[-1] == engines.ONNXRUNTIME


@pytest.mark.skipif(importlib.util.find_spec("openvino") is None, reason="no OpenVINO here")
def test_all_that_is_installed_is_tried():
    found = engines.candidates("fp32", EPYC)
    assert found == (engines.OPENVINO_BF16, engines.OPENVINO, engines.ONNXRUNTIME)


def test_a_model_in_8_bits_stays_with_the_engine_that_made_it():
    assert engines.candidates("int8", EPYC) == (engines.ONNXRUNTIME,)


def _engine_or_skip(name, directory):
    if name not in engines.candidates("fp32", EPYC):
        pytest.skip(f"{engines.TITLES[name]} isn't installed")
    try:
        return engines.load(name, directory, 1)
    except ModelError as error:
        if name == engines.OPENVINO_BF16:
            pytest.skip(f"no bfloat16 on this processor: {error}")
        raise


@pytest.mark.parametrize("name", [engines.ONNXRUNTIME, engines.OPENVINO])
def test_an_engine_answers_the_towers_vectors(model, mel, name):
    vectors = _engine_or_skip(name, model).run(mel)
    assert vectors.shape == (3, small.DIM)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors - read_golden(model)[:3], axis=1).max() < 1e-4


def test_bfloat16_is_near(model, mel):
    vectors = _engine_or_skip(engines.OPENVINO_BF16, model).run(mel)
    assert np.einsum("nd,nd->n", vectors, read_golden(model)[:3]).min() > 0.999


@pytest.mark.parametrize("name", [engines.ONNXRUNTIME, engines.OPENVINO])
def test_a_vector_doesnt_depend_on_its_neighbours(model, mel, name):
    engine = _engine_or_skip(name, model)
    together = engine.run(mel)
    alone = np.concatenate([engine.run(mel[row : row + 1]) for row in range(3)])
    assert (together == alone).all()


@pytest.mark.parametrize("name", [engines.ONNXRUNTIME, engines.OPENVINO])
def test_answers_are_the_callers_own(model, mel, name):
    engine = _engine_or_skip(name, model)
    first = engine.run(mel[:1])
    kept = first.copy()
    engine.run(mel[1:2])
    assert (first == kept).all()


@pytest.mark.parametrize("name", [engines.ONNXRUNTIME, engines.OPENVINO])
def test_a_file_that_is_no_model_is_named(tmp_path, name):
    directory = tmp_path / "clap-music"
    directory.mkdir()
    (directory / "audio.onnx").write_bytes(b"not a model")
    with pytest.raises(ModelError, match=r"audio\.onnx.*traumbox model verify clap-music"):
        engines.load(name, directory, 1)


def test_without_a_card_there_is_no_silent_fall_back(model):
    if engines.ONNXRUNTIME_CUDA in engines.candidates("fp32", PI):
        pytest.skip("this ONNX Runtime is built for graphics cards")
    with pytest.raises(ModelError, match="CUDAExecutionProvider"):
        engines.load(engines.ONNXRUNTIME_CUDA, model, 1)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells and obeys")
def test_openvino_lets_go_of_the_file_it_took_its_weights_from(model):
    engine = _engine_or_skip(engines.OPENVINO, model)
    assert engine is not None
    assert _resident_kb(model / "audio.onnx.data") == [0]


def _resident_kb(path: Path) -> list[int]:
    lines = Path("/proc/self/smaps").read_text().splitlines()
    begins = [number for number, line in enumerate(lines) if line.endswith(f" {path}")]
    return [
        next(int(line.split()[1]) for line in lines[begin:] if line.startswith("Rss:"))
        for begin in begins
    ]


def test_onnxruntime_starts_no_more_threads_than_given(model, mel):
    before = set(Path("/proc/self/task").iterdir())
    engine = engines.load(engines.ONNXRUNTIME, model, 2)
    engine.run(mel)
    # The caller is one of the two.
    assert len(set(Path("/proc/self/task").iterdir()) - before) <= 1
