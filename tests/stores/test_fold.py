from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traumbox.stores.fold import WORD_MAX, fold, key, keys, spelled_words, spellings


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The Who", "the who"),
        ("Beyoncé", "beyonce"),
        ("Die Ärzte", "die arzte aerzte"),
        ("A\u0308rzte", "arzte aerzte"),
        ("Straße", "strasse"),
        ("AC/DC", "acdc ac dc"),
        ("R.E.M.", "rem"),
        ("Don't Stop", "dont don stop"),
        ("Röyksopp", "royksopp roeyksopp"),
        ("坂本 龍一", "坂本 坂 本 龍一 龍 一"),
        ("坂本龍一", "坂本龍一 坂本 本龍 龍一 坂 本 龍 一"),
        ("방탄", "방탄 방 탄"),
        ("P!nk", "pnk pink nk"),
        ("Ke$ha", "keha kesha ke ha"),
        ("MØ", "mo moe"),
        ("Dvořák", "dvorak"),
        ("Łódź", "lodz"),
        ("ＡＢＢＡ™", "abbatm"),
        ("Й", "и"),
        ("!!!", "u212121"),
        ("half !!!", "half"),
        ("", ""),
        ("half \ud83d", "half"),
    ],
)
def test_each_common_spelling_is_in(text: str, wanted: str) -> None:
    assert fold(text) == wanted


def test_several_texts_give_each_word_once() -> None:
    assert fold("Queen", "Queen II", "queen") == "queen ii"


def test_what_is_typed_finds_what_is_tagged() -> None:
    for tagged, typed in [("AC/DC", "acdc"), ("Mötley Crüe", "motley crue"), ("Ärzte", "AERZTE")]:
        assert set(fold(typed).split()) <= set(fold(tagged).split())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Beatles", "beatles"),
        ("Die Ärzte", "aerzte"),
        ("AC/DC", "ac dc"),
        ("AC/DC", "acdc"),
        ("R.E.M.", "REM"),
        ("Simon & Garfunkel", "simon and garfunkel"),
        ("Björk", "bjoerk"),
        ("!!!", "!!!"),
        ("坂本龍一", "坂本龍一"),
    ],
)
def test_the_same_name_shares_a_key(one: str, other: str) -> None:
    assert not keys(one).isdisjoint(keys(other))
    assert key(one) in spellings(one) <= keys(one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("The Who", "the the"), ("Miles", "miles davis"), ("!!!", "!"), ("Air", "rain"), ("The", "")],
)
def test_other_names_share_none(one: str, other: str) -> None:
    assert keys(one).isdisjoint(keys(other))


def test_spellings_keep_the_article() -> None:
    assert spellings("Die Ärzte") == {"die arzte", "die aerzte"}
    assert spellings("") == keys("") == frozenset()


@given(st.text())
def test_whatever_comes_out_is_plain_and_stays_as_it_is(text: str) -> None:
    for word in fold(text).split():
        assert len(word) <= WORD_MAX
        assert all(c.isalnum() for c in word)
    assert all(spelled.whole for spelled in spelled_words(text))
