"""Builds the ear of the listener process."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from traumbox.config import Settings
from traumbox.embedders.catalogue import CATALOGUE, ModelEntry
from traumbox.indexer.listener import ListenerProcess, ListenerSettings

if TYPE_CHECKING:
    from traumbox.indexer.ear import LocalEar


def listener(
    settings: Settings, catalogue: Mapping[str, ModelEntry] = CATALOGUE
) -> ListenerProcess:
    """Return the listener process as configured; it is started by its first job."""
    cores = threads(settings)
    return ListenerProcess(
        partial(
            build_ear,
            settings.data_dir / "models",
            cores,
            memory_mb=settings.listener.memory_mb,
            catalogue=catalogue,
        ),
        ListenerSettings(
            idle_s=settings.listener.idle_s,
            hang_s=settings.listener.hang_s,
            memory_mb=settings.listener.memory_mb,
            nice=settings.listener.nice,
            cores=cores,
        ),
    )


def threads(settings: Settings) -> int:
    """Return how many cores hearing may use: by default all but one, which stays free."""
    available = len(os.sched_getaffinity(0))
    return min(settings.listener.cores or max(1, available - 1), available)


def build_ear(
    models_dir: Path,
    cores: int,
    progress: Callable[[], None] = lambda: None,
    *,
    memory_mb: int | None = None,
    catalogue: Mapping[str, ModelEntry] = CATALOGUE,
) -> LocalEar:
    """Build decoder, tag reader and the loader of audio towers; called in the listener process."""
    # Imported here, so that only the child pays for PyAV and the audio tower.
    from traumbox.audio.decode import MediaDecoder  # noqa: PLC0415
    from traumbox.embedders import registry  # noqa: PLC0415
    from traumbox.indexer.ear import LocalEar  # noqa: PLC0415
    from traumbox.library.tags import read_tags  # noqa: PLC0415

    load = partial(
        registry.load,
        models_dir=models_dir,
        threads=cores,
        report=progress,
        memory_mb=memory_mb,
        catalogue=catalogue,
    )
    return LocalEar(MediaDecoder(), read_tags, load, progress, looks_ahead=cores > 1)
