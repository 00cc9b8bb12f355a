"""Which space answers from the start on, and whether the house is to change to another."""

from __future__ import annotations

import logging
from collections.abc import Callable

from traumbox.embedders import registry
from traumbox.errors import ModelError, StoreError
from traumbox.indexer.change import ModelChange, SpaceWays
from traumbox.ports import Space
from traumbox.stores.spaces import SpaceRow, Spaces

log = logging.getLogger(__name__)


def serving_space(
    spaces: Spaces, ways: SpaceWays, wanted: str, best: Callable[[], str], now_s: float
) -> tuple[Space, str]:
    """Open the space that answers searches; return it, and what there is to say of it.

    That is the one that answered last. When its model's files are gone, damaged or another
    version's: the best kept one whose model works; else a new one of the ``wanted`` model (as the
    configuration says it), or of the best that is installed. No model keeps the house from
    starting.

    Raises
    ------
    StoreError
        When its index can't be opened.
    ModelError
        When not even the model that comes with traumbox can be loaded.
    """
    row = spaces.serving()
    trouble = ""
    if row is not None:
        try:
            return _opened(row, ways), ""
        except ModelError as error:
            trouble = f"The model “{row.model}”, which answered until now, can't be used: {error}"
            log.error("%s", trouble)  # noqa: TRY400 - said in words
    space = _kept(spaces, ways) or _fresh(wanted, ways, best)
    spaces.serve(space.embedder.card.id, space.model, now_s)
    if trouble:
        log.warning("Searching with “%s” instead", space.model)
        trouble += f" Searching with “{space.model}” instead."
    return space, trouble


def begin_wanted(
    change: ModelChange, ways: SpaceWays, wanted: str, best: str, serving_id: str
) -> str:
    """Begin or end the change that follows from the configuration; return what is in its way.

    A change that the owner gave up isn't begun again by ``auto``, only by its name.
    """
    name = best if wanted == registry.AUTO else wanted
    try:
        if ways.card(name).id == serving_id:
            change.cancel()
        elif wanted != registry.AUTO or not change.is_declined(name):
            change.begin(name)
    except ModelError as error:
        log.warning("The wanted model “%s” can't be used: %s", name, error)
        return str(error)
    return ""


def _opened(row: SpaceRow, ways: SpaceWays) -> Space:
    """Open the space of ``row``; ModelError unless its model is the one that filled it."""
    found = ways.card(row.model).id
    if found != row.model_id:
        raise ModelError(f"its files are of another version ({found} instead of {row.model_id}).")
    return ways.open(row.model)


def _kept(spaces: Spaces, ways: SpaceWays) -> Space | None:
    rows = [row for row in spaces.all() if row.role in {"kept", "filling"}]
    for row in sorted(rows, key=_rank):
        try:
            return _opened(row, ways)
        except (ModelError, StoreError) as error:
            log.warning("The space of “%s” can't be used: %s", row.model, error)
    return None


def _rank(row: SpaceRow) -> tuple[int, int]:
    order = registry.BEST_FIRST
    whole = row.model.removesuffix("-int8")
    return (order.index(whole) if whole in order else len(order), len(row.model))


def _fresh(wanted: str, ways: SpaceWays, best: Callable[[], str]) -> Space:
    names = [wanted] if wanted != registry.AUTO else []
    for name in (*names, best()):
        try:
            return ways.open(name)
        except ModelError as error:
            log.warning("“%s” can't be used: %s", name, error)
    return ways.open(registry.BEST_FIRST[-1])
