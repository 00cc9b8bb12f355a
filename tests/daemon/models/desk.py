"""A desk of models over a small catalogue, with a clock of its own."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from tests.fakes import MemoryIndex, ToneEmbedder
from tests.house import wait_for
from traumbox.config import Model, Settings
from traumbox.daemon.models import Models
from traumbox.domain import ChangeProgress, ModelInfo
from traumbox.embedders.builtin.weights import read_card
from traumbox.embedders.supply import Fetcher
from traumbox.ports import Space

NOON_S = datetime(2026, 11, 21, 12, 0).timestamp()


class Change:
    """Does what the real one does as far as the desk can see; switches when it is told to."""

    def __init__(self) -> None:
        self.deeds: list[str] = []
        self.under_way: ChangeProgress | None = None

    def begin(self, name: str) -> None:
        self.deeds.append(f"begin {name}")
        self.under_way = ChangeProgress("builtin", name, 0, 3)

    def pause(self) -> None:
        self.deeds.append("pause")

    def resume(self) -> None:
        self.deeds.append("resume")

    def cancel(self) -> None:
        self.deeds.append("cancel")
        self.under_way = None

    def switch_now(self) -> None:
        self.deeds.append("switch now")

    def progress(self) -> ChangeProgress | None:
        return self.under_way


class Desk:
    """A desk with a clock of its own, over a folder and a server."""

    def __init__(self, directory: Path, fetcher: Fetcher, model: Model | None = None) -> None:
        self.config = directory / "traumbox.yaml"
        self.now_s = NOON_S
        self.change = Change()
        self.fetcher = fetcher
        self.serving = "builtin"
        self.forgotten: list[str] = []
        self.tracks: dict[str, int] = {}
        self.environ: dict[str, str] = {}
        self.note = ""
        self._directory = directory
        self._model = model or Model()
        self.open()

    def open(self) -> None:
        """Build it, or build it anew: a restart."""
        settings = Settings(
            data_dir=self._directory / "data", model=self._model, config_file=self.config
        )
        self.models = Models(
            settings,
            self.change,
            self.fetcher,
            space=self._space,
            tracks=lambda name: self.tracks.get(name, 0),
            forget=self.forgotten.append,
            note=self.note,
            now_s=lambda: self.now_s,
            environ=self.environ,
            preferred="clap-music",
        )

    def _space(self) -> Space:
        embedder = ToneEmbedder(read_card().id if self.serving == "builtin" else self.serving)
        return Space(self.serving, embedder, MemoryIndex(embedder.card))

    def idle(self) -> None:
        wait_for(lambda: self.stage() in {"", "waiting"}, "the desk to be done", 30)

    def stage(self) -> str:
        fetch = self.models.status().fetch
        return "" if fetch is None else fetch.stage

    def notice(self) -> str:
        return self.models.status().notice

    def info(self, name: str) -> ModelInfo:
        return next(info for info in self.models.status().models if info.name == name)

    def tick(self) -> None:
        self.models.tick()
        self.idle()
