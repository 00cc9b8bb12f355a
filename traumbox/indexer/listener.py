"""The listener process: it alone holds the audio tower and touches the owner's files.

The daemon's side (``ListenerProcess``) and the child's side (``serve``) speak in the few frozen
messages below, so that a listener could as well sit on another machine. A file that kills or hangs
the listener costs that file; the daemon starts another one.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from traumbox.domain import Embedding, Heard
from traumbox.errors import AudioError, ListenerClosedError, ListenerError, TraumboxError

if TYPE_CHECKING:  # the daemon must not pay for scipy and PyAV: only the child builds an ear
    from traumbox.indexer.ear import LocalEar

log = logging.getLogger(__name__)

POLL_S = 0.2
ALIVE_EVERY_S = 1.0
EXIT_S = 1.0


@dataclass(frozen=True, slots=True)
class Job:
    """Daemon → listener: hear this file."""

    path: bytes


@dataclass(frozen=True, slots=True)
class Alive:
    """Listener → daemon: still at it."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Listener → daemon: the sound's id; is its embedding needed? Answered by a ``Verdict``."""

    audio_id: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Daemon → listener: whether the sound is known already."""

    known: bool


@dataclass(frozen=True, slots=True)
class Done:
    """Listener → daemon: the file was heard."""

    heard: Heard
    embedding: Embedding | None


@dataclass(frozen=True, slots=True)
class Refused:
    """Listener → daemon: the file can't be heard, and why."""

    error: TraumboxError | OSError


@dataclass(frozen=True, slots=True)
class ListenerSettings:
    """How the listener behaves towards the machine it shares."""

    idle_s: float = 120.0
    hang_s: float = 180.0
    memory_mb: int = 900
    nice: int = 10


EarFactory = Callable[[Callable[[], None]], "LocalEar"]
"""Builds the ear inside the child, given its progress callback; must be picklable."""


class _LeftError(Exception):
    """The child had left, idle, before it took the job."""


class ListenerProcess:
    """Fulfils ``ports.Ear`` with a spawned child: started when needed, gone when idle."""

    def __init__(self, make_ear: EarFactory, settings: ListenerSettings) -> None:
        self._make_ear = make_ear
        self._settings = settings
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None
        self._closing = threading.Event()

    @property
    def pid(self) -> int | None:
        """The child's process id, or None when none is running."""
        return self._process.pid if self._process is not None and self._process.is_alive() else None

    def hear(self, path: Path, is_known: Callable[[str], bool]) -> tuple[Heard, Embedding | None]:
        """Fulfil ``ports.Ear``. One file at a time, from one thread."""
        try:
            return self._converse(path, is_known)
        except _LeftError:  # idle, at the very moment we sent the job: nobody's fault
            return self._converse(path, is_known)

    def _converse(
        self, path: Path, is_known: Callable[[str], bool]
    ) -> tuple[Heard, Embedding | None]:
        connection = self._ready()
        # A child that is gone shows when its answer is awaited, with the way it ended.
        with contextlib.suppress(OSError):
            connection.send(Job(os.fsencode(path)))
        while True:
            message = self._receive(connection, path)
            if isinstance(message, Measured):
                verdict = Verdict(is_known(message.audio_id))
                with contextlib.suppress(OSError):
                    connection.send(verdict)
            elif isinstance(message, Done):
                return message.heard, message.embedding
            elif isinstance(message, Refused):
                raise message.error

    def close(self) -> None:
        """End the child; a ``hear`` under way in another thread raises ListenerError."""
        self._closing.set()
        process = self._process
        if process is not None and process.is_alive():
            process.terminate()
            process.join(EXIT_S)
            if process.is_alive():
                process.kill()

    def _ready(self) -> Connection:
        if self._closing.is_set():
            raise ListenerClosedError("The listener is shutting down.")
        if self._connection is not None and self.pid is not None:
            return self._connection
        self._strike()
        # Few arenas: the child's allocator would otherwise keep hundreds of MB for nothing.
        os.environ.setdefault("MALLOC_ARENA_MAX", "2")
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        self._process = context.Process(
            target=serve,
            args=(theirs, self._make_ear, self._settings),
            name="traumbox-listener",
            daemon=True,
        )
        self._process.start()
        theirs.close()
        self._connection = ours
        return ours

    def _receive(self, connection: Connection, path: Path) -> object:
        """Wait for the next message; end a child that dies, hangs, or eats too much memory."""
        name = os.fsencode(path).decode("utf-8", "backslashreplace")
        deadline_s = monotonic() + self._settings.hang_s
        try:
            while not connection.poll(POLL_S):
                self._check_on_child(name, deadline_s)
            return connection.recv()
        except ListenerError:
            self._strike()
            raise
        except (EOFError, OSError) as error:
            code = self._strike()
            if self._closing.is_set():
                raise ListenerClosedError("The listener is shutting down.") from error
            if code == 0:
                raise _LeftError from error
            raise ListenerError(
                f"Listening to {name} ended the listener ({_in_words(code)})."
            ) from error

    def _check_on_child(self, name: str, deadline_s: float) -> None:
        if self._closing.is_set():
            raise ListenerClosedError("The listener is shutting down.")
        if monotonic() > deadline_s:
            raise ListenerError(
                f"Listening to {name} made no progress for {self._settings.hang_s:.0f} s."
            )
        if _rss_mb(self.pid) > self._settings.memory_mb:
            raise ListenerError(
                f"Listening to {name} needed more than {self._settings.memory_mb} MB "
                "(listener.memory_mb)."
            )

    def _strike(self) -> int | None:
        """End what is left of the child; return its exit code, negative for a signal."""
        process, self._process = self._process, None
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
        if process is None:
            return None
        process.join(EXIT_S)
        if process.is_alive():
            process.kill()
            process.join(EXIT_S)
        return process.exitcode


