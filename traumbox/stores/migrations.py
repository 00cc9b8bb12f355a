"""The schema of the ledger, as the steps that led to it. Steps are added, never changed."""

from __future__ import annotations

from traumbox.stores.facts import FACTS
from traumbox.stores.words.schema import WORDS

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

# Step 4: parts of files, what a scan of 100,000 files compares without reading the wide rows, and
# who waits since when.
_FILES_WITH_PARTS = """
CREATE TABLE files_with_parts (
    track_id TEXT PRIMARY KEY,
    folder TEXT NOT NULL,
    path BLOB NOT NULL,
    part INTEGER NOT NULL DEFAULT 0,
    display TEXT NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    cut TEXT,
    state TEXT NOT NULL CHECK (state IN ('indexed', 'pending', 'failed', 'excluded')),
    reason TEXT NOT NULL DEFAULT '',
    audio_id TEXT,
    fingerprint TEXT NOT NULL DEFAULT '',
    attempts INTEGER NOT NULL DEFAULT 0,
    next_try_s REAL,
    hearing_since_s REAL,
    pending_since_s REAL,
    urgent_since_s REAL,
    first_seen_s REAL NOT NULL,
    last_seen_s REAL NOT NULL,
    missing_since_s REAL,
    added_at_s REAL,
    duration_s REAL,
    media TEXT,
    tags TEXT,
    descriptors TEXT,
    UNIQUE (folder, path, part)
)
"""

_FILES_COPIED = """
INSERT INTO files_with_parts (
    track_id, folder, path, display, size, mtime_ns, inode, state, reason, audio_id, attempts,
    next_try_s, hearing_since_s, pending_since_s, first_seen_s, last_seen_s, missing_since_s,
    added_at_s, duration_s, media, tags, descriptors)
SELECT
    track_id, folder, path, display, size, mtime_ns, inode & 0x7fffffffffffffff, state, reason,
    audio_id, attempts, next_try_s, hearing_since_s,
    iif(state = 'indexed', NULL, first_seen_s), first_seen_s, last_seen_s, missing_since_s,
    added_at_s, duration_s, media, tags, descriptors
FROM files ORDER BY folder, path
"""

# Holds all that a scan compares, in the order in which it walks.
_ON_DISK = """
CREATE INDEX files_on_disk ON files (
    folder, path, part, size, mtime_ns, inode, track_id, state, missing_since_s, reason, cut)
"""

# Holds what waits, by folder, in the order of hearing: the next is the first entry of a folder.
_WAITING = """
CREATE INDEX files_to_hear
ON files (folder, pending_since_s DESC, path, part, next_try_s, track_id)
WHERE state = 'pending' AND missing_since_s IS NULL
"""

_ASKED_FOR = """
CREATE INDEX files_asked_for ON files (urgent_since_s, folder, path, part)
WHERE urgent_since_s IS NOT NULL
"""

_ADDED = """
CREATE INDEX files_by_added ON files (added_at_s DESC, folder, path, part)
WHERE added_at_s IS NOT NULL AND missing_since_s IS NULL
"""

_MISSING_LIKE = """
CREATE INDEX files_missing_like ON files (inode, size, mtime_ns)
WHERE missing_since_s IS NOT NULL
"""

_MISSING_SINCE = """
CREATE INDEX files_missing_since ON files (missing_since_s, folder, path)
WHERE missing_since_s IS NOT NULL
"""

_WATCHED = """
CREATE TABLE watched (
    folder TEXT PRIMARY KEY,
    root BLOB NOT NULL DEFAULT x'',
    identity TEXT NOT NULL DEFAULT '',
    baseline_s REAL,
    last_s REAL,
    last_full_s REAL,
    files INTEGER NOT NULL DEFAULT 0,
    clean_days TEXT NOT NULL DEFAULT '[]'
)
"""

# All that waits at this moment is backlog: how it came isn't known any more.
_SCANS_KEPT = """
INSERT INTO watched (folder, baseline_s, last_s, last_full_s, files)
SELECT folder, at_s, at_s, at_s, files FROM scans
"""

_SWITCHES = """
CREATE TABLE switches (
    name TEXT PRIMARY KEY,
    since_s REAL NOT NULL
)
"""

# Step 7: which edition of what listening tells is known of a file; 0 for all heard until then.
_HEARD_VERSION = "ALTER TABLE files ADD COLUMN heard_version INTEGER NOT NULL DEFAULT 0"

# Answers what is to be heard again, and how much it is, without a look at the rows.
_HEARD_BY = """
CREATE INDEX files_by_edition ON files (heard_version, folder, track_id)
WHERE state = 'indexed' AND missing_since_s IS NULL
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
    (
        _FILES_WITH_PARTS,
        _FILES_COPIED,
        "DROP TABLE files",
        "ALTER TABLE files_with_parts RENAME TO files",
        _ON_DISK,
        # Answers the counts alone, without a look at the rows.
        "CREATE INDEX files_by_state ON files (folder, state, missing_since_s)",
        _WAITING,
        _ASKED_FOR,
        "CREATE INDEX files_by_audio ON files (audio_id)",
        "CREATE INDEX files_in_hand ON files (hearing_since_s) WHERE hearing_since_s IS NOT NULL",
        "CREATE INDEX files_failed ON files (reason) WHERE state = 'failed'",
        _ADDED,
        _MISSING_LIKE,
        _MISSING_SINCE,
        _WATCHED,
        _SCANS_KEPT,
        "DROP TABLE scans",
        _SWITCHES,
    ),
    FACTS,
    WORDS,
    (_HEARD_VERSION, _HEARD_BY),
)
