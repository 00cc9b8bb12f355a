from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.search.shelf import Shelf, between, tones
from traumbox.domain import Float32
from traumbox.search.bysound import by_likeness, presence, seed_of

A_HZ, B_HZ, C_HZ, D_HZ = 220, 440, 880, 1760


def parts(*tones_hz: float, windows: int = 8) -> Float32:
    """float32[n, dim]: a sound of several parts, each as long."""
    return np.repeat(tones(*tones_hz), windows, axis=0)


def share(found: Float32, weights: Float32, *tones_hz: float) -> float:
    """What the directions that are these tones weigh together."""
    return float(weights[(found @ tones(*tones_hz).T).max(axis=1) > 0.99].sum())


def test_several_sounds_count_the_same_however_many_parts_they_have() -> None:
    # Of four sounds two parts each are asked for; the third part's share goes to the two.
    each = parts(A_HZ, B_HZ, C_HZ), parts(D_HZ), parts(110.0), parts(2637.0)
    seed = seed_of(each)
    assert len(seed.directions) == 5
    assert seed.weights.sum() == pytest.approx(1.0)
    assert share(seed.directions, seed.weights, A_HZ, B_HZ, C_HZ) == pytest.approx(0.25)
    assert share(seed.directions, seed.weights, D_HZ) == pytest.approx(0.25)


def test_no_more_than_a_few_directions_are_asked_for() -> None:
    sounds = [parts(*(110.0 * 2 ** (i / 12) for i in range(n, n + 3))) for n in range(0, 12, 3)]
    assert len(seed_of(sounds).directions) == 8


def test_a_part_that_hardly_counts_is_not_asked_for() -> None:
    mostly = np.vstack([parts(A_HZ, windows=20), parts(B_HZ, windows=3)])
    assert len(seed_of([mostly]).directions) == 2
    seed = seed_of([mostly, parts(C_HZ), parts(D_HZ)])
    assert len(seed.directions) == 3
    assert seed.weights.sum() == pytest.approx(1.0)


def test_silence_among_what_is_liked_does_not_count() -> None:
    alone, beside = seed_of([parts(A_HZ)]), seed_of([tones(), parts(A_HZ)])
    assert beside.directions == pytest.approx(alone.directions)
    assert beside.weights == pytest.approx(alone.weights)
    assert len(seed_of([tones()]).directions) == 0


def test_a_seed_is_turned_away_from_what_is_not_liked() -> None:
    seed = seed_of([between(A_HZ, B_HZ, 0.5)], [parts(B_HZ)])
    (liked,) = seed.directions @ tones(A_HZ, B_HZ).T
    assert liked[0] > 0.9
    assert 0.0 <= liked[1] < 0.4


def test_the_moment_of_likeness_is_the_window_nearest_to_any_part(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.add("track", vectors=np.vstack([between(A_HZ, D_HZ, 0.3), tones(C_HZ), tones(B_HZ)]))
    seed = seed_of([parts(A_HZ, B_HZ)])
    (found,) = by_likeness(shelf.index, seed, None, lambda _: True)
    assert found.start_s == 20.0


def test_what_must_not_be_heard_is_there_where_a_good_part_of_a_track_has_it(
    tmp_path: Path,
) -> None:
    card = Shelf(tmp_path).embedder.card
    absent = tones(B_HZ)
    assert presence(parts(A_HZ, B_HZ), absent, card) == 100
    assert presence(tones(*[A_HZ] * 7, B_HZ), absent, card) == 0, "one window may mislead"
    both = tones(B_HZ, C_HZ)
    assert presence(parts(A_HZ, C_HZ), both, card) == 100, "the worst of them counts"
