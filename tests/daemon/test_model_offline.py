"""The real daemon, wanting a model that can't be had: it says so and answers all the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.embedders.supply.server import FileServer, refuse
from tests.house import DaemonHouse, wait_for
from tests.pieces import section
from traumbox.embedders.supply import converter_missing
from traumbox.synth.files import write_piece
from traumbox.synth.mix import Room, perform

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(
        converter_missing() != "", reason="without the extra clap nothing is fetched by itself"
    ),
]


def notice(house: DaemonHouse) -> str:
    said: str = house.json("/api/v1/models")["notice"]
    return said


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (404, "LAION CLAP not reachable (127.0.0.1 answers 404 Not Found); searching with the "),
        (None, "LAION CLAP not reachable (127.0.0.1 refuses the connection); searching with the "),
    ],
)
def test_the_house_searches_on_and_says_when_it_tries_again(
    tmp_path: Path, status: int | None, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "127.0.0.1")
    with FileServer(always=refuse(status or 404)) as server:
        url = server.url
        if status is None:
            server.close()
        with DaemonHouse(tmp_path, model=f"{{mirror: '{url}'}}") as house:
            drums = perform(
                (section(12, "rock:drums", tempo_bpm=120),), np.random.default_rng(9), Room()
            )
            write_piece(house.music / "drums.flac", drums)
            house.wait_until_heard(1)
            wait_for(lambda: "next try" in notice(house), "the notice", 60)
            assert notice(house).startswith(said + "built-in model; next try ")
            models = house.json("/api/v1/models")
            assert (models["wanted"], models["serving"]) == ("auto", "builtin")
            assert models["fetch"]["stage"] == "waiting"
            assert house.search("drums")[0]["track"]["path"] == "drums.flac"
        assert "Traceback" not in house.tail()
