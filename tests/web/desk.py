"""A desk of models as the web sees it: its state is the test's, its deeds are noted."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from traumbox.domain import ModelInfo, ModelsStatus
from traumbox.errors import TraumboxError

BUILTIN = ModelInfo(
    name="builtin",
    title="The built-in model",
    purpose="Answers at once and offline.",
    licence="GPL-3.0-or-later",
    dim=256,
    download_bytes=0,
    state="installed",
    serving=True,
    tracks=12,
)
CLAP_MUSIC = ModelInfo(
    name="clap-music",
    title="LAION CLAP for music",
    purpose="Knows what music sounds like.",
    licence="CC0-1.0",
    dim=512,
    download_bytes=2_352_471_003,
    state="absent",
)
CLAP_GENERAL = ModelInfo(
    name="clap-general",
    title="LAION CLAP for all sounds",
    purpose="Smaller and faster.",
    licence="CC0-1.0",
    dim=512,
    download_bytes=1_863_587_645,
    state="absent",
)


@dataclass
class FakeDesk:
    """``state`` is what it tells; ``refusal`` is raised by everything it is asked to do."""

    state: ModelsStatus = field(
        default_factory=lambda: ModelsStatus(
            wanted="auto", serving="builtin", models=(CLAP_MUSIC, CLAP_GENERAL, BUILTIN)
        )
    )
    refusal: TraumboxError | None = None
    damage: str = ""
    asked: list[str] = field(default_factory=list)

    def status(self) -> ModelsStatus:
        return self.state

    def fetch(self, name: str) -> None:
        self._note(f"fetch {name}")

    def stop_fetch(self) -> None:
        self._note("stop")

    def import_from(self, path: Path) -> None:
        self._note(f"import {path}")

    def use(self, name: str, *, now: bool = False) -> None:
        self._note(f"use {name}{' now' if now else ''}")

    def pause(self) -> None:
        self._note("pause")

    def resume(self) -> None:
        self._note("resume")

    def cancel(self) -> None:
        self._note("cancel")

    def verify(self, name: str) -> str:
        self._note(f"verify {name}")
        return self.damage

    def remove(self, name: str) -> None:
        self._note(f"remove {name}")

    def refresh(self) -> None:
        self._note("refresh")

    def _note(self, deed: str) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.asked.append(deed)
