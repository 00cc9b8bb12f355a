from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.stores.words.library import NAMED, Library
from traumbox.domain import Tags


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("miles davis", "Jazz/Miles Davis/01 - So What.flac"),
        ("Blue in Green Miles Davis", "Jazz/Miles Davis/02 - Blue in Green.flac"),
        ("beyonce", "Pop/Halo.mp3"),
        ("BEYONCÉ", "Pop/Halo.mp3"),
        ("pink", "Pop/funhouse.mp3"),
        ("P!nk So What", "Pop/funhouse.mp3"),
        ("mø", "Pop/xxx.mp3"),
        ("mo", "Pop/xxx.mp3"),
        ("moe", "Pop/xxx.mp3"),
        ("diplo", "Pop/xxx.mp3"),
        ("die ärzte", "arzte.mp3"),
        ("Aerzte", "arzte.mp3"),
        ("arzte", "arzte.mp3"),
        ("AC/DC", "acdc.mp3"),
        ("acdc", "acdc.mp3"),
        ("ac dc", "acdc.mp3"),
        ("rem", "rem.mp3"),
        ("r.e.m.", "rem.mp3"),
        ("坂本龍一", "sakamoto.mp3"),
        ("坂本", "sakamoto.mp3"),
        ("龍", "sakamoto.mp3"),
        ("メリー", "sakamoto.mp3"),
        ("кино", "kino.mp3"),
        ("КРОВИ", "kino.mp3"),
        ("björk", "bjork.mp3"),
        ("bjoerk", "bjork.mp3"),
        ("the the", "thethe.mp3"),
        ("the who", "thewho.mp3"),
        ("!!!", "chk.mp3"),
        ("simon and garfunkel", "simon.mp3"),
        ("Simon & Garfunkel", "simon.mp3"),
    ],
)
def test_a_name_is_found_however_it_is_spelled(library: Library, text: str, first: str) -> None:
    hit = library.words.find(text, 10)[0]
    assert library.places()[hit.track_id].display == first
    assert hit.audio_id == first
    assert hit.coverage == 1.0 if hit.exact else hit.coverage > 0.9


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("mils davis", "Jazz/Miles Davis/01 - So What.flac"),
        ("milse davis", "Jazz/Miles Davis/01 - So What.flac"),
        ("miles davsi", "Jazz/Miles Davis/01 - So What.flac"),
        ("beyonse", "Pop/Halo.mp3"),
        ("garfunkle", "simon.mp3"),
        ("niles davis", "Jazz/Miles Davis/01 - So What.flac"),
        ("milesdavis", "Jazz/Miles Davis/01 - So What.flac"),
        ("loosing my religion", "rem.mp3"),
        ("back in blakc", "acdc.mp3"),
        ("white night", "nights.mp3"),
        ("lied", "nights.mp3"),
        ("losing my rel", "rem.mp3"),
        ("westerl", "arzte.mp3"),
        ("sommer see", "Sampler 3/07_Sommer_am_See.ogg"),
        ("schumann", "piano.mp3"),
        ("nachlass", "piano.mp3"),
        ("sampler", "Sampler 3/07_Sommer_am_See.ogg"),
        ("miles davis 1959", "Jazz/Miles Davis/02 - Blue in Green.flac"),
    ],
)
def test_small_errors_beginnings_and_other_forms_are_forgiven(
    library: Library, text: str, first: str
) -> None:
    assert library.found(text)[0] == first


def test_a_misspelled_word_may_be_another_word_of_the_library(library: Library) -> None:
    library.hear({"mines.mp3": Tags("Mines", "Someone")})
    assert library.found("mines davis")[0].startswith("Jazz/Miles Davis/")


