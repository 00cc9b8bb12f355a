from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from traumbox.domain import NO_FLOOR, ModelCard


def card(floor: float = NO_FLOOR, calibration: tuple[float, float] = (0.3, 12.0)) -> ModelCard:
    return ModelCard("m", "Model", 4, "none", calibration, floor)


def test_without_a_floor_everything_fits() -> None:
    assert card().fits(-1.0)
    assert card().fits(float(np.nextafter(-1.0, -2.0))), "as a product of float32 vectors may be"


def test_at_the_floor_it_fits_and_below_it_does_not() -> None:
    assert card(floor=0.2).fits(0.2)
    assert not card(floor=0.2).fits(0.1999)


@pytest.mark.parametrize("floor", [NO_FLOOR, -0.1, 0.2, 0.3, 0.6, 1.0])
@pytest.mark.parametrize("calibration", [(0.3, 12.0), (0.16, 14.8), (0.0, 0.5)])
def test_what_fits_has_a_greater_match_than_what_does_not(
    floor: float, calibration: tuple[float, float]
) -> None:
    one = card(floor, calibration)
    scores = np.linspace(-1.0, 1.0, 4001).tolist()
    matches = [one.match(score) for score in scores]
    assert all(a <= b for a, b in pairwise(matches)), "the curve rises"
    assert 0 <= matches[0] <= matches[-1] <= 100
    fitting = [match for score, match in zip(scores, matches, strict=True) if one.fits(score)]
    others = matches[: len(matches) - len(fitting)]
    assert not others or others[-1] < fitting[0]


def test_far_below_the_floor_the_curve_is_the_same() -> None:
    assert card(floor=0.5).match(0.1) == card().match(0.1)
    assert card(floor=0.5).match(0.7) == card().match(0.7)


STRANGE = ModelCard(
    "m", "Model", 4, "none", (0.3, 12.0), 0.2, knows=lambda text: "piano" in text, strange=0.1
)


def test_a_sentence_without_a_word_that_the_model_knows_must_come_nearer() -> None:
    assert STRANGE.asked("sad piano") is STRANGE
    asked = STRANGE.asked("tax return")
    assert [asked.fits(score) for score in (0.2, 0.29, 0.31)] == [False, False, True]
    assert asked.match(0.45) == STRANGE.match(0.35)
    assert asked.asked("tax return") == asked, "once is enough"


def test_without_a_floor_strange_sentences_have_none_either() -> None:
    asked = replace(STRANGE, floor=NO_FLOOR).asked("tax return")
    assert asked.fits(-1.0)
    assert asked.match(0.45) == STRANGE.match(0.35)


def test_by_itself_a_model_knows_all_sentences() -> None:
    one = card(floor=0.2)
    assert one.asked("tax return") is one
    assert one.knows("tax return")
