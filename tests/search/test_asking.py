from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.fakes import ToneEmbedder
from tests.search.shelf import Shelf, between, tones
from traumbox.domain import Condition, Float32, Query, Tags, unit
from traumbox.search import Ways

TONES_HZ = {"piano": 440, "drums": 880, "saxophone": 2000, "singing": 110}
PIANO_HZ, DRUMS_HZ, SAX_HZ, OTHER_HZ = 440, 880, 2000, 3520


class Band(ToneEmbedder):
    """Knows a few words as tones: a sentence lies between those of its words."""

    def __init__(self, tones_hz: Mapping[str, int] = TONES_HZ, language: str = "en") -> None:
        super().__init__(floor=0.3)
        self._card = replace(self._card, languages=(language,))
        self._tones_hz = tones_hz

    def embed_text(self, sentences: Sequence[str]) -> Float32:
        vectors = []
        for sentence in sentences:
            words = [word for word in sentence.casefold().split() if word in self._tones_hz]
            named = [f"{self._tones_hz[word]} Hz" for word in words]
            vectors.append(unit(super().embed_text(named or [sentence]).sum(axis=0)))
        return np.stack(vectors)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path, Band())


def test_who_is_asked_for_by_name_comes_first_and_says_why(shelf: Shelf) -> None:
    for number in range(5):
        shelf.add(f"Etude {number}", "piano")
    shelf.add("So What", "saxophone", tags=Tags(title="So What", artist="Miles Davis"))
    first = shelf.search.search(Query("miles davis")).hits[0]
    assert (first.track.title, first.why[0], first.match) == ("So What", "name", 100)


def test_a_name_and_a_sound_in_one_sentence(shelf: Shelf) -> None:
    miles = Tags(artist="Miles Davis")
    shelf.add("Quiet", "piano", tags=miles)
    shelf.add("Loud", "saxophone", tags=miles)
    shelf.add("Other", "piano")
    assert shelf.titles("miles davis piano")[0] == "Quiet"
    assert set(shelf.titles("miles davis piano")[:2]) == {"Quiet", "Loud"}


def test_each_way_of_finding_can_be_turned_off(shelf: Shelf) -> None:
    shelf.add("Drums of the deep", "piano")
    shelf.add("Nocturne", "drums")
    assert shelf.titles("drums", ways=Ways(words=False)) == ["Nocturne"]
    assert shelf.titles("drums", ways=Ways(sound=False)) == ["Drums of the deep"]
    assert set(shelf.titles("drums")) == {"Drums of the deep", "Nocturne"}
    (named, *_) = shelf.search.search(Query("drums"), ways=Ways(sound=False)).hits
    assert (named.start_s, named.score, named.why) == (0.0, 0.0, ("name",))


def test_filters_are_in_the_sentence_and_beside_it(shelf: Shelf) -> None:
    shelf.add("Slow", "piano", bpm=70.0, tags=Tags(year=1975))
    shelf.add("Quick", "piano", bpm=121.0, tags=Tags(year=1985))
    assert shelf.titles("piano around 120 bpm") == ["Quick"]
    assert shelf.titles("piano", "bpm:..80") == ["Slow"]
    assert shelf.titles("piano from the 70s") == ["Slow"]
    answer = shelf.search.search(Query("piano around 120 bpm"))
    assert answer.understood is not None
    (chip,) = answer.understood.chips
    assert chip.condition is not None
    assert chip.condition.field == "bpm"
    taken_back = Query("piano around 120 bpm", taken_back=frozenset({chip.id}))
    assert len(shelf.search.search(taken_back).hits) == 2


def test_names_are_looked_for_among_what_the_filters_leave(shelf: Shelf) -> None:
    for number in range(120):
        shelf.add(f"{number}", "piano", tags=Tags(title="Blue", genre="Rock"))
    title = "A train so long that it is blue at its far end"
    shelf.add("last", "piano", tags=Tags(title=title, genre="Jazz"))
    assert shelf.titles("blue", "genre:Jazz") == [title]


