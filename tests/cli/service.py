"""A small stand-in for the running service: real HTTP, answers from a table, a real lock."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from traumbox.stores.lock import DataLock


@dataclass
class FakeService:
    """``answers`` by path without query: (status, JSON), or a list of them to be used up."""

    address: str
    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, str, Any]] = field(default_factory=list)

    def answer(self, path: str) -> tuple[int, Any]:
        found = self.answers.get(path.split("?", maxsplit=1)[0], (404, {"detail": f"no {path}"}))
        if isinstance(found, list):
            found = found.pop(0) if len(found) > 1 else found[0]
        return found


@contextmanager
def serving(data_dir: Path):
    data_dir.mkdir(exist_ok=True)

    class Handler(BaseHTTPRequestHandler):
        def _respond(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            service.asked.append((self.command, self.path, body))
            status, document = service.answer(self.path)
            content = document if isinstance(document, bytes) else json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_DELETE = _respond  # noqa: N815 - the names http.server looks for

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its signature
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service = FakeService(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        with DataLock(data_dir):
            (data_dir / "address").write_text(f"{service.address}\n")
            yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
