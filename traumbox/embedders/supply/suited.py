"""Which of LAION's models suits a machine that is left to choose."""

from __future__ import annotations

BIG, SMALL = "clap-music", "clap-general"


def suited(machine: str, cpuinfo: str) -> str:
    """Return the model to get for a machine, by ``platform.machine()`` and /proc/cpuinfo.

    An ARM core without the dot product (a Raspberry Pi 4's) would take half a minute a track
    with the larger one; newer ones (a Raspberry Pi 5's) and x86-64 take it well.
    """
    is_slow = machine == "aarch64" and "asimddp" not in cpuinfo.split()
    return SMALL if is_slow else BIG
