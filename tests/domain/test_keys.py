import pytest
from hypothesis import given
from hypothesis import strategies as st

from traumbox.domain.keys import KEYS, TONICS, camelot, from_camelot, neighbours, spelled


@pytest.mark.parametrize(
    ("key", "place"),
    [
        ("C major", "8B"),
        ("A minor", "8A"),
        ("G major", "9B"),
        ("E minor", "9A"),
        ("B major", "1B"),
        ("Ab minor", "1A"),
        ("F# major", "2B"),
        ("F major", "7B"),
        ("D minor", "7A"),
        ("C# minor", "12A"),
        ("E major", "12B"),
        ("Db major", "3B"),
    ],
)
def test_the_wheel_is_the_one_on_every_dj_s_wall(key: str, place: str) -> None:
    assert camelot(key) == place
    assert from_camelot(place) == spelled(key)


def test_every_key_has_one_place() -> None:
    assert len(KEYS) == 24
    assert len({camelot(key) for key in KEYS}) == 24
    for key in KEYS:
        assert from_camelot(camelot(key)) == key


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Db major", "C# major"),
        ("d flat MAJOR", "C# major"),
        ("D-flat major", "C# major"),
        ("G♯ minor", "Ab minor"),
        ("c sharp minor", "C# minor"),
        ("Cb major", "B major"),
        ("B# minor", "C minor"),
        ("Am", "A minor"),
        ("F#m", "F# minor"),
        ("Bbmin", "Bb minor"),
        ("Cmaj", "C major"),
        ("bm", "B minor"),
        ("bb minor", "Bb minor"),
        (" 8a ", "A minor"),
        ("12 B", "E major"),
        ("a-Moll", "A minor"),
        ("cis-moll", "C# minor"),
        ("As-Dur", "Ab major"),
        ("es moll", "Eb minor"),
        ("B-Dur", "Bb major"),
        ("h-Moll", "B minor"),
        ("Fis Dur", "F# major"),
        ("Des-Dur", "C# major"),
    ],
)
def test_other_spellings_of_the_same_key(written: str, key: str) -> None:
    assert spelled(written) == key


@pytest.mark.parametrize("text", ["", "A", "H minor", "13A", "0B", "gs-dur", "minor", "major A"])
def test_what_is_no_key(text: str) -> None:
    assert spelled(text) is None
    with pytest.raises(ValueError, match="no key"):
        camelot(text)
    with pytest.raises(ValueError, match="1A to 12B"):
        from_camelot(text)


def test_a_capital_m_means_major_as_musicians_write_it() -> None:
    assert (spelled("AM"), spelled("Am")) == ("A major", "A minor")


def test_the_neighbours_share_all_notes_but_one() -> None:
    assert set(neighbours("A minor")) == {"C major", "D minor", "E minor"}
    assert set(neighbours("C major")) == {"A minor", "F major", "G major"}
    assert set(neighbours("F# major")) == {"Eb minor", "B major", "C# major"}


@given(st.sampled_from(KEYS))
def test_neighbours_see_each_other(key: str) -> None:
    assert all(key in neighbours(other) for other in neighbours(key))
    hour = int(camelot(key)[:-1])
    hours = {(int(camelot(other)[:-1]) - hour) % 12 for other in neighbours(key)}
    assert hours == {0, 1, 11}


@given(st.text(max_size=12))
def test_any_text_is_a_key_or_none(text: str) -> None:
    key = spelled(text)
    assert key is None or key in KEYS


def test_the_tonics_are_spelled_alike_in_both_modes() -> None:
    assert [key.removesuffix(" minor") for key in KEYS[12:]] == list(TONICS)
