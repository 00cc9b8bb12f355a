import pytest

from tests.search.sentence.library import ask, chips

LOUDNESS = {
    "louder than -10 LUFS": "-10..",
    "over -10 LUFS": "-10..",
    "lauter als -10 LUFS": "-10..",
    "quieter than -20 LUFS": "..-20",
    "leiser als −20 LUFS": "..-20",
    "around -14 LUFS": "-15..-13",
    "-14 LUFS": "-15..-13",
    "14 LUFS": "-15..-13",
    "minus 14 lufs": "-15..-13",
    "between -16 and -12 LUFS": "-16..-12",
    "-16 to -12 LUFS": "-16..-12",
    "zwischen -16 und -12 LUFS": "-16..-12",
}


@pytest.mark.parametrize(("text", "span"), LOUDNESS.items())
def test_loudness_in_lufs(text: str, span: str) -> None:
    assert chips(text) == [f"loudness_lufs:{span}"]


@pytest.mark.parametrize("text", ["loud", "quiet piano", "laut", "leise Musik", "LUFS"])
def test_words_for_loudness_describe_a_sound(text: str) -> None:
    assert chips(text) == []
    assert ask(text).sound == text
