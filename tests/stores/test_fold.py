from __future__ import annotations

import pytest

from traumbox.stores.fold import fold


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
        ("坂本 龍一", "坂本 龍一"),
        ("!!!", ""),
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
