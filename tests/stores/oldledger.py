"""Ledgers as earlier versions wrote them."""

from __future__ import annotations

import os
from collections.abc import Mapping
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
    """As before watched folders: each state, there and missing, heard and not, in two folders.

    One file is in hand.
    """
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


def write_schema_4(path: Path, folder: str, sounds: Mapping[Path, str]) -> None:
    """As before there were conditions and words: these files (path: sound), all of them heard."""
    database = Database(path, LEDGER[:4])
    with database.writing() as db:
        for number, (file, sound) in enumerate(sounds.items()):
            stat = file.stat()
            version = stat.st_size, stat.st_mtime_ns, stat.st_ino
            db.execute(
                _HEARD_FILE,
                (
                    *(f"old{number}", folder, os.fsencode(file.name), file.name, *version),
                    *(sound, 10.0, _MEDIA, _TAGS, _DESCRIPTORS),
                ),
            )
        db.execute(_SPACE)
    database.close()


_HEARD_FILE = (
    "INSERT INTO files (track_id, folder, path, display, size, mtime_ns, inode, audio_id,"
    " duration_s, media, tags, descriptors, state, first_seen_s, last_seen_s, added_at_s)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'indexed', 5.0, 6.0, 7.0)"
)
_SPACE = (
    "INSERT INTO spaces (model_id, model, role, since_s) VALUES ('old-1', 'old', 'serving', 4.0)"
)
