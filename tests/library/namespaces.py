"""Tests that mount things: each runs in a child with mounts of its own, and leaves no trace."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

REPOSITORY = Path(__file__).parents[2]
AS_USER = ["unshare", "--user", "--map-root-user", "--mount", "--propagation", "private"]
AS_ROOT = ["unshare", "--mount", "--propagation", "private"]

SKIPPED = 77

Case = Callable[[Path], None]


def in_namespace(case: Case) -> Case:
    """Run the test in a child whose mounts nobody else sees; skipped where that isn't allowed."""
    return _inside(case, AS_ROOT if os.geteuid() == 0 else AS_USER)


def with_limits_of_its_own(case: Case) -> Case:
    """Run the test in a child that can lower the kernel's limits for itself alone."""
    return _inside(case, AS_USER)


def skip(reason: str) -> NoReturn:
    """End the child because something is lacking here; the test counts as skipped."""
    sys.stderr.write(reason)
    raise SystemExit(SKIPPED)


def mount(*arguments: object) -> None:
    subprocess.run(["mount", *map(str, arguments)], check=True)


def unmount(at: Path) -> None:
    subprocess.run(["umount", "--lazy", str(at)], check=True)


def _inside(case: Case, namespace: list[str]) -> Case:
    @functools.wraps(case)
    def test(tmp_path: Path) -> None:
        why_not = _refusal(tuple(namespace))
        if why_not:
            pytest.skip(f"no namespaces here: {why_not}")
        call = (
            f"import pathlib; from {case.__module__} import {case.__name__} as test; "
            f"test.__wrapped__(pathlib.Path({str(tmp_path)!r}))"
        )
        done = subprocess.run(
            [*namespace, sys.executable, "-c", call],
            check=False,
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            timeout=120,
        )
        if done.returncode == SKIPPED:
            pytest.skip(done.stderr)
        assert done.returncode == 0, done.stdout + done.stderr

    return test


@functools.cache
def _refusal(namespace: tuple[str, ...]) -> str:
    try:
        done = subprocess.run(
            [*namespace, "mount", "-t", "tmpfs", "none", "/tmp"],  # noqa: S108 - seen by it alone
            check=False,
            capture_output=True,
            text=True,
            timeout=20,
        )
    except FileNotFoundError:
        return "unshare isn't installed"
    return "" if done.returncode == 0 else done.stderr.strip() or "not allowed"
