from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.web.appliance import Appliance
from tests.web.desk import BUILTIN, CLAP_GENERAL, CLAP_MUSIC
from traumbox.domain import ChangeProgress, FetchProgress
from traumbox.errors import ConfigError, ModelError, StoreError, TraumboxError

FETCH = FetchProgress(
    model="clap-music",
    stage="waiting",
    done_bytes=1_000,
    total_bytes=2_352_471_003,
    bytes_per_s=12.4,
    left_s=None,
    next_try_s=1_800_000_000.0,
    note="refused:\x1b[2J 403",
)
CHANGE = ChangeProgress(
    old="builtin", new="clap-music", done=3, total=12, waiting=2, left_s=90.0, note="“NAS” is away"
)
FETCH_JSON = {
    "model": "clap-music",
    "stage": "waiting",
    "done_bytes": 1_000,
    "total_bytes": 2_352_471_003,
    "bytes_per_s": 12,
    "left_s": None,
    "next_try_s": 1_800_000_000.0,
    "note": "refused: [2J 403",
}
CHANGE_JSON = {
    "old": "builtin",
    "new": "clap-music",
    "done": 3,
    "total": 12,
    "waiting": 2,
    "paused": False,
    "left_s": 90.0,
    "note": "“NAS” is away",
}


def test_all_about_models(client: TestClient, appliance: Appliance) -> None:
    appliance.desk.state = replace(
        appliance.desk.state,
        models=(replace(CLAP_MUSIC, state="damaged", note="audio.onnx is too short"), BUILTIN),
        fetch=FETCH,
        change=CHANGE,
        notice="LAION CLAP not reachable.",
    )
    assert client.get("/api/v1/models").json() == {
        "version": 1,
        "wanted": "auto",
        "serving": "builtin",
        "models": [
            {
                "name": "clap-music",
                "title": "LAION CLAP for music",
                "purpose": "Knows what music sounds like.",
                "licence": "CC0-1.0",
                "dim": 512,
                "download_bytes": 2_352_471_003,
                "state": "damaged",
                "serving": False,
                "tracks": 0,
                "note": "audio.onnx is too short",
            },
            {
                "name": "builtin",
                "title": "The built-in model",
                "purpose": "Answers at once and offline.",
                "licence": "GPL-3.0-or-later",
                "dim": 256,
                "download_bytes": 0,
                "state": "installed",
                "serving": True,
                "tracks": 12,
                "note": "",
            },
        ],
        "fetch": FETCH_JSON,
        "change": CHANGE_JSON,
        "notice": "LAION CLAP not reachable.",
    }


def test_the_status_says_what_becomes_of_the_model(
    client: TestClient, appliance: Appliance
) -> None:
    model = client.get("/api/v1/status").json()["model"]
    assert model == {"id": "tones", "name": "Tones", "notice": "", "fetch": None, "change": None}
    appliance.desk.state = replace(
        appliance.desk.state, fetch=FETCH, change=CHANGE, notice="Soon there."
    )
    model = client.get("/api/v1/status").json()["model"]
    assert (model["notice"], model["fetch"], model["change"]) == (
        "Soon there.", FETCH_JSON, CHANGE_JSON,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("address", "body", "asked"),
    [
        ("/clap-music/fetch", None, "fetch clap-music"),
        ("/fetch/stop", None, "stop"),
        ("/refresh", None, "refresh"),
        ("/clap-music/use", None, "use clap-music"),
        ("/auto/use", None, "use auto"),
        ("/clap-music/use", {"now": False}, "use clap-music"),
        ("/clap-music/use", {"now": True}, "use clap-music now"),
        ("/change/pause", None, "pause"),
        ("/change/resume", None, "resume"),
        ("/change/cancel", None, "cancel"),
    ],
)
def test_what_it_can_be_asked_to_do(
    client: TestClient, appliance: Appliance, address: str, body: object, asked: str
) -> None:
    appliance.desk.state = replace(appliance.desk.state, fetch=FETCH, change=CHANGE)
    response = client.post(f"/api/v1/models{address}", json=body)
    assert response.status_code == 202
    assert response.json()["accepted"] is True
    assert appliance.desk.asked == [asked]


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/fetch/stop", "No model is being fetched."),
        ("/change/pause", "No change to another model is under way."),
        ("/change/resume", "No change to another model is under way."),
        ("/change/cancel", "No change to another model is under way."),
    ],
)
def test_what_is_not_going_on_is_not_stopped(
    client: TestClient, appliance: Appliance, address: str, told: str
) -> None:
    response = client.post(f"/api/v1/models{address}")
    assert response.status_code == 409
    assert response.json()["detail"] == told
    assert appliance.desk.asked == []


def test_removing(client: TestClient, appliance: Appliance) -> None:
    assert client.delete("/api/v1/models/clap-general").json()["message"].startswith("clap-general")
    assert appliance.desk.asked == ["remove clap-general"]


