"""What the listener is given to hear at a time."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from traumbox.domain import Cut


@dataclass(frozen=True, slots=True)
class Passage:
    """A whole file, or the one track of it that ``cut`` tells."""

    path: Path
    cut: Cut | None = None
