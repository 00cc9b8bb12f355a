"""What a command does itself when no service runs.

A module of its own because it loads everything there is, which takes seconds on a small machine:
commands import it only once they know that nobody else can answer.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from traumbox.cli.tracks import track_of
from traumbox.config import Settings
from traumbox.daemon.offline import embed_file, open_offline, scan_once
from traumbox.domain import Query
from traumbox.web.views import answer_view

__all__ = ["embed_file", "scan_once", "search"]


def search(settings: Settings, text: str, like: Path | None, limit: int) -> dict[str, Any]:
    """Return what the API would answer, from the store, opened for this process alone."""
    with open_offline(settings) as stores:
        if like is None:
            query = Query(text=text, limit=limit)
            answer = stores.search.search(query)
        else:
            track_id = track_of(like, settings.folders, stores.ledger)
            query = Query(like=track_id, limit=limit)
            answer = (
                stores.search.search_vector(embed_file(settings, like), limit)
                if track_id is None
                else stores.search.similar(track_id, limit)
            )
        return answer_view(answer, query, stores.cache)
