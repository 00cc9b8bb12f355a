import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traumbox.domain import Condition, Query
from traumbox.web.panel.state import MAX_FILTERS, MAX_TEXT_LENGTH, MAX_TRACKS, SearchState

FAST = Condition("bpm", 140.0)
JAZZ = Condition("genre", values=("Jazz & Blues",))


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ("/", SearchState()),
        ("/?q=", SearchState()),
        ("/?q=%20slow%0Apiano+", SearchState(text="slow piano")),
        ("/?q=drums%20%26%20bass", SearchState(text="drums & bass")),
        ("/?like=00ff", SearchState(like=("00ff",))),
        ("/?q=piano&like=00ff", SearchState(text="piano", like=("00ff",))),
        (
            "/?like=1&like=2&like=1&like=&unlike=3",
            SearchState(like=("1", "2"), unlike=("3",)),
        ),
        (
            "/?filter=bpm%3A140..&filter=genre:Jazz+%26+Blues&filter=bpm:140..",
            SearchState(filters=(FAST, JAZZ)),
        ),
        ("/?q=fast&back=bpm:140..", SearchState(text="fast", back=("bpm:140..",))),
        ("/?filter=bpm:fast&filter=x", SearchState(unread=("bpm:fast", "x"))),
        ("/?sound=my+song.flac&q=piano", SearchState(sound="my song.flac")),
        ("/?q=%C3%9Cbung&other=1", SearchState(text="Übung")),
        ("/?q=%ff", SearchState(text="\ufffd")),
    ],
)
def test_the_address_says_what_is_asked(path: str, state: SearchState) -> None:
    assert SearchState.from_path(path) == state


def test_an_endless_address_is_cut() -> None:
    assert len(SearchState.from_path("/?q=" + "a" * 5000).text) == MAX_TEXT_LENGTH
    many = "&".join(f"like={i}&unlike={i}&back={i}&filter=year:{i}" for i in range(90))
    state = SearchState.from_path(f"/?{many}")
    assert (len(state.like), len(state.unlike)) == (MAX_TRACKS, MAX_TRACKS)
    assert (len(state.filters), len(state.back)) == (MAX_FILTERS, MAX_FILTERS)


def test_only_an_empty_address_asks_nothing() -> None:
    assert SearchState().is_empty
    assert SearchState(unlike=("00ff",)).is_empty
    assert not SearchState(text="piano").is_empty
    assert not SearchState(like=("00ff",)).is_empty
    assert not SearchState(filters=(FAST,)).is_empty
    assert not SearchState(sound="a.flac").is_empty


def test_its_kind_is_what_is_asked_in_the_first_place() -> None:
    assert SearchState().kind == "recent"
    assert SearchState(filters=(FAST,)).kind == "filter"
    assert SearchState(text="piano", filters=(FAST,)).kind == "text"
    assert SearchState(text="calmer", like=("00ff",)).kind == "like"
    assert SearchState(sound="a.flac").kind == "sound"


def test_it_becomes_a_query() -> None:
    state = SearchState("piano", ("1",), ("2",), (FAST,), ("year:1980",))
    assert state.as_query(5) == Query(
        text="piano",
        like=("1",),
        unlike=("2",),
        conditions=(FAST,),
        taken_back=frozenset({"year:1980"}),
        limit=5,
    )


@settings(deadline=None)  # a busy machine may take its time
@given(st.text())
def test_any_address_is_understood_somehow(path: str) -> None:
    state = SearchState.from_path("/?" + path)
    assert all(Condition.parse(str(condition)) == condition for condition in state.filters)
