"""One engine on trial: whether it hears as PyTorch did, how fast, and in how much memory.

Run as ``python -m traumbox.embedders.clap.trial --model DIR --engine NAME --threads N`` it prints
the trial as one line of JSON. In a process of its own, because an engine compiled for another
processor doesn't fail: it dies, and takes its process along.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from traumbox.domain import Float32
from traumbox.embedders.clap import engines, golden
from traumbox.embedders.clap.frontend import log_mel
from traumbox.embedders.clap.manifest import GOLDEN_VECTORS, read_manifest
from traumbox.errors import ModelError

WARM_UP = 2
MAX_DISTANCE = 1e-3
"""How far a vector computed in single precision may be from PyTorch's."""
MIN_COSINE, MAX_ERROR = 0.9999, 0.07
"""What is asked of less precise arithmetic. Shifting a window by 5 ms makes an error of 0.07."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What an engine did with the golden sounds.

    ``error`` is ``distance`` divided by the mean distance of the true vectors from their mean:
    where all vectors lie close together, cosines hide much.
    """

    engine: str
    ms: float  # of the quickest window, see try_engine
    distance: float  # the largest
    cosine: float  # the smallest
    error: float  # the largest
    peak_mb: float  # of the whole trial's process


@dataclass(frozen=True, slots=True)
class Fidelity:
    """How near vectors are to the true ones at worst."""

    distance: float
    cosine: float
    error: float

    def suffices(self, *, exact: bool) -> bool:
        """Tell whether that is near enough, of an engine that computes ``exact`` or not."""
        if exact:
            return self.distance <= MAX_DISTANCE
        return self.cosine >= MIN_COSINE and self.error <= MAX_ERROR


def fidelity(heard: Float32, true: Float32, spread: float) -> Fidelity:
    """Compare unit vectors float32[n, dim]; NaN comes out as NaN, which suffices for nothing.

    ``spread`` is the mean distance of all true vectors to their mean, see :func:`spread_of`.
    """
    distance = float(np.linalg.norm(heard - true, axis=1).max())
    cosine = float(np.einsum("nd,nd->n", heard, true).min())
    return Fidelity(distance, cosine, distance / max(spread, 1e-12))


def spread_of(vectors: Float32) -> float:
    """Return the mean distance of float32[n, dim] to their mean."""
    return float(np.linalg.norm(vectors - vectors.mean(axis=0), axis=1).mean())


def read_golden(directory: Path) -> Float32:
    """Return the golden sounds' true vectors float32[8, dim].

    Raises
    ------
    ModelError
        When the file is missing or damaged.
    """
    path = directory / GOLDEN_VECTORS
    try:
        vectors: Float32 = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise _damaged(path) from error
    if vectors.dtype != np.float32 or vectors.ndim != 2 or len(vectors) != golden.COUNT:
        raise _damaged(path)
    return vectors


def try_engine(
    name: str, directory: Path, threads: int, clock_s: Callable[[], float] | None = None
) -> Trial:
    """Have the engine hear the golden sounds.

    What is timed is the processor's time, shared among the threads: what a window takes where
    nothing else runs. Time on the wall told nothing on a busy machine; on a graphics card only that
    counts.

    Raises
    ------
    ModelError
        When the engine isn't there or refuses the model, or the model isn't whole.
    """
    true = read_golden(directory)
    engine = engines.load(name, directory, threads)
    on_card = name == engines.ONNXRUNTIME_CUDA
    clock_s = clock_s or (time.perf_counter if on_card else time.process_time)
    share = 1 if on_card else threads
    heard, spent_ms = [], []
    for sound in golden.windows():
        begin_s = clock_s()
        heard.append(engine.run(log_mel(sound)[np.newaxis])[0])
        spent_ms.append(1000.0 * (clock_s() - begin_s) / share)
    found = fidelity(np.stack(heard), true, spread_of(true))
    return Trial(
        engine=name,
        ms=min(spent_ms[WARM_UP:]),
        distance=found.distance,
        cosine=found.cosine,
        error=found.error,
        peak_mb=_peak_mb(),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Try one engine; 1 when it can't be tried, with the reason on standard error."""
    parser = argparse.ArgumentParser(prog="python -m traumbox.embedders.clap.trial")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--engine", choices=tuple(engines.TITLES), required=True)
    parser.add_argument("--threads", type=int, default=1)
    asked = parser.parse_args(arguments)
    try:
        read_manifest(asked.model)
        trial = try_engine(asked.engine, asked.model, asked.threads)
    except ModelError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(json.dumps(asdict(trial)) + "\n")
    return 0


def _peak_mb() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024.0
    return 0.0


def _damaged(path: Path) -> ModelError:
    return ModelError(
        f"The model's file {path} is missing or damaged. "
        f"Get it anew: traumbox model fetch {path.parent.name}"
    )


if __name__ == "__main__":
    sys.exit(main())
