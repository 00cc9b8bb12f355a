"""The making of an 8-bit model as a process of its own; see :func:`main`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from traumbox.embedders.clap.quantize import quantize
from traumbox.errors import TraumboxError

REFUSED = 3
_NICENESS = 10


def main(arguments: Sequence[str] | None = None, out: TextIO = sys.stdout) -> int:
    """Make it, check it on the given windows, and return 0, or 3 when it isn't good enough.

    Prints one JSON object a line: ``{"step": "Hearing", "done": 0.2}`` while it goes on, of the
    whole; as the last line ``{"check": {…}, "sentence": "…"}``, or ``{"error": "…"}`` with exit
    code 1.
    """
    parser = argparse.ArgumentParser(prog="python -m traumbox.embedders.clap.quantize")
    parser.add_argument("--model", type=Path, required=True, help="the original's folder")
    parser.add_argument("--target", type=Path, required=True, help="the folder to make")
    parser.add_argument("--windows", type=Path, required=True, help="float32[n, 480000] as .npy")
    parser.add_argument("--threads", type=int, default=1)
    asked = parser.parse_args(arguments)
    if os.nice(0) < _NICENESS:
        os.nice(_NICENESS - os.nice(0))

    def say(**fact: Any) -> None:
        print(json.dumps(fact, ensure_ascii=False), file=out, flush=True)

    try:
        check = quantize(
            asked.model,
            asked.target,
            np.load(asked.windows, mmap_mode="r"),
            threads=max(1, asked.threads),
            report=lambda step, done: say(step=step, done=round(done, 2)),
        )
    except TraumboxError as error:
        say(error=str(error))
        return 1
    except OSError as error:
        say(error=f"The 8-bit model can't be made: {error}. Nothing was changed.")
        return 1
    say(check=asdict(check), sentence=check.sentence)
    return 0 if check.accepted else REFUSED


if __name__ == "__main__":
    sys.exit(main())
