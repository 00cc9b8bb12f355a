"""Choosing the engine that hears on this machine: a trial of each at the first start, then memory.

The result lies in the model's folder, as long as processor, threads, libraries and the tower's file
stay the same. Every later start trusts it after one golden sound; what fails that is not used again
until something changes.
"""

from __future__ import annotations

import contextlib
import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, fields
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from traumbox.domain import Float32
from traumbox.embedders.clap import engines, golden
from traumbox.embedders.clap.cpu import cpu_name, read_cpuinfo
from traumbox.embedders.clap.engines import AudioEngine
from traumbox.embedders.clap.frontend import log_mel
from traumbox.embedders.clap.manifest import AUDIO_TOWER, Manifest
from traumbox.embedders.clap.trial import Fidelity, Trial, fidelity, read_golden, spread_of
from traumbox.errors import ModelError

log = logging.getLogger(__name__)

FILE_NAME = "engine.json"
LISTENER_REST_MB = 170
"""What the listener holds beside what a trial holds: decoder, tags, and the sound itself."""
_TRIAL_LIMIT_S = 300.0
_HEARTBEAT_S = 1.0

TryEngine = Callable[[str], Trial]
"""Tries the engine of that name; ModelError when it can't be tried or dies of it."""
LoadEngine = Callable[[str], AudioEngine]


def choose(trials: Sequence[Trial], memory_mb: int | None, *, int8: bool = False) -> Trial | None:
    """Return the quickest engine that heard right and fits, or None.

    Parameters
    ----------
    memory_mb
        What the whole listener may use; None leaves it open.
    int8
        The model itself is in 8 bits: no engine computes it exactly.
    """
    fit = [trial for trial in _right(trials, int8=int8) if _fits(trial, memory_mb)]
    return min(fit, key=lambda trial: trial.ms, default=None)


class EngineChooser:
    """Finds the engine for one model on this machine, and loads it."""

    def __init__(
        self,
        directory: Path,
        manifest: Manifest,
        threads: int,
        *,
        memory_mb: int | None = None,
        report: Callable[[], None] = lambda: None,
        names: Sequence[str] | None = None,
        try_engine: TryEngine | None = None,
        load_engine: LoadEngine | None = None,
    ) -> None:
        """Take the model's folder; the last three are by default those of this machine."""
        cpuinfo = read_cpuinfo()
        self._directory = directory
        self._int8 = manifest.precision != "fp32"
        self._memory_mb = memory_mb
        self._names = tuple(names or engines.candidates(manifest.precision, cpuinfo))
        self._key = _key(manifest, threads, cpu_name(cpuinfo))
        self._try = try_engine or (
            lambda name: try_in_a_process(_command(name, directory, threads), report)
        )
        self._load = load_engine or (lambda name: engines.load(name, directory, threads))
        self._trials: tuple[Trial, ...] | None = None

    def engine(self) -> AudioEngine:
        """Return the best engine, loaded and checked with one golden sound.

        Raises
        ------
        ModelError
            When none is left that hears right, or fits; the message says which.
        """
        true = read_golden(self._directory)
        if self._trials is None:
            self._trials = self._remembered() or self._try_all()
        while (best := choose(self._trials, self._memory_mb, int8=self._int8)) is not None:
            try:
                engine = self._load(best.engine)
                self._check(best.engine, engine, true)
            except ModelError as error:
                log.warning("%s: %s", engines.TITLES[best.engine], error)
                self._names = tuple(name for name in self._names if name != best.engine)
                self._trials = self._try_all()
            else:
                return engine
        raise self._none_left(self._trials)

    def _remembered(self) -> tuple[Trial, ...]:
        """Return what was found on this machine before, if an engine among it is right."""
        kept = _read(self._directory, self._key)
        known = tuple(trial for trial in kept if trial.engine in self._names)
        return known if any(_right(known, int8=self._int8)) else ()

    def _try_all(self) -> tuple[Trial, ...]:
        trials = []
        for name in self._names:
            try:
                trial = self._try(name)
            except ModelError as error:
                log.info("%s can't hear here: %s", engines.TITLES[name], error)
                continue
            trials.append(trial)
            log.info(
                "%s hears a window of 10 s in %.0f ms, with %.0f MB, at a cosine of %.6f.",
                engines.TITLES[name],
                trial.ms,
                trial.peak_mb,
                trial.cosine,
            )
        _write(self._directory, self._key, trials)
        return tuple(trials)

    def _check(self, name: str, engine: AudioEngine, true: Float32) -> None:
        sound = golden.windows()[0]
        try:
            heard = engine.run(log_mel(sound)[np.newaxis])
        except Exception as error:  # the engines' exceptions have no root of their own
            raise ModelError(f"can't hear the first golden sound ({error}).") from error
        found = fidelity(heard, true[:1], spread_of(true))
        if not found.suffices(exact=_is_exact(name, int8=self._int8)):
            raise ModelError(
                "hears the first golden sound otherwise than PyTorch did "
                f"(cosine {found.cosine:.6f}); another engine is sought."
            )

    def _none_left(self, trials: Sequence[Trial]) -> ModelError:
        name = self._directory.name
        right = list(_right(trials, int8=self._int8))
        if right:
            needed_mb = int(min(trial.peak_mb for trial in right)) + 1 + LISTENER_REST_MB
            return ModelError(
                f"Hearing with {name} takes about {needed_mb} MB, and listener.memory_mb allows "
                f"{self._memory_mb}. Set it to {needed_mb} or more, or choose a smaller model."
            )
        tried = ", ".join(engines.TITLES[engine] for engine in self._names)
        return ModelError(
            f"No engine hears with {name} here as it was heard at conversion (tried: {tried}). "
            f"Check its files: traumbox model verify {name}"
        )


