"""Any text in an address, as a client may send it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def encodable(parameters: Mapping[str, str | Sequence[str]]) -> str:
    """Return the query of an address; halves of characters go as the bytes of themselves."""
    pairs = [
        (name, one)
        for name, value in parameters.items()
        for one in ([value] if isinstance(value, str) else value)
    ]
    return "&".join(
        f"{name}={''.join(f'%{byte:02X}' for byte in one.encode('utf-8', 'surrogatepass'))}"
        for name, one in pairs
    )
