from time import time

import pytest
from starlette.testclient import TestClient

from tests.web.appliance import Appliance
from traumbox.stores.diary import Diary


def latest(appliance: Appliance) -> list[tuple[str, float, float]]:
    return Diary(appliance.ledger.database).latest(10)


def test_a_play_is_noted_and_grows(client: TestClient, appliance: Appliance) -> None:
    track = appliance.add(b"one.flac", 440.0)
    address = f"/api/v1/audio/files/{track}/played"
    assert client.post(address, json={"seconds": 31.2, "at_s": 1000.0}).json() == {
        "accepted": True,
        "message": "It is noted.",
    }
    client.post(address, json={"seconds": 180.0, "at_s": 1000.0})
    assert latest(appliance) == [(track, 1000.0, 180.0)]
    client.post(address, json={"seconds": 5.0, "at_s": 2000.0})
    assert len(latest(appliance)) == 2


def test_searches_can_ask_for_what_was_played(client: TestClient, appliance: Appliance) -> None:
    played, never = appliance.add(b"played.flac", 440.0), appliance.add(b"never.flac", 440.0)
    client.post(f"/api/v1/audio/files/{played}/played", json={"seconds": 40.0})

    def found(filter_: str) -> list[str]:
        hits = client.get("/api/v1/search", params={"q": "440 Hz", "filter": filter_}).json()[
            "hits"
        ]
        return [hit["track"]["id"] for hit in hits]

    assert found("played:never") == [never]
    assert found("played:ever") == [played]


@pytest.mark.parametrize("at_s", [None, 1e11])
def test_without_a_time_that_can_be_it_began_as_long_ago_as_was_heard(
    client: TestClient, appliance: Appliance, at_s: float | None
) -> None:
    track = appliance.add(b"one.flac", 440.0)
    play = {"seconds": 100.0} if at_s is None else {"seconds": 100.0, "at_s": at_s}
    client.post(f"/api/v1/audio/files/{track}/played", json=play)
    ((_, began_s, _),) = latest(appliance)
    assert began_s == pytest.approx(time() - 100.0, abs=60.0)


@pytest.mark.parametrize(
    "body", ["{}", '{"seconds": -1}', '{"seconds": NaN}', '{"seconds": 1, "x": 2}', "[]", ""]
)
def test_what_is_no_play_is_refused(client: TestClient, appliance: Appliance, body: str) -> None:
    track = appliance.add(b"one.flac", 440.0)
    answer = client.post(
        f"/api/v1/audio/files/{track}/played",
        content=body,
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code == 422
    assert latest(appliance) == []


def test_an_unknown_track_is_not_found(client: TestClient) -> None:
    answer = client.post("/api/v1/audio/files/nobody/played", json={"seconds": 1.0})
    assert (answer.status_code, answer.json()["title"]) == (404, "No such track")
