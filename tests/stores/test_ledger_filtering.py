from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stores.files import V1, at, drop, gone, hear, heard, row
from tests.stores.oldledger import write_schema_3
from traumbox.domain import Changes, Condition, Cut, Descriptors, FileStat, Media, Tags
from traumbox.domain.conditions import NUMBER_FIELDS
from traumbox.stores.diary import Diary
from traumbox.stores.ledger import Ledger

SLOW = Descriptors(bpm=80.2, key="A minor", loudness_lufs=-20.0, brightness_hz=900.0)
FAST = Descriptors(bpm=171.0, key="Eb major", loudness_lufs=-7.5, brightness_hz=3000.0)


def add(
    ledger: Ledger,
    name: str,
    tags: Tags | None = None,
    descriptors: Descriptors | None = None,
    *,
    folder: str = "music",
    now_s: float = 3.0,
    media: Media | None = None,
) -> str:
    """A file named ``name`` that was heard; its sound has the same name."""
    (track_id,) = drop(ledger, name, folder=folder)
    sound = heard(name, tags=tags or Tags(), descriptors=descriptors or Descriptors())
    if media is not None:
        object.__setattr__(sound, "media", media)
    ledger.mark_indexed([(track_id, V1, sound, "")], now_s)
    return track_id


def found(ledger: Ledger, *written: str) -> str:
    """The names of what is found, one letter each."""
    matching = ledger.matching([Condition.parse(one) for one in written])
    assert matching is not None
    return "".join(sorted(matching))


def test_without_conditions_nothing_is_said(ledger: Ledger) -> None:
    assert ledger.matching([]) is None
    assert ledger.explain([]) == {}


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("bpm:75..85", "a"),
        ("bpm:..171", "ab"),
        ("bpm:80", "a"),  # as it is shown
        ("bpm:80.2", "a"),
        ("bpm:81..", "b"),
        ("-bpm:75..85", "bc"),
        ("loudness_lufs:-8..", "b"),
        ("brightness_hz:..1000", "a"),
        ("year:1980..1989", "b"),
        ("year:1999", "a"),
        ("-year:1990..", "bc"),
        ("duration_s:10..15", "abc"),
        ("duration_s:20..", ""),
        ("added_s:5..", "b"),
        ("key:A minor", "a"),
        ("key:8A", "a"),
        ("key:D# major,a moll", "ab"),
        ("key:nonsense", ""),
        ("-key:nonsense", "abc"),
        ("-key:a minor", "bc"),
        ("percussive:0..1", ""),
        ("-vocals:0..1", "abc"),
        ("played:never", "abc"),
        ("played:ever", ""),
        ("played_s:1..", ""),
        ("-played_s:1..", "abc"),
    ],
)
def test_numbers_and_keys(ledger: Ledger, written: str, wanted: str) -> None:
    add(ledger, "a", Tags(year=1999), SLOW)
    add(ledger, "b", Tags(year=1984), FAST, now_s=9.0)
    add(ledger, "c")
    assert found(ledger, written) == wanted


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("artist:miles davis", "ab"),
        ("artist:Gil Evans", "b"),
        ("artist:BJÖRK", "c"),
        ("artist:bjork,gil evans", "bc"),
        ("artist:Beatles", "d"),
        ("artist:ac dc", "e"),
        ("artist:Various Artists", "e"),
        ("artist:Mile", ""),
        ("-artist:miles davis", "cdef"),
        ("genre:rock", "de"),
        ("genre:POP", "cd"),
        ("genre:hip-hop", "f"),
        ("genre:hip hop", "f"),
        ("genre:rock / pop", "d"),
        ("-genre:rock,pop", "abf"),
        ("album:die arzte", "f"),
        ("album:Die Aerzte", "f"),
        ("album:kind of blue", "a"),
    ],
)
def test_words_are_met_however_they_are_written(ledger: Ledger, written: str, wanted: str) -> None:
    add(ledger, "a", Tags(artist="Miles Davis", genre="Jazz", album="Kind of Blue"))
    add(ledger, "b", Tags(artist="Gil Evans feat. Miles Davis", genre="Jazz; Cool"))
    add(ledger, "c", Tags(artist="Björk", genre="Pop"))
    add(ledger, "d", Tags(artist="The Beatles", genre="Rock/Pop"))
    add(ledger, "e", Tags(artist="AC/DC", genre="Rock", album_artist="Various Artists"))
    add(ledger, "f", Tags(artist="X", genre="Hip-Hop", album="Die Ärzte"))
    assert found(ledger, written) == wanted


