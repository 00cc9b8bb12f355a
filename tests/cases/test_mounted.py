"""The cases that need mounts or limits of the kernel: each runs in a namespace of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.process

REPOSITORY = Path(__file__).parents[2]
CASES = (
    "case_11_12_an_unmounted_disk_comes_back",
    "case_13_an_empty_volume_removes_nothing",
    "case_14_a_server_that_dies_in_the_middle_of_a_scan",
    "case_15_another_disk_is_noticed",
    "case_16_a_flood_of_events",
    "case_17_too_few_watches",
    "case_20_changes_from_elsewhere_are_found_by_the_clock",
    "case_22_a_folder_that_may_not_be_read",
    "a_disk_mounted_inside_a_folder_vanishes",
    "an_io_error_in_the_middle_of_a_listing",
    "a_share_that_hangs_keeps_nobody_waiting",
)
NEEDS_ROOT = {
    "case_14_a_server_that_dies_in_the_middle_of_a_scan": "mounting FUSE by hand",
    "case_20_changes_from_elsewhere_are_found_by_the_clock": "mounting FUSE by hand",
    "case_22_a_folder_that_may_not_be_read": "acting as another user",
    "an_io_error_in_the_middle_of_a_listing": "mounting FUSE by hand",
    "a_share_that_hangs_keeps_nobody_waiting": "mounting FUSE by hand",
}


def namespace() -> list[str]:
    """Return the command that gives a child mounts of its own."""
    if os.geteuid() == 0:
        return ["unshare", "--mount", "--propagation", "private"]
    return ["unshare", "--user", "--map-root-user", "--mount", "--propagation", "private"]


@pytest.fixture(scope="module")
def allowed() -> None:
    try:
        done = subprocess.run([*namespace(), "true"], check=False, capture_output=True, timeout=20)
    except FileNotFoundError:
        pytest.skip("unshare isn't installed")
    if done.returncode:
        pytest.skip(f"no namespaces here: {done.stderr.decode().strip()}")


@pytest.mark.parametrize("case", CASES)
def test_case(case: str, allowed: None, tmp_path: Path) -> None:
    if case in NEEDS_ROOT and os.geteuid() != 0:
        pytest.skip(f"{NEEDS_ROOT[case]} needs root")
    if "FUSE" in NEEDS_ROOT.get(case, "") and not Path("/dev/fuse").exists():
        pytest.skip("there is no /dev/fuse")
    command = namespace()
    if case == "case_17_too_few_watches":
        # The limit is one of the user namespace: outside's stays as it is.
        command = ["unshare", "--user", "--map-root-user", "--mount"]
        if subprocess.run([*command, "true"], check=False, capture_output=True).returncode:
            pytest.skip("no user namespaces here")
    call = f"from tests.cases import mounted; mounted.run({case!r}, {str(tmp_path)!r})"
    done = subprocess.run(
        [*command, sys.executable, "-c", call],
        check=False,
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stdout + done.stderr
