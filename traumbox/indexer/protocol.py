"""What a daemon and a listener say to each other: a job goes in, vectors come out.

The listener is a child process on this machine. Nothing here knows that: both sides speak the few
frozen messages below over a ``Channel``, which a pipe fulfils and a TCP connection of
``multiprocessing.connection`` as well.

What each side may assume:

* The listener says ``Hello`` when it is ready to hear. A daemon that reads another protocol version
  takes no answer from it. The version counts up whenever a message, or a value inside one, changes.
* One job at a time: after a ``Job`` the next one comes only when ``Done`` or ``Refused`` has
  answered it. Messages arrive in the order in which they were sent.
* ``Measured`` is answered by a ``Verdict`` and by nothing else; a listener needs neither index nor
  ledger.
* ``Alive`` may come at any time and answers nothing. Without any message for a while the daemon
  counts the listener as hung.
* ``Expect`` precedes the job that it isn't about: its file is the one after that job's. It needs no
  answer and promises nothing.
* A listener that has had nothing to do leaves; the daemon starts another when it needs one.

Messages are pickled: a channel must only ever lead to a process that is trusted with everything,
over TCP with an ``authkey`` and inside a network that nobody listens in on. A path means the same
file to both sides, so a listener elsewhere needs the music mounted at the same place.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

from traumbox import __version__
from traumbox.domain import Cut, Embedding, Heard
from traumbox.errors import AudioError, ListenerStartError, TraumboxError
from traumbox.indexer.passage import Passage

if TYPE_CHECKING:  # the daemon must not pay for scipy and PyAV: only the listener builds an ear
    from traumbox.indexer.ear import LocalEar

log = logging.getLogger(__name__)

PROTOCOL_VERSION = 3
ALIVE_EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class Hello:
    """Listener → daemon: ready; ``traumbox`` is the release that it runs, for people."""

    protocol: int
    traumbox: str


@dataclass(frozen=True, slots=True)
class Expect:
    """Daemon → listener: this file, or passage of one, will be the job after the next one."""

    path: bytes
    cut: Cut | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """Daemon → listener: hear this file, or passage of one, with the model of this name."""

    path: bytes
    model: str
    cut: Cut | None = None


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


class Channel(Protocol):
    """What ``multiprocessing.connection.Connection`` offers, over a pipe, a socket or TCP."""

    def send(self, obj: Any) -> None:
        """Send one message; OSError when the other side is gone."""
        ...

    def recv(self) -> Any:
        """Wait for one message; EOFError or OSError when the other side is gone."""
        ...

    def poll(self, timeout: float = 0.0) -> bool:
        """Tell whether a message, or the end, has come within ``timeout`` seconds."""
        ...

    def close(self) -> None:
        """Hang up."""
        ...


EarFactory = Callable[[Callable[[], None]], "LocalEar"]
"""Builds the ear on the listener's side, given its progress callback; must be picklable."""


class LostError(Exception):
    """The other side is gone, or speaks out of turn."""


class Conversation:
    """The daemon's side of a channel.

    ``wait`` returns when the channel has a message; what it raises ends the waiting, and with it
    the conversation.
    """

    def __init__(self, channel: Channel, wait: Callable[[], None] = lambda: None) -> None:
        self._channel = channel
        self._wait = wait
        self.greeted = False

    def hear(
        self,
        what: Passage,
        model: str,
        is_known: Callable[[str], bool],
        expected: Passage | None = None,
    ) -> tuple[Heard, Embedding | None]:
        """Have one file, or a passage of it, heard; see ``ports.Ear``.

        Raises
        ------
        TraumboxError, OSError
            What the listener says of the file or of the model.
        ListenerStartError
            When the listener is of another version.
        LostError
            When it is gone; also after ``is_known`` has raised, which leaves it waiting in vain.
        """
        if expected is not None:
            self._say(Expect(os.fsencode(expected.path), expected.cut))
        self._say(Job(os.fsencode(what.path), model, what.cut))
        while True:
            match self._receive():
                case Hello() as hello:
                    self._greet(hello)
                case Measured(audio_id):
                    self._say(Verdict(is_known(audio_id)))
                case Done(heard, embedding):
                    return heard, embedding
                case Refused(error):
                    raise error

    def _say(self, message: object) -> None:
        # A listener that is gone shows when its answer is awaited, with the way it ended.
        with contextlib.suppress(OSError):
            self._channel.send(message)

    def _receive(self) -> object:
        try:
            self._wait()
            message = self._channel.recv()
        except (EOFError, OSError) as error:
            raise LostError from error
        if not self.greeted and not isinstance(message, Hello | Alive):
            raise ListenerStartError("What answers in the listener's place is no listener.")
        return message

    def _greet(self, hello: Hello) -> None:
        if hello.protocol != PROTOCOL_VERSION:
            raise ListenerStartError(
                f"The listener is of traumbox {hello.traumbox} (protocol {hello.protocol}), the "
                f"daemon of {__version__} (protocol {PROTOCOL_VERSION}). Restart traumbox; it was "
                "probably updated while it ran."
            )
        self.greeted = True


def serve(channel: Channel, make_ear: EarFactory, idle_s: float) -> None:
    """Be the listener's side: hear jobs until the daemon is gone or none came for ``idle_s``."""
    voice = _Voice(channel)
    ear = make_ear(voice.beat)
    try:
        with contextlib.suppress(EOFError, OSError):  # the daemon is gone: so are we
            voice.say(Hello(PROTOCOL_VERSION, __version__))
            while channel.poll(idle_s):
                message = channel.recv()
                if isinstance(message, Expect):
                    ear.expect(_path(message), message.cut)
                elif isinstance(message, Job):
                    voice.say(_outcome(ear, message, voice))
    finally:
        ear.close()


class _Voice:
    """Speaks for the threads that hear, one at a time."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._speaking = threading.Lock()
        self._last_s = monotonic()

    def say(self, message: object) -> None:
        with self._speaking:
            self._channel.send(message)

    def beat(self) -> None:
        """Say now and then that hearing goes on."""
        now_s = monotonic()
        if now_s - self._last_s >= ALIVE_EVERY_S:
            self._last_s = now_s
            self.say(Alive())

    def ask(self, audio_id: str) -> bool:
        self.say(Measured(audio_id))
        match self._channel.recv():
            case Verdict(known):
                return known
        raise EOFError("a verdict was due")


def _path(message: Job | Expect) -> Path:
    return Path(os.fsdecode(message.path))


def _outcome(ear: LocalEar, job: Job, voice: _Voice) -> Done | Refused:
    try:
        return Done(*ear.hear(_path(job), job.model, voice.ask, job.cut))
    except (BrokenPipeError, EOFError):
        raise
    except (TraumboxError, OSError) as error:
        return Refused(error)
    except MemoryError:
        return Refused(AudioError("hearing it needs more memory than there is"))
    except Exception:
        # The boundary between parts: a decoder's surprise must cost this file only.
        log.exception("Hearing %r failed in an unforeseen way", job.path)
        return Refused(AudioError("hearing it failed in an unforeseen way; the log has details"))
