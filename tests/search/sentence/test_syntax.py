import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.search.sentence.library import ask, at, chips
from traumbox.domain.conditions import NUMBER_FIELDS, Condition

TYPED = {
    "bpm:120..130": "bpm:120..130",
    "bpm:120-130": "bpm:120..130",
    "bpm:120..": "bpm:120..",
    "bpm:..130": "bpm:..130",
    "bpm:>120": "bpm:120..",
    "bpm:120": "bpm:115.2..124.8",
    "tempo:120": "bpm:115.2..124.8",
    "-bpm:120..130": "-bpm:120..130",
    "year:1975": "year:1975",
    "year:1980s": "year:1980..1989",
    "year:80s": "year:1980..1989",
    "Jahr:80er": "year:1980..1989",
    "year:1970..1979": "year:1970..1979",
    "year:..1979": "year:..1979",
    "duration:<3min": "duration_s:..180",
    "duration:2:30-3:30": "duration_s:150..210",
    "duration_s:60..120": "duration_s:60..120",
    "loudness:-14..-10": "loudness_lufs:-14..-10",
    "lufs:-14": "loudness_lufs:-15..-13",
    "dynamic_range_lu:6..": "dynamic_range_lu:6..",
    "percussive:0.5..": "percussive:0.5..",
    "genre:rock": "genre:rock",
    "-genre:rock": "-genre:rock",
    "genre:rock,pop": "genre:rock,pop",
    'genre:"deep house"': "genre:deep house",
    "genre:deep%20house": "genre:deep house",
    'artist:"Miles Davis"': "artist:Miles Davis",
    "artist:„Miles Davis“": "artist:Miles Davis",
    "key:8A": "key:A minor",
    "key:Am": "key:A minor",
    "key:A minor": "key:A minor",
    "tonart:cis-moll": "key:C# minor",
    "key:8A,9A": "key:A minor,E minor",
    "format:flac": "format:flac",
    "format:m4a": "format:mp4",
    "kind:podcasts": "kind:podcast",
    "played:never": "played:never",
    "folder:Music": "folder:Music",
    "Ordner:Music": "folder:Music",
    "added:today": f"added_s:{at(2026, 7, 15)}..",
    "added:2024-03-01": f"added_s:{at(2024, 3, 1)}..",
}
NOT_MEANT = (
    *("bpm:", "bpm:quick", "note:this", "http://x.y", "key:H#", "year:soon", "kind:of", "xbpm:120"),
    *("played:it", "12:30", "genre: ", "Re:member", "duration:now"),
)


@pytest.mark.parametrize(("text", "chip"), TYPED.items())
def test_fields_as_typed(text: str, chip: str) -> None:
    understood = ask(text)
    assert [chip.id for chip in understood.chips] == [chip]
    assert (understood.sound, understood.names) == ("", "")


@pytest.mark.parametrize("text", NOT_MEANT)
def test_what_is_no_field(text: str) -> None:
    assert chips(text) == []
    assert ask(text).names == text.strip()


def test_several_fields_among_words() -> None:
    understood = ask("calm piano bpm:60..80 -genre:rock in the evening")
    assert understood.sound == "calm piano in the evening"
    assert [chip.words for chip in understood.chips] == ["bpm:60..80", "-genre:rock"]


@given(
    st.sampled_from(NUMBER_FIELDS),
    st.integers(-300, 3000),
    st.integers(0, 3000),
    st.booleans(),
)
@settings(max_examples=40, deadline=None)  # the first example compiles the rules
def test_every_written_range_is_read(field: str, low: int, more: int, negated: bool) -> None:
    condition = Condition(field, low, low + more + 1, negated=negated)  # type: ignore[arg-type]
    assert [chip.condition for chip in ask(f"piano {condition}").chips] == [condition]
