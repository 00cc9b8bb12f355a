"""What the house does for searches when it has time, in a thread of its own: it may take long."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from traumbox.errors import TraumboxError

log = logging.getLogger(__name__)

EVERY_S = 15.0
TROUBLE_S = 600.0
STOP_S = 3.0
BREATH_S = 0.05


class Chores:
    """Calls ``work`` again and again until ``stop``; it is told when to end early."""

    def __init__(
        self,
        work: Callable[[Callable[[], bool]], None],
        every_s: float = EVERY_S,
        trouble_s: float = TROUBLE_S,
    ) -> None:
        self._work = work
        self._every_s = every_s
        self._trouble_s = trouble_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="chores", daemon=True)

    def start(self) -> None:
        """Begin; the first time comes after a while, for the start has enough to do."""
        self._thread.start()

    def stop(self) -> None:
        """End it soon."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(STOP_S)

    def _is_over(self) -> bool:
        """Tell whether to end; whoever asks takes a breath, and leaves the machine to others."""
        return self._stop.wait(BREATH_S)

    def _run(self) -> None:
        while not self._stop.wait(self._every_s):
            try:
                self._work(self._is_over)
            except TraumboxError as error:
                log.warning("%s", error)
            except Exception:
                # The boundary around the chores: whatever else the house does goes on.
                log.exception("The chores failed; trying again in %.0f s", self._trouble_s)
                self._stop.wait(self._trouble_s)
