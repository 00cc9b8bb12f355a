"""How folders are when no service runs: what the configuration and the ledger tell."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from traumbox.config import Settings, colours
from traumbox.domain import STATES
from traumbox.stores.folders import FolderBook
from traumbox.stores.ledger import Ledger
from traumbox.web.services import FolderView
from traumbox.web.upkeep_views import folder_status_view, removal_view


def folders(settings: Settings) -> dict[str, Any]:
    """Return the API's document on folders; nothing is made that isn't there."""
    path = settings.data_dir / "traumbox.db"
    if not path.exists():
        return {"version": 1, "folders": views(settings, None), "removals": []}
    with closing(Ledger(path)) as ledger:
        lately = ledger.removals(settings.library.keep_missing_s)
        return {
            "version": 1,
            "folders": views(settings, ledger),
            "removals": [removal_view(removal) for removal in lately],
        }


def views(settings: Settings, ledger: Ledger | None) -> list[dict[str, Any]]:
    """Return every configured folder as the API would."""
    counted = ledger.counts_by_folder() if ledger is not None else {}
    book = FolderBook(ledger.database) if ledger is not None else None
    found = []
    for folder, colour in zip(settings.folders, colours(settings.folders), strict=True):
        counts = counted.get(folder.name, {})
        by_state = {state: counts.get(state, 0) for state in STATES}
        row = book.row(folder.name) if book is not None else None
        is_there = folder.path.is_dir()
        found.append(
            folder_status_view(
                FolderView(
                    name=folder.name,
                    path=str(folder.path),
                    online=is_there,
                    note="" if is_there else "not there",
                    colour=colour,
                    kind=folder.kind,
                    priority=folder.priority,
                    include=folder.include,
                    exclude=folder.exclude,
                    files=sum(by_state.values()),
                    indexed=by_state["indexed"],
                    pending=by_state["pending"],
                    failed=by_state["failed"],
                    excluded=by_state["excluded"],
                    missing=counts.get("missing", 0),
                    looked=False,
                    last_scan_s=row.last_s if row is not None else None,
                )
            )
        )
    return found
