"""Which Host names are ours: whoever calls by another is led here by a foreign DNS name."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from urllib.parse import urlsplit

LOCAL_DOMAINS = ("local", "lan", "home.arpa", "internal")
"""Domains that no stranger can register: our own host name below one of them is us."""

DEFAULT_PORTS = {"http": 80, "https": 443}

_AUTHORITY = re.compile(
    r"(?P<host>\[[0-9a-f:.]+\]|[0-9a-z._-]+)(?::(?P<port>[0-9]{1,5}))?", re.IGNORECASE
)


class Hosts:
    """The names under which this appliance may be called.

    DNS rebinding leads a browser to us under the attacker's own name; to that name we don't
    answer. An address as a number can't be rebound.
    """

    def __init__(self, hostname: str, configured: Collection[str] = ()) -> None:
        short = hostname.lower().partition(".")[0]
        own = {f"{short}.{domain}" for domain in LOCAL_DOMAINS} | {short} if short else set()
        self._names = {"localhost", hostname.lower(), *own, *(name.lower() for name in configured)}
        self._names.discard("")

    def knows(self, authority: str) -> bool:
        """Tell whether ``authority``, the value of a Host header, names us."""
        host, _ = split(authority)
        return host in self._names or is_address(host)


def split(authority: str) -> tuple[str, int | None]:
    """Return (host, port) of a Host header; the host is "" when it is malformed."""
    match = _AUTHORITY.fullmatch(authority)
    if match is None:
        return "", None
    port = match["port"]
    return match["host"].lower().strip("[]").rstrip("."), int(port) if port else None


def is_address(host: str) -> bool:
    """Tell whether ``host`` is an IP address written as a number."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_same_origin(origin: str, authority: str) -> bool:
    """Tell whether an Origin header names the same host and port as a Host header.

    The scheme isn't compared: behind a proxy that ends TLS we see plain http.
    """
    try:
        parts = urlsplit(origin)
        default = DEFAULT_PORTS[parts.scheme]
    except (KeyError, ValueError):
        return False
    theirs, their_port = split(parts.netloc)
    ours, our_port = split(authority)
    same_port = (their_port or default) == (our_port or default)
    return bool(theirs) and theirs == ours and same_port
