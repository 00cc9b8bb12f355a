import pytest

from tests.search.sentence.library import NOW, Names, ask, chips
from traumbox.search.sentence import understand

ABSENT = {
    "piano without drums": ("piano", ["drums"]),
    "piano without any drums": ("piano", ["drums"]),
    "piano without the drums": ("piano", ["drums"]),
    "piano, no drums": ("piano", ["drums"]),
    "piano but no guitar": ("piano", ["guitar"]),
    "piano with no vocals": ("piano", ["vocals"]),
    "no vocals": ("", ["vocals"]),
    "no singing": ("", ["singing"]),
    "nobody singing": ("", ["singing"]),
    "techno without a beat": ("techno", ["beat"]),
    "without drums or bass": ("", ["drums", "bass"]),
    "piano without drums and bass": ("piano", ["drums", "bass"]),
    "piano without drums, bass or guitar": ("piano", ["drums", "bass", "guitar"]),
    "piano, no drums, no vocals": ("piano", ["drums", "vocals"]),
    "without drums, piano": ("piano", ["drums"]),
    "without vocals and with piano": ("piano", ["vocals"]),
    "no drums but piano": ("piano", ["drums"]),
    "without drums for studying": ("for studying", ["drums"]),
    "no electric guitar": ("", ["electric guitar"]),
    "no loud guitars": ("", ["loud guitars"]),
    "piano without rain": ("piano", ["rain"]),
    "piano -drums": ("piano", ["drums"]),
    "drumless jazz": ("jazz", ["drums"]),
    "not too loud": ("", ["loud"]),
    "not too loud jazz": ("jazz", ["loud"]),
    "jazz, not sad": ("jazz", ["sad"]),
    "not just sad": ("not just sad", []),
    "ohne Gesang": ("", ["gesang"]),
    "Klavier ohne Gesang": ("Klavier", ["gesang"]),
    "kein Schlagzeug": ("", ["schlagzeug"]),
    "Klavier, aber kein Schlagzeug": ("Klavier", ["schlagzeug"]),
    "Gitarre ohne Schlagzeug und Bass": ("Gitarre", ["schlagzeug", "bass"]),
    "Gitarre ohne Schlagzeug oder Gesang": ("Gitarre", ["schlagzeug", "gesang"]),
    "Klavier ohne laute Trommeln": ("Klavier", ["laute trommeln"]),
    "Musik ohne Frauenstimmen": ("", ["frauenstimmen"]),
    "nicht zu laut": ("", ["laut"]),
    "Klavier, nicht traurig": ("Klavier", ["traurig"]),
    "niemand singt": ("", ["gesang"]),
    "schlagzeugfreie Musik": ("", ["schlagzeug"]),
}
ALL_ELSE = {
    "just drums, no instruments": "just drums",
    "drums only, no music": "drums only",
    "no instruments, just singing": "just singing",
    "singing without any other instruments": "singing",
    "a cappella, no instruments at all": "a cappella",
    "rain, no sounds": "rain",
    "drums -instruments": "drums",
    "drums -music": "drums",
    "just drums and nothing else": "just drums",
    "nothing else, just drums!": "just drums",
    "Gesang ohne Instrumente": "Gesang",
    "Gesang ganz ohne andere Instrumente": "Gesang",
    "Gesang ohne Musik": "Gesang",
    "Regen, keine Klänge": "Regen",
    "Regen, keine Klaenge": "Regen",
    "nur Schlagzeug, sonst nichts": "nur Schlagzeug",
    "nur Schlagzeug und sonst nichts": "nur Schlagzeug",
    "Life Without Music": "Life",
}
BESIDE = {
    "piano without drums or anything else": ("piano", ["drums"]),
    "piano without drums or other instruments": ("piano", ["drums"]),
    "piano, no drums, no other instruments": ("piano", ["drums"]),
    "singing without instruments or drums": ("singing", ["drums"]),
    "drums -music -vocals": ("drums", ["vocals"]),
    "Klavier ohne Gesang und andere Instrumente": ("Klavier", ["gesang"]),
}
GENERIC_IN_ANOTHER = (
    *("no sound effects", "no music with vocals", "no instruments", "Nothing Else Matters live"),
    *("without music", "ohne Musik", "sonst nichts", "no instruments at all!", "instruments"),
)
NOT_MEANT = (
    *("Without You", "No Woman No Cry", "Ohne dich", "Nothing else matters", "No Surprises"),
    *("No Limit", "Without Me", "No Rain", "No Country for Old Men", "nicht nur Klavier", "No Fun"),
    *("not only drums", "Never Gonna Give You Up", "Ohne dich schlaf ich heut nacht nicht ein"),
    *("No One Knows", "instrumental", "No Diggity", "Kein Alkohol ist auch keine Lösung"),
    *("No Music", "Nowhere Man", "notdrums", "A-drums", "no", "without", "ohne", "not", "no doubt"),
)


@pytest.mark.parametrize(("text", "expected"), ABSENT.items())
def test_sounds_that_must_not_be_heard(text: str, expected: tuple[str, list[str]]) -> None:
    understood = ask(text)
    assert (understood.sound, [chip.without for chip in understood.chips]) == expected


@pytest.mark.parametrize(("text", "sound"), ALL_ELSE.items())
def test_all_else_is_no_sound_and_perhaps_a_title(text: str, sound: str) -> None:
    understood = ask(text)
    assert (understood.sound, understood.names, understood.chips) == (sound, text.strip("!"), ())


@pytest.mark.parametrize(("text", "expected"), BESIDE.items())
def test_all_else_beside_sounds_that_are_ruled_out(
    text: str, expected: tuple[str, list[str]]
) -> None:
    understood = ask(text)
    assert (understood.sound, [chip.without for chip in understood.chips]) == expected
    assert understood.names == understood.sound


@pytest.mark.parametrize("text", GENERIC_IN_ANOTHER)
def test_generic_words_that_belong_to_others_stay(text: str) -> None:
    understood = ask(text)
    assert (understood.sound, understood.chips) == (text.strip("!"), ())


def test_a_sound_whose_name_begins_generically() -> None:
    assert chips("piano, no music box") == ["without:music box"]


@pytest.mark.parametrize("text", NOT_MEANT)
def test_titles_that_deny_something(text: str) -> None:
    assert chips(text) == []
    assert ask(text).names == text


@pytest.mark.parametrize("text", ["not rock", "no rock", "kein Rock", "nicht Rock", "ohne Rock"])
def test_a_genre_of_the_library_must_not_be_tagged_nor_heard(text: str) -> None:
    assert chips(text) == ["-genre:Rock", "without:rock"]


def test_genres_of_several_words_and_unknown_to_us() -> None:
    assert chips("no deep house") == ["-genre:Deep House", "without:deep house"]
    assert chips("no zydeco") == ["-genre:Zydeco", "without:zydeco"]
    assert chips("no techno") == ["without:techno"]
    assert understand("no zydeco", Names(), NOW).chips == ()


def test_one_chip_of_two_taken_back_leaves_the_other() -> None:
    understood = ask("jazz, not rock", "-genre:Rock")
    assert [chip.id for chip in understood.chips] == ["without:rock"]
    assert understood.sound == "jazz"
    both = ask("jazz, not rock", "-genre:Rock", "without:rock")
    assert (both.sound, both.chips) == ("jazz, not rock", ())


def test_the_words_of_a_list_belong_to_their_chips() -> None:
    words = [chip.words for chip in ask("piano without drums, bass or guitar").chips]
    assert words == ["without drums", "bass", "guitar"]
