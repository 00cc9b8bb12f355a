"""The port."""

from __future__ import annotations

import errno
import socket

from traumbox.cli.checks.check import Check, fail, ok
from traumbox.cli.remote import Remote
from traumbox.config import Settings, Web


def checks(settings: Settings, remote: Remote | None) -> list[Check]:
    """Look at what is needed to serve."""
    return [check_port(settings.web, remote)]


def check_port(web: Web, remote: Remote | None) -> Check:
    """Whether the panel can be served, or is."""
    if remote is not None:
        return ok("port", f"traumbox is running (process {remote.pid}) at {remote.address}.")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            web.host, web.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return fail("port", f"{web.host} port {web.port}: {error.strerror}.", _remedy(error, web))
    free = f"{web.port} is free" if web.port else "Any free one will be taken"
    alone = web.host in {"127.0.0.1", "localhost", "::1"}
    return ok("port", f"{free}; the panel answers on this machine only." if alone else f"{free}.")


def _remedy(error: OSError, web: Web) -> str:
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return "Set 'web: {host: 0.0.0.0}' for the whole network, or an address of this machine."
    if error.errno == errno.EACCES:
        return "Ports below 1024 belong to root; set 'web: {port: 8480}'."
    return (
        f"See who holds it with 'ss -ltnp sport = :{web.port}', or set another 'web: {{port: …}}'."
    )