def test_formats_and_folders(ledger: Ledger) -> None:
    add(ledger, "a", media=Media("mov,mp4,m4a,3gp", "aac", 44_100, 2))
    add(ledger, "b", folder="Hörbücher", media=Media("flac", "flac", 44_100, 2))
    add(ledger, "Jazz/Live/c")
    add(ledger, "Jazz2/d")
    assert found(ledger, "format:m4a") == found(ledger, "format:AAC") == "a"
    assert found(ledger, "format:flac,opus") == "Jazz/Live/cJazz2/db"
    assert found(ledger, "folder:hoerbuecher") == "b"
    assert found(ledger, "folder:Music/Jazz") == found(ledger, "folder:music/Jazz/Live/") != ""
    assert found(ledger, "folder:Music/Jazz") == "Jazz/Live/c"
    assert found(ledger, "folder:music/Jazz/Li") == ""
    assert found(ledger, "folder:nowhere/Jazz") == ""
    assert found(ledger, "-folder:music") == "b"


def test_all_conditions_are_to_be_met_and_the_strictest_is_told(ledger: Ledger) -> None:
    add(ledger, "a", Tags(genre="Jazz"), SLOW)
    add(ledger, "b", Tags(genre="Jazz"), FAST)
    add(ledger, "c", Tags(genre="Rock"), FAST)
    assert found(ledger, "genre:jazz", "bpm:150..") == "b"
    written = ["genre:jazz", "bpm:150..", "key:c major", "-genre:jazz"]
    assert ledger.explain([Condition.parse(one) for one in written]) == {
        "genre:jazz": 2,
        "bpm:150..": 2,
        "key:c major": 0,
        "-genre:jazz": 1,
    }


EITHER = {"a": (80.0, None), "b": (160.0, None), "c": (160.0, 80.0), "d": (80.0, 160.0)}


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("bpm:..85", "acd"),
        ("bpm:130..", "bcd"),
        ("bpm:75..85", "acd"),
        ("bpm:100..120", ""),
        ("-bpm:85.5..", "acde"),  # slow: none that is fast whichever way it is counted
        ("-bpm:..129.5", "bcde"),
        ("-bpm:85.5..129.5", "abcde"),
        ("-bpm:75..85", "bcde"),
        ("-bpm:60..200", "e"),
    ],
)
def test_either_count_of_a_tempo_will_do(ledger: Ledger, written: str, wanted: str) -> None:
    for name, (bpm, other) in EITHER.items():
        add(ledger, name, descriptors=Descriptors(bpm=bpm, bpm_other=other))
    add(ledger, "e")
    assert found(ledger, written) == wanted


@pytest.mark.parametrize(
    ("bpm", "wanted"), [(85.0, True), (85.49, True), (85.5, False), (86.0, False)]
)
def test_a_word_for_a_tempo_means_what_is_shown(ledger: Ledger, bpm: float, wanted: bool) -> None:
    add(ledger, "a", descriptors=Descriptors(bpm=bpm))
    assert found(ledger, "-bpm:85.5..") == ("a" if wanted else "")


def test_a_tempo_comes_before_none_and_by_its_nearer_count(ledger: Ledger) -> None:
    names = {}
    for now_s, (name, bpm, other) in enumerate(
        [("near", 118.0, None), ("octave", 60.5, 121.0), ("off", 115.5, None), ("none", None, None)]
    ):
        sound = Descriptors(bpm=bpm, bpm_other=other)
        names[add(ledger, name, descriptors=sound, now_s=now_s)] = name

    def order(written: str) -> list[str]:
        rows = ledger.newest_matching([Condition.parse(written)])
        return [names[row.track_id] for row in rows]

    assert order("bpm:115..125") == ["octave", "near", "off"]
    assert order("-bpm:130.5..") == ["off", "octave", "near", "none"]


def test_an_empty_ledger_explains_too(ledger: Ledger) -> None:
    assert ledger.explain([Condition.parse("bpm:1..")]) == {"bpm:1..": 0}


def test_the_kind_is_not_asked_of_the_ledger(ledger: Ledger) -> None:
    for ask in (ledger.matching, ledger.matching_tracks, ledger.explain):
        with pytest.raises(ValueError, match="kind"):
            ask([Condition.parse("kind:music")])


