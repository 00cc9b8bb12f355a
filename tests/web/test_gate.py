import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.testclient import TestClient

from tests.web.appliance import Appliance
from traumbox.web.app import create_api
from traumbox.web.services import Readiness


@pytest.fixture
def client(appliance: Appliance) -> TestClient:
    """The API with a panel behind it that, like NiceGUI, answers whatever it is asked."""

    async def page(request: Request, _: Exception) -> Response:
        return PlainTextResponse(f"the panel shows {request.url.path}")

    panel = Starlette(exception_handlers={404: page})
    panel.add_route("/_files/style.css", lambda _: PlainTextResponse("a style"))
    app: FastAPI = create_api(appliance.services(), pages=("/", "/activity"))
    app.mount("/", panel)
    return TestClient(app, base_url="http://localhost:8480")


@pytest.mark.parametrize("path", ["/", "/activity", "/activity/", "/?q=drums"])
def test_pages_reach_the_panel(client: TestClient, path: str) -> None:
    assert client.get(path).text.startswith("the panel shows")


def test_its_files_reach_the_panel(client: TestClient, appliance: Appliance) -> None:
    appliance.readiness = Readiness(ready=False)
    assert client.get("/_files/style.css").text == "a style"


@pytest.mark.parametrize(
    "path", ["/wp-login.php", "/robots.txt", "/activity/x", "/_files/none", "/api/v1/none"]
)
def test_nothing_else_does(client: TestClient, path: str) -> None:
    response = client.get(f"http://localhost:8480{path}")
    assert response.status_code == 404
    assert "the panel" not in response.text
    assert client.post(path).status_code == 404


def test_a_page_cannot_be_written_to(client: TestClient) -> None:
    assert client.post("/activity").status_code == 405


def test_until_ready_the_panel_is_not_asked(client: TestClient, appliance: Appliance) -> None:
    appliance.readiness = Readiness(ready=False, reason="Still loading.")
    response = client.get("/activity")
    assert (response.status_code, "Still loading." in response.text) == (503, True)
    assert response.headers["retry-after"]
    appliance.readiness = Readiness(ready=True)
    assert client.get("/activity").text.startswith("the panel shows")
