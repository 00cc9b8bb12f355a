"""What the processor can do, and its name."""

from __future__ import annotations

import platform
from pathlib import Path

CPUINFO = Path("/proc/cpuinfo")
_BF16 = frozenset(
    {
        "amx_bf16",  # Intel
        "avx512_bf16",  # Intel and AMD
        "bf16",  # Arm
    }
)


def read_cpuinfo(path: Path = CPUINFO) -> str:
    """Return the text of ``/proc/cpuinfo``, or nothing where there is none."""
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""


def has_bf16(cpuinfo: str) -> bool:
    """Tell whether the processor multiplies matrices of bfloat16."""
    for line in cpuinfo.splitlines():
        name, _, value = line.partition(":")
        if name.strip().casefold() in {"flags", "features"}:
            return not _BF16.isdisjoint(value.split())
    return False


def cpu_name(cpuinfo: str, machine: str = "") -> str:
    """Return what tells this processor from another: architecture, maker and model."""
    fields: dict[str, str] = {}
    for line in cpuinfo.splitlines():
        name, _, value = line.partition(":")
        fields.setdefault(name.strip().casefold(), value.strip())
    # Arm's kernels print no name, but who made the core and which one it is.
    known = ("model name", "cpu family", "model", "stepping", "cpu implementer", "cpu part")
    parts = [fields[name] for name in known if name in fields]
    return " ".join([machine or platform.machine(), *parts])
