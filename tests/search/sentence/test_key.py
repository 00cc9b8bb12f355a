import pytest

from tests.search.sentence.library import MAJOR, MINOR, ask, chips

KEYS = {
    "in A minor": "A minor",
    "A minor": "A minor",
    "piano in a minor": "A minor",
    "in a minor, slow": "A minor",
    "in A major": "A major",
    "F# major": "F# major",
    "f sharp major": "F# major",
    "in Bb minor": "Bb minor",
    "B♭ major": "Bb major",
    "in A flat major": "Ab major",
    "Db major": "C# major",
    "B minor": "B minor",
    "key of C major": "C major",
    "a-moll": "A minor",
    "a-Moll": "A minor",
    "A Moll": "A minor",
    "in Cis-Dur": "C# major",
    "cis moll": "C# minor",
    "Es-Dur": "Eb major",
    "as-Moll": "Ab minor",
    "H-Moll": "B minor",
    "in h-Moll": "B minor",
    "B-Dur": "Bb major",
    "fis-moll": "F# minor",
    "in der Tonart G-Dur": "G major",
    "8A": "A minor",
    "8B": "C major",
    "12b": "E major",
    "camelot 1A": "Ab minor",
    "in Bb": "Bb major,Bb minor",
    "in F#": "F# major,F# minor",
    "key of C": "C major,C minor",
    "8A or 9A": "A minor,E minor",
    "in A minor or C major": "A minor,C major",
    "passend zu 8A": "A minor,C major,D minor,E minor",
    "harmonic with 8A": "A minor,C major,D minor,E minor",
    "mixes well with A minor": "A minor,C major,D minor,E minor",
    "harmonisch zu a-Moll": "A minor,C major,D minor,E minor",
}
MODES = {
    "in minor": MINOR,
    "sad piano in minor": MINOR,
    "in a minor key": MINOR,
    "minor key": MINOR,
    "in Moll": MINOR,
    "Klavier in Moll": MINOR,
    "Molltonart": MINOR,
    "in major": MAJOR,
    "in Dur": MAJOR,
    "in einer Durtonart": MAJOR,
}
NOT_MEANT = (
    *("A major artist", "a minor miracle", "in a major city", "a major hit", "major tom"),
    *("Ursa Major", "minor threat", "in minor roles", "flat 3b", "room 8a", "No. 5b", "H minor"),
    *("13A", "0A", "8AB", "B-side", "Dur", "E minor7", "in C"),
)


@pytest.mark.parametrize(("text", "keys"), KEYS.items())
def test_keys(text: str, keys: str) -> None:
    assert f"key:{keys}" in chips(text)


@pytest.mark.parametrize(("text", "keys"), MODES.items())
def test_a_mode_alone_is_all_its_keys_and_stays_in_the_sound(text: str, keys: str) -> None:
    understood = ask(text)
    assert [chip.id for chip in understood.chips] == [f"key:{keys}"]
    assert understood.sound == text


@pytest.mark.parametrize("text", NOT_MEANT)
def test_what_only_looks_like_a_key(text: str) -> None:
    assert chips(text) == []
    assert ask(text).sound == text


def test_a_key_leaves_the_sound() -> None:
    understood = ask("slow cello in A minor")
    assert (understood.sound, understood.names) == ("slow cello", "cello")
