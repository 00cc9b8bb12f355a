"""The conversion in a process of its own, which may take PyTorch's memory and gives it back."""

from __future__ import annotations

import importlib.util
import json
import logging
import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

from traumbox.embedders.supply import lock
from traumbox.embedders.supply.trouble import FetchError, FetchStopped

log = logging.getLogger(__name__)

COMMAND = (sys.executable, "-m", "traumbox.embedders.clap.convert")
NEEDED = ("torch", "torchlibrosa", "laion_clap", "transformers", "onnx")
NICE = 10
LOOK_EVERY_S = 0.2
STOP_S = 5.0

Step = Callable[[str, float], None]
"""Told what is being done, and how much of the whole is done from 0 to 1."""


def converter_missing() -> str:
    """Return what to run before a checkpoint can be converted, or nothing if all is there."""
    found = all(importlib.util.find_spec(name) is not None for name in NEEDED)
    return "" if found else "make clap"


@dataclass(frozen=True, slots=True)
class Job:
    """One checkpoint to be converted into the folder ``target``."""

    checkpoint: Path
    vocabulary: Path
    merges: Path
    name: str
    target: Path


@dataclass(frozen=True, slots=True)
class Converter:
    """Runs ``command`` and understands the JSON lines that it prints."""

    command: tuple[str, ...] = COMMAND
    missing: Callable[[], str] = converter_missing
    nice: int = NICE

    def convert(
        self, job: Job, log_dir: Path, step: Step, stop: Event, lock_descriptor: int
    ) -> None:
        """Convert; ``job.target`` is there and complete on return.

        What the process has to say besides lies in ``log_dir/convert.log`` after a failure.

        Raises
        ------
        FetchError
            When it fails, in the converter's words.
        FetchStopped
            When ``stop`` is set; the process is ended.
        """
        arguments = [
            *("--checkpoint", str(job.checkpoint), "--vocab", str(job.vocabulary)),
            *("--merges", str(job.merges), "--name", job.name, "--target", str(job.target)),
        ]
        self._run(arguments, log_dir, step, stop, lock_descriptor)

    def architecture(
        self, checkpoint: Path, log_dir: Path, stop: Event, lock_descriptor: int
    ) -> str:
        """Return ``HTSAT-base`` or ``HTSAT-tiny``, whatever the checkpoint's tensors say.

        Raises like `convert`.
        """
        arguments = ["--inspect", "--checkpoint", str(checkpoint)]
        said = self._run(arguments, log_dir, lambda *_: None, stop, lock_descriptor)
        return str(said.get("architecture", ""))

    def _run(
        self, arguments: list[str], log_dir: Path, step: Step, stop: Event, lock_descriptor: int
    ) -> dict[str, Any]:
        """Return the last line that the process printed."""
        log_path = log_dir / "convert.log"
        with log_path.open("wb") as errors:
            process = subprocess.Popen(  # noqa: S603 - our own program
                [*self.command, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                pass_fds=(lock_descriptor,),
            )
            last: dict[str, Any] = {}
            try:
                lock.pass_to(lock_descriptor, process.pid)
                os.setpriority(os.PRIO_PROCESS, process.pid, self.nice)
                for said in _lines(process, stop):
                    last = said
                    if "step" in said:
                        step(str(said["step"]), float(said.get("done", 0.0)))
                code = process.wait()
            finally:
                _end(process)
                lock.pass_to(lock_descriptor, os.getpid())
        if code:
            raise _failure(code, str(last.get("error", "")), log_path)
        log_path.unlink(missing_ok=True)
        return last


def _lines(process: subprocess.Popen[bytes], stop: Event) -> Iterator[dict[str, Any]]:
    """Yield what the process prints, until it closes its output."""
    output = process.stdout
    if output is None:
        return
    begun = b""
    with output, selectors.DefaultSelector() as selector:
        selector.register(output, selectors.EVENT_READ)
        while True:
            if stop.is_set():
                raise FetchStopped
            if not selector.select(LOOK_EVERY_S):
                continue
            chunk = os.read(output.fileno(), 1 << 16)
            if not chunk:
                return
            *whole, begun = (begun + chunk).split(b"\n")
            yield from filter(None, map(_said, whole))


def _said(line: bytes) -> dict[str, Any]:
    try:
        said = json.loads(line)
    except ValueError:
        log.debug("The converter printed %r", line)
        return {}
    return said if isinstance(said, dict) else {}


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _failure(code: int, said: str, log_path: Path) -> FetchError:
    elsewhere = (
        "Convert on another machine and copy the model's folder here: traumbox model import FOLDER."
    )
    if said:
        message, reason = said, "couldn't be converted"
    elif code == -signal.SIGKILL:
        message = (
            "The conversion was ended from outside, probably because memory ran out: it needs "
            f"about 1.5 GB. End other programs and fetch again. {elsewhere}"
        )
        reason = "couldn't be converted (probably for want of memory)"
    elif code == -signal.SIGILL:
        message = (
            f"The PyTorch that is installed can't run on this processor. {elsewhere} Or install "
            "a PyTorch that can (2.11 or newer)."
        )
        reason = "couldn't be converted (PyTorch can't run on this processor)"
    else:
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        message = f"The conversion ended with {how}; its last words are in {log_path}. {elsewhere}"
        reason = "couldn't be converted"
    # What has failed here once fails here again, at the price of minutes each time.
    return FetchError(message, reason=reason, again="never")
