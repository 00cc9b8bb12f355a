"""Where the time of hearing goes, step by step; read by the benchmark."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")


class Stopwatch:
    """Sums seconds per named step."""

    def __init__(self, clock_s: Callable[[], float]) -> None:
        self._clock_s = clock_s
        self.seconds: dict[str, float] = defaultdict(float)

    @contextmanager
    def __call__(self, step: str) -> Iterator[None]:
        """Add the time spent inside the ``with`` to ``step``."""
        start_s = self._clock_s()
        try:
            yield
        finally:
            self.seconds[step] += self._clock_s() - start_s

    def add(self, other: Stopwatch) -> None:
        """Add what another one has measured, in a thread of its own."""
        for step, spent_s in other.seconds.items():
            self.seconds[step] += spent_s

    def each(self, step: str, items: Iterable[T]) -> Iterator[T]:
        """Pass ``items`` on, adding the time it takes to produce them to ``step``."""
        iterator = iter(items)
        while True:
            start_s = self._clock_s()
            try:
                item = next(iterator)
            except StopIteration:
                return
            finally:
                self.seconds[step] += self._clock_s() - start_s
            yield item