def test_filters_alone_list_the_latest_first(shelf: Shelf) -> None:
    shelf.add("Slow", "piano", bpm=70.0, added_s=1.0)
    shelf.add("Quick", "drums", bpm=121.0, added_s=3.0)
    shelf.add("Middling", "drums", bpm=100.0, added_s=2.0)
    answer = shelf.search.search(Query(conditions=(Condition.parse("bpm:..200"),)))
    assert [hit.track.title for hit in answer.hits] == ["Quick", "Middling", "Slow"]
    assert all(hit.why == ("filter",) for hit in answer.hits)


def test_where_filters_leave_nothing_each_is_told_with_what_it_leaves(shelf: Shelf) -> None:
    shelf.add("Slow", "piano", bpm=70.0, tags=Tags(year=1975))
    shelf.add("Quick", "piano", bpm=121.0, tags=Tags(year=1985))
    conditions = tuple(Condition.parse(one) for one in ("bpm:300..", "year:1970..1979"))
    answer = shelf.search.search(Query("piano", conditions=conditions))
    assert answer.hits == ()
    assert dict(answer.left_by) == {"bpm:300..": 0, "year:1970..1979": 1}


def test_what_must_not_be_heard_is_left_out(shelf: Shelf) -> None:
    shelf.add("Trio", "piano", "drums", "drums")
    shelf.add("Solo", "piano", "piano", "piano")
    assert shelf.titles("piano without drums") == ["Solo"]
    assert shelf.titles("no drums") == ["Solo"]


def test_the_less_of_what_must_not_be_heard_the_better(shelf: Shelf) -> None:
    hint = np.vstack([tones(PIANO_HZ), *[between(DRUMS_HZ, OTHER_HZ, 0.74)] * 3])
    shelf.add("Hint", vectors=hint)
    shelf.add("Solo", "piano", "piano", "piano", "piano")
    assert shelf.titles("piano") == ["Hint", "Solo"]
    assert shelf.titles("piano without drums") == ["Solo", "Hint"]


def test_where_only_an_absence_is_asked_for_what_is_furthest_from_it_goes_first(
    shelf: Shelf,
) -> None:
    shelf.add("None", "piano", "piano", "piano", "piano", "piano")
    shelf.add("A little", "piano", "piano", "piano", "piano", "drums")
    hits = shelf.search.search(Query("no drums")).hits
    assert [hit.track.title for hit in hits] == ["None", "A little"]
    assert hits[0].match == 100


def test_a_name_without_a_sound_finds_nothing_by_sound(shelf: Shelf) -> None:
    miles = Tags(artist="Miles Davis")
    shelf.add("Trio", "piano", "drums", "drums", tags=miles)
    shelf.add("Solo", "saxophone", tags=miles)
    shelf.add("Etude", "piano")
    hits = shelf.search.search(Query("Miles Davis no drums")).hits
    assert [hit.track.title for hit in hits] == ["Solo"]


def test_the_part_where_a_sound_comes_in_starts_there(shelf: Shelf) -> None:
    shelf.add("Suite", "piano", "piano", "saxophone", "saxophone", "piano")
    hit = shelf.search.search(Query("the part where the saxophone comes in")).hits[0]
    assert hit.start_s == 20.0


def test_a_hit_by_name_starts_where_it_sounds_most_like_the_sentence(shelf: Shelf) -> None:
    shelf.add("Saxophone for two", "piano", "drums", "piano")
    shelf.add("Blue", "saxophone")
    query = Query("saxophone")
    hits = {hit.track.title: hit for hit in shelf.search.search(query).hits}
    assert hits["Saxophone for two"].why[0] == "name"
    assert hits["Blue"].why == ("sound",)


