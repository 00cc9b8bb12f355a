"""Getting a model in the background of the house: one thread, its progress, its next try."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from traumbox.domain import FetchProgress
from traumbox.embedders.supply import Fetcher, FetchError, FetchStopped
from traumbox.errors import AlreadyRunningError, ModelError, TraumboxError

log = logging.getLogger(__name__)

STOP_S = 6.0


@dataclass(slots=True)
class _Task:
    """What is being got now; ``asked`` for by somebody, or begun by itself."""

    model: str  # empty for a file that is taken in
    path: Path | None
    asked: bool
    stop: threading.Event = field(default_factory=threading.Event)
    progress: FetchProgress | None = None


class Getter:
    """Fetches or takes in one model at a time; safe to use from any thread.

    ``ended`` is called in the background thread after each end, good or bad, with the model that
    was fetched, or "" for a file that was taken in.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        now_s: Callable[[], float],
        ended: Callable[[str], None],
    ) -> None:
        self._fetcher = fetcher
        self._now_s = now_s
        self._ended = ended
        self._lock = threading.Lock()
        self._task: _Task | None = None
        self._thread: threading.Thread | None = None
        self.import_trouble = ""

    def is_busy(self) -> bool:
        """Tell whether something is being got, here or by another process."""
        with self._lock:
            busy = self._task is not None
        return busy or self._fetcher.holder() is not None

    def progress(self) -> FetchProgress | None:
        """Return how the getting goes, or None."""
        with self._lock:
            if self._task is None:
                return None
            beginning = FetchProgress(self._task.model, "download", note="beginning")
            progress = self._task.progress or beginning
            if self._task.stop.is_set():  # a silent server is only left after its time is up
                return replace(progress, bytes_per_s=0.0, left_s=None, note="stopping")
            return progress

    def fetch(self, model: str, *, asked: bool) -> None:
        """Begin to fetch ``model``; nothing happens when that is under way.

        Raises
        ------
        AlreadyRunningError
            When something else is being got.
        """
        task = _Task(model, None, asked)
        self._begin(task, partial(self._fetcher.fetch, model))

    def import_from(self, path: Path) -> None:
        """Begin to take in the checkpoint or the model's folder at ``path``.

        Raises
        ------
        AlreadyRunningError
            When something else is being got.
        """
        self.import_trouble = ""
        self._begin(_Task("", path, asked=True), partial(self._fetcher.import_from, path))

    def stop(self) -> str:
        """Stop what is being got; return the model that was being fetched, or ""."""
        with self._lock:
            if self._task is None:
                return ""
            self._task.stop.set()
            return self._task.model

    def close(self) -> None:
        """Stop because the house stops; it goes on at the next start."""
        thread = self._thread
        self.stop()
        if thread is not None:
            thread.join(STOP_S)

    def _begin(
        self,
        task: _Task,
        get: Callable[[Callable[[FetchProgress], None], threading.Event], object],
    ) -> None:
        with self._lock:
            if self._task is not None:
                doing = self._task.model or str(self._task.path)
                if self._task.stop.is_set():
                    raise AlreadyRunningError(
                        f"{doing} is just being stopped. Try again in half a minute."
                    )
                if self._task.model == task.model and task.path is None:
                    return
                raise AlreadyRunningError(
                    f"{doing} is being got just now. Wait for it, or stop it first."
                )
            pid = self._fetcher.holder()
            if pid is not None:
                raise AlreadyRunningError(
                    f"Another traumbox is getting or removing a model just now (process "
                    f"{pid or 'unknown'}). Wait for it, or stop it first."
                )
            self._task = task
            # A daemon thread: one that waits for a stalled server must not hold up the end.
            self._thread = threading.Thread(
                target=self._run, args=(task, get), name="models", daemon=True
            )
            self._thread.start()

    def _run(
        self,
        task: _Task,
        get: Callable[[Callable[[FetchProgress], None], threading.Event], object],
    ) -> None:
        def watch(progress: FetchProgress) -> None:
            task.progress = progress

        try:
            get(watch, task.stop)
        except (FetchStopped, AlreadyRunningError) as said:
            log.info("%s", said)
        except TraumboxError as error:
            self._failed(task, error)
        except Exception as error:
            # The boundary around what is new in the house: searching goes on without it.
            log.exception("Getting a model failed")
            self._failed(task, ModelError(f"Getting the model failed unexpectedly: {error!r}"))
        finally:
            try:
                # Before it counts as over: nobody shall see a model that is neither.
                self._ended(task.model)
            finally:
                with self._lock:
                    self._task = None

    def _failed(self, task: _Task, error: TraumboxError) -> None:
        if task.stop.is_set():
            return  # whatever broke, nobody waits for it any more
        log.warning("%s", error)
        if task.path is not None:
            self.import_trouble = f"{task.path} couldn't be taken in: {error}"
            return
        if not isinstance(error, FetchError):
            error = FetchError(str(error), reason="can't be had", again="never")
        self._fetcher.tries.failed(task.model, error, self._now_s(), asked=task.asked)
