from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from traumbox.stores.ledger import Ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """An empty ledger that gives out the ids id1, id2, …"""
    numbers = count(1)
    ledger = Ledger(tmp_path / "traumbox.db", fresh_id=lambda: f"id{next(numbers)}")
    yield ledger
    ledger.close()
