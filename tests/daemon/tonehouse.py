"""The real daemon with another second model: what is called "clap-general" here hears tones.

It is installed when its folder holds a file of that name. A program of its own, so that it can be
killed; importable, because its listener, a spawned child, builds the model by name.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from tests.fakes import ToneEmbedder
from traumbox import config, log
from traumbox.domain import Float32, ModelCard
from traumbox.embedders.catalogue import CATALOGUE, ModelEntry
from traumbox.errors import ModelError
from traumbox.ports import Embedder

NAME = "clap-general"
MODEL_ID = "tones-1"
MARK, NOTES = "installed", "embedded.txt"
WINDOW_TAKES_S = 0.3
ROOT = Path(__file__).parents[2]


class NotingTones(ToneEmbedder):
    """Takes its time, and notes each window that it has embedded."""

    def __init__(self, directory: Path) -> None:
        super().__init__(MODEL_ID)
        self._notes = directory / NOTES

    def embed_audio(self, windows: Float32) -> Float32:
        time.sleep(WINDOW_TAKES_S * len(windows))
        with self._notes.open("a") as notes:
            notes.write("window\n" * len(windows))
        return super().embed_audio(windows)


def install(models_dir: Path) -> None:
    (models_dir / NAME).mkdir(parents=True)
    (models_dir / NAME / MARK).touch()


def read_card(directory: Path) -> ModelCard:
    if not (directory / MARK).exists():
        raise ModelError(f"{directory} holds no model.")
    return ToneEmbedder(MODEL_ID).card


def load(
    directory: Path, _threads: int, _report: Callable[[], None], _memory_mb: int | None
) -> Embedder:
    read_card(directory)
    return NotingTones(directory)


def catalogue() -> Mapping[str, ModelEntry]:
    tones = replace(CATALOGUE[NAME], card=read_card, load=load)
    return {"builtin": CATALOGUE["builtin"], NAME: tones}


def command(configuration: Path) -> list[str]:
    """Return how to start it, from any directory."""
    program = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r});"
        " from tests.daemon.tonehouse import main; main()"
    )
    return [sys.executable, "-c", program, str(configuration)]


def main() -> None:
    settings = config.load(Path(sys.argv[1]), os.environ)
    log.configure(settings.log.level, timestamps=True)
    from traumbox.daemon import service  # noqa: PLC0415 - heavy; the listener needs none of it

    sys.exit(service.run(settings, catalogue()))
