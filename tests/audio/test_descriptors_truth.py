"""Tempo and key against the truth of synthesised pieces; the benchmark does so with hundreds."""

import pytest

from tests.bench.descriptors import Report, is_near, measured, mirex, ours, report
from tests.bench.pieces_with_truth import STYLES, pieces

SECONDS = 16.0
SEED = 5


@pytest.fixture(scope="module")
def found() -> Report:
    told = [(piece, measured(piece, (ours,))[0]) for piece in pieces(len(STYLES), SECONDS, SEED)]
    return report(told, SECONDS)


def test_the_tempo_is_right_in_all_styles(found: Report) -> None:
    assert found.tempo >= 0.87
    assert found.tempo_octave >= 0.96


def test_the_key_is_right_or_close(found: Report) -> None:
    assert found.key >= 0.7
    assert found.mirex >= 0.8


@pytest.mark.parametrize(
    ("told", "weight"),
    [
        ("A minor", 1.0),
        ("E minor", 0.5),
        ("D minor", 0.5),
        ("C major", 0.3),
        ("A major", 0.2),
        ("F major", 0.0),
        (None, 0.0),
    ],
)
def test_keys_are_weighed_as_in_the_contest(told: str | None, weight: float) -> None:
    assert mirex(told, "A minor") == weight


def test_a_tempo_is_near_within_four_percent() -> None:
    assert is_near(124.5, 120)
    assert not is_near(126, 120)
    assert not is_near(60, 120)
    assert is_near(60, 120, (0.5, 1, 2))
    assert not is_near(None, 120)
