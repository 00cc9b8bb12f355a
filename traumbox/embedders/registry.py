"""Which models there are, by the name the configuration calls them."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass

from traumbox.domain import ModelCard
from traumbox.embedders.builtin.embedder import BuiltinEmbedder
from traumbox.embedders.builtin.weights import read_card
from traumbox.errors import ModelError
from traumbox.ports import Embedder


@dataclass(frozen=True, slots=True)
class _Entry:
    card: Callable[[], ModelCard]
    load: Callable[[int], Embedder]


_MODELS: dict[str, _Entry] = {
    "builtin": _Entry(read_card, BuiltinEmbedder),
}
_BEST_FIRST: tuple[str, ...] = ("builtin",)
AUTO = "auto"
NAMES = (AUTO, *_MODELS)
"""What the configuration may say; ``auto`` is the best model whose files are there."""


def card(name: str) -> ModelCard:
    """Return the card of a model without loading it.

    Raises
    ------
    ModelError
        When no model has that name, or its files are missing or damaged.
    """
    return _entry(name).card()


def load(name: str, threads: int = 1) -> Embedder:
    """Return a model that computes on ``threads`` threads; its towers load when first used.

    Raises
    ------
    ModelError
        When no model has that name, or its files are missing or damaged.
    """
    return _entry(name).load(threads)


def _entry(name: str) -> _Entry:
    if name == AUTO:
        return _MODELS[_best()]
    if name not in _MODELS:
        close = difflib.get_close_matches(name, NAMES, n=1)
        hint = f" Did you mean “{close[0]}”?" if close else ""
        raise ModelError(f"There is no model “{name}”.{hint} Known are: {', '.join(NAMES)}.")
    return _MODELS[name]


def _best() -> str:
    """Return the first model whose card can be read; the last one always comes with traumbox."""
    for name in _BEST_FIRST:
        try:
            _MODELS[name].card()
        except ModelError:
            continue
        return name
    return _BEST_FIRST[-1]
