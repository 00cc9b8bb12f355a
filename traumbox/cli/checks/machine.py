"""Python, processor and memory."""

from __future__ import annotations

import os
import platform
import re
import sys
from pathlib import Path

from traumbox.cli.checks.check import Check, fail, ok, warn
from traumbox.cli.terminal import plural
from traumbox.config import Settings
from traumbox.stores.cpu import lancedb_problem

OLDEST_PYTHON = (3, 11)
TESTED_MACHINES = ("x86_64", "aarch64")
LEAST_MEMORY_MB = 1_500


def checks(settings: Settings) -> list[Check]:
    """Look at what the program runs on."""
    cpuinfo = Path("/proc/cpuinfo").read_text(errors="replace")
    meminfo = Path("/proc/meminfo").read_text(errors="replace")
    return [
        check_python(sys.version_info[:3]),
        check_system(platform.machine(), sys.maxsize > 2**32),
        check_processor(cpuinfo, len(os.sched_getaffinity(0))),
        check_memory(meminfo, settings.listener.memory_mb),
    ]


def check_python(version: tuple[int, ...]) -> Check:
    """Whether the interpreter is new enough."""
    text = ".".join(str(part) for part in version)
    if version < OLDEST_PYTHON:
        return fail("python", f"Python {text} is too old.", "Install Python 3.11 or newer.")
    return ok("python", f"Python {text}.")


def check_system(machine: str, is_64_bit: bool) -> Check:
    """Whether there are builds of what traumbox needs for this system."""
    if not is_64_bit:
        return fail(
            "system",
            f"A 32-bit system on {machine}; LanceDB and ONNX Runtime exist for 64 bits only.",
            "Install the 64-bit edition of the system; every Raspberry Pi from the 3 on runs it.",
        )
    if machine not in TESTED_MACHINES:
        return warn(
            "system",
            f"{machine} is not among what traumbox is made for ({', '.join(TESTED_MACHINES)}).",
            "It may work; if it doesn't, use a machine of these.",
        )
    return ok("system", f"64-bit {machine}.")


def check_processor(cpuinfo: str, cores: int) -> Check:
    """Whether LanceDB would survive being imported here."""
    problem = lancedb_problem(cpuinfo)
    if problem:
        return fail("processor", problem, "Run traumbox on a machine with a newer processor.")
    return ok("processor", f"It has what LanceDB needs; {plural(cores, 'usable core')}.")


def check_memory(meminfo: str, listener_mb: int) -> Check:
    """Whether the listener's allowance fits into the machine."""
    found = re.search(r"^MemTotal:\s+(\d+) kB", meminfo, re.MULTILINE)
    if found is None:
        return warn("memory", "The size of the memory can't be told.", "Is /proc mounted?")
    total_mb = int(found[1]) // 1024
    if total_mb < LEAST_MEMORY_MB or listener_mb > total_mb * 0.7:
        return warn(
            "memory",
            f"{total_mb} MB in all, of which the listener may use {listener_mb} MB.",
            f"Set 'listener: {{memory_mb: {max(200, int(total_mb * 0.5))}}}' and close what else "
            "runs there.",
        )
    return ok("memory", f"{total_mb} MB.")
