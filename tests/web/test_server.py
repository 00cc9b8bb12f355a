import asyncio
import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.web.appliance import Appliance
from traumbox.errors import ConfigError
from traumbox.web.app import create_api
from traumbox.web.server import PanelServer

STOP_S = 5.0


@contextmanager
def serving(server: PanelServer) -> Iterator[threading.Thread]:
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    try:
        yield thread
    finally:
        server.request_stop()
        thread.join(STOP_S)
        assert not thread.is_alive()


@pytest.fixture
def server(appliance: Appliance) -> PanelServer:
    return PanelServer(create_api(appliance.services()), "127.0.0.1", 0)


def test_the_port_is_known_before_it_serves(server: PanelServer) -> None:
    assert server.port > 0
    assert server.urls() == [f"http://127.0.0.1:{server.port}"]
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    with serving(server):
        connection.request("GET", "/api/v1/health")
        assert connection.getresponse().status == 200
        connection.close()
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", server.port))


def test_a_busy_port_is_named(server: PanelServer, appliance: Appliance) -> None:
    with pytest.raises(ConfigError, match=rf"Port {server.port} .* in use .* web: port:"):
        PanelServer(create_api(appliance.services()), "127.0.0.1", server.port)


@pytest.mark.parametrize("host", ["192.0.2.77", "no.such.host.invalid", "::zz"])
def test_an_address_that_is_not_ours_is_named(appliance: Appliance, host: str) -> None:
    with pytest.raises(ConfigError, match=r"web: host:"):
        PanelServer(create_api(appliance.services()), host, 0)


def test_everywhere_means_loopback_first(appliance: Appliance) -> None:
    server = PanelServer(create_api(appliance.services()), "0.0.0.0", 0)  # noqa: S104 - never serves
    assert server.urls()[0] == f"http://127.0.0.1:{server.port}"
    server.close()


def test_range_over_a_real_connection(server: PanelServer, appliance: Appliance) -> None:
    track = appliance.add(b"a.flac", 440.0)
    content = appliance.path(track).read_bytes()
    with serving(server):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        for first, last in ((0, 9), (1000, 1999), (10, len(content) - 1)):
            connection.request(
                "GET", f"/stream/{track}", headers={"Range": f"bytes={first}-{last}"}
            )
            response = connection.getresponse()
            assert response.status == 206
            assert response.read() == content[first : last + 1]
        connection.request("HEAD", f"/stream/{track}")
        response = connection.getresponse()
        assert response.headers["Content-Length"] == str(len(content))
        assert response.read() == b""
        connection.request("GET", f"/stream/{track}", headers={"Range": "bytes=0-0"})
        assert connection.getresponse().read() == content[:1], "the connection is still in step"
        connection.close()


def test_it_stops_with_a_stream_that_nobody_reads(
    server: PanelServer, appliance: Appliance, caplog: pytest.LogCaptureFixture
) -> None:
    track = appliance.add(b"a.flac", 440.0)
    with appliance.path(track).open("r+b") as file:
        file.truncate(64 << 20)  # more than any socket buffer holds
    address = ("127.0.0.1", server.port)
    with socket.create_connection(address) as slow, serving(server) as thread:
        slow.sendall(f"GET /stream/{track} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert slow.recv(64).startswith(b"HTTP/1.1 200")
        server.request_stop()
        thread.join(STOP_S)
        assert not thread.is_alive()
    assert "Traceback" not in caplog.text, "stopping is nothing to alarm the owner with"


def test_a_file_that_shrinks_while_it_is_sent_breaks_off(
    server: PanelServer, appliance: Appliance, caplog: pytest.LogCaptureFixture
) -> None:
    track = appliance.add(b"a.flac", 440.0)
    with appliance.path(track).open("r+b") as file:
        file.truncate(64 << 20)
    with serving(server):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        connection.request("GET", f"/stream/{track}")
        response = connection.getresponse()
        response.read(1000)
        with appliance.path(track).open("r+b") as file:
            file.truncate(1 << 20)
        with pytest.raises(http.client.IncompleteRead):
            response.read()
    assert "broke off" in caplog.text
    assert "Traceback" not in caplog.text
