"""The HTTP server: takes its port at once, leaves signals to the daemon, stops in time."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Generator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from traumbox.errors import ConfigError
from traumbox.web.addresses import reachable

GRACE_S = 2
"""How long open requests may go on when the server stops; without it a stream holds it for ever."""
BACKLOG = 512
WEBSOCKET_MESSAGE_MAX_BYTES = 1 << 20


class PanelServer:
    """Serves an ASGI app on ``host`` and ``port``; port 0 takes any free one.

    Raises
    ------
    ConfigError
        When it can't listen there; the message names the address and the remedy.
    """

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        self._host = host
        self._socket = _listening(host, port)
        self.port: int = self._socket.getsockname()[1]
        self._server = _Server(
            uvicorn.Config(
                app,
                host=host,
                port=self.port,
                # At INFO it prints the websocket's client_id, which is a bearer token.
                log_level="warning",
                access_log=False,
                log_config=None,
                server_header=False,
                proxy_headers=False,
                # Never reached unless hanging up fails: it ends requests with a traceback each.
                timeout_graceful_shutdown=GRACE_S + 1,
                ws_max_size=WEBSOCKET_MESSAGE_MAX_BYTES,
                backlog=BACKLOG,
            )
        )

    def urls(self) -> list[str]:
        """Return where it answers: from this machine first, then from the local network."""
        return reachable(self._host, self.port)

    async def serve(self) -> None:
        """Serve until asked to stop; open streams get GRACE_S to end."""
        try:
            await self._server.serve(sockets=[self._socket])
        finally:
            self.close()

    def close(self) -> None:
        """Give the port back without having served."""
        self._socket.close()

    def request_stop(self) -> None:
        """Have ``serve`` return soon; from any thread, and more than once."""
        self._server.should_exit = True


class _Server(uvicorn.Server):
    """uvicorn's server, without its signal handlers (the daemon has them), and with an end."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        last_call = asyncio.get_running_loop().call_later(GRACE_S, self._hang_up)
        try:
            await super().shutdown(sockets)
        finally:
            last_call.cancel()

    def _hang_up(self) -> None:
        # To the application it looks as if the other side had gone, which it ends cleanly on.
        for connection in list(self.server_state.connections):
            transport = getattr(connection, "transport", None)
            if transport is not None:
                transport.abort()


def _listening(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        return socket.create_server(
            (str(address[0]), port),
            family=family,
            backlog=BACKLOG,
            dualstack_ipv6=host == "::" and socket.has_dualstack_ipv6(),
        )
    except OSError as error:
        raise ConfigError(_why_not(host, port, error)) from error


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is in use by another program. Stop that one, or choose "
            "another port with web: port: in the configuration (0 takes any free one)."
        )
    if error.errno == errno.EACCES:
        return (
            f"Port {port} may only be used by the system. Choose one from 1024 on with web: port: "
            "in the configuration, such as 8480."
        )
    return (
        f"This machine can't listen on {host!r} ({error.strerror or error}). Set web: host: in the "
        "configuration to 0.0.0.0 for the whole network, or to 127.0.0.1 for this machine only."
    )
