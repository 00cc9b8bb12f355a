import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from tests.fakes import ToneEmbedder
from traumbox.domain import (
    Changes,
    Descriptors,
    Embedding,
    FileStat,
    Heard,
    Location,
    Media,
    Tags,
    Track,
)
from traumbox.ports import IndexEntry
from traumbox.stores.lance import LanceIndex, drop_space
from traumbox.stores.ledger import Ledger
from traumbox.stores.migrations import LEDGER
from traumbox.stores.spaces import SpaceRow, Spaces
from traumbox.stores.sqlite import Database


@pytest.fixture
def spaces(tmp_path: Path) -> Spaces:
    return Spaces(Ledger(tmp_path / "traumbox.db").database)


def roles(spaces: Spaces) -> dict[str, str]:
    return {row.model_id: row.role for row in spaces.all()}


def test_a_fresh_house_has_no_space(spaces: Spaces) -> None:
    assert spaces.all() == []
    assert spaces.serving() is None
    assert spaces.filling() is None


def test_what_an_older_traumbox_heard_is_the_built_in_model_s(tmp_path: Path) -> None:
    path = tmp_path / "traumbox.db"
    Database(path, LEDGER[:2]).close()
    with closing(sqlite3.connect(path)) as older, older:
        older.execute(
            "INSERT INTO files (track_id, folder, path, display, size, mtime_ns, inode, state,"
            " first_seen_s, last_seen_s) VALUES ('t', 'm', x'61', 'a', 1, 1, 1, 'indexed', 5, 5)"
        )
    serving = Spaces(Ledger(path).database).serving()
    assert serving == SpaceRow("builtin-1", "builtin", "serving", 5.0)


def test_the_switch_changes_both_roles(spaces: Spaces) -> None:
    spaces.serve("a-1", "a", 1.0)
    spaces.begin("b-1", "b", 2.0)
    assert spaces.switch("b-1", tracks=7, now_s=3.0)
    assert roles(spaces) == {"b-1": "serving", "a-1": "kept"}
    kept = spaces.row("a-1")
    assert kept is not None
    assert (kept.tracks, kept.since_s) == (7, 3.0)


def test_a_switch_that_was_overtaken_changes_nothing(spaces: Spaces) -> None:
    spaces.serve("a-1", "a", 1.0)
    spaces.begin("b-1", "b", 2.0)
    spaces.begin("c-1", "c", 3.0)
    assert not spaces.switch("b-1", tracks=7, now_s=4.0)
    assert roles(spaces) == {"a-1": "serving", "c-1": "filling", "b-1": "kept"}
    spaces.decline(0, 5.0)
    assert not spaces.switch("c-1", tracks=7, now_s=6.0)
    assert roles(spaces)["a-1"] == "serving"


def test_the_serving_one_is_not_filled(spaces: Spaces) -> None:
    spaces.serve("a-1", "a", 1.0)
    spaces.begin("a-1", "a", 2.0)
    assert roles(spaces) == {"a-1": "serving"}


def test_beginning_again_keeps_what_was_said_of_it(spaces: Spaces) -> None:
    spaces.serve("a-1", "a", 1.0)
    spaces.begin("b-1", "b", 2.0)
    spaces.pause(paused=True)
    spaces.begin("b-1", "b", 3.0)
    filling = spaces.filling()
    assert filling is not None
    assert filling.paused


def test_a_declined_change_is_remembered_until_it_is_begun_again(spaces: Spaces) -> None:
    spaces.serve("a-1", "a", 1.0)
    spaces.begin("b-1", "b", 2.0)
    spaces.decline(tracks=3, now_s=4.0)
    assert spaces.row("b-1") == SpaceRow("b-1", "b", "kept", 4.0, tracks=3, declined=True)
    spaces.begin("b-1", "b", 5.0)
    assert spaces.row("b-1") == SpaceRow("b-1", "b", "filling", 5.0, tracks=3)


