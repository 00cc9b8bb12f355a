"""The engines that can run the audio tower on this machine, each behind the same small interface.

Windows go through one by one: a vector doesn't depend on its neighbours, and larger batches gain
nothing on a processor's cores.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from traumbox.domain import Float32
from traumbox.embedders.clap.cpu import has_bf16
from traumbox.embedders.clap.frontend import BANDS, FRAMES
from traumbox.embedders.clap.manifest import AUDIO_TOWER
from traumbox.embedders.memory import forget_mapped
from traumbox.embedders.quiet import openvino
from traumbox.errors import ModelError

ONNXRUNTIME, OPENVINO, OPENVINO_BF16 = "onnxruntime", "openvino", "openvino-bf16"
ONNXRUNTIME_CUDA = "onnxruntime-cuda"
TITLES = {
    ONNXRUNTIME: "ONNX Runtime",
    OPENVINO: "OpenVINO",
    OPENVINO_BF16: "OpenVINO in bfloat16",
    ONNXRUNTIME_CUDA: "ONNX Runtime on the graphics card",
}
DATA_SUFFIX = ".data"
"""What an ONNX file's name has more where its weights lie beside it."""


class AudioEngine(Protocol):
    """The audio tower, loaded. Not for two threads at once."""

    def run(self, mel: Float32) -> Float32:
        """Map log-mel spectrograms float32[n, 1001, 64] to unit vectors float32[n, dim]."""
        ...


def candidates(precision: str, cpuinfo: str) -> tuple[str, ...]:
    """Return the engines worth trying for a model of ``precision`` ("fp32" or "int8").

    Whether they work here, and which is the fastest, only a trial can tell. What an 8-bit model
    answers depends on how its engine rounds, so it stays with the one that made it.
    """
    if precision != "fp32":
        return (ONNXRUNTIME,)
    names = []
    if _has_cuda():
        names.append(ONNXRUNTIME_CUDA)
    if importlib.util.find_spec("openvino") is not None:
        names += [OPENVINO_BF16, OPENVINO] if has_bf16(cpuinfo) else [OPENVINO]
    return (*names, ONNXRUNTIME)


def computes_exactly(name: str) -> bool:
    """Tell whether an engine computes in single precision."""
    return name != OPENVINO_BF16


def load(name: str, directory: Path, threads: int) -> AudioEngine:
    """Load the audio tower of the model in ``directory`` on ``threads`` threads at most.

    Raises
    ------
    ModelError
        When the engine isn't there or refuses the file; the message names both.
    """
    path = directory / AUDIO_TOWER
    try:
        return _MAKERS[name](path, threads)
    except ModelError:
        raise
    except Exception as error:  # the engines' exceptions have no root of their own
        raise ModelError(
            f"{TITLES[name]} can't load {path}: {_first_line(error)}. "
            f"Is the file whole? traumbox model verify {directory.name}"
        ) from error


class OnnxRuntimeEngine:
    """ONNX Runtime, on the processor or on an NVIDIA card."""

    def __init__(self, path: Path, threads: int, provider: str = "CPUExecutionProvider") -> None:
        # Imported here: it takes a third of a second and 40 MB, and not every engine needs it.
        import onnxruntime  # noqa: PLC0415

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Waiting threads that spin would burn the cores of a small machine between two windows.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        settings = {"use_tf32": "0"} if provider == _CUDA else {}
        if provider not in onnxruntime.get_available_providers():
            raise ModelError(f"this ONNX Runtime is built without {provider}.")
        self._session = onnxruntime.InferenceSession(
            path, options, providers=[(provider, settings)]
        )
        # Without the card's libraries ONNX Runtime only warns and goes on with the processor.
        if provider not in self._session.get_providers():
            raise ModelError(f"ONNX Runtime can't use the graphics card here ({provider}).")
        (self._input,) = (given.name for given in self._session.get_inputs())

    def run(self, mel: Float32) -> Float32:
        """Map log-mel spectrograms float32[n, 1001, 64] to unit vectors float32[n, dim]."""
        return _one_by_one(lambda one: self._session.run(None, {self._input: one})[0], mel)


class OpenVinoEngine:
    """OpenVINO on the processor, in single precision or in bfloat16."""

    def __init__(self, path: Path, threads: int, precision: str = "f32") -> None:
        core = openvino().Core()
        model = core.read_model(path)
        # With all sizes known the whole attention becomes one kernel.
        model.reshape([1, FRAMES, BANDS])
        compiled = core.compile_model(
            model,
            "CPU",
            {
                "INFERENCE_PRECISION_HINT": precision,
                "PERFORMANCE_HINT": "LATENCY",
                "NUM_STREAMS": 1,
                "INFERENCE_NUM_THREADS": threads,
                # A core that something else is using must not hold a thread of ours.
                "ENABLE_CPU_PINNING": False,
            },
        )
        self._request = compiled.create_infer_request()
        forget_mapped(path.with_name(path.name + DATA_SUFFIX))

    def run(self, mel: Float32) -> Float32:
        """Map log-mel spectrograms float32[n, 1001, 64] to unit vectors float32[n, dim]."""
        return _one_by_one(lambda one: self._request.infer({0: one})[0], mel)


_CUDA = "CUDAExecutionProvider"
_MAKERS: dict[str, Callable[[Path, int], AudioEngine]] = {
    ONNXRUNTIME: OnnxRuntimeEngine,
    ONNXRUNTIME_CUDA: lambda path, threads: OnnxRuntimeEngine(path, threads, _CUDA),
    OPENVINO: OpenVinoEngine,
    OPENVINO_BF16: lambda path, threads: OpenVinoEngine(path, threads, "bf16"),
}


def _one_by_one(run: Callable[[Float32], Any], mel: Float32) -> Float32:
    vectors = [np.asarray(run(mel[row : row + 1]), dtype=np.float32) for row in range(len(mel))]
    return np.concatenate(vectors)  # a copy: engines reuse what they answer in


def _has_cuda() -> bool:
    """Tell whether this ONNX Runtime was built for NVIDIA's cards, without importing it."""
    spec = importlib.util.find_spec("onnxruntime")
    folders = (spec.submodule_search_locations or []) if spec is not None else []
    return any(list(Path(folder).glob("capi/*onnxruntime_providers_cuda*")) for folder in folders)


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
