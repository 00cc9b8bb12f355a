"""The tables of what can be read of tracks; a step in the schema of the ledger's file.

Whatever changes a file's row so that other words belong to it puts the track on the list of
``words_stale``, by trigger: no statement can forget to. ``following`` does the rest before the
transaction is committed; SQL alone can't fold.
"""

from __future__ import annotations

# What is too long for the rows that travel: read with the words, and never shown with a track.
_SAID = """
CREATE TABLE said (
    track_id TEXT PRIMARY KEY,
    credits TEXT NOT NULL,
    lyrics TEXT NOT NULL
)
"""

_STALE = "CREATE TABLE words_stale (track_id TEXT PRIMARY KEY)"

# Counts every track that was followed, so that what is kept in memory knows when it is old.
_STATE = "CREATE TABLE words_state (changes INTEGER NOT NULL)"

# names holds what the track is counted under in the table of names, as JSON: [[kind, shown], …].
_WORDS_OF = """
CREATE TABLE words_of (
    id INTEGER PRIMARY KEY,
    track_id TEXT NOT NULL UNIQUE,
    title_key TEXT NOT NULL,
    title TEXT NOT NULL,
    names TEXT NOT NULL,
    with_lyrics INTEGER NOT NULL
)
"""

# What is written there is folded already: the tokenizer only has to keep it as it is, and that of
# ASCII takes every letter beyond for a part of a word.
_WORDS = """
CREATE VIRTUAL TABLE words USING fts5(
    artist, title, album, genre, name, folder, credits, comment, more, tokenize = 'ascii')
"""

# Apart from the names: most words of a library are in its lyrics, and love is in all of them.
_LYRICS = "CREATE VIRTUAL TABLE lyric_words USING fts5(lyrics, tokenize = 'ascii')"

_NAMES = """
CREATE TABLE names (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    shown TEXT NOT NULL,
    tracks INTEGER NOT NULL,
    UNIQUE (kind, shown)
)
"""

_NAME_KEYS = """
CREATE TABLE name_keys (
    key TEXT NOT NULL,
    name_id INTEGER NOT NULL,
    PRIMARY KEY (key, name_id)
) WITHOUT ROWID
"""

_NAME_WORDS = """
CREATE VIRTUAL TABLE name_words USING fts5(name, tokenize = 'ascii', prefix = '1 2')
"""

_NOTE = "INSERT OR IGNORE INTO words_stale VALUES"


def findable(row: str) -> str:
    """Return the SQL for: this row of ``files`` was heard and is there."""
    return (
        f"({row}.audio_id IS NOT NULL AND {row}.state IN ('indexed', 'pending')"
        f" AND {row}.missing_since_s IS NULL)"
    )


_CHANGED = f"""
CREATE TRIGGER words_changed
AFTER UPDATE OF audio_id, state, missing_since_s, folder, path, cut, tags ON files
WHEN {findable("OLD")} <> {findable("NEW")} OR ({findable("NEW")}
    AND (OLD.folder, OLD.path, OLD.cut, OLD.tags) IS NOT (NEW.folder, NEW.path, NEW.cut, NEW.tags))
BEGIN {_NOTE} (NEW.track_id); END
"""

_ADDED = f"""
CREATE TRIGGER words_added AFTER INSERT ON files WHEN NEW.audio_id IS NOT NULL
BEGIN {_NOTE} (NEW.track_id); END
"""

_GONE = f"""
CREATE TRIGGER words_gone AFTER DELETE ON files WHEN OLD.audio_id IS NOT NULL
BEGIN
    DELETE FROM said WHERE track_id = OLD.track_id;
    {_NOTE} (OLD.track_id);
END
"""  # noqa: S608 - constants only

_SAID_ANEW = f"""
CREATE TRIGGER said_anew AFTER INSERT ON said BEGIN {_NOTE} (NEW.track_id); END
"""

_SAID_OTHERWISE = f"""
CREATE TRIGGER said_otherwise AFTER UPDATE ON said
WHEN (OLD.track_id, OLD.credits, OLD.lyrics) IS NOT (NEW.track_id, NEW.credits, NEW.lyrics)
BEGIN {_NOTE} (NEW.track_id); END
"""

_SAID_NO_MORE = f"""
CREATE TRIGGER said_no_more AFTER DELETE ON said BEGIN {_NOTE} (OLD.track_id); END
"""

WORDS = (
    _SAID,
    _STALE,
    _STATE,
    "INSERT INTO words_state VALUES (0)",
    _WORDS_OF,
    "CREATE INDEX words_by_title ON words_of (title_key)",
    _WORDS,
    "CREATE VIRTUAL TABLE word_terms USING fts5vocab(words, 'row')",
    _LYRICS,
    "CREATE VIRTUAL TABLE lyric_terms USING fts5vocab(lyric_words, 'row')",
    _NAMES,
    _NAME_KEYS,
    _NAME_WORDS,
    _CHANGED,
    _ADDED,
    _GONE,
    _SAID_ANEW,
    _SAID_OTHERWISE,
    _SAID_NO_MORE,
    # Everything there is: followed in portions.
    "INSERT INTO words_stale SELECT track_id FROM files WHERE audio_id IS NOT NULL",
)
"""The statements of the step."""
