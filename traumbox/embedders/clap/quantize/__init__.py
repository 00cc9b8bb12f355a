"""A model in 8 bits: made on the owner's machine, kept only if it hears the owner's music alike.

What this module says of a check is light to import; the making is not, and waits for its call.
"""

from __future__ import annotations

import importlib.util
import json
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from traumbox.domain import Float32
from traumbox.embedders.clap.manifest import read_manifest
from traumbox.embedders.clap.quantize.judge import BAR, Bar, SelfCheck, check_of
from traumbox.errors import ModelError
from traumbox.ports import Embedder

__all__ = ["BAR", "FEWEST_WINDOWS", "Bar", "SelfCheck", "missing", "quantize", "read_check"]

FEWEST_WINDOWS = 24
"""With fewer, the top ten would be nearly all of them."""

REFUSED = "int8-check.json"
"""Beside the original: the check of an 8-bit model that wasn't good enough."""

Report = Callable[[str, float], None]
"""Told in words what goes on, and how much of all is done, 0..1."""
Load = Callable[[Path, int], Embedder]
"""From folder and threads."""


def missing() -> str:
    """Return what to run before a model can be made smaller; empty when nothing is missing."""
    return "" if importlib.util.find_spec("onnx") is not None else "make clap"


def read_check(directory: Path) -> SelfCheck | None:
    """Return the check of the 8-bit model in ``directory``, or of the one refused beside it."""
    try:
        about: object = read_manifest(directory).check
    except ModelError:
        about = None
    if not about:
        try:
            about = json.loads((directory / REFUSED).read_text("utf-8"))
        except (OSError, ValueError):
            return None
    return check_of(about)


def quantize(
    directory: Path,
    target: Path,
    windows: Float32,
    *,
    threads: int = 1,
    bar: Bar = BAR,
    report: Report = lambda _step, _done: None,
    load: Load | None = None,
    clock_s: Callable[[], float] = time.perf_counter,
) -> SelfCheck:
    """Make an 8-bit model of the one in ``directory`` and put it at ``target`` if it is as good.

    If it isn't, nothing is at ``target`` that wasn't before, and the check is kept beside the
    original; :func:`read_check` finds it in either case.

    Parameters
    ----------
    windows
        float32[n, 480000], 24 or more, from all over the owner's library.
    load
        Loads either of the two models; by default as it would run here.

    Raises
    ------
    ModelError
        When the original is missing or damaged or in 8 bits itself, when there are too few windows,
        or the package ``onnx`` isn't installed.
    OSError
        When the disk is full or can't be written.
    """
    if missing():
        raise ModelError(f"To make a model smaller, the package onnx is needed. Run: {missing()}")
    original = read_manifest(directory)
    if original.precision != "fp32":
        raise ModelError(f"{original.name} is in 8 bits already.")
    if len(windows) < FEWEST_WINDOWS:
        raise ModelError(
            f"The check needs {FEWEST_WINDOWS} windows of your music, not {len(windows)}. "
            "Have traumbox listen to more music first."
        )
    from traumbox.embedders.clap.quantize.steps import make  # noqa: PLC0415 - heavy, see above

    check = make(
        directory,
        target,
        windows,
        threads=threads,
        bar=bar,
        report=report,
        load=load,
        clock_s=clock_s,
    )
    if check.accepted:
        (directory / REFUSED).unlink(missing_ok=True)
    else:
        (directory / REFUSED).write_text(json.dumps(asdict(check), indent=2) + "\n", "utf-8")
    report("Done", 1.0)
    return check
