"""The words are those of the tracks that can be found, whatever becomes of the files."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.stores.files import MEDIA, V1, V2, at, drop, gone, heard, row
from tests.stores.oldledger import write_schema_3
from tests.stores.words.library import NAMED, Library
from traumbox.domain import Changes, Cut, FileStat, Heard, Tags
from traumbox.stores.ledger import Ledger
from traumbox.stores.words import Words
from traumbox.stores.words.following import TRACKS_AT_ONCE

FINDABLE = (
    "SELECT track_id FROM files WHERE audio_id IS NOT NULL AND state IN ('indexed', 'pending')"
    " AND missing_since_s IS NULL"
)


def assert_in_step(ledger: Ledger) -> None:
    """Each track that can be found has its words, no other has, and the names are counted."""
    with ledger.database.reading() as db:
        ids = {track_id for (track_id,) in db.execute(FINDABLE)}
        kept = db.execute("SELECT id, track_id, names FROM words_of").fetchall()
        assert {track_id for _, track_id, _ in kept} == ids
        assert len(kept) == len(ids)
        numbers = {number for number, *_ in kept}
        assert {number for (number,) in db.execute("SELECT rowid FROM words")} == numbers
        assert {number for (number,) in db.execute("SELECT rowid FROM lyric_words")} <= numbers
        named = Counter((kind, shown) for _, _, names in kept for kind, shown in json.loads(names))
        counted = {(kind, shown): n for kind, shown, n in db.execute(
            "SELECT kind, shown, tracks FROM names")}  # fmt: skip
        assert counted == named
        ids_of_names = {number for (number,) in db.execute("SELECT id FROM names")}
        for table in ("SELECT name_id FROM name_keys", "SELECT rowid FROM name_words"):
            assert {number for (number,) in db.execute(table)} <= ids_of_names
        said = {track_id for (track_id,) in db.execute("SELECT track_id FROM said")}
        assert said <= ledger.known_ids()
        # The full-text tables agree with their own indexes.
    with ledger.database.writing() as db:
        for table in ("words", "lyric_words", "name_words"):
            db.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")  # noqa: S608 - constants only


def retag(library: Library, track_id: str, tags: Tags, **more: str) -> None:
    stat = row(library.ledger, track_id).stat
    library.ledger.mark_indexed([(track_id, stat, heard(tags=tags, **more), "")], 9.0)


def test_only_what_can_be_found_is_found(library: Library) -> None:
    track = library.track("bjork.mp3")
    ledger = library.ledger
    assert library.found("björk") == ["bjork.mp3"]
    ledger.apply(Changes(changed={track: V2}), 5.0)
    assert library.found("björk") == ["bjork.mp3"]  # as it was heard before
    ledger.mark_failed(track, V2, "damaged", 5.0)
    assert library.found("björk") == []
    ledger.requeue([track])
    assert library.found("björk") == ["bjork.mp3"]
    ledger.apply(Changes(excluded={track: "a rule"}), 6.0)
    assert library.found("björk") == []
    ledger.apply(Changes(included={track: V2}), 7.0)
    assert library.found("björk") == ["bjork.mp3"]
    gone(ledger, track)
    assert library.found("björk") == []
    assert_in_step(ledger)
    ledger.apply(Changes(moved={track: (at("back/Jóga live.mp3", "Music"), V2)}), 8.0)
    assert library.found("björk") == ["back/Jóga live.mp3"]
    assert library.found("jóga live") == ["back/Jóga live.mp3"]
    gone(ledger, track)
    ledger.forget([track])
    assert library.found("björk") == []
    assert_in_step(ledger)


def test_what_was_never_heard_has_no_words(empty: Library) -> None:
    drop(empty.ledger, "Some Song.mp3")
    assert empty.found("some song") == []
    assert_in_step(empty.ledger)


def test_other_tags_and_places_are_other_words(library: Library) -> None:
    track = library.track("bjork.mp3")
    retag(library, track, Tags("Venus as a Boy", "Björk", "Debut"), lyrics="His wicked sense")
    assert library.found("homogenic") == []
    assert library.found("debut") == library.found("wicked") == ["bjork.mp3"]
    retag(library, track, Tags("Venus as a Boy", "Björk", "Debut"))
    assert library.found("wicked") == []
    library.ledger.apply(Changes(moved={track: (at("Iceland/b.mp3", "Music"), V1)}), 8.0)
    assert library.found("iceland") == ["Iceland/b.mp3"]
    library.ledger.rename_folder("Music", "Treasures", 9.0)
    assert library.found("treasures bjork")[:1] == ["Iceland/b.mp3"]
    assert library.words.vocabulary.folders() == {"treasures": "Treasures"}
    assert_in_step(library.ledger)


def test_the_parts_of_a_file_have_the_words_of_their_sheet(empty: Library) -> None:
    stats = {
        at("album.flac", part=n): FileStat(1, 1, 1, Cut(n, n + 1, Tags(title=title)))
        for n, title in ((1, "Overture"), (2, "Finale"))
    }
    empty.ledger.apply(Changes(new=stats), 1.0)
    for place, known in empty.ledger.known().items():
        tags = Tags("Whole Opera", "Some Orchestra")
        empty.ledger.mark_indexed([(known.track_id, stats[place], heard(tags=tags), "")], 2.0)
    assert len(empty.found("some orchestra")) == 2
    assert [hit.field for hit in empty.words.find("finale", 5)] == ["title"]
    assert empty.words.find("finale some orchestra", 1)[0].exact == "whole"
    assert empty.found("whole opera") == []


def test_who_takes_over_says_what_was_heard_last(library: Library) -> None:
    old = library.track("Pop/Halo.mp3")
    gone(library.ledger, old)
    library.hear({"new place.mp3": Tags("Halo", "Beyoncé")})
    new = library.track("new place.mp3")
    library.ledger.take_over(old, new, 9.0)
    assert library.found("halo") == ["new place.mp3"]
    assert library.found("tumbling") == []  # the file that took over has no lyrics
    assert_in_step(library.ledger)
    # And the other way round: lyrics come along.
    ids = drop(library.ledger, "other.mp3")
    retag(library, ids[0], Tags("Halo"), lyrics="remember those walls", credits="Ryan")
    library.ledger.take_over(old, ids[0], 10.0)
    assert library.found("walls") == library.found("ryan") == ["other.mp3"]
    assert_in_step(library.ledger)


def test_a_transaction_that_fails_leaves_the_words_as_they_were(library: Library) -> None:
    with suppress(ZeroDivisionError), library.ledger.together():
        retag(library, library.track("bjork.mp3"), Tags("Other", "Other"))
        raise ZeroDivisionError
    assert library.found("björk") == ["bjork.mp3"]
    assert library.found("other") == []
    assert_in_step(library.ledger)


def test_hundreds_at_once_are_caught_up_with(empty: Library) -> None:
    tracks = 2 * TRACKS_AT_ONCE + 9
    empty.hear({f"{number}.mp3": Tags("Song") for number in range(tracks)})
    assert len(empty.found("song", tracks)) == TRACKS_AT_ONCE
    assert empty.words.catch_up()
    assert not empty.words.catch_up()
    assert len(empty.found("song", tracks)) == tracks
    # What is gone is found no more, though its words are still there, and is in nobody's way.
    gone(empty.ledger, *list(empty.places())[9:])
    assert len(empty.found("song", 5)) == 5
    assert len(empty.found("song", tracks)) == 9
    while empty.words.catch_up():
        pass
    assert_in_step(empty.ledger)


def test_an_old_ledger_is_read_when_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "traumbox.db"
    write_schema_3(path)
    ledger = Ledger(path)
    words = Words(ledger.database)
    while words.catch_up():
        pass
    hits = words.find("song", 50)
    assert {hit.track_id for hit in hits} == {
        track_id for track_id, row in ledger.rows(list(ledger.known_ids())).items()
        if row.audio_id and row.state in ("indexed", "pending") and row.missing_since_s is None
    }  # fmt: skip
    assert len(hits) == 4
    assert words.find("tumbling", 5) == []  # lyrics are read when a file is heard
    assert_in_step(ledger)
    ledger.close()
    again = Ledger(path)
    assert len(Words(again.database).find("song", 50)) == 4


def test_names_that_are_no_unicode_are_read(empty: Library) -> None:
    empty.hear({"x.mp3": Tags("half \ud83d", "\ud83d", "", "", "\udcff; Rock", comment="\ud83d")})
    assert empty.found("half") == ["x.mp3"]
    assert_in_step(empty.ledger)


def test_two_threads_of_words_do_not_disturb_each_other(library: Library) -> None:
    other = Words(library.ledger.database)
    library.hear({"z.mp3": Tags("Zebra", "Zoo")})
    assert other.find("zebra", 1)[0].audio_id == library.words.find("zebra", 1)[0].audio_id
    assert other.find("zebrra", 1)[0].audio_id == "z.mp3"


PATHS = [f"{number}.mp3" for number in range(6)]
NAMES = list(NAMED.values())


def _lives(ledger: Ledger, chance: random.Random, numbers: Callable[[], int]) -> None:
    """Let something happen to one of a few files."""
    now_s = 10.0 + numbers()
    known = ledger.known()
    path = at(chance.choice(PATHS), chance.choice(("music", "other")))
    stat = FileStat(chance.randrange(3), 1, chance.randrange(3))
    track = chance.choice([known_.track_id for known_ in known.values()] or ["none"])
    there = row(ledger, track) if track != "none" else None
    match chance.randrange(10):
        case 0 | 1:
            ledger.apply(Changes(new={path: stat}), now_s)
        case 2 | 3 if there is not None:
            said = chance.choice(("", "la la land"))
            heard_ = Heard(f"s{chance.randrange(4)}", 1.0, MEDIA, chance.choice(NAMES), lyrics=said)
            ledger.mark_indexed([(track, there.stat, heard_, "")], now_s)
        case 4 if there is not None:
            ledger.apply(Changes(moved={track: (path, there.stat)}), now_s)
        case 5:
            ledger.apply(Changes(gone=frozenset([track])), now_s)
        case 6 if there is not None:
            ledger.apply(Changes(excluded={track: "why"}), now_s)
            ledger.apply(Changes(included={track: stat}), now_s)
        case 7 if there is not None:
            ledger.mark_failed(track, there.stat, "why", now_s)
        case 8:
            ledger.forget_missing(path.folder)
            ledger.set_aside(["music"], now_s)
        case 9 if len(known) > 1:
            one, other = chance.sample([known_.track_id for known_ in known.values()], 2)
            ledger.take_over(one, other, now_s)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.integers(0, 2**32))
def test_whatever_happens_they_are_in_step(tmp_path: Path, seed: int) -> None:
    path = tmp_path / f"{seed}.db"
    path.unlink(missing_ok=True)
    numbers = count()
    ledger = Ledger(path, fresh_id=lambda: f"id{next(numbers)}")
    chance = random.Random(seed)
    try:
        for _ in range(30):
            _lives(ledger, chance, lambda: next(numbers))
        assert_in_step(ledger)
    finally:
        ledger.close()
