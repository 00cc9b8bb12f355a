"""Case 24: kill -9 at every commit point, again and again over one store; then ledger = disk."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cases.keeper import Keeper, id_of

pytestmark = pytest.mark.process

REPOSITORY = Path(__file__).parents[2]
POINTS = (
    ("ledger", "apply"),
    ("ledger", "begin"),
    ("index", "add"),
    ("ledger", "mark_indexed"),
    ("index", "maintain"),
)
ROUNDS = 5


def test_24_killed_at_every_commit_point(tmp_path: Path) -> None:
    chance = random.Random(24)
    points = [(*point, when) for point in POINTS for when in ("before", "after")] * ROUNDS
    chance.shuffle(points)
    (tmp_path / "music").mkdir()
    for number, (part, method, when) in enumerate(points):
        arguments = [tmp_path, part, method, when, 1 + chance.randrange(3), number]
        done = subprocess.run(
            [sys.executable, "-m", "tests.cases.crash", *map(str, arguments)],
            check=False,
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            timeout=180,
        )
        assert done.returncode == -signal.SIGKILL, (arguments, done.stderr)
    for path in (tmp_path / "music").glob("*.flac"):
        if not path.stat().st_size:  # the kill came between its creation and its content
            path.unlink()
    with Keeper(tmp_path) as keeper:
        files = sorted(keeper.root.glob("*.flac"))
        assert len(files) > len(points)
        keeper.wait_until_indexed(len(files))
        keeper.assert_whole()
        stored = keeper.index.known_tracks()
        assert stored.keys() <= keeper.ledger.known_ids()
        assert {id_of(path.read_text()) for path in files} <= set(stored.values())
