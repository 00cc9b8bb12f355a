"""The schema of the ledger, as the steps that led to it. Steps are added, never changed."""

from __future__ import annotations

_FILES = """
CREATE TABLE files (
    track_id TEXT PRIMARY KEY,
    folder TEXT NOT NULL,
    path BLOB NOT NULL,
    display TEXT NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('indexed', 'pending', 'failed', 'excluded')),
    reason TEXT NOT NULL DEFAULT '',
    audio_id TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_try_s REAL,
    hearing_since_s REAL,
    first_seen_s REAL NOT NULL,
    last_seen_s REAL NOT NULL,
    missing_since_s REAL,
    added_at_s REAL,
    duration_s REAL,
    media TEXT,
    tags TEXT,
    descriptors TEXT,
    UNIQUE (folder, path)
)
"""

_SCANS = """
CREATE TABLE scans (
    folder TEXT PRIMARY KEY,
    at_s REAL NOT NULL,
    files INTEGER NOT NULL
)
"""

_TO_HEAR = """
CREATE INDEX files_to_hear ON files (first_seen_s DESC, folder, path, next_try_s)
WHERE state = 'pending' AND missing_since_s IS NULL
"""

_BY_ADDED = """
CREATE INDEX files_by_added ON files (added_at_s DESC, folder, path)
WHERE state = 'indexed' AND missing_since_s IS NULL
"""

# A space is what was heard with one model; its id names the tables in the index.
_SPACES = """
CREATE TABLE spaces (
    model_id TEXT PRIMARY KEY,
    model TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('serving', 'filling', 'kept', 'unwanted')),
    since_s REAL NOT NULL,
    tracks INTEGER NOT NULL DEFAULT 0,
    paused INTEGER NOT NULL DEFAULT 0,
    at_once INTEGER NOT NULL DEFAULT 0,
    declined INTEGER NOT NULL DEFAULT 0
)
"""

_ONE_A_ROLE = """
CREATE UNIQUE INDEX spaces_by_role ON spaces (role) WHERE role IN ('serving', 'filling')
"""

# Until there were several models, everything had been heard with the built-in one.
_FIRST_SPACE = """
INSERT INTO spaces (model_id, model, role, since_s)
SELECT 'builtin-1', 'builtin', 'serving', first_seen_s FROM files WHERE state = 'indexed' LIMIT 1
"""

LEDGER = (
    (
        _FILES,
        # Answers the counts alone, without a look at the rows.
        "CREATE INDEX files_by_state ON files (state, missing_since_s)",
        # Holds what is to be heard in the order of hearing, so that the next is its first entry.
        _TO_HEAR,
        "CREATE INDEX files_by_audio ON files (audio_id)",
        "CREATE INDEX files_in_hand ON files (hearing_since_s) WHERE hearing_since_s IS NOT NULL",
        _SCANS,
    ),
    (_BY_ADDED,),
    (_SPACES, _ONE_A_ROLE, _FIRST_SPACE),
)
