import pytest
from hypothesis import given
from hypothesis import strategies as st

from traumbox.domain.names import fold_name, spellings


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Die Ärzte", "die arzte"),
        ("AC/DC", "ac dc"),
        ("The The", "the the"),
        ("R.E.M.", "r e m"),
        ("Beyonce\u0301", "beyonce"),
        ("Straße", "strasse"),
        ("坂本龍一", "坂本龍一"),
        ("!!!", ""),
    ],
)
def test_names_fold(name: str, folded: str) -> None:
    assert fold_name(name) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [("Björk", "bjoerk"), ("Björk", "BJORK"), ("AC/DC", "acdc"), ("Die Ärzte", "die aerzte")],
)
def test_spellings_of_one_name_meet(one: str, other: str) -> None:
    assert set(spellings(one)) & set(spellings(other))


@given(st.text())
def test_folding_twice_is_folding_once(name: str) -> None:
    assert fold_name(fold_name(name)) == fold_name(name)
