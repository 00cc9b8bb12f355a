"""Builds the ear of the listener process."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from traumbox.config import Settings
from traumbox.indexer.listener import ListenerProcess, ListenerSettings

if TYPE_CHECKING:
    from traumbox.indexer.ear import LocalEar


def listener(settings: Settings) -> ListenerProcess:
    """Return the listener process as configured; it is started by its first job."""
    return ListenerProcess(
        partial(build_ear, settings.model.name, threads(settings)),
        ListenerSettings(
            idle_s=settings.listener.idle_s,
            hang_s=settings.listener.hang_s,
            memory_mb=settings.listener.memory_mb,
            nice=settings.listener.nice,
        ),
    )


def threads(settings: Settings) -> int:
    """Return how many cores hearing may use: by default all but one, which stays free."""
    return settings.listener.cores or max(1, len(os.sched_getaffinity(0)) - 1)


def build_ear(model: str, cores: int, progress: Callable[[], None] = lambda: None) -> LocalEar:
    """Build decoder, tag reader and audio tower; called in the listener process."""
    # Imported here, so that only the child pays for scipy, PyAV and the audio tower.
    from traumbox.audio.decode import MediaDecoder  # noqa: PLC0415
    from traumbox.embedders import registry  # noqa: PLC0415
    from traumbox.indexer.ear import LocalEar  # noqa: PLC0415
    from traumbox.library.tags import read_tags  # noqa: PLC0415

    return LocalEar(MediaDecoder(), read_tags, registry.load(model, cores), progress)
