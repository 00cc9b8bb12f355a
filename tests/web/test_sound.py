import io
import threading
from collections.abc import Iterator

import numpy as np
import pytest
import soundfile
from starlette.testclient import TestClient

from tests.web.appliance import RATE_HZ, Appliance, tone
from traumbox.errors import (
    AudioError,
    ListenerBusyError,
    ListenerClosedError,
    ListenerError,
    ModelError,
    TraumboxError,
)
from traumbox.web.api import sound
from traumbox.web.guard import MAX_SOUND_BYTES
from traumbox.web.services import UPLOADS

ADDRESS = "/api/v1/search/sound"
FLAC = {"Content-Type": "audio/flac"}


def recording(*tones_hz: float) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, np.concatenate([tone(hz) for hz in tones_hz]), RATE_HZ, format="FLAC")
    return file.getvalue()


@pytest.fixture(autouse=True)
def nothing_is_left(appliance: Appliance) -> Iterator[None]:
    yield
    uploads = appliance.directory / UPLOADS
    assert not uploads.is_dir() or not list(uploads.iterdir())
    assert all(not path.exists() for path in appliance.heard)


def test_a_file_finds_what_sounds_like_it(client: TestClient, appliance: Appliance) -> None:
    appliance.add(b"low.flac", 220.0)
    wanted = appliance.add(b"high.flac", 220.0, 880.0)
    answer = client.post(f"{ADDRESS}?limit=1", content=recording(880.0), headers=FLAC)
    assert answer.status_code == 200
    (hit,) = answer.json()["hits"]
    assert (hit["track"]["id"], hit["start_s"]) == (wanted, 10.0)
    assert answer.json()["query"]["understood"]["note"] == ""
    assert sum(appliance.ledger.counts().values()) == 2, "it isn't in the ledger"
    assert [path.parent for path in appliance.heard] == [appliance.directory / UPLOADS]


def test_of_a_long_one_the_first_ten_minutes_count_and_it_says_so(
    client: TestClient, appliance: Appliance
) -> None:
    appliance.add(b"low.flac", 220.0)
    appliance.said_duration_s = 600.0
    answer = client.post(ADDRESS, content=recording(220.0), headers=FLAC).json()
    assert "first 10 minutes" in answer["query"]["understood"]["note"]


@pytest.mark.parametrize("kind", ["audio/webm;codecs=opus", "video/webm", "application/ogg", None])
def test_whatever_browsers_call_a_recording(client: TestClient, kind: str | None) -> None:
    headers = {"Content-Type": kind} if kind else {}
    assert client.post(ADDRESS, content=recording(220.0), headers=headers).status_code == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "multipart/form-data; x=y"])
def test_what_says_that_it_is_no_sound_is_refused(client: TestClient, kind: str) -> None:
    answer = client.post(ADDRESS, content=b"{}", headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["title"]) == (415, "No sound")


@pytest.mark.parametrize("body", [b"", b"no sound at all", b"fLaC" + bytes(1000)])
def test_what_is_no_sound_is_refused_with_the_reason(client: TestClient, body: bytes) -> None:
    answer = client.post(ADDRESS, content=body, headers=FLAC)
    assert answer.status_code == 422
    assert answer.json()["detail"] in {
        "The body is empty.",
        "This sound can't be heard: it isn't audio.",
    }


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (AudioError("there is nothing but silence in it"), 422),
        (ListenerError("Listening to /secret/tmp/sound-x ended the listener."), 422),
        (OSError(5, "I/O error"), 422),
        (ListenerBusyError("The listener has other files in hand."), 503),
        (ListenerClosedError("The listener is shutting down."), 503),
        (ModelError("The model's files are damaged."), 503),
    ],
)
def test_each_way_to_fail_is_told(
    client: TestClient, appliance: Appliance, error: TraumboxError | OSError, status: int
) -> None:
    appliance.uploads.append(error)
    answer = client.post(ADDRESS, content=recording(220.0), headers=FLAC)
    assert answer.status_code == status
    assert answer.json()["remedy"]
    assert "secret" not in answer.text


def test_nobody_waits_for_ever(client: TestClient, appliance: Appliance) -> None:
    appliance.uploads.append(lambda: threading.Event().wait(1.0))
    answer = client.post(f"{ADDRESS}?within_s=0.3", content=recording(220.0), headers=FLAC)
    assert (answer.status_code, answer.json()["title"]) == (503, "Not just now")
    assert answer.headers["retry-after"] == "10"


def test_another_model_took_over_meanwhile(client: TestClient, appliance: Appliance) -> None:
    appliance.hearing_model = "another"
    answer = client.post(ADDRESS, content=recording(220.0), headers=FLAC)
    assert answer.status_code == 503
    assert "model changed" in answer.json()["detail"]


def test_only_so_many_at_once(client: TestClient, appliance: Appliance) -> None:
    uploads = appliance.directory / UPLOADS
    uploads.mkdir()
    for number in range(sound.AT_ONCE):
        (uploads / f"sound-{number}").touch()
    answer = client.post(ADDRESS, content=recording(220.0), headers=FLAC)
    assert answer.status_code == 503
    assert "waiting to be heard" in answer.json()["detail"]
    for path in uploads.iterdir():
        path.unlink()


def test_a_data_folder_that_can_not_be_written_is_told(
    client: TestClient, appliance: Appliance
) -> None:
    (appliance.directory / UPLOADS).touch()
    answer = client.post(ADDRESS, content=recording(220.0), headers=FLAC)
    assert (answer.status_code, answer.json()["title"]) == (507, "No room")
    (appliance.directory / UPLOADS).unlink()


def test_too_large_is_refused_before_it_is_read(client: TestClient) -> None:
    headers = {**FLAC, "Content-Length": str(MAX_SOUND_BYTES + 1)}
    answer = client.post(ADDRESS, content=b"", headers=headers)
    assert answer.status_code == 413
    assert "200,000,000" in answer.json()["detail"]
    vector = client.post("/api/v1/search/vector", content=b" " * (1 << 20) + b" ")
    assert vector.status_code == 413, "elsewhere the limit is as it was"


def test_another_sites_page_can_not_send_sounds(client: TestClient) -> None:
    headers = {**FLAC, "Origin": "http://elsewhere.example"}
    assert client.post(ADDRESS, content=recording(220.0), headers=headers).status_code == 403
