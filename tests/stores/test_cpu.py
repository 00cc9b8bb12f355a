from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from traumbox.stores.cpu import lancedb_problem

J4125 = """processor\t: 0
model name\t: Intel(R) Celeron(R) J4125 CPU @ 2.00GHz
flags\t\t: fpu sse sse2 ssse3 sse4_1 sse4_2 aes rdrand

processor\t: 1
model name\t: Intel(R) Celeron(R) J4125 CPU @ 2.00GHz
flags\t\t: fpu sse sse2 ssse3 sse4_1 sse4_2 aes rdrand
"""
N100 = J4125.replace("Celeron(R) J4125", "N100").replace("aes", "aes avx avx2 fma")
PI_5 = """processor\t: 0
BogoMIPS\t: 108.00
Features\t: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp
CPU implementer\t: 0x41

Model\t\t: Raspberry Pi 5 Model B Rev 1.0
"""


def test_a_processor_without_avx2_is_named_with_a_remedy() -> None:
    problem = lancedb_problem(J4125, "x86_64")
    assert problem is not None
    assert "Celeron(R) J4125" in problem
    assert "AVX2 and FMA" in problem
    assert "Run traumbox on" in problem


def test_one_of_the_two_is_not_enough() -> None:
    problem = lancedb_problem(N100.replace(" fma", ""), "x86_64")
    assert problem is not None
    assert "FMA" in problem
    assert "instructions FMA" in problem


@pytest.mark.parametrize(("cpuinfo", "machine"), [(N100, "x86_64"), (PI_5, "aarch64")])
def test_processors_that_can(cpuinfo: str, machine: str) -> None:
    assert lancedb_problem(cpuinfo, machine) is None


@pytest.mark.parametrize("machine", ["armv7l", "armv6l", "i686"])
def test_32_bit_systems_are_told_to_change(machine: str) -> None:
    problem = lancedb_problem(PI_5, machine)
    assert problem is not None
    assert machine in problem
    assert "64-bit" in problem


def test_without_knowledge_there_is_no_alarm() -> None:
    assert lancedb_problem("", "x86_64") is None


def test_this_machine_runs_the_index_so_it_is_fine() -> None:
    assert lancedb_problem(Path("/proc/cpuinfo").read_text()) is None


@pytest.mark.parametrize("module", ["ledger", "lock", "cache", "cpu"])
def test_lancedb_is_not_imported_before_the_processor_was_asked(module: str) -> None:
    code = (
        f"import sys, traumbox.stores.{module}; print({{'lancedb', 'pyarrow'}} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