def serve(connection: Connection, make_ear: EarFactory, settings: ListenerSettings) -> None:
    """Run in the child: hear jobs until the daemon is gone or there was nothing to do."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the daemon's to handle
    with contextlib.suppress(OSError):  # a sandbox may forbid it; being nice is a courtesy
        os.nice(settings.nice)
    with contextlib.suppress(EOFError, OSError):  # the daemon is gone: so are we
        ear = make_ear(_heartbeat(connection))
        while connection.poll(settings.idle_s):
            job = connection.recv()
            connection.send(_outcome(ear, Path(os.fsdecode(job.path)), connection))


def _outcome(ear: LocalEar, path: Path, connection: Connection) -> Done | Refused:
    def is_known(audio_id: str) -> bool:
        connection.send(Measured(audio_id))
        return bool(connection.recv().known)

    try:
        return Done(*ear.hear(path, is_known))
    except (BrokenPipeError, EOFError):
        raise
    except (TraumboxError, OSError) as error:
        return Refused(error)
    except MemoryError:
        return Refused(AudioError("hearing it needs more memory than there is"))
    except Exception:
        # The boundary between parts: a decoder's surprise must cost this file only.
        log.exception("Hearing %r failed in an unforeseen way", path)
        return Refused(AudioError("hearing it failed in an unforeseen way; the log has details"))


def _heartbeat(connection: Connection) -> Callable[[], None]:
    last_s = monotonic()

    def beat() -> None:
        nonlocal last_s
        now_s = monotonic()
        if now_s - last_s >= ALIVE_EVERY_S:
            last_s = now_s
            connection.send(Alive())

    return beat


def _in_words(exit_code: int | None) -> str:
    if exit_code is not None and exit_code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-exit_code).name
    return f"exit code {exit_code}"


def _rss_mb(pid: int | None) -> float:
    """Return the resident memory of a process in MB; 0 where that can't be known."""
    try:
        with Path(f"/proc/{pid}/statm").open() as statm:
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except (OSError, ValueError, IndexError):
        return 0.0
