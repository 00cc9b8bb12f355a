"""A keeper that kills itself at a commit point: ``python -m tests.cases.crash DIR PART …``."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.cases.keeper import Keeper

PATIENCE_S = 90.0  # a busy machine may need that long for the third commit


def main(arguments: list[str]) -> None:
    """Change the tree, and die before or after the given call of a method of ledger or index."""
    directory, part, method, when, count, seed = arguments
    chance = random.Random(int(seed))
    keeper = Keeper(Path(directory), settle_s=0.1)
    deadly = _deadly(getattr(getattr(keeper, part), method), when, int(count))
    setattr(getattr(keeper, part), method, deadly)
    with keeper:
        end_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < end_s:
            change(keeper.root, chance)
            time.sleep(0.2)
    raise AssertionError(f"{part}.{method} was never called so often")


def _deadly(act: Callable[..., Any], when: str, count: int) -> Callable[..., Any]:
    calls = 0

    def act_and_die(*values: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == count and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        outcome = act(*values, **named)
        if calls == count:
            os.kill(os.getpid(), signal.SIGKILL)
        return outcome

    return act_and_die


def change(root: Path, chance: random.Random) -> None:
    """Add a file; sometimes rename, change or delete another."""
    name = f"{chance.randrange(10**6):06}.flac"
    (root / name).write_text(f"sound {chance.randrange(60)}")
    others = sorted(path for path in root.glob("*.flac") if path.name != name)
    if others and chance.random() < 0.5:
        other = chance.choice(others)
        match chance.randrange(3):
            case 0:
                other.rename(root / f"{chance.randrange(10**6):06}.flac")
            case 1:
                other.write_text(f"sound {chance.randrange(60)}")
            case 2:
                other.unlink()


if __name__ == "__main__":
    main(sys.argv[1:])