def test_like_this_but_with_something(shelf: Shelf) -> None:
    seed = shelf.add("Seed", "piano", "piano")
    shelf.add("Same", "piano", "piano", duration_s=33.0)
    shelf.add("With sax", "piano", "saxophone")
    shelf.add("Drums", "drums")
    both = shelf.search.search(Query("saxophone", like=(seed,)))
    assert (both.hits[0].track.title, both.hits[0].start_s) == ("With sax", 10.0)
    matches = {hit.track.title: hit.match for hit in both.hits}
    assert matches == {"With sax": 100, "Same": 50, "Drums": 0}
    alone = shelf.search.search(Query(like=(seed,)))
    assert alone.hits[0].track.title == "Same"


def test_what_fits_a_sentence_beside_a_likeness_need_not_differ(shelf: Shelf) -> None:
    seed = shelf.add("Seed", "piano")
    for number in range(4):
        same = Tags(title=f"Theirs {number}", artist="Them", album="One")
        shelf.add(f"theirs {number}", "piano", "saxophone", tags=same, duration_s=20.0 + number * 5)
    for number in range(4):
        shelf.add(f"Other {number}", "drums", "saxophone", duration_s=50.0 + number * 5)
    hits = shelf.search.search(Query("saxophone", like=(seed,), limit=4)).hits
    assert [hit.track.tags.album for hit in hits] == ["One"] * 4


def test_tracks_minus_tracks(shelf: Shelf) -> None:
    trio = shelf.add("Trio", "piano", "drums")
    drums = shelf.add("Drums", "drums")
    shelf.add("Piano", "piano")
    shelf.add("More drums", "drums", duration_s=44.0)
    hits = shelf.search.search(Query(like=(trio,), unlike=(drums,))).hits
    assert hits[0].track.title == "Piano"
    assert "Drums" not in [hit.track.title for hit in hits]


def test_a_sentence_minus_a_track(shelf: Shelf) -> None:
    trio = shelf.add("Trio", "piano", "drums")
    shelf.add("Quartet", "piano", "drums", "drums")
    shelf.add("Duo", "piano", "saxophone")
    shelf.add("Solo", "piano", "piano")
    hits = shelf.search.search(Query("piano", unlike=(trio,))).hits
    assert {hit.track.title for hit in hits[:2]} == {"Duo", "Solo"}
    assert "Trio" not in [hit.track.title for hit in hits]


def test_what_is_no_more_like_a_track_than_usual_keeps_its_place(shelf: Shelf) -> None:
    disliked = shelf.add("Disliked", "saxophone")
    somewhat = np.vstack([tones(PIANO_HZ), between(SAX_HZ, OTHER_HZ, 0.66)])
    for title in "ABC":
        shelf.add(title, vectors=somewhat, duration_s=30.0 + ord(title))
    shelf.add("D", "piano", "drums")
    assert shelf.titles("piano") == ["A", "B", "C", "D"]
    hits = shelf.search.search(Query("piano", unlike=(disliked,))).hits
    assert [hit.track.title for hit in hits] == ["A", "B", "C", "D"]


def test_similar_is_not_five_of_one_album(shelf: Shelf) -> None:
    seed = shelf.add("Seed", "piano", "drums")
    for number in range(6):
        same = Tags(artist="Them", album="One", title=f"Theirs {number}")
        shelf.add(f"theirs {number}", "piano", "drums", tags=same, duration_s=100.0 + 5 * number)
    for number in range(4):
        sounds = "piano", "piano", "drums", "drums", "saxophone"
        shelf.add(f"Other {number}", *sounds, duration_s=200.0 + 5 * number)
    hits = shelf.search.search(Query(like=(seed,), limit=5)).hits
    assert sum(hit.track.tags.album == "One" for hit in hits) <= 2


