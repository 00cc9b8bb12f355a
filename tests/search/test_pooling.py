from __future__ import annotations

from math import asin, cos, pi

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.search.a_library import DIM
from traumbox.domain import Float32, unit
from traumbox.search.pooling import blend, combined, gathered, minus, pooled
from traumbox.search.sphere import angle_rad

AXES = np.eye(DIM, dtype=np.float32)
DIM_WIDE = 512
WITHIN = 0.81
"""Between windows of one even track, as CLAP hears it."""


def windows(rng: np.random.Generator, centre: Float32, count: int) -> Float32:
    """float32[count, DIM_WIDE] with a mean cosine of WITHIN among them."""
    noise = rng.standard_normal((count, DIM_WIDE)) * np.sqrt((1 - WITHIN) / WITHIN / DIM_WIDE)
    return np.stack([unit(row) for row in centre + noise])


def centres(rng: np.random.Generator, count: int) -> list[Float32]:
    """Unit vectors that share a part, as all music does, with cosines around .4."""
    shared = rng.standard_normal(DIM_WIDE)
    return [unit(0.8 * shared + rng.standard_normal(DIM_WIDE)) for _ in range(count)]


@pytest.mark.parametrize("halves", [1, 2, 3, 4])
@pytest.mark.parametrize("seed", range(5))
def test_a_song_of_several_parts_has_as_many_directions(halves: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    parts = centres(rng, halves)
    pool = pooled(np.vstack([windows(rng, part, 8) for part in parts]))
    assert len(pool.directions) == halves
    assert pool.weights == pytest.approx(np.full(halves, 1 / halves))
    for part in parts:
        assert max(pool.directions @ part) > 0.95


def test_the_heaviest_part_comes_first() -> None:
    rng = np.random.default_rng(3)
    short, long = centres(rng, 2)
    pool = pooled(np.vstack([windows(rng, short, 6), windows(rng, long, 14)]))
    assert pool.weights == pytest.approx([0.7, 0.3])
    assert pool.directions[0] @ long > 0.95


@pytest.mark.parametrize("most", [1, 2, 3])
def test_no_more_directions_than_asked_for(most: int) -> None:
    rng = np.random.default_rng(1)
    rows = np.vstack([windows(rng, part, 8) for part in centres(rng, 4)])
    assert len(pooled(rows, most).directions) == most


def test_a_noisy_sound_is_one_all_the_same() -> None:
    # Its halves differ, as any do in noise; but two directions are hardly nearer than one.
    for seed in range(5):
        rng = np.random.default_rng(seed)
        noise = rng.standard_normal((8, DIM_WIDE)) * np.sqrt(1.5 / DIM_WIDE)
        rows = np.stack([unit(row) for row in AXES[0].repeat(22)[:DIM_WIDE] / np.sqrt(22) + noise])
        assert len(pooled(rows).directions) == 1


def test_parts_that_would_find_the_same_are_one() -> None:
    beside = unit(0.85 * AXES[0] + np.sqrt(1 - 0.85**2) * AXES[1])
    assert len(pooled(np.repeat(np.stack([AXES[0], beside]), 8, axis=0)).directions) == 1
    apart = unit(0.65 * AXES[0] + np.sqrt(1 - 0.65**2) * AXES[1])
    assert len(pooled(np.repeat(np.stack([AXES[0], apart]), 8, axis=0)).directions) == 2


def test_applause_is_left_out_and_a_bridge_is_not() -> None:
    rng = np.random.default_rng(4)
    song, bridge, applause = centres(rng, 3)
    rows = np.vstack([windows(rng, song, 20), windows(rng, applause, 1)])
    alone = pooled(rows)
    assert len(alone.directions) == 1
    assert alone.directions[0] == pytest.approx(unit(rows[:20].mean(axis=0)), abs=1e-5)
    assert len(pooled(np.vstack([rows[:20], windows(rng, bridge, 6)])).directions) == 2


def test_ten_hummed_seconds_are_one_direction() -> None:
    one = windows(np.random.default_rng(1), AXES[0].repeat(22)[:DIM_WIDE], 1)
    assert pooled(one).directions == pytest.approx(one, abs=1e-6)
    assert pooled(one).weights.tolist() == [1.0]


def test_silence_has_no_direction() -> None:
    assert len(pooled(np.zeros((0, DIM), dtype=np.float32)).directions) == 0
    assert len(pooled(np.zeros((5, DIM), dtype=np.float32)).directions) == 0


def test_hours_are_read_in_part() -> None:
    rng = np.random.default_rng(4)
    parts = centres(rng, 2)
    pool = pooled(np.vstack([windows(rng, part, 1500) for part in parts]))
    assert pool.weights == pytest.approx([0.5, 0.5], abs=0.01)


@given(st.integers(0, 2**32 - 1), st.integers(1, 30), st.floats(0.0, 3.0))
@settings(max_examples=50, deadline=None)
def test_any_windows_give_sound_directions(seed: int, count: int, spread: float) -> None:
    rng = np.random.default_rng(seed)
    rows = AXES[0] + spread * rng.standard_normal((count, DIM)).astype(np.float32)
    pool = pooled(rows)
    assert 1 <= len(pool.directions) <= min(4, count)
    assert np.linalg.norm(pool.directions, axis=1) == pytest.approx(1.0, abs=1e-4)
    assert pool.weights.sum() == pytest.approx(1.0, abs=1e-5)
    assert (pooled(rows).directions == pool.directions).all()
    assert (np.diff(pool.weights) <= 1e-6).all()


def test_a_track_that_answers_both_halves_comes_first() -> None:
    scores = np.array([[0.9, 0.6, 0.2], [0.3, 0.6, 0.2]], dtype=np.float32)
    found = combined(scores, np.array([0.5, 0.5], dtype=np.float32))
    assert np.argsort(-found).tolist() == [1, 0, 2]
    assert combined(scores, np.array([0.5, 0.5]), coverage=0.0)[0] == pytest.approx(0.6)
    assert combined(scores, np.array([0.9, 0.1]), coverage=0.0)[0] == pytest.approx(0.84)
    assert combined(scores, np.array([0.5, 0.5]), coverage=1.0)[0] == pytest.approx(0.3)


def test_what_a_list_did_not_reach_has_its_lowest_score() -> None:
    keys, scores = gathered([{"a": 0.9, "b": 0.5}, {"c": 0.8}, {}])
    assert keys == ["a", "b", "c"]
    assert np.isnan(scores).sum() == 6
    weights = np.array([0.4, 0.4, 0.2], dtype=np.float32)
    assert combined(scores, weights, 0.0) == pytest.approx([0.85, 0.65, 0.65])


def test_nothing_found_is_no_score() -> None:
    keys, scores = gathered([{}, {}])
    assert keys == []
    assert combined(scores, np.ones(2, dtype=np.float32)).shape == (0,)
    nans = np.full((1, 2), np.nan, dtype=np.float32)
    assert combined(nans, np.ones(1, dtype=np.float32)).tolist() == [0.0, 0.0]


unit_vectors = st.integers(0, 2**32 - 1).map(
    lambda seed: unit(np.random.default_rng(seed).standard_normal(DIM))
)


@given(unit_vectors, st.lists(unit_vectors, min_size=1, max_size=4), st.floats(0.0, 0.95))
@settings(deadline=None)
def test_taking_away_never_flips(plus: Float32, less: list[Float32], weight: float) -> None:
    found = minus(plus[None, :], np.stack(less), weight)[0]
    assert np.linalg.norm(found) == pytest.approx(1.0, abs=1e-4)
    assert found @ plus >= cos(asin(weight)) - 1e-3
    if len(less) == 1:
        assert found @ less[0] <= plus @ less[0] + 1e-4
        assert found @ less[0] >= min(0.0, float(plus @ less[0])) - 1e-3


def test_a_track_minus_itself_is_itself() -> None:
    assert (minus(AXES[:1], AXES[:1]) == AXES[:1]).all()
    hardly = unit(AXES[0] + 1e-3 * AXES[1])[None, :]
    assert angle_rad(minus(AXES[:1], hardly)[0], AXES[0]) < 2e-3


def test_it_is_rocchio() -> None:
    plus, less = AXES[0], unit(0.8 * AXES[0] + 0.6 * AXES[1])
    expected = unit(plus - 0.5 * less)
    assert minus(plus[None, :], less[None, :], 0.5)[0] == pytest.approx(expected, abs=1e-5)


def test_what_has_nothing_of_it_stays() -> None:
    assert (minus(AXES[:1], AXES[1:2]) == AXES[:1]).all()
    assert (minus(AXES[:1], -AXES[:1]) == AXES[:1]).all()
    assert (minus(AXES[:2], np.zeros((0, DIM), dtype=np.float32)) == AXES[:2]).all()
    assert angle_rad(minus(AXES[:1], AXES[1:2])[0], AXES[1]) == pytest.approx(pi / 2)


@pytest.mark.parametrize("weight", [-0.1, 1.0, float("nan")])
def test_no_weight_that_could_flip(weight: float) -> None:
    with pytest.raises(ValueError, match="expected 0 to"):
        minus(AXES[:1], AXES[1:2], weight)


def test_like_this_but_calmer() -> None:
    # Three calm tracks and three wild ones; the first of each sounds most like what was given.
    sound = np.array([0.80, 0.70, 0.50, 0.82, 0.72, 0.52], dtype=np.float32)
    text = np.array([0.30, 0.30, 0.30, 0.10, 0.10, 0.10], dtype=np.float32)
    assert np.argsort(-blend(sound, text))[:2].tolist() == [0, 1]
    squeezed = np.array([0.8, 0.7, 0.5, 0.95, 0.72, 0.52], dtype=np.float32)
    faint = np.where(text > 0.2, 0.12, 0.10).astype(np.float32)
    assert int(np.argmax(squeezed + faint)) == 3, "raw cosines: the sentence drowns"
    assert int(np.argmax(blend(squeezed, faint))) == 0


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_the_scale_of_a_cosine_does_not_matter(share: float) -> None:
    rng = np.random.default_rng(1)
    sound, text = rng.uniform(size=(2, 20)).astype(np.float32)
    assert blend(0.1 * sound + 0.5, 7 * text, share) == pytest.approx(
        blend(sound, text, share), abs=1e-4
    )


def test_a_track_without_a_score_has_the_lowest() -> None:
    sound = np.array([0.9, np.nan, 0.5], dtype=np.float32)
    same = np.full(3, 0.2, dtype=np.float32)
    found = blend(sound, same)
    assert found[0] > found[1] == found[2]
    assert blend(np.full(3, np.nan, dtype=np.float32), same).tolist() == [0.0, 0.0, 0.0]
