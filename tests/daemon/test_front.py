import json

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from traumbox.daemon.front import FrontDoor


@pytest.fixture
def door() -> FrontDoor:
    return FrontDoor("The model is being loaded.")


def test_until_the_house_stands_a_browser_is_told_why_to_wait(door: FrontDoor) -> None:
    page = TestClient(door).get("/", headers={"accept": "text/html"})
    assert page.status_code == 503
    assert "The model is being loaded." in page.text
    assert 'http-equiv="refresh"' in page.text


def test_programs_get_a_problem_and_liveness_already_answers(door: FrontDoor) -> None:
    with TestClient(door) as client:
        ready = client.get("/api/v1/health/ready")
        assert ready.status_code == 503
        assert json.loads(ready.content)["detail"] == "The model is being loaded."
        assert int(ready.headers["retry-after"]) > 0
        assert client.get("/api/v1/health").status_code == 200


def test_a_websocket_is_turned_away(door: FrontDoor) -> None:
    client = TestClient(door)
    with pytest.raises(WebSocketDisconnect) as closed, client.websocket_connect("/_nicegui_ws"):
        pass
    assert closed.value.code == 1013


def test_once_open_everything_goes_through(door: FrontDoor) -> None:
    door.open(Starlette(routes=[Route("/", lambda _: PlainTextResponse("the house"))]))
    assert TestClient(door).get("/").text == "the house"