def test_of_one_sound_only_the_tracks_that_meet_the_conditions(ledger: Ledger) -> None:
    jazz, rock = drop(ledger, "a", "b")
    for track_id, genre in ((jazz, "Jazz"), (rock, "Rock")):
        ledger.mark_indexed([(track_id, V1, heard("s", tags=Tags(genre=genre)), "")], 2.0)
    conditions = [Condition.parse("genre:rock")]
    assert ledger.matching(conditions) == ["s"]
    assert ledger.matching_tracks(conditions) == {rock}
    assert ledger.matching_tracks(conditions, [jazz]) == set()
    rows = ledger.rows_by_audio(["s"])["s"]
    assert [one.track_id for one in ledger.meets(rows, conditions)] == [rock]
    assert ledger.meets(rows, []) == rows


def test_only_what_can_be_found(ledger: Ledger) -> None:
    ids = {name: add(ledger, name, Tags(genre="Jazz")) for name in "abcde"}
    drop(ledger, "f")
    gone(ledger, ids["a"])
    ledger.apply(Changes(changed={ids["b"]: V1}, excluded={ids["c"]: "a rule"}), 5.0)
    ledger.mark_failed(ids["d"], V1, "x", 5.0)
    assert found(ledger, "genre:jazz") == "be"  # what waits to be heard again is still found
    moved = {ids["a"]: (at("z"), V1), ids["e"]: (at("y", "other"), V1)}
    ledger.apply(Changes(moved=moved, included={ids["c"]: V1}), 6.0)
    assert found(ledger, "genre:jazz") == "abce"
    assert found(ledger, "folder:other") == "e"
    ledger.rename_folder("other", "new", 7.0)
    assert found(ledger, "folder:other") == ""
    assert found(ledger, "folder:new") == "e"
    ledger.forget(ids.values())
    assert found(ledger, "-genre:rock") == ""


def test_a_new_tag_is_known_at_once(ledger: Ledger) -> None:
    track_id = add(ledger, "a", Tags(genre="Jazz"))
    assert found(ledger, "genre:jazz") == "a"
    ledger.mark_indexed([(track_id, V1, heard("a", tags=Tags(genre="Soul")), "")], 9.0)
    assert found(ledger, "genre:jazz") == ""
    assert found(ledger, "genre:soul") == "a"


def test_what_a_transaction_did_not_keep_is_not_remembered(ledger: Ledger) -> None:
    def given_up() -> None:
        with ledger.together():
            add(ledger, "a", Tags(genre="Jazz"))
            assert found(ledger, "genre:jazz") == "a"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        given_up()
    add(ledger, "b", Tags(genre="Soul"))
    assert found(ledger, "genre:jazz") == ""
    assert found(ledger, "genre:soul") == "b"


def test_of_a_part_its_sheet_goes_first(ledger: Ledger) -> None:
    cut = Cut(0.0, 60.0, Tags(artist="From the Sheet", year=1970))
    stat = FileStat(100, 5, 11, cut)
    ledger.apply(Changes(new={at("mix.flac", part=1): stat}), 1.0)
    (track_id,) = ledger.known_ids()
    tags = Tags(artist="From the File", genre="Dub", year=2001)
    ledger.mark_indexed([(track_id, stat, heard("a", tags=tags), "")], 2.0)
    assert found(ledger, "artist:from the sheet", "genre:dub", "year:1970") == "a"
    assert found(ledger, "artist:from the file") == ""


def test_odd_values_do_no_harm(ledger: Ledger) -> None:
    add(ledger, "a", Tags(genre="half \ud83d", artist="' OR 1=1 --", year=10**30))
    add(ledger, "b", descriptors=Descriptors(bpm=float("nan"), key="A minor"))
    assert found(ledger, "artist:' or 1=1 --") == "a"
    assert found(ledger, "artist:' or 1=1") in ("", "a")
    assert found(ledger, "year:2000..") == "a"
    assert found(ledger, "bpm:1..") == ""
    assert found(ledger, "-bpm:1..") == "ab"


