import json
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.search.sentence.library import LIBRARY, MINOR, NOW, Names, ask, chips
from traumbox.search.sentence import understand
from traumbox.search.sentence.understanding import UNDERSTOOD_MOST

MIXED = {
    "80s synth by Prince": ("80s synth", "synth", ["year:1980..1989", "artist:Prince"]),
    "fast jazz with saxophone": (
        "fast jazz with saxophone",
        "jazz with saxophone",
        ["-bpm:..129.5"],
    ),
    "slow piano in A minor from the 70s, under 3 minutes": (
        "slow piano",
        "piano",
        ["-bpm:85.5..", "key:A minor", "year:1970..1979", "duration_s:..180"],
    ),
    "langsames Klavier in Moll aus den 70ern": (
        "langsames Klavier in Moll",
        "Klavier",
        ["-bpm:85.5..", f"key:{MINOR}", "year:1970..1979"],
    ),
    "play me some 80s rock without vocals, around 120 bpm, please": (
        "80s rock",
        "rock",
        ["year:1980..1989", "without:vocals", "bpm:115.2..124.8"],
    ),
    "ich suche traurige Lieder von den Ärzten, die ich noch nie gehört habe": (
        "traurige Lieder",
        "traurige Lieder",
        ["artist:Die %C3%84rzte", "played:never"],
    ),
    "piano, 120 bpm, and in A minor": ("piano", "piano", ["bpm:115.2..124.8", "key:A minor"]),
    "120 bpm and piano": ("piano", "piano", ["bpm:115.2..124.8"]),
    "music from 1975": ("", "", ["year:1975"]),
    "Miles Davis slow ballad": ("slow ballad", "Miles Davis ballad", ["-bpm:85.5.."]),
    "calm piano": ("calm piano", "calm piano", []),
    "": ("", "", []),
    "   ": ("", "", []),
    "music": ("music", "music", []),
}


@pytest.mark.parametrize(("text", "expected"), MIXED.items())
def test_sentences_as_people_write_them(text: str, expected: tuple[str, str, list[str]]) -> None:
    understood = ask(text)
    assert (understood.sound, understood.names, [c.id for c in understood.chips]) == expected
    assert understood.text == text


def test_commas_stay_where_they_were() -> None:
    assert ask("fast, calm piano").sound == "fast, calm piano"
    assert ask("Miles Davis, calm").names == "Miles Davis, calm"


def test_quoted_text_is_a_name_as_it_stands() -> None:
    for quoted in ('"no drums, 120 bpm"', "„no drums, 120 bpm“", "«no drums, 120 bpm»"):
        understood = ask(f"piano {quoted}")
        assert understood.names == "piano no drums, 120 bpm"
        assert (understood.sound, understood.chips) == ("piano", ())


def test_an_artist_of_the_library_is_not_parsed() -> None:
    assert (ask("No Doubt").names, ask("No Doubt").sound) == ("No Doubt", "")
    odd = Names(artists=("80s Hits Orchestra", "No Drums Allowed", "Slow", "Slow Piano", "8A"))
    for name in ("80s Hits Orchestra", "no drums allowed", "Slow", "8A"):
        understood = understand(name, odd, NOW)
        assert (understood.chips, understood.names) == ((), name)
    assert understand("Slow", odd, NOW).sound == "Slow"
    assert understand("Slow Piano", odd, NOW).sound == "Slow Piano"
    assert [chip.id for chip in understand("slow cello", odd, NOW).chips] == ["-bpm:85.5.."]


def test_a_chip_taken_back_leaves_plain_words() -> None:
    text = "fast piano without drums in A minor"
    everything = ask(text)
    assert len(everything.chips) == 3
    for chip in everything.chips:
        understood = ask(text, chip.id)
        assert chip.id not in [other.id for other in understood.chips]
        assert len(understood.chips) == 2
        assert chip.words in understood.sound
        assert chip.words in understood.names
    nothing = ask(text, *(chip.id for chip in everything.chips))
    assert (nothing.sound, nothing.names, nothing.chips) == (text, text, ())


def test_each_chip_comes_once() -> None:
    understood = ask("120 bpm piano at 120 bpm")
    assert [chip.id for chip in understood.chips] == ["bpm:115.2..124.8"]
    assert understood.sound == "piano"


def test_ids_stay_the_same_over_a_day() -> None:
    for text in ("added this week", "recently played", "not played for a year"):
        later = understand(text, LIBRARY, NOW.replace(hour=23, minute=59))
        assert [chip.id for chip in later.chips] == chips(text)


def test_what_excludes_each_other_is_joined() -> None:
    assert chips("80s or 90s") == ["year:1980..1999"]
    assert chips("in A minor or C major") == ["key:A minor,C major"]
    assert chips("slow or fast") == ["-bpm:85.5..129.5"]
    assert chips("-bpm:86.. -bpm:..129") == ["-bpm:86..", "-bpm:..129"]
    assert chips("slow or very slow") == ["-bpm:85.5..", "-bpm:70.5.."]


PIECES = st.sampled_from(
    [
        *("without", "no", "drums", "or", "and", ",", "fast", "120", "bpm", "in", "A minor", "8A"),
        *("80s", "from", "1975", "-", "under", "3 minutes", "ohne", "Gesang", "play me", "genre"),
        *('"', "„", "“", "by", "Miles Davis", "added", "last", "month", "never", "played", "flac"),
        *("the part where", "comes in", ":", "bpm:", "..", "rock", "not", "too", "loud", "  ", "ß"),
        *("'; DROP TABLE files; --", "NEAR(", "*", "%", "\x00", "\ud800", "İ", "ﬀ", "😀", "\u0301"),
    ]
)


@given(st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=30).map(" ".join)))
@example("no " * 200)
@example('"' * 500)
@example("\ud800 fast \udfff")
@settings(max_examples=200, deadline=None)  # time has its own test, in the CPU's seconds
def test_any_text_is_understood(text: str) -> None:
    understood = ask(text)
    assert understood.text == text
    ids = [chip.id for chip in understood.chips]
    assert len(ids) == len(set(ids))
    for left in (understood.sound, understood.names):
        assert left == " ".join(left.split())
    back = ask(text, *ids)
    assert not set(ids) & {chip.id for chip in back.chips}


@pytest.mark.parametrize(
    "part",
    [
        *(
            "no ",
            "without drums, ",
            "fast ",
            "1 ",
            "a ",
            "in the last ",
            "the part where the ",
            "-",
        ),
        *('"', "bpm:", "by ", "von ", "1:", "over ", "not too ", "please ", "played ", "xy ", "ä"),
    ],
)
def test_a_sentence_of_ten_thousand_words_is_understood_in_time(part: str) -> None:
    text = part * 10_000
    begun_s = time.process_time()
    understood = ask(text)
    assert time.process_time() - begun_s < 1.0
    assert understood.text == text


def test_what_comes_after_the_part_that_is_read_stays() -> None:
    long = "word " * (UNDERSTOOD_MOST // 5) + "no drums"
    assert ask(long).names.endswith("no drums")
    assert json.dumps(ask(long).sound)
