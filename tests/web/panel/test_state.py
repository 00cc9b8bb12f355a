import pytest

from traumbox.domain import Query
from traumbox.web.panel.state import MAX_TEXT_LENGTH, SearchState


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ("/", SearchState()),
        ("/?q=", SearchState()),
        ("/?q=%20slow%0Apiano+", SearchState(text="slow piano")),
        ("/?q=drums%20%26%20bass", SearchState(text="drums & bass")),
        ("/?like=00ff", SearchState(like="00ff")),
        ("/?q=piano&like=00ff", SearchState(like="00ff")),
        ("/?q=%C3%9Cbung&other=1", SearchState(text="Übung")),
        ("/?q=%ff", SearchState(text="\ufffd")),
    ],
)
def test_the_address_says_what_is_asked(path: str, state: SearchState) -> None:
    assert SearchState.from_path(path) == state


def test_an_endless_address_is_cut() -> None:
    assert len(SearchState.from_path("/?q=" + "a" * 5000).text) == MAX_TEXT_LENGTH


def test_only_an_empty_address_asks_nothing() -> None:
    assert SearchState().is_empty
    assert not SearchState(text="piano").is_empty
    assert not SearchState(like="00ff").is_empty


def test_it_becomes_a_query() -> None:
    assert SearchState(text="piano").as_query(5) == Query(text="piano", like=None, limit=5)
    assert SearchState(like="00ff").as_query(5) == Query(text="", like="00ff", limit=5)
