"""What conditions of a search are about, as tables beside the files: step 5 of the ledger's schema.

Drawn out of the JSON of the wide rows, for exactly the tracks that can be found. Triggers keep it,
whoever writes to ``files``: it can't drift.
"""

from __future__ import annotations

_TAGGED = ("genre", "artist", "album_artist", "album", "year")
_MEASURED = (
    "bpm",
    "bpm_other",
    "loudness_lufs",
    "dynamic_range_lu",
    "brightness_hz",
    "percussive",
    "vocals",
)
WORD_COLUMNS = {
    "folder": "folder",
    "key": "key",
    "genre": "genre",
    "artist": "artist",
    "album_artist": "artist",
    "album": "album",
    "codec": "format",
    "container": "format",
}
"""The columns of facts that hold the id of a word, and the field under which that is listed."""

_WORDS = tuple(WORD_COLUMNS)
_NUMBERS = ("duration_s", "year", "added_s", "played_s", *_MEASURED)
_HEARD = ("audio_id", "duration_s", "media", "tags", "descriptors", "added_at_s", "cut")

_FINDABLE = (
    "{row}.audio_id IS NOT NULL AND {row}.state IN ('indexed', 'pending')"
    " AND {row}.missing_since_s IS NULL"
)

# Each word once: a library has few genres and artists beside its tracks.
_FACT_WORDS = """
CREATE TABLE fact_words (
    id INTEGER PRIMARY KEY,
    field TEXT NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (field, text)
)
"""

_FACTS = f"""
CREATE TABLE facts (
    track_id TEXT PRIMARY KEY,
    audio_id TEXT NOT NULL,
    {", ".join(f"{name} REAL" for name in _NUMBERS)},
    {", ".join(f"{name} INTEGER" for name in _WORDS)}
) WITHOUT ROWID
"""

_PLAYS = """
CREATE TABLE plays (
    track_id TEXT NOT NULL,
    at_s REAL NOT NULL,
    seconds REAL NOT NULL,
    PRIMARY KEY (track_id, at_s)
) WITHOUT ROWID
"""


def _said(name: str) -> str:
    # Of a part of a file, what its sheet says goes first; "" and 0 say nothing.
    sides = f"json_extract(cut, '$.tags.{name}')", f"json_extract(tags, '$.{name}')"
    said = ", ".join(f"nullif(nullif({side}, ''), 0)" for side in sides)
    return f"coalesce({said}) AS {name}"


def _told(which: str) -> str:
    """Write the query for what these files tell, which reads each JSON text but once.

    SQLite would copy the inner query's expressions to every place that uses them, but for the
    limits, which limit nothing. And what isn't JSON ("NaN") mustn't make the statement fail.
    """
    texts = ", ".join(
        f"iif(json_valid({name}), {name}, '{{}}') AS {name}"
        for name in ("media", "tags", "descriptors")
    )
    told = ", ".join(
        (
            *(_said(name) for name in _TAGGED),
            *(f"json_extract(media, '$.{name}') AS {name}" for name in ("codec", "container")),
            *(f"json_extract(descriptors, '$.{name}') AS {name}" for name in ("key", *_MEASURED)),
        )
    )
    return (
        f"(SELECT track_id, audio_id, folder, duration_s, added_at_s AS added_s, {told},"  # noqa: S608 - constants only
        " (SELECT max(at_s) FROM plays WHERE plays.track_id = found.track_id) AS played_s"
        " FROM (SELECT track_id, audio_id, folder, duration_s, added_at_s,"
        f" iif(json_valid(cut), cut, NULL) AS cut, {texts}"
        f" FROM files WHERE {_FINDABLE.format(row='files')}{which} LIMIT -1) AS found"
        " LIMIT -1) AS told"
    )


def _noted(which: str = "") -> tuple[str, str]:
    """Write the two statements that note what these tracks tell."""
    fields = ", ".join(f"('{name}', '{field}')" for name, field in WORD_COLUMNS.items())
    word = " ".join(f"WHEN '{name}' THEN told.{name}" for name in _WORDS)
    ids = ", ".join(
        f"(SELECT id FROM fact_words WHERE field = '{field}' AND text = told.{name})"  # noqa: S608 - constants only
        for name, field in WORD_COLUMNS.items()
    )
    numbers = ", ".join(
        f"iif(typeof({name}) IN ('integer', 'real'), {name}, NULL)" for name in _NUMBERS
    )
    words = (
        "INSERT INTO fact_words (field, text) SELECT field, word FROM"  # noqa: S608 - constants only
        f" (SELECT column2 AS field, CASE column1 {word} END AS word"
        f" FROM {_told(which)} CROSS JOIN (VALUES {fields}))"
        " WHERE word <> '' ON CONFLICT DO NOTHING"
    )
    facts = (
        f"INSERT INTO facts (track_id, audio_id, {', '.join(_NUMBERS + _WORDS)})"  # noqa: S608 - constants only
        f" SELECT track_id, audio_id, {numbers}, {ids} FROM {_told(which)}"
    )
    return words, facts


_NOTED_NEW = "".join(f"{statement};" for statement in _noted(" AND track_id = NEW.track_id"))

_ADDED = f"""
CREATE TRIGGER facts_added AFTER INSERT ON files WHEN {_FINDABLE.format(row="NEW")}
BEGIN {_NOTED_NEW} END
"""

_CHANGED = f"""
CREATE TRIGGER facts_changed
AFTER UPDATE OF state, missing_since_s, {", ".join(_HEARD)} ON files
WHEN (OLD.audio_id IS NOT NULL OR NEW.audio_id IS NOT NULL) AND (
    ({_FINDABLE.format(row="OLD")}) <> ({_FINDABLE.format(row="NEW")})
    OR {" OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in _HEARD)})
BEGIN
    DELETE FROM facts WHERE track_id = NEW.track_id;
    {_NOTED_NEW}
END
"""  # noqa: S608 - constants only

# Files that are moved step aside to a folder without a name first.
_MOVED = f"""
CREATE TRIGGER facts_moved AFTER UPDATE OF folder ON files
WHEN NEW.folder <> OLD.folder AND NEW.folder <> '' AND {_FINDABLE.format(row="NEW")}
BEGIN
    INSERT INTO fact_words (field, text) VALUES ('folder', NEW.folder) ON CONFLICT DO NOTHING;
    UPDATE facts SET folder =
        (SELECT id FROM fact_words WHERE field = 'folder' AND text = NEW.folder)
    WHERE track_id = NEW.track_id;
END
"""  # noqa: S608 - constants only

_FORGOTTEN = """
CREATE TRIGGER facts_forgotten AFTER DELETE ON files
BEGIN
    DELETE FROM facts WHERE track_id = OLD.track_id;
    DELETE FROM plays WHERE track_id = OLD.track_id;
END
"""

_PLAYED = """
CREATE TRIGGER facts_played AFTER INSERT ON plays
BEGIN
    UPDATE facts SET played_s = max(coalesce(played_s, NEW.at_s), NEW.at_s)
    WHERE track_id = NEW.track_id;
END
"""

FACTS: tuple[str, ...] = (
    _PLAYS,
    "CREATE INDEX plays_by_time ON plays (at_s)",
    _FACT_WORDS,
    _FACTS,
    *_noted(),
    _ADDED,
    _CHANGED,
    _MOVED,
    _FORGOTTEN,
    _PLAYED,
)
