"""A file server on loopback that misbehaves on request."""

from __future__ import annotations

import hashlib
import re
import ssl
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import urlsplit

Behaviour = Callable[["Handler", bytes], None]
"""Answers one request for a file of these bytes."""


@dataclass
class FileServer:
    """Serves ``files`` by path; each of ``script`` answers one request, then all goes well."""

    files: dict[str, bytes] = field(default_factory=dict)
    script: deque[Behaviour] = field(default_factory=deque)
    always: Behaviour | None = None
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    tls: ssl.SSLContext | None = None

    def __enter__(self) -> Self:
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._http.handle_error = lambda *_: None  # type: ignore[method-assign]
        if self.tls is not None:
            self._http.socket = self.tls.wrap_socket(
                self._http.socket, server_side=True, do_handshake_on_connect=False
            )
        self._http.file_server = self  # type: ignore[attr-defined]
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the port: from now on connections are refused."""
        self.released.set()
        if not self._thread.is_alive():
            return
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        return int(self._http.server_address[1])

    @property
    def url(self) -> str:
        return f"{'http' if self.tls is None else 'https'}://127.0.0.1:{self.port}"

    def ranges(self) -> list[str]:
        """The Range header of each request, "" for none."""
        return [headers.get("range", "") for _, headers in self.asked]


class Handler(BaseHTTPRequestHandler):
    """Hands each request to the behaviour that is due."""

    def do_GET(self) -> None:
        server: FileServer = self.server.file_server  # type: ignore[attr-defined]
        headers = {name.lower(): value for name, value in self.headers.items()}
        server.asked.append((self.path, headers))
        behave = server.script.popleft() if server.script else server.always or well
        content = server.files.get(urlsplit(self.path).path)
        if content is None and behave is well:
            self.send_error(404)
            return
        try:
            behave(self, content or b"")
        except ConnectionError:
            self.close_connection = True

    def begin(self, status: int, length: int, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
        pass


def etag_of(content: bytes) -> str:
    return f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'


def wanted(handler: Handler, content: bytes) -> tuple[int, dict[str, str]]:
    """Where the answer begins, and its headers beyond the length."""
    asked = handler.headers.get("Range", "")
    same = handler.headers.get("If-Range") in {None, etag_of(content)}
    begin = int(re.fullmatch(r"bytes=(\d+)-", asked)[1]) if asked and same else 0
    span = f"bytes {begin}-{len(content) - 1}/{len(content)}"
    headers = {"ETag": etag_of(content)} | ({"Content-Range": span} if begin else {})
    return begin, headers


def well(handler: Handler, content: bytes) -> None:
    begin, headers = wanted(handler, content)
    handler.begin(206 if begin else 200, len(content) - begin, **headers)
    handler.wfile.write(content[begin:])


def cut(after: int) -> Behaviour:
    """Promise all and hang up after some bytes."""

    def behave(handler: Handler, content: bytes) -> None:
        begin, headers = wanted(handler, content)
        handler.begin(206 if begin else 200, len(content) - begin, **headers)
        handler.wfile.write(content[begin : begin + after])
        handler.close_connection = True

    return behave


def stall(after: int) -> Behaviour:
    """Send some bytes and then nothing, with the connection open."""

    def behave(handler: Handler, content: bytes) -> None:
        begin, headers = wanted(handler, content)
        handler.begin(206 if begin else 200, len(content) - begin, **headers)
        handler.wfile.write(content[begin : begin + after])
        server: FileServer = handler.server.file_server  # type: ignore[attr-defined]
        server.released.wait(20)
        handler.close_connection = True

    return behave


def slow(pieces: int, pause_s: float) -> Behaviour:
    """Send it in so many pieces, each late."""

    def behave(handler: Handler, content: bytes) -> None:
        begin, headers = wanted(handler, content)
        handler.begin(206 if begin else 200, len(content) - begin, **headers)
        size = -(-(len(content) - begin) // pieces)
        server: FileServer = handler.server.file_server  # type: ignore[attr-defined]
        for at in range(begin, len(content), size):
            handler.wfile.write(content[at : at + size])
            handler.wfile.flush()
            server.released.wait(pause_s)

    return behave


def refuse(status: int, **headers: str) -> Behaviour:
    """Answer with an error."""

    def behave(handler: Handler, content: bytes) -> None:
        handler.begin(status, 0, **headers)

    return behave


def redirect(url: str) -> Behaviour:
    """Send on to ``url`` and the same path."""

    def behave(handler: Handler, content: bytes) -> None:
        handler.begin(302, 0, Location=url + handler.path)

    return behave


def without_range(handler: Handler, content: bytes) -> None:
    """Send all, whatever was asked for."""
    handler.begin(200, len(content), ETag=etag_of(content))
    handler.wfile.write(content)


def other(content: bytes) -> Behaviour:
    """Send something else under this name."""
    return lambda handler, _: well(handler, content)
