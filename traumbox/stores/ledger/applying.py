"""How what a scan found is written; every function runs inside the caller's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping

from traumbox.domain import Changes, FileStat, Location
from traumbox.stores.ledger.side import Place, place, version_in
from traumbox.stores.rows import PARTS_MOST, text_in


def apply_changes(
    db: sqlite3.Connection, changes: Changes, now_s: float, fresh_id: Callable[[], str]
) -> None:
    """Write all kinds of changes: first where files are, then what has become of them.

    A file may be in several parts of one Changes: moved to where a rule excludes it, say.
    """
    _move(db, changes.moved, now_s)
    _change(db, changes.changed, now_s)
    _include(db, changes.included, now_s)
    _exclude(db, changes.excluded, now_s)
    db.executemany(
        "UPDATE files SET missing_since_s = ?, urgent_since_s = NULL WHERE track_id = ?"
        " AND missing_since_s IS NULL",
        [(now_s, track_id) for track_id in changes.gone],
    )
    _insert(db, changes, now_s, fresh_id)


def park(db: sqlite3.Connection, places: Iterable[Place], now_s: float) -> None:
    """Make way: whatever is written down for these places is missing from now on.

    Its file was overwritten or lies under a name that no scan sees, and may turn up again. Such
    rows get negative parts, of which no two are the same at one place.
    """
    db.executemany(
        "UPDATE files SET missing_since_s = coalesce(missing_since_s, ?), urgent_since_s = NULL,"  # noqa: S608 - constants only
        f" part = -1 - part - {PARTS_MOST} * coalesce("
        f"(SELECT 1 + max((-1 - other.part) / {PARTS_MOST}) FROM files AS other"
        " WHERE other.folder = files.folder AND other.path = files.path AND other.part < 0), 0)"
        " WHERE folder = ? AND path = ? AND part = ?",
        ((now_s, *taken) for taken in places),
    )


def _move(
    db: sqlite3.Connection, moved: Mapping[str, tuple[Location, FileStat]], now_s: float
) -> None:
    # Two files may have changed places: all step aside before any takes its new place.
    db.executemany(
        "UPDATE files SET folder = '', path = CAST(track_id AS BLOB) WHERE track_id = ?",
        [(track_id,) for track_id in moved],
    )
    park(db, [place(location) for location, _ in moved.values()], now_s)
    db.executemany(
        "UPDATE files SET folder = ?, path = ?, part = ?, display = ?, size = ?, mtime_ns = ?,"
        " inode = ?, cut = ?, missing_since_s = NULL, last_seen_s = ? WHERE track_id = ?",
        [
            (*place(location), location.display, *version_in(stat), now_s, track_id)
            for track_id, (location, stat) in moved.items()
        ],
    )


def _change(db: sqlite3.Connection, changed: Mapping[str, FileStat], now_s: float) -> None:
    db.executemany(
        "UPDATE files SET state = 'pending', reason = '', attempts = 0, next_try_s = NULL,"
        " hearing_since_s = NULL, missing_since_s = NULL, pending_since_s = ?, size = ?,"
        " mtime_ns = ?, inode = ?, cut = ?, last_seen_s = ? WHERE track_id = ?",
        [(now_s, *version_in(stat), now_s, track_id) for track_id, stat in changed.items()],
    )


def _exclude(db: sqlite3.Connection, excluded: Mapping[str, str], now_s: float) -> None:
    # pending_since_s stays: it tells later whether this version has been heard. And there is
    # always a reason: a scan compares it to see whether anything has changed.
    db.executemany(
        "UPDATE files SET state = 'excluded', reason = ?, next_try_s = NULL,"
        " hearing_since_s = NULL, urgent_since_s = NULL, missing_since_s = NULL,"
        " last_seen_s = ? WHERE track_id = ?",
        [(_reason(reason), now_s, track_id) for track_id, reason in excluded.items()],
    )


def _include(db: sqlite3.Connection, included: Mapping[str, FileStat], now_s: float) -> None:
    db.executemany(
        "UPDATE files SET reason = '', attempts = 0, next_try_s = NULL, missing_since_s = NULL,"
        " last_seen_s = ?1, size = ?2, mtime_ns = ?3, inode = ?4, cut = ?5,"
        " (state, pending_since_s) = (SELECT 'indexed', NULL WHERE audio_id IS NOT NULL"
        " AND pending_since_s IS NULL AND (size, mtime_ns, inode) = (?2, ?3, ?4) AND cut IS ?5"
        " UNION ALL SELECT 'pending', ?1 LIMIT 1) WHERE track_id = ?6",
        [(now_s, *version_in(stat), track_id) for track_id, stat in included.items()],
    )


def _insert(
    db: sqlite3.Connection, changes: Changes, now_s: float, fresh_id: Callable[[], str]
) -> None:
    new = ((location, stat, "pending", "") for location, stat in changes.new.items())
    shut = (
        (location, stat, "excluded", _reason(reason))
        for location, (stat, reason) in changes.shut.items()
    )
    for some in (new, shut):
        db.executemany(
            "INSERT INTO files (track_id, folder, path, part, display, size, mtime_ns, inode, cut,"
            " state, reason, pending_since_s, first_seen_s, last_seen_s)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            # Known after all: the next scan compares it as such.
            " ON CONFLICT (folder, path, part) DO NOTHING",
            (
                (
                    fresh_id(),
                    *place(location),
                    location.display,
                    *version_in(stat),
                    state,
                    reason,
                    now_s,
                    now_s,
                    now_s,
                )
                for location, stat, state, reason in some
            ),
        )


def _reason(reason: str) -> str:
    return text_in(reason) or "it is left out"
