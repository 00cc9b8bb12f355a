"""systemd's readiness protocol (sd_notify(3)): one datagram to the socket it names."""

from __future__ import annotations

import os
import socket


def notify(message: str) -> None:
    """Tell systemd "READY=1", "STOPPING=1", …; without systemd, do nothing."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):  # an abstract socket
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.sendto(message.encode(), address)
