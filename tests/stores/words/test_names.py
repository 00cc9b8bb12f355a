from __future__ import annotations

import pytest

from tests.stores.files import gone
from tests.stores.words.library import Library
from traumbox.domain import Tags
from traumbox.stores.words import Suggestion


def test_suggestions_are_names_of_which_a_word_begins_so(library: Library) -> None:
    assert library.words.suggest("roc", 3) == [Suggestion("Rock", "genre", 6)]
    assert library.words.suggest("dav", 3) == [Suggestion("Miles Davis", "artist", 2)]
    assert library.words.suggest("mil dav", 3) == [Suggestion("Miles Davis", "artist", 2)]
    assert library.words.suggest("bjö", 3) == [Suggestion("Björk", "artist", 1)]
    assert library.words.suggest("aerz", 3) == [Suggestion("Die Ärzte", "artist", 1)]
    assert library.words.suggest("坂", 3) == [Suggestion("坂本龍一", "artist", 1)]
    assert library.words.suggest("so wh", 3) == [Suggestion("So What", "title", 2)]
    assert library.words.suggest("mus", 1) == [Suggestion("Music", "folder", 18)]
    assert library.words.suggest("zzz", 3) == []
    assert library.words.suggest("", 3) == []


def test_what_most_tracks_bear_is_suggested_first(library: Library) -> None:
    shown = [one.text for one in library.words.suggest("m", 4)]
    assert shown[:2] == ["Music", "Miles Davis"]
    library.hear({f"m{n}.mp3": Tags(str(n), "mø") for n in range(3)})
    # Two ways to write one name are one suggestion, and count together.
    assert library.words.suggest("m", 3)[1] == Suggestion("mø", "artist", 4)


def test_what_is_gone_is_suggested_no_more(library: Library) -> None:
    gone(library.ledger, library.track("bjork.mp3"))
    assert library.words.suggest("bjö", 3) == []
    assert library.words.suggest("homog", 3) == []
    assert library.words.suggest("jóga", 3) == []


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("beyonse", "Beyoncé"),
        ("mils davis", "Miles davis"),
        ("losing my religoin", "losing my Religion"),
        ("garfunkle quiet", "Garfunkel quiet"),
        ("miles davis", None),
        ("mile", None),  # the beginning of a word
        ("acdc", None),
        ("aerzte", None),
        ("xqzw", None),
        ("", None),
    ],
)
def test_spelling(library: Library, text: str, right: str | None) -> None:
    assert library.words.spelling(text) == right


def test_known_words_are_left_alone(library: Library) -> None:
    assert library.words.spelling("pianos") == "Piano"
    assert library.words.spelling("pianos", known={"pianos"}) is None


def test_what_goes_together_is_the_likelier_spelling(library: Library) -> None:
    library.hear({f"m{n}.mp3": Tags("Mills", "Mills") for n in range(5)})
    assert library.words.spelling("milss") == "Mills"
    assert library.words.spelling("davis milas") == "davis Miles"


def test_the_vocabulary(library: Library) -> None:
    vocabulary = library.words.vocabulary
    assert vocabulary.genres()["rock"] == "Rock"
    assert vocabulary.genres()["r b"] == vocabulary.genres()["rb"] == "R&B"
    assert vocabulary.folders() == {"music": "Music"}
    for folded, artist in {
        "miles davis": "Miles Davis",
        "ac dc": "AC/DC",
        "acdc": "AC/DC",
        "r e m": "R.E.M.",
        "die aerzte": "Die Ärzte",
        "bjork": "Björk",
        "the who": "The Who",
        "diplo": "Diplo",
        "who": None,  # a word of a sentence, too
        "miles": None,
        "homogenic": None,
        "": None,
    }.items():
        assert vocabulary.artist(folded) == artist


def test_the_vocabulary_is_as_new_as_the_library(library: Library) -> None:
    vocabulary = library.words.vocabulary
    assert "polka" not in vocabulary.genres()
    assert vocabulary.genres() is vocabulary.genres()
    library.hear({"p.mp3": Tags("x", "New One", genre="Polka")}, folder="Other")
    assert vocabulary.genres()["polka"] == "Polka"
    assert vocabulary.folders() == {"music": "Music", "other": "Other"}
    assert vocabulary.artist("new one") == "New One"
    gone(library.ledger, library.track("p.mp3", "Other"))
    assert "polka" not in vocabulary.genres()
    assert vocabulary.artist("new one") is None
