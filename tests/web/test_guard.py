import re

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.web.appliance import Appliance
from traumbox.web.app import create_api
from traumbox.web.guard import MAX_BODY_BYTES
from traumbox.web.hosts import Hosts, is_same_origin

HOSTS = Hosts("Traumbox.fritz.box", ["music.example.org"])


@pytest.mark.parametrize(
    "authority",
    [
        "localhost",
        "LOCALHOST:8480",
        "127.0.0.1",
        "192.168.1.20:8480",
        "[::1]:8480",
        "[fe80::1]",
        "traumbox",
        "traumbox.local:8480",
        "traumbox.local.",
        "traumbox.lan",
        "traumbox.fritz.box",
        "Music.Example.org:443",
    ],
)
def test_own_names_are_known(authority: str) -> None:
    assert HOSTS.knows(authority)


@pytest.mark.parametrize(
    "authority",
    [
        "",
        "evil.example",
        "localhost.evil.example",
        "traumbox.evil.example",
        "192.168.1.20.evil.example",
        "user@localhost",
        "localhost/",
        "localhost:http",
        "localhost:8480:8480",
        "localhost evil.example",
        "local",
        "music.example.org.evil.example",
        "[::1",
        "١٢٧.0.0.1",
    ],
)
def test_foreign_and_malformed_names_are_not(authority: str) -> None:
    assert not HOSTS.knows(authority)


@pytest.mark.parametrize(
    ("origin", "authority", "same"),
    [
        ("http://localhost:8480", "localhost:8480", True),
        ("http://traumbox.local", "traumbox.local:80", True),
        ("https://music.example.org", "music.example.org", True),
        ("http://[::1]:8480", "[::1]:8480", True),
        ("http://localhost:8481", "localhost:8480", False),
        ("http://localhost", "localhost:8480", False),
        ("http://evil.example", "localhost", False),
        ("http://localhost@evil.example", "localhost", False),
        ("null", "localhost", False),
        ("file://", "localhost", False),
        ("", "localhost", False),
        ("http://[", "localhost", False),
        ("http://localhost:8480 http://evil.example", "localhost:8480", False),
    ],
)
def test_origins(origin: str, authority: str, same: bool) -> None:
    assert is_same_origin(origin, authority) is same


@pytest.mark.parametrize("path", ["/", "/api/v1/health", "/stream/x", "/_nicegui/x", "/docs"])
def test_a_foreign_host_sees_nothing(client: TestClient, path: str) -> None:
    response = client.get(path, headers={"Host": "evil.example"})
    assert response.status_code == 421
    assert "evil.example" in response.json()["detail"]
    assert "allowed_hosts" in response.json()["remedy"]


def test_two_hosts_are_none(client: TestClient) -> None:
    response = client.get("/api/v1/health", headers=[("Host", "localhost"), ("Host", "localhost")])
    assert response.status_code == 421


def test_a_configured_host_is_served(appliance: Appliance) -> None:
    appliance.allowed_hosts = ("music.example.org",)
    client = TestClient(create_api(appliance.services()), base_url="https://music.example.org")
    assert client.get("/api/v1/health").status_code == 200
    own = {"Origin": "https://music.example.org"}
    assert client.post("/api/v1/scan", headers=own).status_code == 202


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 202),  # not a browser: the command line, curl
        ({"Origin": "http://localhost:8480"}, 202),
        ({"Sec-Fetch-Site": "same-origin"}, 202),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://localhost:9999"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_another_site_cannot_act(
    client: TestClient, appliance: Appliance, headers: dict[str, str], status: int
) -> None:
    response = client.post("/api/v1/scan", headers=headers)
    assert response.status_code == status
    assert appliance.asked == (["scan"] if status == 202 else [])


def test_another_sites_script_cannot_read(client: TestClient) -> None:
    response = client.get("/api/v1/status", headers={"Origin": "http://evil.example"})
    assert response.status_code == 403
    assert "access-control-allow-origin" not in response.headers
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert client.get("/api/v1/status", headers=link).status_code == 200, "a link may lead here"


@pytest.mark.parametrize(
    ("headers", "opens"),
    [
        ({"Origin": "http://localhost:8480"}, True),
        ({}, True),
        ({"Origin": "http://evil.example"}, False),
        ({"Host": "evil.example", "Origin": "http://evil.example"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
    ],
)
def test_websockets_open_to_our_own_pages_only(
    appliance: Appliance, headers: dict[str, str], opens: bool
) -> None:
    app = create_api(appliance.services())

    @app.websocket("/socket")
    async def socket(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text("open")
        await websocket.close()

    client = TestClient(app, base_url="http://localhost:8480")
    address = "ws://localhost:8480/socket"
    if opens:
        with client.websocket_connect(address, headers=headers) as session:
            assert session.receive_text() == "open"
    else:
        with (
            pytest.raises(WebSocketDisconnect) as refused,
            client.websocket_connect(address, headers=headers),
        ):
            pass
        assert refused.value.code == 1008


@pytest.mark.parametrize(
    "path", ["/api/v1/health", "/api/v1/nothing", "/nothing", "/docs", "/api/v1/search?limit=x"]
)
def test_every_answer_carries_the_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert re.search(r"script-src 'self' 'nonce-[\w-]{20,}' 'unsafe-eval';", policy)
    assert "frame-ancestors 'none'" in policy
    assert "object-src 'none'" in policy
    assert "ws://localhost:8480" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["referrer-policy"] == "same-origin"


def test_a_nonce_is_used_once(client: TestClient) -> None:
    policies = {client.get("/api/v1/health").headers["content-security-policy"] for _ in range(5)}
    assert len(policies) == 5


def test_a_host_cannot_write_into_the_policy(client: TestClient) -> None:
    response = client.get("/api/v1/health", headers={"Host": "x; script-src *"})
    assert response.status_code == 421
    assert "script-src *" not in response.headers["content-security-policy"]


@pytest.mark.parametrize("declared", [True, False])
def test_a_large_body_is_refused(appliance: Appliance, declared: bool) -> None:
    app = create_api(appliance.services())

    @app.post("/api/v1/read")
    async def read(words: list[str]) -> int:
        return len(words)

    client = TestClient(app, base_url="http://localhost:8480")
    body = b'["' + b"x" * MAX_BODY_BYTES + b'"]'
    json = {"Content-Type": "application/json"}
    sent = client.post("/api/v1/read", content=body if declared else iter([body]), headers=json)
    assert sent.status_code == 413
    assert sent.headers["content-type"] == "application/problem+json"
    assert client.post("/api/v1/read", content=b'["x"]', headers=json).json() == 1


def test_a_large_body_is_refused_unread(client: TestClient, appliance: Appliance) -> None:
    response = client.post("/api/v1/scan", content=b"x" * (MAX_BODY_BYTES + 1))
    assert response.status_code == 413
    assert appliance.asked == []
