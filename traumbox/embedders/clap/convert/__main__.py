"""The converter as a process; see :func:`main`."""

from __future__ import annotations

import argparse
import contextlib
import errno
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TextIO

from traumbox.errors import ModelError, TraumboxError

_NICENESS = 10


def main(arguments: Sequence[str] | None = None, out: TextIO = sys.stdout) -> int:
    """Convert a checkpoint, or with ``--inspect`` only say what it is; return the exit code.

    Prints one JSON object a line: ``{"step": "audio", "done": 0.2}`` while it goes on, of the
    whole; ``{"architecture": "HTSAT-base"}`` as the answer to ``--inspect``; as the last line of a
    failure ``{"error": "…"}``, with exit code 1.
    """
    asked = _parser().parse_args(arguments)
    # Nothing here needs the internet, and transformers isn't to try.
    os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1")
    if os.nice(0) < _NICENESS:
        os.nice(_NICENESS - os.nice(0))

    def say(**fact: Any) -> None:
        print(json.dumps(fact, ensure_ascii=False), file=out, flush=True)

    try:
        # Whatever a library prints must not end up between the JSON lines.
        with contextlib.redirect_stdout(sys.stderr):
            if asked.inspect:
                say(architecture=_architecture(asked.checkpoint))
            else:
                _convert(asked, say)
    except TraumboxError as error:
        say(error=str(error))
        return 1
    except ImportError as error:
        say(error=f"The converter can't be loaded: {error}. Install it: make clap")
        return 1
    except OSError as error:
        full = error.errno == errno.ENOSPC
        remedy = "Make room: about 600 MB are needed. " if full else ""
        say(error=f"The model can't be written: {error}. {remedy}Nothing was changed.")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m traumbox.embedders.clap.convert")
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--inspect", action="store_true", help="only say which architecture it has")
    parser.add_argument("--vocab", type=Path, help="vocab.json of roberta-base")
    parser.add_argument("--merges", type=Path, help="merges.txt of roberta-base")
    parser.add_argument("--name", help="the model's name in the registry")
    parser.add_argument("--target", type=Path, help="the folder to make")
    parser.add_argument("--source", help="the checkpoint's name for the record")
    parser.add_argument("--licence", default="CC0-1.0")
    parser.add_argument("--threads", type=int, default=1)
    return parser


def _architecture(checkpoint: Path) -> str:
    from traumbox.embedders.clap.convert.checkpoint import read_checkpoint  # noqa: PLC0415 - needs torch; a lack of it is told above

    return read_checkpoint(checkpoint).architecture


def _convert(asked: argparse.Namespace, say: Callable[..., None]) -> None:
    for wanted in ("vocab", "merges", "name", "target"):
        if getattr(asked, wanted) is None:
            raise ModelError(f"--{wanted} is missing.")
    from traumbox.embedders.clap.convert.steps import Order, convert  # noqa: PLC0415 - as above

    order = Order(
        checkpoint=asked.checkpoint,
        vocabulary=asked.vocab,
        merges=asked.merges,
        name=asked.name,
        target=asked.target,
        source=asked.source or asked.checkpoint.name,
        licence=asked.licence,
        threads=max(1, asked.threads),
    )
    convert(order, _Steps(say))


class _Steps:
    """Says a step and every hundredth of the whole, once."""

    def __init__(self, say: Callable[..., None]) -> None:
        self._say = say
        self._last = ("", -1)

    def __call__(self, step: str, done: float) -> None:
        now = (step, int(done * 100 + 1e-6))
        if now != self._last:
            self._last = now
            self._say(step=step, done=now[1] / 100)


if __name__ == "__main__":
    sys.exit(main())
