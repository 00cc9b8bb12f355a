"""The real web on a free loopback port, in a thread of the test."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from traumbox.web.app import create_app
from traumbox.web.server import PanelServer
from traumbox.web.services import Services


@contextmanager
def serving(services: Services, port: int = 0) -> Iterator[str]:
    """Serve the panel and yield its address; open streams don't keep it from stopping."""
    server = PanelServer(create_app(services), "127.0.0.1", port)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), name="panel server")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.request_stop()
        thread.join()
