import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traumbox.search.sentence import translated
from traumbox.search.sentence.german import grammar, instruments, qualities, styles

GERMAN = {
    "ruhiges Klavier": "calm piano",
    "Klaviermusik": "piano music",
    "fröhliche Klaviermusik": "cheerful piano music",
    "froehliche Klaviermusik": "cheerful piano music",
    "Frauenstimme": "female voice",
    "Frauenstimmen": "female voice",
    "Männerchor": "male choir",
    "Gitarrensolo": "guitar solo",
    "Saxophonsolo": "saxophone solo",
    "Regengeräusche": "rain sound",
    "Geigenmusik": "violin music",
    "Flötenspiel": "flute playing",
    "Floetenspiel": "flute playing",
    "Kirchenorgel": "church organ",
    "E-Gitarre": "electric guitar",
    "E-Gitarren": "electric guitar",
    "Jazz-Gitarre": "jazz guitar",
    "Jazzklavier": "jazz piano",
    "Technomusik": "techno music",
    "Rockmusik": "rock music",
    "80er-Synthesizer": "80s synthesizer",
    "80er-Jahre-Synthesizer": "80s synthesizer",
    "Streichquartett": "string quartet",
    "Chorgesang": "choral singing",
    "langsames Klavier mit Regen": "slow piano with rain",
    "traurige Geige ohne Schlagzeug": "sad violin without drums",
    "schnelles Schlagzeug und Bässe": "fast drums and basses",
    "Musik zum Einschlafen": "music to fall asleep to",
    "düstere Streicher": "gloomy strings",
    "dunkle Klänge": "dark sounds",
    "laute Gitarren": "loud guitar",
    "die Trompete am Abend": "the trumpet at the evening",
    "helle Glocken": "bright bells",
    "hell und fröhlich": "bright and cheerful",
    "etwas Ruhiges": "something calm",
    "Meeresrauschen und Möwen": "ocean waves and Möwen",
    "weißes Rauschen": "white noise",
    "Vogelgezwitscher im Wald": "birdsong in the forest",
    "Klavier in Moll": "piano in minor key",
    "tiefe Männerstimme": "deep male voice",
    "fast nur Klavier": "almost only piano",
    "Klavier von Hauschka": "piano of Hauschka",
    "verzerrte E-Gitarre": "distorted electric guitar",
    "mitreißender Beat": "rousing Beat",
    "FRÖHLICHES KLAVIER": "cheerful piano",
    "Klavier, Geige; Harfe!": "piano, violin; harp!",
    "Anfang der Achtziger": "early eighties",
    "melancholische Sängerin": "melancholic female singer",
}
ENGLISH = (
    *("slow piano", "die with a smile", "hell's bells", "fast and loud", "still alive", "hall"),
    *(
        "warmer strings",
        "wild drums",
        "rock music",
        "an alt country band",
        "was it a dream",
        "band",
    ),
    *("a kind man", "see the sea", "bad blood", "the part in the dome", "harder better faster"),
    *("deep house", "music for studying", "gospel choir", "trumpet and horn", "live at the hall"),
    *("night drive", "female vocals", "banjo picking", "singer-songwriter", "drum and bass", ""),
    *("der", "mein Name", "Rammstein", "quartet", "harmony", "sentimental instrumental"),
)


@pytest.mark.parametrize(("german", "english"), GERMAN.items())
def test_german_becomes_english(german: str, english: str) -> None:
    assert translated(german) == english


@pytest.mark.parametrize("text", ENGLISH)
def test_english_and_names_stay(text: str) -> None:
    assert translated(text) == text


@pytest.mark.parametrize("english", GERMAN.values())
def test_what_is_translated_is_english(english: str) -> None:
    assert translated(english) == english


@given(st.text())
@settings(deadline=None)  # the first example reads the tables
def test_any_text_is_translated(text: str) -> None:
    assert isinstance(translated(text), str)


def test_the_tables_are_rows_of_words_and_a_meaning() -> None:
    words: list[str] = []
    for module in (grammar, instruments, qualities, styles):
        for name, table in vars(module).items():
            if name.isupper() and name != "SHARED":
                for row in table.strip().splitlines():
                    german, english = row.split(":")
                    assert german.strip(), row
                    assert english.strip(), row
                    assert german == german.lower(), row
                    words += [f"{name}:{word.strip()}" for word in german.split(",")]
    assert len(words) == len(set(words))
    assert len(words) >= 500
