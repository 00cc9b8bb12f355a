from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.daemon.models.desk import Desk
from tests.embedders.supply import shelf
from tests.embedders.supply.server import FileServer
from traumbox.config import Model


@pytest.fixture(autouse=True)
def no_proxy_to_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "127.0.0.1,localhost")


@pytest.fixture
def server() -> Iterator[FileServer]:
    with shelf.server() as server:
        yield server


DeskMaker = Callable[..., Desk]


@pytest.fixture
def make(tmp_path: Path, server: FileServer) -> Iterator[DeskMaker]:
    made: list[Desk] = []

    def make(
        missing: str = "", music: bytes = shelf.MUSIC, timeout_s: float = 5.0, **model
    ) -> Desk:
        fetcher = shelf.fetcher(
            tmp_path / "models", server.url, missing=missing, music=music, timeout_s=timeout_s
        )
        made.append(Desk(tmp_path, fetcher, Model(**model)))
        return made[-1]

    yield make
    server.released.set()
    for desk in made:
        desk.models.stop()


@pytest.fixture
def desk(make: DeskMaker) -> Desk:
    return make()
