from __future__ import annotations

from math import pi

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from traumbox.domain import unit
from traumbox.search.sphere import angle_rad, slerp, turned, unit_rows

X, Y = np.eye(4, dtype=np.float32)[:2]


def test_half_the_way_is_half_the_angle() -> None:
    assert slerp(X, Y, 0.5) == pytest.approx(unit(X + Y), abs=1e-6)


@given(st.integers(0, 2**32 - 1), st.floats(0.0, 1.0))
def test_shares_of_the_way_are_shares_of_the_angle(seed: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    one, other = unit(rng.standard_normal(16)), unit(rng.standard_normal(16))
    way = slerp(one, other, share)
    assert np.linalg.norm(way) == pytest.approx(1.0, abs=1e-5)
    assert angle_rad(one, way) == pytest.approx(share * angle_rad(one, other), abs=2e-3)
    assert angle_rad(way, other) == pytest.approx((1 - share) * angle_rad(one, other), abs=2e-3)


def test_between_opposites_there_is_a_way_too() -> None:
    middle = slerp(X, -X, 0.5)
    assert angle_rad(X, middle) == pytest.approx(pi / 2, abs=1e-3)
    assert (slerp(X, -X, 0.5) == middle).all()


def test_from_a_place_to_itself_is_no_way() -> None:
    assert (slerp(X, X, 0.5) == X).all()


def test_a_negative_turn_turns_away() -> None:
    away = turned(X, unit(X + Y), -pi / 4)
    assert away == pytest.approx(unit(X - Y), abs=1e-6)


def test_rows_without_direction_are_left_out() -> None:
    rows = np.array([[0, 0], [3, 4], [np.nan, 1], [np.inf, 1]], dtype=np.float32)
    assert unit_rows(rows).tolist() == [pytest.approx([0.6, 0.8])]
    assert unit_rows(np.array([3.0, 4.0], dtype=np.float32)).shape == (1, 2)
