"""The listener process: it alone holds the audio tower and touches the owner's files.

A file that kills or hangs the listener costs that file; the daemon starts another one.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import monotonic

from traumbox.domain import Cut, Embedding, Heard
from traumbox.errors import ListenerClosedError, ListenerError, ListenerStartError
from traumbox.indexer import child
from traumbox.indexer.child import ListenerSettings
from traumbox.indexer.passage import Passage
from traumbox.indexer.protocol import Conversation, EarFactory, LostError

__all__ = ["ListenerProcess", "ListenerSettings"]

POLL_S = 0.2
EXIT_S = 1.0


class _LeftError(Exception):
    """The child had left, idle, before it took the job."""


class ListenerProcess:
    """Fulfils ``ports.Ear`` with a spawned child: started when needed, gone when idle."""

    def __init__(self, make_ear: EarFactory, settings: ListenerSettings) -> None:
        self._factory = pickle.dumps(make_ear)
        self._settings = settings
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None
        self._conversation: Conversation | None = None
        self._in_hand = Path()
        self._expected: Passage | None = None
        self._ahead: Passage | None = None
        self._closing = threading.Event()

    @property
    def pid(self) -> int | None:
        """The child's process id, or None when none is running."""
        return self._process.pid if self._process is not None and self._process.is_alive() else None

    def expect(self, path: Path, cut: Cut | None = None) -> None:
        """Fulfil ``ports.Ear``; from the thread that calls ``hear``."""
        self._expected = Passage(path, cut)

    def hear(
        self, path: Path, model: str, is_known: Callable[[str], bool], cut: Cut | None = None
    ) -> tuple[Heard, Embedding | None]:
        """Fulfil ``ports.Ear``. One file at a time, from one thread."""
        expected, self._expected = self._expected, None
        what = Passage(path, cut)
        try:
            return self._converse(what, model, is_known, expected)
        except _LeftError:  # idle, at the very moment we sent the job: nobody's fault
            pass
        try:
            return self._converse(what, model, is_known, expected)
        except _LeftError as error:
            raise ListenerStartError("The listener leaves before it takes a file.") from error

    def close(self) -> None:
        """End the child; a ``hear`` under way in another thread raises ListenerClosedError."""
        self._closing.set()
        process = self._process
        if process is not None and process.is_alive():
            process.terminate()
            process.join(EXIT_S)
            if process.is_alive():
                process.kill()

    def _converse(
        self,
        what: Passage,
        model: str,
        is_known: Callable[[str], bool],
        expected: Passage | None,
    ) -> tuple[Heard, Embedding | None]:
        conversation = self._ready()
        # What was expected before may still be in the child's hands, beside what it is given now.
        company = {self._ahead, expected} - {None, what}
        self._in_hand, self._ahead = what.path, expected
        try:
            try:
                return conversation.hear(what, model, is_known, expected)
            except LostError as lost:
                raise self._why_lost() from lost
        except ListenerError as error:
            self._end()
            error.company = frozenset(other.path for other in company if other is not None)
            raise

    def _ready(self) -> Conversation:
        if self._closing.is_set():
            raise ListenerClosedError("The listener is shutting down.")
        conversation = self._conversation
        if conversation is not None and self.pid is not None:
            return conversation
        self._end()
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        self._process = context.Process(
            target=child.run,
            args=(theirs, self._factory, self._settings),
            name="traumbox-listener",
            daemon=True,
        )
        self._process.start()
        theirs.close()
        self._connection = ours
        self._conversation = Conversation(ours, self._wait)
        return self._conversation

    def _wait(self) -> None:
        """Return when the child has said something; raise when it hangs or eats too much memory."""
        connection = self._connection
        deadline_s = monotonic() + self._settings.hang_s
        while connection is not None and not connection.poll(POLL_S):
            self._check_on_child(deadline_s)

    def _check_on_child(self, deadline_s: float) -> None:
        if self._closing.is_set():
            raise ListenerClosedError("The listener is shutting down.")
        if monotonic() > deadline_s:
            raise ListenerError(
                f"Listening to {_display(self._in_hand)} made no progress for "
                f"{self._settings.hang_s:.0f} s."
            )
        if _rss_mb(self.pid) > self._settings.memory_mb:
            raise ListenerError(
                f"Listening to {_display(self._in_hand)} needed more than "
                f"{self._settings.memory_mb} MB (listener.memory_mb)."
            )

    def _why_lost(self) -> ListenerError:
        """Return what to say of a child that is gone."""
        greeted = self._conversation is not None and self._conversation.greeted
        code = self._end()
        if self._closing.is_set():
            return ListenerClosedError("The listener is shutting down.")
        if code == 0:
            raise _LeftError
        if not greeted:
            return ListenerStartError(
                f"The listener can't be started ({_in_words(code)}); the log may say more."
            )
        return ListenerError(
            f"Listening to {_display(self._in_hand)} ended the listener ({_in_words(code)})."
        )

    def _end(self) -> int | None:
        """End what is left of the child; return its exit code, negative for a signal."""
        process, self._process = self._process, None
        connection, self._connection = self._connection, None
        self._conversation = self._ahead = None
        if connection is not None:
            connection.close()
        if process is None:
            return None
        process.join(EXIT_S)
        if process.is_alive():
            process.kill()
            process.join(EXIT_S)
        return process.exitcode


def _display(path: Path) -> str:
    return os.fsencode(path).decode("utf-8", "backslashreplace")


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
