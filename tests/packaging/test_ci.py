"""`.ci/run` with a make of our own: what it prints last and how it ends."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")

PASSED = "===== 3 passed, 1 skipped in 75.20s (0:01:15) ====="


@pytest.fixture
def ci(tmp_path):
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci" / "run")

    def run(test: str, lint: str) -> tuple[int, list[str]]:
        make = tmp_path / "make"
        make.write_text(f'#!/bin/sh\ncase "$1" in test) {test};; lint) {lint};; esac\n')
        make.chmod(0o755)
        ended = subprocess.run(
            [str(tmp_path / ".ci" / "run")],
            env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return ended.returncode, ended.stdout.splitlines()

    return run


def test_pytests_closing_line_is_the_last(ci):
    code, lines = ci(f"echo '{PASSED}'; echo more", "echo linted")
    assert code == 0
    assert "linted" in lines
    assert lines[-1] == PASSED


@pytest.mark.parametrize(
    ("test", "lint"),
    [(f"echo '{PASSED}'; exit 1", "true"), (f"echo '{PASSED}'", "exit 1")],
)
def test_any_failure_is_a_failure(ci, test, lint):
    code, lines = ci(test, lint)
    assert code == 1
    assert lines[-1] == PASSED


def test_tests_that_never_ended_are_a_failure(ci):
    code, lines = ci("exit 2", "true")
    assert code == 1
    assert lines[-1] == "pytest did not come to its end"
