import pytest
from starlette.testclient import TestClient

import traumbox
from tests.web.appliance import Appliance, tone
from traumbox.web.services import Readiness


def test_alive_whatever_happens(client: TestClient, appliance: Appliance) -> None:
    appliance.ledger.close()
    appliance.readiness = Readiness(ready=False, reason="The model is still loading.")
    answer = client.get("/api/v1/health")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {"status": "ok", "traumbox": traumbox.__version__}


def test_ready_or_the_reason_why_not(client: TestClient, appliance: Appliance) -> None:
    assert client.get("/api/v1/health/ready").json() == {"ready": True, "reason": ""}
    appliance.readiness = Readiness(ready=False, reason="The model is still loading.")
    response = client.get("/api/v1/health/ready")
    assert response.status_code == 503
    assert response.json()["detail"] == "The model is still loading."


def test_status(client: TestClient, appliance: Appliance) -> None:
    appliance.add(b"a.flac", 440.0)
    appliance.drop(appliance.write(b"b.flac", tone(220.0)))
    appliance.online = False
    assert client.get("/api/v1/status").json() == {
        "version": 1,
        "traumbox": traumbox.__version__,
        "model": {"id": "tones", "name": "Tones", "notice": "", "fetch": None, "change": None},
        "index": {
            "indexed": 1,
            "pending": 1,
            "failed": 0,
            "excluded": 0,
            "total": 2,
            "missing": 0,
            "outdated": 0,
            "paused": False,
            "resting": "",
            "now_hearing": "a/b .flac",
            "tracks_per_minute": 0.0,
            "eta_s": None,
        },
        "folders": client.get("/api/v1/folders").json()["folders"],
        "ready": True,
        "reason": "",
        "address": "http://127.0.0.1:8480",
    }


@pytest.mark.parametrize("action", ["scan", "demo", "reload", "pause", "resume"])
def test_what_it_can_be_asked_to_do(client: TestClient, appliance: Appliance, action: str) -> None:
    response = client.post(f"/api/v1/{action}", content=b"null")
    assert response.status_code == 202
    assert response.json()["accepted"] is True
    assert appliance.asked == [action]
    assert client.get(f"/api/v1/{action}").status_code == 405
    assert appliance.asked == [action]


def test_a_pause_shows_in_the_status(client: TestClient, appliance: Appliance) -> None:
    client.post("/api/v1/pause")
    index = client.get("/api/v1/status").json()["index"]
    assert (index["paused"], index["resting"]) == (True, "paused")
    client.post("/api/v1/resume")
    index = client.get("/api/v1/status").json()["index"]
    assert (index["paused"], index["resting"]) == (False, "")


def test_one_folder_is_looked_through(client: TestClient, appliance: Appliance) -> None:
    assert client.post("/api/v1/scan", params={"folder": "Music"}).status_code == 202
    assert appliance.asked == ["scan Music"]
    unknown = client.post("/api/v1/scan", params={"folder": "Musik"})
    assert unknown.status_code == 404
    assert unknown.json()["title"] == "No such folder"
