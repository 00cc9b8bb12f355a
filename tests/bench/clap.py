"""LAION's CLAP: the engines of this machine beside laion-clap called the naive way, in one run.

Each path computes in a process of its own, and all of them in turn, window by window: whatever else
the machine does, and however warm it is, it does to all alike. Random weights, full size.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tests.embedders.clap import conftest
from traumbox.embedders.clap import engines, golden
from traumbox.embedders.clap.cpu import read_cpuinfo
from traumbox.embedders.clap.frontend import log_mel
from traumbox.embedders.clap.trial import fidelity, read_golden, spread_of

THREADS = min(2, len(os.sched_getaffinity(0)))
ROUNDS = 8
IN_A_ROW = 4
CHANNELS = {"HTSAT-base": (128, (2, 2, 12, 2)), "HTSAT-tiny": (96, (2, 2, 6, 2))}
TAMED = {
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_MMAP_THRESHOLD_": str(1 << 30),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 30),
}
"""The allocator keeps what is freed; by default each large array is mapped and unmapped anew."""
NAIVE, NAIVE_TAMED = "laion-clap, PyTorch", "laion-clap, PyTorch, tamed allocator"
PEAK_SIZE = 2048


@dataclass
class Way:
    """One way to embed, at work in a process of its own."""

    title: str
    process: subprocess.Popen[str]
    vectors: Path
    times: list[float] = field(default_factory=list)  # s on the wall
    busy: list[float] = field(default_factory=list)  # s of the processor, shared among threads

    def ask(self, *, keep: bool) -> None:
        """Have it embed some windows in a row, as a listener does; ``keep`` what it measured."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("again\n")
        self.process.stdin.flush()
        measured = json.loads(self.process.stdout.readline())
        if keep:
            self.times += [wall_s for wall_s, _ in measured]
            self.busy += [busy_s / THREADS for _, busy_s in measured]

    def peak_mb(self) -> float:
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
        return 0.0


def bench_clap() -> None:
    """Print a table for each architecture, or what is missing for it."""
    if missing := conftest.absent():
        print(f"\nLAION CLAP: not measured, {missing} isn't installed (make clap).")
        return
    for architecture in CHANNELS:
        _bench(architecture, conftest.converted(architecture))


def gflop(architecture: str) -> float:
    """Return the arithmetic of one window: multiplications and additions of matrices, in 1e9."""
    channels, depths = CHANNELS[architecture]
    tokens, window = 64 * 64, 8 * 8
    total = 2 * 1024 * 1001 * 64 + 2 * tokens * 16 * channels
    for stage, depth in enumerate(depths):
        linear, attention = 24 * tokens * channels**2, 4 * tokens * window * channels
        total += depth * (linear + attention)
        if stage < len(depths) - 1:
            total += 4 * tokens * channels**2
        tokens, channels = tokens // 4, channels * 2
    return total / 1e9


def _bench(architecture: str, model: Path) -> None:
    names = engines.candidates("fp32", read_cpuinfo())
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        begin = _Starter(stack, folder, model)
        paths = [begin(NAIVE, "naive"), begin(NAIVE_TAMED, "naive", TAMED)]
        paths += [begin(engines.TITLES[name], name, TAMED) for name in names]
        peaks = {kind: begin(kind, f"peak-{kind}", TAMED) for kind in ("float32", "bfloat16")}
        for every in range(ROUNDS):
            for path in [*paths, *peaks.values()]:
                path.ask(keep=every > 0)  # the first is for warming up
        _print(architecture, model, paths, peaks)


