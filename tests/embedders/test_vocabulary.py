import pytest
from hypothesis import given
from hypothesis import strategies as st

from traumbox.embedders.builtin.vocabulary import Vocabulary

KNOWS = Vocabulary.of({"jazz", "gitarre", "einschlafmusik", "moll", "sax"})


@pytest.mark.parametrize(
    "sentence",
    [
        "jazz",
        "JAZZ!",
        "something with jazz, please",
        "Jazzkeller",
        "Bassgitarre",
        "einschlummern? no: Einschlafhilfe",
        "sax",
    ],
)
def test_a_taught_word_or_one_like_it_is_enough(sentence):
    assert KNOWS(sentence)


@pytest.mark.parametrize(
    "sentence",
    ["", "?!", "tax return", "jaz", "saxophone", "bemolle", "eins", "vollmoll", "雨の庭"],
)
def test_other_sentences_are_strange(sentence):
    assert not KNOWS(sentence)


def test_nothing_taught_nothing_known():
    assert not Vocabulary.of(())("jazz")


@given(st.text())
def test_any_text_gets_an_answer(text):
    assert KNOWS(f"{text} jazz ") or len(text.split()) > 20
    assert isinstance(KNOWS(text), bool)


@pytest.mark.timeout(5)
def test_a_word_without_end_takes_no_time():
    assert not KNOWS("x" * 5_000_000)


def test_it_is_a_value_that_says_little_of_itself():
    assert Vocabulary.of(["b", "a"]) == Vocabulary.of({"a", "b"})
    assert repr(KNOWS) == "Vocabulary()"
