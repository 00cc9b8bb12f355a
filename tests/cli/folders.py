"""A folder as the API tells of it."""

from __future__ import annotations

from typing import Any

from traumbox.web.schemas import FolderStatus

COUNTS = {"files": 0, "indexed": 0, "pending": 0, "failed": 0, "excluded": 0, "missing": 0}


def folder_json(name: str, path: str, **other: Any) -> dict[str, Any]:
    """Return a folder that is well, but for what is said."""
    folder = {
        "name": name,
        "path": path,
        "online": True,
        "note": "",
        "remedy": "",
        "colour": "#4e79a7",
        "kind": "auto",
        "priority": "normal",
        "include": [],
        "exclude": [],
        "watch": {"mode": "live", "note": "", "remedy": ""},
        "counts": COUNTS,
        "unreadable": 0,
        "looked": True,
        "last_scan_s": None,
        "next_scan_s": None,
        "held": None,
    } | other
    folder["counts"] = COUNTS | folder["counts"]
    return FolderStatus.model_validate(folder).model_dump()
