"""Whether this processor can run lancedb at all: to be asked before the import that would die."""

from __future__ import annotations

import platform

NEEDED_X86 = ("avx2", "fma")


def lancedb_problem(cpuinfo: str, machine: str = "") -> str | None:
    """Return why lancedb can't run here, in words and with a remedy, or None.

    ``cpuinfo`` is the text of ``/proc/cpuinfo``, ``machine`` what ``uname -m`` says (default:
    this machine's). The wheels are compiled for AVX2 and FMA: without, Python dies at the import
    with an illegal instruction.
    """
    machine = machine or platform.machine()
    if machine.startswith(("armv", "arm32")) or machine == "arm":
        return (
            f"This system is 32-bit ({machine}), and the vector index (lancedb) exists for 64-bit"
            " only. Install a 64-bit system, such as Raspberry Pi OS (64-bit); every Raspberry Pi"
            " from the 3 on can run it."
        )
    if machine in ("i386", "i486", "i586", "i686"):
        return (
            f"This system is 32-bit ({machine}), and the vector index (lancedb) exists for 64-bit"
            " only. Install a 64-bit system."
        )
    fields = _first_processor(cpuinfo)
    flags = fields.get("flags", "").split()
    lacking = [name for name in NEEDED_X86 if name not in flags]
    if not flags or not lacking:
        return None
    model = fields.get("model name", "").strip() or "This processor"
    names = " and ".join(name.upper() for name in lacking)
    return (
        f"{model} lacks the instructions {names}, which the vector index (lancedb) is compiled"
        " for. Run traumbox on a processor with AVX2: Intel Core from 2013, AMD Ryzen, Intel N95"
        " or N100, a Raspberry Pi 4 or 5; in a virtual machine, set the processor type to 'host'."
    )


def _first_processor(cpuinfo: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for line in cpuinfo.splitlines():
        name, colon, value = line.partition(":")
        if not colon:
            if fields:
                break
            continue
        fields.setdefault(name.strip(), value.strip())
    return fields
