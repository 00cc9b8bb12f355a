"""The watching of one folder: started, looked after, started anew, or given up with a reason."""

from __future__ import annotations

import errno
import logging
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from traumbox.domain import WatchHealth
from traumbox.library.folders import WatchedFolder
from traumbox.library.guard import why_offline
from traumbox.library.mounts import Mount, deafness_of, display, mounts_below, top_mount
from traumbox.library.watch.limits import (
    Limits,
    count_directories,
    no_instances,
    no_watches,
    queue_too_short,
    read_limits,
    short_of_watches,
)
from traumbox.library.watch.observed import Observed, observe

log = logging.getLogger(__name__)

OnDirty = Callable[[str, bytes | None], None]

STORM_OVERFLOWS = 3
STORM_S = 10.0
"""So many overflows in so short a time: watchdog 7.1 overflows its own queue, again and again."""
HOUR_S = 3600.0
RESTARTS_AN_HOUR = 3
STARTS_A_MINUTE = 5
RETRY_S = 60.0
"""Between two tries after a refusal, and two countings of a folder that grows."""

STARTING = WatchHealth("polled", "not all of its directories are watched yet")


class RootWatch:
    """Keeps one folder watched as well as it can be.

    ``keep``, ``stop`` and what they call may hang on a dead share and run in one thread at a time;
    everything else answers from memory, in any thread.
    """

    def __init__(
        self,
        folder: WatchedFolder,
        on_dirty: OnDirty,
        clock_s: Callable[[], float],
        limits: Callable[[], Limits] = read_limits,
    ) -> None:
        self.folder = folder
        self.health = STARTING
        self.is_network = False
        self._on_dirty = on_dirty
        self._clock_s = clock_s
        self._limits = limits
        self.mounts_changed = False
        self.closed = False
        self._observed: Observed | None = None
        self._retry_s = float("-inf")
        self._tried_limits: Limits | None = None
        self._restarts_s: list[float] = []
        self._overflows_s: list[float] = []
        self._starts_s: list[float] = []
        self._lock = threading.Lock()

    def keep(self, among: Sequence[Mount]) -> None:
        """Start what doesn't run, start anew what can't be relied on, and judge the health.

        ``mounts_changed`` is to be set before when something was mounted anywhere; ``closed`` when
        the folder is wanted no longer.
        """
        try:
            self._keep(among)
        finally:
            if self.closed:
                self._let_go()

    def _keep(self, among: Sequence[Mount]) -> None:
        try:
            root = self.folder.root.resolve(strict=True)
            stat = root.stat()
        except (OSError, RuntimeError) as error:  # RuntimeError: a circle of links before 3.13
            self._let_go()
            reason = why_offline(error) if isinstance(error, OSError) else str(error)
            self._set_health(WatchHealth("polled", reason))
            return
        mount = top_mount(root, among)
        self.is_network = mount is not None and mount.is_network
        observed, now_s = self._observed, self._clock_s()
        if observed is not None:
            is_root = observed.root == root and observed.stat == (stat.st_dev, stat.st_ino)
            why = self._why_anew(observed, among) if is_root else "it was replaced"
            if why:
                log.info("%s: watching starts anew: %s", self.folder.name, why)
                self._let_go()
        if self._observed is None and self._may_try(now_s):
            self._start(root, among, now_s)
        if self._observed is not None:
            self._judge(self._observed, among)

    def overflowed(self, thread: int | None) -> None:
        """Take note that events were lost, if ``thread`` reads those of this root."""
        observed = self._observed
        if observed is None or not observed.reads_in(thread):
            return
        with self._lock:
            self._overflows_s.append(self._clock_s())
        self._dirty(None)

    def stop(self) -> None:
        """End the watching for good."""
        self.closed = True
        self._let_go()

    def _dirty(self, directory: bytes | None) -> None:
        if directory is not None and any(
            directory == inner or directory.startswith(inner + b"/") for inner in self.folder.inner
        ):
            return  # another folder's, which has an observer of its own
        self._on_dirty(self.folder.name, directory)

    def _may_try(self, now_s: float) -> bool:
        return now_s >= self._retry_s or self._may_have_more()

    def _start(self, root: Path, among: Sequence[Mount], now_s: float) -> None:
        limits = self._tried_limits = self._limits()
        self._starts_s = [then for then in self._starts_s if then > now_s - RETRY_S]
        if len(self._starts_s) >= STARTS_A_MINUTE:
            self._retry_s = now_s + RETRY_S
            self._set_health(WatchHealth("polled", "its watching ends again and again"))
            return
        self._starts_s.append(now_s)
        with self._lock:
            self._overflows_s.clear()
        try:
            observed = observe(root, self._dirty)
        except (OSError, RuntimeError) as error:
            self._retry_s = now_s + RETRY_S
            self._set_health(_refusal(error, limits))
            return
        observed.started_s = now_s
        self._observed = observed
        # Whatever came between the last scan and this moment is found by one more.
        self._on_dirty(self.folder.name, None)
        self._count(observed, among, now_s)

    def _count(self, observed: Observed, among: Sequence[Mount], now_s: float) -> bool:
        """Tell whether all directories are watched.

        Counted twice if not, for some may go while they are counted.
        """
        observed.counted_s = now_s
        observed.mounts = _mounts_around(observed.root, among)
        observed.handler.has_grown = False
        for _ in range(2):
            directories = count_directories(os.fsencode(observed.root))
            watches = observed.watches()
            observed.directories, observed.watched = directories, watches
            observed.is_short = watches is not None and watches < directories
            if not observed.is_short:
                return True
        return False

    def _why_anew(self, observed: Observed, among: Sequence[Mount]) -> str:
        """Return why this observer can't be relied on any more, or ""."""
        now_s = self._clock_s()
        mounts_changed, self.mounts_changed = self.mounts_changed, False
        if not observed.is_alive():
            return "a thread of it has ended"
        if self._is_storming(now_s, observed):
            return "too many changes at once"
        if observed.is_short:
            is_hour = now_s >= observed.started_s + HOUR_S
            return "more may be allowed now" if is_hour or self._may_have_more() else ""
        is_due = observed.handler.has_grown and now_s >= observed.counted_s + RETRY_S
        is_due = is_due or (mounts_changed and self._lost_watches(observed, among))
        if is_due and not self._count(observed, among, now_s):
            return "some directories aren't watched"
        return ""

    def _may_have_more(self) -> bool:
        return self._limits() != self._tried_limits

    def _lost_watches(self, observed: Observed, among: Sequence[Mount]) -> bool:
        """Tell whether a mount that came or went may have taken watches along.

        What is unmounted and mounted again looks as before, but its watches are gone.
        """
        watches = observed.watches()
        return _mounts_around(observed.root, among) != observed.mounts or (
            watches is not None and watches < (observed.watched or 0)
        )

    def _is_storming(self, now_s: float, observed: Observed) -> bool:
        """Tell whether events are lost again and again; then also when to try next."""
        with self._lock:
            self._overflows_s = [then for then in self._overflows_s if then > now_s - HOUR_S]
            recent = [then for then in self._overflows_s if then >= now_s - 2 * STORM_S]
        queue = self._limits().queue
        # To add the watches anew, watchdog removes them first, which alone fills the queue.
        is_hopeless = queue is not None and observed.directories > 0.9 * queue.value
        spans = zip(recent, recent[STORM_OVERFLOWS - 1 :], strict=False)
        dense = any(last - first <= STORM_S for first, last in spans)
        if not (dense or (recent and is_hopeless)):
            return False
        self._restarts_s = [then for then in self._restarts_s if then > now_s - HOUR_S]
        self._restarts_s.append(now_s)
        if len(self._restarts_s) >= RESTARTS_AN_HOUR:
            self._retry_s = self._restarts_s[0] + HOUR_S
            self._tried_limits = self._limits()
            self._set_health(queue_too_short(self._tried_limits, len(self._restarts_s)))
        return True

    def _judge(self, observed: Observed, among: Sequence[Mount]) -> None:
        deaf, below = deafness_of(observed.root, among)
        if deaf:
            health = WatchHealth("polled", deaf)
        elif observed.is_short:
            limits = self._tried_limits or self._limits()
            health = short_of_watches(observed.watched or 0, observed.directories, limits)
        elif below:
            reason = next(iter(below.values())).removeprefix("it lies on ")
            health = WatchHealth("partial", f"within it, {display(below)} lies on {reason}")
        else:
            health = WatchHealth("live")
        self._set_health(health)

    def _set_health(self, health: WatchHealth) -> None:
        if health == self.health:  # said once, not at every tick
            return
        if health.mode == "live":
            log.info("%s: watched", self.folder.name)
        else:
            level = logging.WARNING if health.remedy else logging.INFO
            log.log(level, "%s: %s; the clock finds its changes", self.folder.name, health.reason)
        self.health = health

    def _let_go(self) -> None:
        observed, self._observed = self._observed, None
        if observed is not None:
            observed.stop()


def _mounts_around(root: Path, among: Sequence[Mount]) -> dict[bytes, Mount]:
    mount = top_mount(root, among)
    return mounts_below(root, among) | ({b"": mount} if mount else {})


def _refusal(error: OSError | RuntimeError, limits: Limits) -> WatchHealth:
    if isinstance(error, OSError):
        if error.errno == errno.ENOSPC:
            return no_watches(limits)
        if error.errno == errno.EMFILE:
            return no_instances(limits)
        return WatchHealth("polled", why_offline(error))
    return WatchHealth("polled", f"it can't be watched ({error})")