def _print(architecture: str, model: Path, paths: list[Way], peaks: dict[str, Way]) -> None:
    # The quickest multiplication: what the machine can do at best.
    peak = {kind: 2 * PEAK_SIZE**3 / 1e9 / min(path.times) for kind, path in peaks.items()}
    true = read_golden(model)
    naive, tamed = (statistics.median(path.times) for path in paths[:2])
    print(
        f"\n{architecture}: {gflop(architecture):.1f} GFLOP a window, {THREADS} threads; peak of "
        f"PyTorch's multiplication {peak['float32']:.0f} GFLOP/s, bfloat16 {peak['bfloat16']:.0f}"
    )
    print(
        "\n| path | ms a window | ms of the cores | × naive | × naive, tamed | of peak | cosine"
        " | error | MB |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for path in paths:
        spent_s = statistics.median(path.times)
        kind = "bfloat16" if path.title == engines.TITLES[engines.OPENVINO_BF16] else "float32"
        share = gflop(architecture) / spent_s / peak[kind]
        found = fidelity(np.load(path.vectors), true, spread_of(true))
        print(
            f"| {path.title} | {1000 * spent_s:.0f} | "
            f"{1000 * statistics.median(path.busy):.0f} | {naive / spent_s:.1f} | "
            f"{tamed / spent_s:.1f} | {share:.0%} | {found.cosine:.6f} | {found.error:.5f} | "
            f"{path.peak_mb():.0f} |"
        )


@dataclass
class _Starter:
    stack: ExitStack
    folder: Path
    model: Path

    def __call__(self, title: str, what: str, environment: dict[str, str] | None = None) -> Way:
        vectors = self.folder / f"{title}.npy"
        command = [sys.executable, "-m", "tests.bench.clap", what, str(self.model), str(vectors)]
        process = subprocess.Popen(
            command,
            env=os.environ | {"OMP_NUM_THREADS": str(THREADS)} | (environment or {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.stack.enter_context(process)
        assert process.stdin is not None
        self.stack.callback(process.stdin.close)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n", f"{title} can't be measured"
        return Way(title, process, vectors)


def _work(what: str, model: Path, vectors: Path) -> None:
    """Be one path: embed the golden sounds, then one window for each line of standard input."""
    embed = _multiplication(what) if what.startswith("peak-") else _embedder(what, model)
    sounds = golden.windows()
    if not what.startswith("peak-"):
        np.save(vectors, np.stack([embed(sound) for sound in sounds]))
    print("ready", flush=True)
    for _ in sys.stdin:
        measured = []
        for sound in sounds[:IN_A_ROW]:
            wall_s, busy_s = time.perf_counter(), time.process_time()
            embed(sound)
            measured.append((time.perf_counter() - wall_s, time.process_time() - busy_s))
        print(json.dumps(measured[1:]), flush=True)  # the first finds cold caches


def _embedder(what: str, model: Path) -> Callable[[np.ndarray], np.ndarray]:
    if what == "naive":
        return _laion(model.parent / "checkpoint.pt")
    engine = engines.load(what, model, THREADS)
    return lambda sound: engine.run(log_mel(sound)[np.newaxis])[0]


def _laion(checkpoint: Path) -> Callable[[np.ndarray], np.ndarray]:
    """Return laion-clap's own way from the waveform on: its features, its network, its norm."""
    import torch  # noqa: PLC0415 - only this process may pay for it

    from traumbox.embedders.clap.convert.checkpoint import (  # noqa: PLC0415
        network_of,
        read_checkpoint,
    )

    torch.set_num_threads(THREADS)
    network = network_of(read_checkpoint(checkpoint))

    def embed(sound: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            heard = network.get_audio_embedding([{"waveform": torch.from_numpy(sound)}])
        return heard[0].numpy()

    return embed


def _multiplication(what: str) -> Callable[[np.ndarray], np.ndarray]:
    import torch  # noqa: PLC0415 - only this process may pay for it

    torch.set_num_threads(THREADS)
    kind = getattr(torch, what.removeprefix("peak-"))
    matrix = torch.randn(PEAK_SIZE, PEAK_SIZE, dtype=torch.float32).to(kind)

    def multiply(sound: np.ndarray) -> np.ndarray:
        torch.mm(matrix, matrix)
        return sound

    return multiply


if __name__ == "__main__":
    if len(sys.argv) == 4:
        _work(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        bench_clap()
