import pytest

from tests.search.sentence.library import ask

STARTS = {
    "the part where the saxophone comes in": "saxophone",
    "the bit where the electric guitar kicks in": "electric guitar",
    "the moment when the choir starts singing": None,
    "when the drums start": "drums",
    "where the piano begins": "piano",
    "the start of the guitar solo": "guitar solo",
    "find the part where the strings come in": "strings",
    "slow jazz, the part where the saxophone comes in": "slow jazz, saxophone",
    "die Stelle, an der das Saxophon einsetzt": "Saxophon",
    "die Stelle wo das Saxofon einsetzt": "Saxofon",
    "der Moment, in dem der Chor anfängt": "Chor",
    "wo die Geige einsetzt": "Geige",
    "wenn das Schlagzeug einsetzt": "Schlagzeug",
    "ab der Stelle, wo die Trommeln dazukommen": "Trommeln",
}
WITH = {
    "that part with the saxophone": "saxophone",
    "the part with piano": "piano",
    "die Stelle mit dem Saxophon": "Saxophon",
    "der Teil mit der Geige": "Geige",
}
POLITE = {
    "play me some calm jazz": "calm jazz",
    "play some calm jazz please": "calm jazz",
    "please play me something calm": "calm",
    "I want to hear calm jazz": "calm jazz",
    "i'd like to hear some calm jazz": "calm jazz",
    "can you play calm jazz": "calm jazz",
    "looking for calm jazz": "calm jazz",
    "something like rain on a tin roof": "rain on a tin roof",
    "music with piano": "piano",
    "songs with a saxophone": "saxophone",
    "calm jazz please": "calm jazz",
    "do we have calm jazz?": "calm jazz",
    "spiel mir ruhigen Jazz": "ruhigen Jazz",
    "spiel mir bitte etwas Ruhiges": "Ruhiges",
    "ich möchte ruhige Musik hören": "ruhige Musik",
    "ich suche ein trauriges Lied": "trauriges Lied",
    "suche etwas Trauriges": "Trauriges",
    "Musik mit Klavier": "Klavier",
    "etwas mit Geige, bitte": "Geige",
    "gibt es ruhigen Jazz?": "ruhigen Jazz",
}
TITLES = (
    *("When the levee breaks", "Where the Streets Have No Name", "When the Music's Over", "Play"),
    *("Please Please Me", "Play That Funky Music", "I Want You", "The Sound of Silence", "Hello"),
    *("Spiel mir das Lied vom Tod", "Gimme Shelter", "Get Lucky", "Show Me the Way", "bitte"),
)


@pytest.mark.parametrize(("text", "sound"), STARTS.items())
def test_asking_for_where_a_sound_comes_in(text: str, sound: str | None) -> None:
    understood = ask(text)
    assert understood.starts
    if sound is not None:
        assert understood.sound == understood.names == sound or understood.chips


@pytest.mark.parametrize(("text", "sound"), WITH.items())
def test_asking_for_a_part_is_not_asking_for_its_start(text: str, sound: str) -> None:
    understood = ask(text)
    assert (understood.starts, understood.sound) == (False, sound)


@pytest.mark.parametrize(("text", "sound"), POLITE.items())
def test_politeness_is_no_sound_and_no_name(text: str, sound: str) -> None:
    understood = ask(text)
    assert (understood.sound, understood.names) == (sound, sound)


@pytest.mark.parametrize("text", TITLES)
def test_titles_that_sound_polite(text: str) -> None:
    understood = ask(text)
    assert understood.names == text
    assert not understood.starts
