from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.search.shelf import Shelf
from traumbox.domain import Tags
from traumbox.search.starters import Held
from traumbox.search.suggesting import Suggestion, sounds_like, suggested

HELD = [
    Held("calm piano", 80, 12, "a"),
    Held("dramatic piano", 90, 7, "b"),
    Held("choir singing", 70, 3, "c"),
    Held("a phrase of a later version", 99, 9, "d"),
]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    shelf = Shelf(tmp_path)
    for number in range(9):
        artist = f"Piano Man {number}"
        shelf.add(f"{number}", 440, tags=Tags(title=f"Song {number}", artist=artist, genre="Jazz"))
    return shelf


def said(held: list[Held], typed: str, limit: int = 8) -> list[str]:
    return [one.text for one in sounds_like(held, typed, limit)]


def test_sounds_begin_with_the_words_typed_the_best_match_first() -> None:
    assert said(HELD, "pian") == ["dramatic piano", "calm piano"]
    assert said(HELD, "piano ca") == ["calm piano"]
    assert said(HELD, "Klav") == ["dramatisches Klavier", "ruhiges Klavier"]
    assert said(HELD, "CHÖR") == ["Chorgesang"]
    assert said(HELD, "Chor") == ["Chorgesang"]
    assert said(HELD, "piano guitar") == []
    assert said(HELD, "p", 1) == ["dramatic piano"]
    assert said([], "piano") == []


def test_names_go_first_and_leave_room_for_sounds(shelf: Shelf) -> None:
    found = suggested(shelf.search.words, HELD, "piano", 6).suggestions
    assert [one.kind for one in found] == ["artist"] * 4 + ["sound"] * 2
    assert found[-1] == Suggestion("calm piano", "sound", 12)
    assert len(suggested(shelf.search.words, HELD, "piano", 1).suggestions) == 1
    assert suggested(shelf.search.words, [], "jaz", 8).suggestions == (
        Suggestion("Jazz", "genre", 9),
    )


def test_only_where_nothing_begins_so_is_it_spelled_anew(shelf: Shelf) -> None:
    shelf.add("m", 440, tags=Tags(title="So What", artist="Miles Davis"))
    assert suggested(shelf.search.words, [], "mile", 8).meant == ""
    assert suggested(shelf.search.words, [], "miels davis", 8).meant.casefold() == "miles davis"
    assert suggested(shelf.search.words, [], "choir", 8).meant == "", "a sound, not a slip"


def test_nothing_typed_is_nothing_suggested(shelf: Shelf) -> None:
    for typed in ("", "   ", "...", "x" * 201):
        found = suggested(shelf.search.words, HELD, typed, 8)
        assert (found.suggestions, found.meant) == ((), "")


@settings(
    deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=60), st.integers(1, 50))
def test_whatever_is_typed_is_answered(shelf: Shelf, typed: str, limit: int) -> None:
    found = suggested(shelf.search.words, HELD, typed, limit)
    assert len(found.suggestions) <= limit
