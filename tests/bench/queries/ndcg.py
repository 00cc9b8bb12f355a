"""nDCG: how much of the best possible ranking an answer is worth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

DEPTH = 10


def dcg(gains: Iterable[int], depth: int = DEPTH) -> float:
    """Return the discounted cumulated gain of graded gains in the order of a ranking.

    Järvelin and Kekäläinen 2002 ("Cumulated gain-based evaluation of IR techniques"), with the
    gains 2^g - 1 over log2(1 + rank) of Burges et al. 2005 ("Learning to rank using gradient
    descent").
    """
    first = np.array(list(gains)[:depth], dtype=np.float64)
    return float(np.sum((2.0**first - 1.0) / np.log2(np.arange(2, len(first) + 2))))


def ndcg(found: Sequence[int], there: Iterable[int], depth: int = DEPTH) -> float:
    """Return the DCG of ``found`` over that of the best order of all gains ``there``: 0..1.

    Raises
    ------
    ValueError
        When nothing there has a gain: no ranking is better than another.
    """
    best = dcg(sorted(there, reverse=True), depth)
    if best == 0.0:
        raise ValueError("nothing in the library is worth finding for this query")
    return dcg(found, depth) / best
