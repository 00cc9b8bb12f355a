import logging
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from tests.web.appliance import Appliance
from traumbox.domain import IndexStatus
from traumbox.web.app import create_api
from traumbox.web.services import Readiness

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/", "/api", "/docs/nothing"])
def test_nothing_here(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json() == {
        "type": "about:blank",
        "title": "Nothing here",
        "status": 404,
        "detail": "There is nothing at this address.",
        "remedy": "Check the address for a slip, or start at the search.",
    }


def test_browsers_get_a_page(client: TestClient) -> None:
    response = client.get("/stream/<script>alert(1)</script>", headers=BROWSER)
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")
    assert "Your music is safe" in response.text
    assert "<script" not in response.text
    missing = client.get("/stream/%3Cscript%3E", headers=BROWSER)
    assert "No track has this id" in missing.text
    assert client.get("/api/v1/nothing", headers=BROWSER).json()["status"] == 404


def test_what_nobody_expected_is_logged_and_not_shown(
    appliance: Appliance, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down() -> IndexStatus:
        raise RuntimeError("secret inner state")

    services = replace(appliance.services(), status=break_down)
    client = TestClient(create_api(services), base_url="http://localhost:8480")
    with caplog.at_level(logging.ERROR):
        response = client.get("/api/v1/status")
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert "content-security-policy" in response.headers
    assert "secret" not in response.text
    assert "secret inner state" in caplog.text
    assert "Traceback" in caplog.text


def test_a_broken_store_says_so(client: TestClient, appliance: Appliance) -> None:
    appliance.ledger.close()
    response = client.get("/api/v1/audio/files")
    assert response.status_code == 503
    assert response.json()["title"] == "The library can't be read"
    assert response.json()["remedy"]


def test_the_wrong_method(client: TestClient) -> None:
    assert client.post("/api/v1/search").status_code == 405
    assert client.post("/").status_code == 405


def test_a_page_while_starting(client: TestClient, appliance: Appliance) -> None:
    appliance.readiness = Readiness(ready=False, reason="The model <b>is</b> still loading.")
    response = client.get("/", headers=BROWSER)
    assert response.status_code == 503
    assert "The model &lt;b&gt;is&lt;/b&gt; still loading." in response.text
    assert '<meta http-equiv="refresh"' in response.text
    assert client.get("/api/v1/health").status_code == 200


def test_once_ready_the_panel_stays(client: TestClient, appliance: Appliance) -> None:
    assert client.get("/", headers=BROWSER).status_code == 404, "let through; no panel behind here"
    appliance.readiness = Readiness(ready=False, reason="The indexer stopped.")
    assert client.get("/", headers=BROWSER).status_code == 404
