"""The owner's terms for the scanning, as the configuration gives them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Terms:
    """How often, how patiently and how boldly; durations in seconds.

    ``scan_every_s`` is for folders whose changes tell themselves, ``poll_every_s`` for the others.
    ``settle_network_s`` is the settling time on another machine's disk. ``brake_percent``: a scan
    that would take away more than this share of a folder waits for the owner's word.
    """

    scan_every_s: float = 3600.0
    poll_every_s: float = 600.0
    settle_s: float = 10.0
    settle_network_s: float = 30.0
    brake_percent: float = 30.0
    keep_missing_s: float = 30 * 24 * 3600.0
