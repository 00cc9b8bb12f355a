import pytest

from traumbox.search.sentence import described


@pytest.mark.parametrize(
    ("text", "share", "others"),
    [
        ("calm rainy piano", 1.0, ""),
        ("Miles Davis", 0.0, "Miles Davis"),
        ("miles davis with a quiet trumpet", 0.5, "miles davis"),
        ("ruhiges Klavier von Klaus Hartwig", 0.5, "Klaus Hartwig"),
        ("drum and bass", 1.0, ""),
        ("a song with music", 1.0, ""),
        ("", 1.0, ""),
        ("!!! -- ???", 1.0, ""),
    ],
)
def test_sound_words_are_told_from_others(text: str, share: float, others: str) -> None:
    found = described(text)
    assert found.share == pytest.approx(share, abs=0.01)
    assert found.others == others


def test_the_first_words_of_a_very_long_sentence_are_enough() -> None:
    assert described("piano " * 10_000).share == 1.0