def test_a_misspelt_name_is_found_and_where_nothing_fits_it_is_put_right(shelf: Shelf) -> None:
    shelf.add("So What", "saxophone", tags=Tags(title="So What", artist="Miles Davis"))
    found = shelf.search.search(Query("mlies davsi"))
    assert [(hit.track.title, hit.fits) for hit in found.hits] == [("So What", True)]
    assert found.meant == ""
    nothing = shelf.search.search(Query("miels davsi piano"))
    assert not any(hit.fits for hit in nothing.hits)
    assert nothing.meant == "Miles Davis piano"


def test_the_same_question_is_answered_from_memory_until_something_changes(shelf: Shelf) -> None:
    shelf.add("One", "piano")
    first = shelf.search.search(Query("piano")).hits
    assert shelf.search.search(Query("piano")).hits is first
    shelf.add("Two", "piano", duration_s=55.0)
    assert len(shelf.search.search(Query("piano")).hits) == 2


def test_german_sounds_reach_a_tower_in_the_language_that_it_knows(
    shelf: Shelf, tmp_path: Path
) -> None:
    shelf.add("Etude", "piano")
    shelf.add("Choral", "singing")
    assert shelf.titles("Gesang") == ["Choral"]
    (tmp_path / "german").mkdir()
    german = Shelf(tmp_path / "german", Band({"klavier": PIANO_HZ, "gesang": 110}, "de"))
    german.add("Etude", "klavier")
    german.add("Choral", "gesang")
    assert german.titles("Gesang") == ["Choral"]


def test_of_a_recording_the_file_that_was_named_goes_first_and_only_what_is_allowed(
    shelf: Shelf,
) -> None:
    shelf.add("Alpha", "piano", audio_id="same", tags=Tags(title="Alpha", genre="Rock"))
    shelf.add("Beta", "piano", audio_id="same", tags=Tags(title="Beta", genre="Jazz"))
    (hit,) = shelf.search.search(Query("beta")).hits
    assert [track.title for track in (hit.track, *hit.copies)] == ["Beta", "Alpha"]
    filters = (Condition.parse("genre:Rock"),)
    (hit,) = shelf.search.search(Query("piano", conditions=filters)).hits
    assert [track.title for track in (hit.track, *hit.copies)] == ["Alpha"]


def test_two_encodings_of_a_recording_are_one_hit_with_all_their_files(shelf: Shelf) -> None:
    song = Tags(title="Song")
    shelf.add("song.flac", "piano", audio_id="flac", tags=song)
    shelf.add("song.mp3", "piano", audio_id="mp3", tags=song)
    shelf.add("again.mp3", "piano", audio_id="mp3", tags=song)
    shelf.add("Other", "piano", duration_s=55.0)
    first, second = shelf.search.search(Query("piano", limit=2)).hits
    files = [track.location.display for track in (first.track, *first.copies)]
    assert files == ["song.flac", "again.mp3", "song.mp3"]
    assert second.track.title == "Other"
    by_sound = shelf.search.search_sound(tones(PIANO_HZ), limit=2).hits
    assert [hit.track.title for hit in by_sound] == ["Song", "Other"]


def test_a_name_beside_a_sound_is_no_whole_name(shelf: Shelf) -> None:
    miles = Tags(title="Loud", artist="Miles Davis")
    shelf.add("loud", "saxophone", tags=miles)
    shelf.add("Etude", "piano")
    hits = {hit.track.title: hit for hit in shelf.search.search(Query("miles davis piano")).hits}
    assert hits["Loud"].match == round(95 * 0.5)
    assert hits["Loud"].why == ("name",)


def test_the_moment_lies_well_inside_what_was_asked_for(shelf: Shelf) -> None:
    nearly = between(PIANO_HZ, OTHER_HZ, 0.24), between(PIANO_HZ, OTHER_HZ, 0.28)
    passage = np.vstack([tones(DRUMS_HZ), nearly[0], nearly[1], nearly[1], tones(DRUMS_HZ)])
    shelf.add("Suite", vectors=passage)
    (hit,) = shelf.search.search(Query("piano")).hits
    assert hit.start_s == 20.0