def test_plays_decide_and_follow_the_track(ledger: Ledger) -> None:
    diary = Diary(ledger.database)
    a, b = add(ledger, "a"), add(ledger, "b")
    assert diary.played(a, 100.0)
    assert diary.played(a, 50.0)
    assert found(ledger, "played:ever") == "a"
    assert found(ledger, "played:never") == "b"
    assert found(ledger, "played:never,ever") == "ab"
    assert found(ledger, "played_s:60..") == "a"
    assert found(ledger, "played_s:..60") == ""
    assert found(ledger, "-played_s:60..") == "b"
    gone(ledger, a)
    diary.played(a, 200.0)  # from a list that was open
    ledger.apply(Changes(moved={a: (at("elsewhere"), V1)}), 9.0)
    assert found(ledger, "played_s:150..") == "a"
    ledger.take_over(b, a, 10.0)
    assert found(ledger, "played_s:150..") == "a"
    assert diary.last_played([a, b]) == {b: 200.0}


def test_an_old_ledger_has_its_facts(tmp_path: Path) -> None:
    path = tmp_path / "traumbox.db"
    write_schema_3(path)
    ledger = Ledger(path)
    findable = [i for i in ledger.known_ids() if i in {r.track_id for r in _findable(ledger)}]
    assert findable
    assert ledger.matching_tracks([Condition.parse("year:1999")]) == set(findable)
    ledger.close()


def _findable(ledger: Ledger) -> list[object]:
    rows = ledger.rows(ledger.known_ids())
    sounds = [one.audio_id for one in rows.values() if one.audio_id is not None]
    return [one for some in ledger.rows_by_audio(sounds).values() for one in some]


CHOICES = st.sampled_from(
    ["hear", "gone", "back", "exclude", "include", "change", "fail", "forget", "play"]
)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(CHOICES, st.integers(0, 2), st.sampled_from(["", "Jazz", "Dub"]))))
def test_facts_are_always_those_of_the_rows(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, str]]
) -> None:
    ledger = Ledger(tmp_path_factory.mktemp("facts") / "traumbox.db")
    diary = Diary(ledger.database)
    ids = drop(ledger, "a", "b", "c")
    for number, (step, which, genre) in enumerate(steps):
        track_id, now_s = ids[which], 10.0 + number
        if ledger.row(track_id) is None:
            continue
        if step == "hear":
            sound = heard(genre, tags=Tags(genre=genre), descriptors=Descriptors(bpm=now_s))
            ledger.mark_indexed([(track_id, V1, sound, "")], now_s)
        elif step == "play":
            diary.played(track_id, now_s)
        elif step == "fail":
            ledger.mark_failed(track_id, V1, "x", now_s)
        elif step == "forget":
            ledger.forget([track_id])
        else:
            changes = {
                "gone": Changes(gone=frozenset([track_id])),
                "back": Changes(moved={track_id: (at(f"{which}{genre}", genre or "music"), V1)}),
                "exclude": Changes(excluded={track_id: "a rule"}),
                "include": Changes(included={track_id: V1}),
                "change": Changes(changed={track_id: V1}),
            }
            ledger.apply(changes[step], now_s)
    wanted = {one.track_id: one for one in _findable(ledger)}  # type: ignore[attr-defined]
    with ledger.database.reading() as db:
        facts = db.execute(
            "SELECT track_id, audio_id, bpm, added_s, (SELECT text FROM fact_words"
            " WHERE id = facts.folder), coalesce((SELECT text FROM fact_words"
            " WHERE id = facts.genre), ''), played_s FROM facts"
        ).fetchall()
    last = diary.last_played(ids)
    assert sorted(facts) == sorted(
        (
            track_id,
            one.audio_id,
            one.descriptors.bpm,
            one.added_at_s,
            one.location.folder,
            one.tags.genre,
            last.get(track_id),
        )
        for track_id, one in wanted.items()
    )
    ledger.close()


@pytest.mark.parametrize("field", NUMBER_FIELDS)
def test_every_field_can_be_asked(ledger: Ledger, field: str) -> None:
    assert found(ledger, f"{field}:..5") == ""


def test_another_program_may_write_to_the_files(ledger: Ledger, tmp_path: Path) -> None:
    track_id = add(ledger, "a", Tags(genre="Jazz"))
    db = sqlite3.connect(tmp_path / "traumbox.db")
    db.execute('UPDATE files SET tags = \'{"genre": "Dub"}\'')
    db.commit()
    db.close()
    assert found(ledger, "genre:dub") == "a"
    hear(ledger, track_id)
    assert row(ledger, track_id).tags.genre == ""
    assert found(ledger, "genre:dub") == ""
