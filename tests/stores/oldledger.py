"""A ledger as the version before watched folders wrote it: schema 3, with rows in every state."""

from __future__ import annotations

from pathlib import Path

from traumbox.stores.migrations import LEDGER
from traumbox.stores.sqlite import Database

STATES = ("indexed", "pending", "failed", "excluded")

_FILE = (
    "INSERT INTO files (track_id, folder, path, display, size, mtime_ns, inode, state, reason,"
    " audio_id, attempts, next_try_s, hearing_since_s, first_seen_s, last_seen_s, missing_since_s,"
    " added_at_s, duration_s, media, tags, descriptors)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_MEDIA = '{"container":"flac","codec":"flac","sample_rate_hz":44100,"channels":2}'
_TAGS = '{"title":"Song \\ud83d","artist":"","album":"","album_artist":"","genre":"","year":1999}'
_DESCRIPTORS = '{"bpm":120.5,"key":"F# minor","loudness_lufs":-14.2,"brightness_hz":null}'


def write_schema_3(path: Path) -> None:
    """Each state, there and missing, heard and not heard, in two folders; one file in hand."""
    database = Database(path, LEDGER[:3])
    with database.writing() as db:
        for number, folder in enumerate(("Music", "Old")):
            for heard in (False, True):
                for missing in (None, 9.0):
                    for state in STATES:
                        if state == "indexed" and not heard:
                            continue
                        name = f"{folder}-{state}-{heard:d}-{missing or 0:.0f}"
                        where = name.encode() + b"\xff.flac"
                        shown = where.decode("utf-8", "backslashreplace")
                        version = 100 + number, 1_700_000_000_000_000_001, -5 if heard else 7
                        found = _MEDIA, _TAGS, _DESCRIPTORS
                        db.execute(
                            _FILE,
                            (
                                *(name, folder, where, shown, *version),
                                *(state, "why" if state == "failed" else ""),
                                *(f"sound-{name}" if heard else None, 1, 50.0, None),
                                *(5.0, 6.0, missing, 7.0 if heard else None),
                                *((12.5, *found) if heard else (None,) * 4),
                            ),
                        )
        db.execute("UPDATE files SET hearing_since_s = 8.0 WHERE track_id = 'Music-pending-0-0'")
        db.execute("INSERT INTO scans VALUES ('Music', 9.5, 123)")
    database.close()
