import pytest

from tests.search.sentence.library import ask, chips

NUMBERS = {
    "120 bpm": "bpm:115.2..124.8",
    "120bpm": "bpm:115.2..124.8",
    "120 BPM techno": "bpm:115.2..124.8",
    "around 120 bpm": "bpm:115.2..124.8",
    "about 120 beats per minute": "bpm:115.2..124.8",
    "at 120 bpm": "bpm:115.2..124.8",
    "~120 bpm": "bpm:115.2..124.8",
    "ca. 120 bpm": "bpm:115.2..124.8",
    "etwa 120 bpm": "bpm:115.2..124.8",
    "um die 120 bpm": "bpm:115.2..124.8",
    "ungefähr 120 bpm": "bpm:115.2..124.8",
    "ungefaehr 120 Schläge pro Minute": "bpm:115.2..124.8",
    "mit 120 bpm": "bpm:115.2..124.8",
    "exactly 100 bpm": "bpm:99..101",
    "genau 100 bpm": "bpm:99..101",
    "90-110 bpm": "bpm:90..110",
    "90 – 110 bpm": "bpm:90..110",
    "90 bpm to 110 bpm": "bpm:90..110",
    "between 90 and 110 bpm": "bpm:90..110",
    "zwischen 90 und 110 bpm": "bpm:90..110",
    "110 bis 90 bpm": "bpm:90..110",
    "over 140 bpm": "bpm:140..",
    "faster than 140 bpm": "bpm:140..",
    "at least 140 bpm": "bpm:140..",
    "> 140 bpm": "bpm:140..",
    "mindestens 140 bpm": "bpm:140..",
    "schneller als 140 bpm": "bpm:140..",
    "nicht langsamer als 140 bpm": "bpm:140..",
    "under 80 bpm": "bpm:..80",
    "slower than 80 bpm": "bpm:..80",
    "no faster than 80 bpm": "bpm:..80",
    "höchstens 80 bpm": "bpm:..80",
    "langsamer als 80 bpm": "bpm:..80",
    "unter 80 bpm": "bpm:..80",
    "over 90 bpm and under 110 bpm": "bpm:90..110",
    "5 bpm": None,
    "999 bpm": None,
    "120": None,
}
WORDS = {
    "fast": "-bpm:..129.5",
    "fast piano": "-bpm:..129.5",
    "piano, fast": "-bpm:..129.5",
    "fast and loud": "-bpm:..129.5",
    "something fast": "-bpm:..129.5",
    "fast jazz with saxophone": "-bpm:..129.5",
    "very fast guitar": "-bpm:..149.5",
    "uptempo soul": "-bpm:..129.5",
    "schnelles Klavier": "-bpm:..129.5",
    "etwas Schnelles": "-bpm:..129.5",
    "schnell und laut": "-bpm:..129.5",
    "sehr schnelle Gitarren": "-bpm:..149.5",
    "slow": "-bpm:85.5..",
    "slow piano": "-bpm:85.5..",
    "slow sad song": "-bpm:85.5..",
    "a slow ballad": "-bpm:85.5..",
    "very slow strings": "-bpm:70.5..",
    "langsame Musik": "-bpm:85.5..",
    "langsam": "-bpm:85.5..",
    "ganz langsam": "-bpm:70.5..",
    "slow or fast": "-bpm:85.5..129.5",
}
TURNED_ROUND = {
    "not too fast": "-bpm:130.5..",
    "jazz, not too fast": "-bpm:130.5..",
    "not too fast jazz": "-bpm:130.5..",
    "nicht zu schnell": "-bpm:130.5..",
    "not too slow": "-bpm:..84.5",
    "nicht so langsam": "-bpm:..84.5",
}
NOT_MEANT = (
    *("fast food", "breakfast", "breakfast music", "Fast Car", "slow food", "Slow Hand", "fasting"),
    *("Slow Like Honey", "fast nur Klavier", "fast ohne Worte", "fast wie im Traum", "slowdive"),
    *("Slow Train Coming", "Live Fast Die Young", "Belfast", "steadfast", "slow-motion"),
)


@pytest.mark.parametrize(("text", "chip"), NUMBERS.items())
def test_beats(text: str, chip: str | None) -> None:
    assert chips(text) == ([] if chip is None else [chip])


@pytest.mark.parametrize(("text", "chip"), WORDS.items())
def test_words_for_a_tempo_are_a_filter_and_stay_in_the_sound(text: str, chip: str) -> None:
    understood = ask(text)
    assert [chip.id for chip in understood.chips] == [chip]
    assert understood.chips[0].words in understood.sound


@pytest.mark.parametrize(("text", "chip"), TURNED_ROUND.items())
def test_a_tempo_that_is_not_wanted_leaves_the_sound(text: str, chip: str) -> None:
    understood = ask(text)
    assert [chip.id for chip in understood.chips] == [chip]
    assert understood.sound == ("jazz" if "jazz" in text else "")


@pytest.mark.parametrize("text", NOT_MEANT)
def test_words_that_only_look_like_a_tempo(text: str) -> None:
    understood = ask(text)
    assert not understood.chips
    assert understood.sound == understood.names == text


def test_not_too_fast_and_not_too_slow_is_one_thing() -> None:
    assert chips("not too fast and not too slow") == ["-bpm:..89.5", "-bpm:125.5.."]


@pytest.mark.parametrize("text", ["mid-tempo soul", "soul in mittlerem Tempo"])
def test_a_medium_tempo_is_neither_fast_nor_slow(text: str) -> None:
    understood = ask(text)
    assert [chip.id for chip in understood.chips] == ["-bpm:..89.5", "-bpm:125.5.."]
    assert (understood.sound, understood.names) == (text, "soul")


def test_what_is_fast_beside_a_number_says_the_number() -> None:
    understood = ask("fast techno, 125 bpm")
    assert [chip.id for chip in understood.chips] == ["bpm:120..130"]
    assert (understood.sound, understood.names) == ("fast techno", "techno")
    assert chips("mid-tempo techno bpm:120..130") == ["bpm:120..130"]
    back = ask("fast techno, 125 bpm", "bpm:120..130")
    assert [chip.id for chip in back.chips] == ["-bpm:..129.5"]
    assert chips("techno, not too fast, at least 100 bpm") == ["-bpm:130.5..", "bpm:100.."]
    assert chips("slow jazz -bpm:60..70") == ["-bpm:85.5..", "-bpm:60..70"]