def test_the_field_tells_why(library: Library) -> None:
    fields = {
        "miles": "artist",
        "homogenic": "album",
        "westerland": "title",
        "ost": "genre",
        "sampler": "folder",
        "arzte": "artist",
        "thethe": "name",
        "schumann": "credits",
        "nachlass": "comment",
        "tumbling": "lyrics",
        "built walls": "lyrics",
    }
    for text, field in fields.items():
        assert library.words.find(text, 1)[0].field == field, text


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("miles davis", "whole"),
        ("Kind of Blue", "whole"),
        ("so what", "whole"),
        ("so what pink", "whole"),
        ("miles davis so what", "whole"),
        ("miles davis quiet", "part"),
        ("quiet kind of blue", "part"),
        ("beyoncé loud", "part"),
        ("beatles the who", "part"),
        ("miles", ""),
        ("davis miles", ""),
        ("warm piano", ""),  # the title of one word: a description as a rule
        ("mils davis", ""),
        ("america quiet", ""),
    ],
)
def test_names_in_full_are_told_from_words_alone(library: Library, text: str, exact: str) -> None:
    assert library.words.find(text, 1)[0].exact == exact


def test_a_name_of_common_words_is_none_among_others(library: Library) -> None:
    library.hear({"calm.mp3": Tags("x", "Calm")})
    assert library.words.find("calm evening", 1)[0].exact == "part"
    assert library.words.find("calm evening", 1, common={"calm"})[0].exact == ""
    assert library.words.find("calm", 1, common={"calm"})[0].exact == "whole"


def test_all_words_go_before_some(library: Library) -> None:
    hits = library.words.find("calm rainy piano", 10)
    assert [hit.audio_id for hit in hits] == ["piano.mp3"]
    assert hits[0].coverage < 0.6
    library.hear({"r.mp3": Tags("Y", "Rainy", comment="calm piano")})
    hits = library.words.find("calm rainy piano", 10)
    assert [hit.audio_id for hit in hits] == ["r.mp3", "piano.mp3"]
    assert hits[0].coverage == 1.0
    assert hits[0].score > 1 > hits[1].score


def test_only_those_among(library: Library) -> None:
    others = [path for path in NAMED if path != "Pop/funhouse.mp3"]
    assert "Pop/funhouse.mp3" in library.found("so what")
    assert "Pop/funhouse.mp3" not in library.found("so what", among=others)
    assert library.found("pink so what", among=["Pop/funhouse.mp3"]) == ["Pop/funhouse.mp3"]
    assert library.found("tumbling", among=others)
    assert library.found("tumbling", among=["acdc.mp3"]) == []
    assert library.found("so what", among=[]) == []


def test_the_limit_holds_and_many_namesakes_hide_nobody(empty: Library) -> None:
    many = {f"{number}.mp3": Tags(f"Love {number}", "Various") for number in range(300)}
    empty.hear({**many, "exact.mp3": Tags("Love", "Nobody"), "album.mp3": Tags("z", "y", "Love")})
    while empty.words.catch_up():
        pass
    found = empty.found("love", 5)
    assert len(found) == 5
    assert found[0] == "exact.mp3"
    assert found[1] == "album.mp3"
    assert empty.found("love 217", 5)[0] == "217.mp3"
    assert len(empty.found("various", 500)) == 300


SYNTAX = st.sampled_from(
    ['"', "*", "^", "AND", "OR", "NOT", "NEAR(", "artist:", "-", "(", ")", "{title}", "+", "'", ";",
     "--", "\\", "%", "_", "\0", "≈", "\ud83d", "so", "what", "坂本", "'; DROP TABLE files"]
)  # fmt: skip


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.one_of(st.text(max_size=60), st.lists(SYNTAX, max_size=12).map(" ".join)))
def test_any_text_is_only_words(library: Library, text: str) -> None:
    library.words.find(text, 5)
    library.words.find(text, 5, ["acdc.mp3"], common={"so"})
    library.words.suggest(text, 5)
    library.words.spelling(text)
    library.words.vocabulary.artist(text)


@pytest.mark.parametrize(
    "text",
    ["", " ", "word " * 10_000, "x" * 100_000, " ".join(map(str, range(100, 10_000))),
     "龍" * 10_000, '"' * 10_000, "a/" * 5000, "(" * 10_000],
    ids=range(9),
)  # fmt: skip
def test_long_texts_are_answered(library: Library, text: str) -> None:
    assert library.words.find(text, 5) == []
    assert library.words.suggest(text, 5) == []
    assert library.words.spelling(text) is None
