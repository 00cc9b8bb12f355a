"""Under which addresses people in the house reach a server; nothing is sent to find out."""

from __future__ import annotations

import ipaddress
import re
import socket
from pathlib import Path

# Not one of them is asked: a UDP socket that connects only looks up the route.
_PROBES = ("192.0.2.1", "10.255.255.255", "172.31.255.255", "192.168.255.255")
_LOCAL = re.compile(r"\|-- (?P<address>[0-9.]+)\n\s+/32 host LOCAL")


def reachable(host: str, port: int) -> list[str]:
    """Return the URLs of a server bound to ``host`` and ``port``: this machine's first, then LAN.

    ``host`` may be an address of all interfaces (0.0.0.0, ::) or of one.
    """
    if host not in {"0.0.0.0", "::", ""}:  # noqa: S104 - compared, not bound
        return [_url(host, port)]
    return [_url("127.0.0.1", port), *(_url(address, port) for address in lan_addresses())]


def lan_addresses() -> list[str]:
    """Return this machine's IPv4 addresses in its networks, the default route's first."""
    found = [address for probe in _PROBES if (address := _source_towards(probe))]
    if not found:
        found = _local_addresses(Path("/proc/net/fib_trie"))
    return [one for one in dict.fromkeys(found) if not ipaddress.ip_address(one).is_loopback]


def _source_towards(destination: str) -> str | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((destination, 9))
        except OSError:  # no route: offline, or another network
            return None
        address: str = probe.getsockname()[0]
        return address


def _local_addresses(fib_trie: Path) -> list[str]:
    """Read the addresses from the kernel's table, for a machine without a default route."""
    try:
        return [match["address"] for match in _LOCAL.finditer(fib_trie.read_text())]
    except OSError:
        return []


def _url(host: str, port: int) -> str:
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}"