def test_verifying(client: TestClient, appliance: Appliance) -> None:
    assert client.post("/api/v1/models/builtin/verify").json() == {
        "version": 1, "model": "builtin", "whole": True, "note": "",
    }  # fmt: skip
    appliance.desk.damage = "audio.onnx is damaged."
    answer = client.post("/api/v1/models/builtin/verify").json()
    assert (answer["whole"], answer["note"]) == (False, "audio.onnx is damaged.")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (None, "clap-general was chosen; builtin answers meanwhile."),
        (
            replace(CHANGE, new="clap-general"),
            "The music is being heard with clap-general; builtin answers meanwhile.",
        ),
    ],
)
def test_a_choice_says_what_comes_of_it(
    client: TestClient, appliance: Appliance, change: ChangeProgress | None, told: str
) -> None:
    appliance.desk.state = replace(appliance.desk.state, change=change)
    assert client.post("/api/v1/models/clap-general/use").json()["message"] == told


def test_auto_says_which_one_it_chose(client: TestClient, appliance: Appliance) -> None:
    told = client.post("/api/v1/models/auto/use").json()["message"]
    assert told == "builtin answers searches."
    appliance.desk.state = replace(appliance.desk.state, change=CHANGE)
    told = client.post("/api/v1/models/auto/use").json()["message"]
    assert told == "The music is being heard with clap-music; builtin answers meanwhile."


ORDERS = [
    ("POST", "/clap-music/fetch"),
    ("POST", "/clap-music/use"),
    ("POST", "/clap-music/verify"),
    ("DELETE", "/clap-music"),
]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (ModelError("The disk has 1.5 GB free. Make room on it."), 409),
        (ConfigError("TRAUMBOX_MODEL__NAME says builtin. Remove it."), 422),
    ],
)
def test_a_refusal_comes_in_its_own_words(
    client: TestClient,
    appliance: Appliance,
    order: tuple[str, str],
    refusal: TraumboxError,
    status: int,
) -> None:
    appliance.desk.refusal = refusal
    method, address = order
    response = client.request(method, f"/api/v1/models{address}")
    assert response.status_code == status
    problem = response.json()
    assert f"{problem['detail']} {problem['remedy']}" == str(refusal)
    assert problem["remedy"] in {"Make room on it.", "Remove it."}


def test_a_refusal_of_one_sentence_has_a_remedy_too(
    client: TestClient, appliance: Appliance
) -> None:
    appliance.desk.refusal = ModelError("clap-music is busy.")
    problem = client.post("/api/v1/models/clap-music/fetch").json()
    assert problem["detail"] == "clap-music is busy."
    assert problem["remedy"] == "GET /api/v1/models tells how each model stands."


def test_a_broken_store_stays_one(client: TestClient, appliance: Appliance) -> None:
    appliance.desk.refusal = StoreError("disk full")
    response = client.delete("/api/v1/models/clap-music")
    assert response.status_code == 503
    assert response.json()["title"] == "The library can't be read"


@pytest.mark.parametrize(("method", "address"), ORDERS)
def test_a_slip_in_the_name_is_pointed_out(
    client: TestClient, appliance: Appliance, method: str, address: str
) -> None:
    response = client.request(method, f"/api/v1/models{address.replace('music', 'musik')}")
    assert response.status_code == 404
    assert response.json()["detail"] == "There is no model “clap-musik”."
    assert response.json()["remedy"].startswith("Did you mean “clap-music”? There are: ")
    assert CLAP_GENERAL.name in response.json()["remedy"]
    assert appliance.desk.asked == []


def test_auto_is_no_model_to_fetch(client: TestClient) -> None:
    assert client.post("/api/v1/models/auto/fetch").status_code == 404


def test_importing_what_may_be_a_model(
    client: TestClient, appliance: Appliance, tmp_path: Path
) -> None:
    checkpoint = tmp_path / "music 15.pt"
    checkpoint.touch()
    converted = tmp_path / "clap-music"
    converted.mkdir()
    (converted / "model.json").touch()
    for path in (checkpoint, converted):
        response = client.post("/api/v1/models/import", json={"path": str(path)})
        assert response.status_code == 202
    assert appliance.desk.asked == [f"import {checkpoint}", f"import {converted}"]


def test_of_anything_else_nothing_is_learned(
    client: TestClient, appliance: Appliance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "relative.pt").touch()
    (tmp_path / "here.txt").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder.pt").mkdir()
    answers = set()
    for path in (
        tmp_path / "here.txt",
        tmp_path / "absent.txt",
        tmp_path / "absent.pt",
        tmp_path / "folder",
        tmp_path / "folder.pt",
        tmp_path / ("x" * 300),
        Path("/etc/passwd"),
        Path("relative.pt"),
        "",
        "/nul\x00.pt",
    ):
        response = client.post("/api/v1/models/import", json={"path": str(path)})
        shown = str(path).replace("\x00", " ")
        answers.add((response.status_code, response.text.replace(shown, "PATH") if shown else ""))
    answers.discard((422, ""))
    assert len(answers) == 1
    status, text = answers.pop()
    assert status == 422
    assert "There is nothing to import at “PATH”." in text
    assert appliance.desk.asked == []
