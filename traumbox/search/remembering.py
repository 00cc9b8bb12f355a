"""What was found last: paging back, a second listener and the panel's repeats ask the same."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

ANSWERS_KEPT = 64

Found = TypeVar("Found")


class Remembered(Generic[Found]):
    """Answers by question, as long as nothing has been written since; safe from any thread.

    ``token`` stands for the state of what was asked: an answer of another state is none.
    """

    def __init__(self, most: int = ANSWERS_KEPT) -> None:
        self._most = most
        self._answers: OrderedDict[Hashable, tuple[Hashable, Found]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, token: Hashable) -> Found | None:
        """Return the answer given to ``key`` in this very state, or None."""
        with self._lock:
            kept = self._answers.get(key)
            if kept is None or kept[0] != token:
                return None
            self._answers.move_to_end(key)
            return kept[1]

    def put(self, key: Hashable, token: Hashable, answer: Found) -> None:
        """Keep an answer; ``token`` is of before it was looked for."""
        with self._lock:
            self._answers[key] = token, answer
            self._answers.move_to_end(key)
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)