def _right(trials: Sequence[Trial], *, int8: bool) -> Iterator[Trial]:
    for trial in trials:
        found = Fidelity(trial.distance, trial.cosine, trial.error)
        if found.suffices(exact=_is_exact(trial.engine, int8=int8)):
            yield trial


def _is_exact(name: str, *, int8: bool) -> bool:
    return engines.computes_exactly(name) and not int8


def _fits(trial: Trial, memory_mb: int | None) -> bool:
    return memory_mb is None or trial.peak_mb + LISTENER_REST_MB <= memory_mb


def try_in_a_process(command: Sequence[str], report: Callable[[], None]) -> Trial:
    """Run a trial's command, which may die without harm, and return what it prints.

    ``report`` is called every second.

    Raises
    ------
    ModelError
        When it fails, dies, takes too long or prints no trial.
    """
    pipe, none = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(command, stdin=none, stdout=pipe, stderr=pipe, text=True) as process:  # noqa: S603 - our own module, by the path of this very Python
        try:
            out, complaint = _wait(process, report)
        except BaseException:
            process.kill()
            raise
    if process.returncode < 0:
        raise ModelError(f"its trial died of signal {-process.returncode}.")
    if process.returncode:
        raise ModelError(_last_line(complaint) or f"its trial ended with {process.returncode}.")
    try:
        return _trial(json.loads(_last_line(out)))
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError("its trial told nothing.") from error


def _command(name: str, directory: Path, threads: int) -> list[str]:
    command = [sys.executable, "-m", "traumbox.embedders.clap.trial", "--model", str(directory)]
    return [*command, "--engine", name, "--threads", str(threads)]


def _wait(process: subprocess.Popen[str], report: Callable[[], None]) -> tuple[str, str]:
    waited_s = 0.0
    while True:
        report()
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.communicate(timeout=_HEARTBEAT_S)
        waited_s += _HEARTBEAT_S
        if waited_s >= _TRIAL_LIMIT_S:
            raise ModelError(f"its trial took longer than {_TRIAL_LIMIT_S:.0f} s.")


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else ""


def _trial(about: dict[str, object]) -> Trial:
    engine = about["engine"]
    if engine not in engines.TITLES:
        raise ValueError(engine)
    numbers = [field.name for field in fields(Trial) if field.name != "engine"]
    return Trial(str(engine), **{name: float(about[name]) for name in numbers})  # type: ignore[arg-type]  # TypeError is what the callers expect


def _key(manifest: Manifest, threads: int, cpu: str) -> str:
    tower = manifest.files[AUDIO_TOWER].sha256 if AUDIO_TOWER in manifest.files else ""
    libraries = [f"{name} {_version(name)}" for name in ("onnxruntime", "openvino")]
    return "; ".join([manifest.id, tower[:12], cpu, f"{threads} threads", *libraries])


def _version(name: str) -> str:
    # onnxruntime for graphics cards is another distribution of the same module.
    for distribution in (name, f"{name}-gpu"):
        with contextlib.suppress(PackageNotFoundError):
            return version(distribution)
    return "none"


def _read(directory: Path, key: str) -> tuple[Trial, ...]:
    """Return the trials kept for ``key``, none when there are none or they can't be read."""
    try:
        about = json.loads((directory / FILE_NAME).read_text("utf-8"))
        if about["key"] != key:
            return ()
        return tuple(_trial(trial) for trial in about["trials"])
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def _write(directory: Path, key: str, trials: Sequence[Trial]) -> None:
    path = directory / FILE_NAME
    new = path.with_suffix(".new")
    about = {"key": key, "trials": [asdict(trial) for trial in trials]}
    try:
        new.write_text(json.dumps(about, indent=2) + "\n", "utf-8")
        new.replace(path)
    except OSError as error:
        log.info("%s can't be written (%s): engines are tried at each start.", path, error.strerror)
