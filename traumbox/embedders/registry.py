"""Which models there are, by the name the configuration calls them."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from pathlib import Path

from traumbox.domain import ModelCard
from traumbox.embedders.catalogue import CATALOGUE, ModelEntry
from traumbox.errors import ModelError
from traumbox.ports import Embedder

AUTO = "auto"
NAMES = (AUTO, *CATALOGUE)
"""What the configuration may say; ``auto`` is the best model whose files are there."""
BEST_FIRST = ("clap-music", "clap-general", "builtin")
"""What ``auto`` chooses from. A model in 8 bits is only ever chosen by its owner."""


def card(
    name: str, models_dir: Path, *, catalogue: Mapping[str, ModelEntry] = CATALOGUE
) -> ModelCard:
    """Return the card of a model without loading it.

    Raises
    ------
    ModelError
        When no model has that name, or its files are missing or damaged.
    """
    known = entry(name, models_dir, catalogue=catalogue)
    return known.card(models_dir / known.name)


def load(
    name: str,
    models_dir: Path,
    threads: int = 1,
    report: Callable[[], None] = lambda: None,
    memory_mb: int | None = None,
    *,
    catalogue: Mapping[str, ModelEntry] = CATALOGUE,
) -> Embedder:
    """Return a model that computes on ``threads`` threads; its towers load when first used.

    Parameters
    ----------
    report
        Called now and then as a sign of life while the machine's best engine is being sought,
        which can take a minute at the first start.
    memory_mb
        What the process may use; None leaves it open.

    Raises
    ------
    ModelError
        When no model has that name, or its files are missing or damaged.
    """
    known = entry(name, models_dir, catalogue=catalogue)
    return known.load(models_dir / known.name, threads, report, memory_mb)


def is_installed(
    name: str, models_dir: Path, *, catalogue: Mapping[str, ModelEntry] = CATALOGUE
) -> bool:
    """Tell whether the model's files are there, in their right sizes."""
    try:
        card(name, models_dir, catalogue=catalogue)
    except ModelError:
        return False
    return True


def best(models_dir: Path, *, catalogue: Mapping[str, ModelEntry] = CATALOGUE) -> str:
    """Return the name of the best installed model; the last one always comes with traumbox."""
    for name in BEST_FIRST:
        if name in catalogue and is_installed(name, models_dir, catalogue=catalogue):
            return name
    return BEST_FIRST[-1]


def entry(
    name: str, models_dir: Path, *, catalogue: Mapping[str, ModelEntry] = CATALOGUE
) -> ModelEntry:
    """Return what is known of a model; ``auto`` is the best installed one.

    Raises
    ------
    ModelError
        When no model has that name, with the nearest one.
    """
    if name == AUTO:
        name = best(models_dir, catalogue=catalogue)
    if name not in catalogue:
        names = (AUTO, *catalogue)
        close = difflib.get_close_matches(name, names, n=1)
        hint = f" Did you mean “{close[0]}”?" if close else ""
        raise ModelError(f"There is no model “{name}”.{hint} Known are: {', '.join(names)}.")
    return catalogue[name]