def test_hurrying_ends_a_pause(spaces: Spaces) -> None:
    spaces.begin("b-1", "b", 2.0)
    spaces.pause(paused=True)
    spaces.hurry()
    filling = spaces.filling()
    assert filling is not None
    assert (filling.at_once, filling.paused) == (True, False)


def test_only_a_kept_space_can_be_discarded_and_forgotten(spaces: Spaces) -> None:
    spaces.serve("a-1", "a", 1.0)
    spaces.begin("b-1", "b", 2.0)
    for model_id in ("a-1", "b-1"):
        spaces.discard(model_id, 3.0)
        spaces.forget(model_id)
    assert roles(spaces) == {"a-1": "serving", "b-1": "filling"}
    spaces.decline(0, 4.0)
    spaces.discard("b-1", 5.0)
    assert roles(spaces)["b-1"] == "unwanted"
    spaces.forget("b-1")
    assert roles(spaces) == {"a-1": "serving"}


def test_dropping_a_space_leaves_the_others_alone(tmp_path: Path) -> None:
    for model_id in ("tones-1", "tones-2"):
        stored(tmp_path, model_id).close()
    drop_space(tmp_path, "tones-1")
    assert {path.name for path in tmp_path.glob("*") if "tones" in path.name} == {
        "tracks_tones-2.lance",
        "windows_tones-2.lance",
    }
    assert opened(tmp_path, "tones-2").count_windows() == 1
    assert opened(tmp_path, "tones-1").count_windows() == 0


def test_dropping_goes_on_where_it_was_interrupted(tmp_path: Path) -> None:
    stored(tmp_path, "tones-1").close()
    (tmp_path / "tracks_tones-1.lance").rename(tmp_path / "tracks_tones-1.dropped")
    # Opened in between, windows without tracks are orphans; then the drop is asked for again.
    assert opened(tmp_path, "tones-1").count_windows() == 0
    drop_space(tmp_path, "tones-1")
    assert not list(tmp_path.glob("*tones-1*"))
    drop_space(tmp_path, "tones-1")


def test_a_file_that_came_back_is_no_longer_in_hand(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "traumbox.db")
    stat = FileStat(1, 1, 1)
    ledger.apply(Changes(new={Location("m", b"a"): stat}), 1.0)
    row = ledger.next_pending(2.0)
    assert row is not None
    ledger.mark_indexed([(row.track_id, stat, Heard("x", 1.0, FLAC), "")], 3.0)
    ledger.begin(row.track_id, 4.0)
    assert ledger.struck() == [row.track_id]
    ledger.came_back(row.track_id)
    assert ledger.struck() == []
    back = ledger.row(row.track_id)
    assert back is not None
    assert (back.attempts, back.state) == (0, "indexed")


def test_present_is_what_is_indexed_and_there(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "traumbox.db")
    stat = FileStat(1, 1, 1)
    for at_s, name in enumerate((b"old", b"gone", b"new", b"pending"), 1):
        ledger.apply(Changes(new={Location("m", name): stat}), float(at_s))
        row = ledger.next_pending(9.0)
        assert row is not None
        if name != b"pending":
            heard = Heard(name.decode(), 1.0, FLAC)
            ledger.mark_indexed([(row.track_id, stat, heard, "")], float(at_s))
        if name == b"gone":
            ledger.apply(Changes(gone=frozenset([row.track_id])), 9.0)
    assert [(audio_id, folder) for _, audio_id, folder in ledger.present()] == [
        ("new", "m"),
        ("old", "m"),
    ]


FLAC = Media("flac", "flac", 48_000, 2)


def opened(directory: Path, model_id: str) -> LanceIndex:
    return LanceIndex(directory, ToneEmbedder(model_id).card)


def stored(directory: Path, model_id: str) -> LanceIndex:
    index = opened(directory, model_id)
    track = Track("t", Location("m", b"a"), "x", 10.0, FLAC, Tags(), Descriptors())
    vectors = ToneEmbedder().embed_text(["440 Hz"])
    embedding = Embedding(model_id, np.zeros(1, np.float32), vectors)
    index.add([IndexEntry(track, embedding, 0.0)])
    return index
