"""The ways of searching that are set against each other."""

from __future__ import annotations

from collections.abc import Callable

from tests.bench.queries.ndcg import DEPTH
from traumbox.domain import Answer, Query
from traumbox.search import SearchService
from traumbox.search.asking import Ways

Ask = Callable[[str], Answer]

LEXICAL, SOUND, HYBRID, PARSED = "lexical", "CLAP", "hybrid", "hybrid + filters"
WAYS: dict[str, Ways] = {
    LEXICAL: Ways(sound=False, words=True, parsed=False),
    SOUND: Ways(sound=True, words=False, parsed=False),
    HYBRID: Ways(sound=True, words=True, parsed=False),
    PARSED: Ways(sound=True, words=True, parsed=True),
}
"""Each is to be better than the one before it."""


def ways_of(service: SearchService) -> dict[str, Ask]:
    """Return the ways of asking ``service``, in the order of WAYS."""
    return {name: _asking(service, ways) for name, ways in WAYS.items()}


def _asking(service: SearchService, ways: Ways) -> Ask:
    return lambda text: service.search(Query(text, limit=DEPTH), ways=ways)
