"""When to try again, kept on disk: a restart must not turn into a new download each time."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import traumbox
from traumbox.embedders.supply.trouble import FetchError

log = logging.getLogger(__name__)

FIRST_S, LONGEST_S = 30.0, 6 * 3_600.0
RARELY_S = 24 * 3_600.0
"""For what somebody elsewhere must mend: a file that is gone, a door that is closed."""
SPREAD = 0.25
"""So that the boxes of many houses don't come back in the same second."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the last try for a model ended; ``next_try_s`` is POSIX time, None until asked.

    ``reason`` is a few words, ``message`` the whole story with the remedy, both empty when the
    owner wants no more tries. ``asked``: somebody had asked for it, it didn't begin by itself.
    """

    failures: int
    next_try_s: float | None
    reason: str
    message: str
    asked: bool


class Tries:
    """Remembers each model's last outcome in ``path``, as long as it can be the same again.

    ``way`` is what an outcome depends on besides: mirror and proxy. Another way, or another
    traumbox, begins with a clean slate.
    """

    def __init__(self, path: Path, way: str, jitter: Callable[[], float]) -> None:
        self._path = path
        self._way = f"{traumbox.__version__} {way}"
        self._jitter = jitter
        self._lock = threading.Lock()
        self._outcomes = self._read()

    def last(self, model: str) -> Outcome | None:
        """Return how the last try for ``model`` ended, if it failed or was given up."""
        return self._outcomes.get(model)

    def waiting(self) -> str:
        """Return the model that somebody asked for and that will be tried again, or ""."""
        with self._lock:
            asked = {
                name: outcome.next_try_s
                for name, outcome in self._outcomes.items()
                if outcome.asked and outcome.next_try_s is not None
            }
        return min(asked, key=lambda name: asked[name]) if asked else ""

    def refused(self) -> list[str]:
        """Return the models that somebody asked for and that won't be tried again."""
        with self._lock:
            return [
                name
                for name, outcome in self._outcomes.items()
                if outcome.asked and outcome.message and outcome.next_try_s is None
            ]

    def failed(self, model: str, error: FetchError, now_s: float, *, asked: bool) -> None:
        """Note a failure and decide on the next try."""
        before = self.last(model)
        failures = 1 if before is None else before.failures + 1
        next_try_s: float | None = None
        if error.again == "soon":
            next_try_s = now_s + max(self._delay_s(failures), min(error.wait_s, LONGEST_S))
        elif error.again == "rarely":
            next_try_s = now_s + RARELY_S
        self._note(model, Outcome(failures, next_try_s, error.reason, str(error), asked))

    def given_up(self, model: str) -> None:
        """Note that its owner wants no more tries until somebody asks."""
        self._note(model, Outcome(0, None, "", "", asked=False))

    def clear(self, model: str) -> None:
        """Forget: it worked, or somebody asks for it now."""
        self._note(model, None)

    def is_due(self, model: str, now_s: float) -> bool:
        """Tell whether a try for ``model`` may begin by itself."""
        last = self.last(model)
        if last is None:
            return True
        if last.next_try_s is None:
            return False
        # A machine without a clock of its own may have written a time far in the future.
        return not now_s < last.next_try_s <= now_s + RARELY_S

    def _delay_s(self, failures: int) -> float:
        delay_s = min(FIRST_S * 2.0 ** min(failures - 1, 20), LONGEST_S)
        return delay_s * (1.0 + SPREAD * self._jitter())

    def _note(self, model: str, outcome: Outcome | None) -> None:
        with self._lock:
            if self._outcomes.get(model) == outcome:
                return
            others = {name: old for name, old in self._outcomes.items() if name != model}
            self._outcomes = others if outcome is None else {**others, model: outcome}
            about = {name: asdict(outcome) for name, outcome in self._outcomes.items()}
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                text = json.dumps({"way": self._way, "models": about}, ensure_ascii=False)
                self._path.write_text(text, "utf-8")
            except OSError as error:
                log.warning("The next try couldn't be noted in %s: %s", self._path, error)

    def _read(self) -> dict[str, Outcome]:
        try:
            about = json.loads(self._path.read_text("utf-8"))
            if about["way"] != self._way:
                return {}
            return {str(name): Outcome(**outcome) for name, outcome in about["models"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}
