"""Making a model in 8 bits and listening with it beside the original."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from traumbox.domain import Float32
from traumbox.embedders.clap import engines, golden
from traumbox.embedders.clap.cpu import read_cpuinfo
from traumbox.embedders.clap.embedder import ClapEmbedder
from traumbox.embedders.clap.frontend import log_mel
from traumbox.embedders.clap.manifest import (
    AUDIO_TOWER,
    GOLDEN_VECTORS,
    MERGES,
    TEXT_TOWER,
    VOCABULARY,
    Manifest,
    entry_of,
    model_id,
    put_in_place,
    read_manifest,
    sync,
    verify_files,
    write_manifest,
)
from traumbox.embedders.clap.quantize.judge import Bar, SelfCheck, Vectors, judge, shifted
from traumbox.embedders.clap.quantize.prompts import PROMPTS
from traumbox.embedders.clap.quantize.towers import write_int8
from traumbox.ports import Embedder

_Report = Callable[[str, float], None]


def make(
    directory: Path,
    target: Path,
    windows: Float32,
    *,
    threads: int,
    bar: Bar,
    report: _Report,
    load: Callable[[Path, int], Embedder] | None,
    clock_s: Callable[[], float],
) -> SelfCheck:
    """Make, check and, if it passes, put in place; see :func:`..quantize`."""
    original = read_manifest(directory)
    report("Reading the original", 0.0)
    verify_files(directory, original)
    loaded = load or ClapEmbedder
    new = target.with_name(f"{target.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    try:
        report("Writing in 8 bits", 0.05)
        manifest = _write(directory, new, original, target.name, threads)
        model = loaded(directory, threads)
        before = _hear(model, windows, clock_s, lambda x: report("Hearing", 0.1 + 0.3 * x))
        late = np.concatenate([model.embed_audio(shifted(one)) for one in _each(windows)])
        model.release()
        # Only now: both at once would need the memory of both.
        model = loaded(new, threads)
        after = _hear(model, windows, clock_s, lambda x: report("Comparing", 0.7 + 0.25 * x))
        model.release()
        check = judge(before, after, late, (original.size_bytes, manifest.size_bytes), bar)
        if check.accepted:
            write_manifest(new, replace(manifest, check=asdict(check)))
            put_in_place(new, target)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return check


def _write(directory: Path, new: Path, original: Manifest, name: str, threads: int) -> Manifest:
    """Write the 8-bit towers and what belongs to them into ``new``."""
    bits = 7 if saturates(read_cpuinfo()) else 8
    for tower in (AUDIO_TOWER, TEXT_TOWER):
        write_int8(directory / tower, new / tower, bits=bits)
    for file in (VOCABULARY, MERGES):
        shutil.copyfile(directory / file, new / file)
    # Of itself: how 8 bits are multiplied is the machine's, PyTorch's vectors can't prove it.
    engine = engines.load(engines.ONNXRUNTIME, new, threads)
    mel = np.stack([log_mel(window) for window in golden.windows()])
    np.save(new / GOLDEN_VECTORS, engine.run(mel))
    for path in new.iterdir():
        sync(path)
    manifest = replace(
        original,
        name=name,
        id=model_id(name, original.source_sha256),
        precision="int8",
        max_distance={},
        files={path.name: entry_of(path) for path in sorted(new.iterdir())},
        check={},
    )
    write_manifest(new, manifest)
    return manifest


def _hear(
    model: Embedder,
    windows: Float32,
    clock_s: Callable[[], float],
    advance: Callable[[float], None],
) -> Vectors:
    model.embed_audio(windows[:1])  # loads the tower, which isn't to be timed
    vectors, seconds = [], []
    for window in _each(windows):
        before_s = clock_s()
        vectors.append(model.embed_audio(window))
        seconds.append(clock_s() - before_s)
        advance(len(vectors) / len(windows))
    return Vectors(np.concatenate(vectors), model.embed_text(PROMPTS), np.array(seconds))


def _each(windows: Float32) -> Iterator[Float32]:
    return (windows[row : row + 1] for row in range(len(windows)))


def saturates(cpuinfo: str) -> bool:
    """Tell whether the processor's 8-bit products overflow: x86 with AVX2 but without VNNI."""
    flags = set(cpuinfo.split())
    return "avx2" in flags and not flags & {"avx512_vnni", "avx_vnni", "amx_int8"}
