"""The text tower of one space: it remembers sentences, and gives its memory back when idle."""

from __future__ import annotations

import threading
from collections import OrderedDict

from traumbox.domain import Float32
from traumbox.ports import Embedder

CACHED_SENTENCES = 256


class TextTower:
    """Turns sentences into vectors; safe to use from any thread.

    Times are seconds of one steady clock. The memory is never taken from under a sentence that is
    being embedded: it is given back by whoever is last.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._sentences: OrderedDict[str, Float32] = OrderedDict()
        self._lock = threading.Lock()
        self._busy = 0
        self._used_s: float | None = None  # None: nothing has been loaded since the last release
        self._retired = False

    def vector(self, text: str, now_s: float) -> Float32:
        """Return the unit vector float32[dim] of one sentence.

        The last few are remembered: paging and moments ask again.
        """
        key = " ".join(text.split()).casefold()
        with self._lock:
            if key in self._sentences:
                self._sentences.move_to_end(key)
                return self._sentences[key]
            self._busy += 1
            self._used_s = now_s
        try:
            vector: Float32 = self._embedder.embed_text([text])[0]
        finally:
            self._leave(now_s)
        with self._lock:
            self._sentences[key] = vector
            while len(self._sentences) > CACHED_SENTENCES:
                self._sentences.popitem(last=False)
        return vector

    def rest(self, now_s: float, idle_s: float) -> bool:
        """Give the memory back unless a sentence came within ``idle_s``; tell whether it was."""
        with self._lock:
            if self._busy or self._used_s is None or now_s - self._used_s < idle_s:
                return False
            self._release()
        return True

    def retire(self) -> None:
        """Give the memory back as soon as nobody needs it: another space serves from now on."""
        with self._lock:
            self._retired = True
            if not self._busy:
                self._release()

    def _leave(self, now_s: float) -> None:
        with self._lock:
            self._busy -= 1
            self._used_s = max(now_s, self._used_s or now_s)
            if self._retired and not self._busy:
                self._release()

    def _release(self) -> None:
        self._embedder.release()
        self._used_s = None
