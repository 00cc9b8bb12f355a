import numpy as np
import pytest

from traumbox.domain import Float32, ModelCard
from traumbox.search.moments import apart, comes_in, inside, moments_of

CARD = ModelCard("m", "M", 4, "none", calibration=(0.3, 12.0), floor=0.2)


def scores(*values: float) -> Float32:
    return np.array(values, dtype=np.float32)


def starts_s(count: int) -> Float32:
    return 10.0 * np.arange(count, dtype=np.float32)


@pytest.mark.parametrize(
    ("found", "entry"),
    [
        ((0.1, 0.1, 0.5, 0.6, 0.5, 0.1), 2),
        ((0.5, 0.6, 0.1, 0.1), 0),
        ((0.1, 0.5, 0.1, 0.1, 0.6, 0.5), 4),  # of two entries the clearer one
        ((0.30, 0.31, 0.33, 0.32), 0),  # all over, so from its beginning
        ((0.4,), 0),
    ],
)
def test_a_sound_comes_in_where_it_becomes_clear(found: tuple[float, ...], entry: int) -> None:
    assert comes_in(scores(*found)) == entry


def test_the_place_where_a_sound_comes_in_goes_first() -> None:
    values = scores(0.1, 0.1, 0.5, 0.6, 0.1, 0.55)
    assert moments_of(starts_s(6), values, CARD, 60.0).best[0].start_s == 30.0
    entering = moments_of(starts_s(6), values, CARD, 60.0, starts=True)
    assert [moment.start_s for moment in entering.best] == [20.0, 50.0]


def test_moments_lie_apart_and_those_that_do_not_fit_are_none() -> None:
    found = moments_of(starts_s(5), scores(0.6, 0.59, 0.1, 0.1, 0.5), CARD, 50.0)
    assert [moment.start_s for moment in found.best] == [0.0, 40.0]
    heat = np.frombuffer(found.heat, np.uint8)
    assert heat[0] > 0
    assert heat[50] == 0


def test_the_moment_lies_inside_and_not_across_the_border() -> None:
    assert inside(scores(0.1, 0.52, 0.5, 0.49, 0.1)) == 2
    assert inside(scores(0.1, 0.49, 0.5, 0.52, 0.1)) == 2
    assert inside(scores(0.1, 0.5, 0.1, 0.4, 0.4)) == 1  # what lies further off doesn't count
    assert inside(scores(0.1, 0.5, 0.41, 0.49)) == 1  # nor does what is clearly worse
    assert inside(scores(0.3)) == 0
    assert inside(scores(0.3, 0.3, 0.3)) == 0


def test_no_two_moments_touch() -> None:
    assert apart(starts_s(4), scores(0.6, 0.59, 0.58, 0.57), 3) == [0, 2]


def test_three_moments_are_told_at_the_most() -> None:
    entering = 0.1, 0.4, 0.4, 0.4, 0.6, 0.1, 0.6, 0.1, 0.6, 0.1
    found = moments_of(starts_s(10), scores(*entering), CARD, 100.0, starts=True)
    assert [moment.start_s for moment in found.best] == [10.0, 40.0, 60.0]
