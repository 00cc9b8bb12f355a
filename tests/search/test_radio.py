from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.search.a_library import DIM, clustered, libraries, nearest_in, tracks_of
from traumbox.domain import Float32, unit
from traumbox.search.candidates import Candidate
from traumbox.search.pooling import Pooled, pooled
from traumbox.search.radio import Radio, Reaction, Spacing, again, begun, following, reacted
from traumbox.search.sphere import angle_rad, slerp


def seed_of(*tracks: Candidate) -> Pooled:
    count = len(tracks)
    return Pooled(
        np.stack([one.vector for one in tracks]), np.full(count, 1 / count, dtype=np.float32)
    )


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@given(libraries(), st.floats(0.0, 1.0), st.integers(0, 9), st.integers(0, 2**32 - 1))
@settings(max_examples=50, deadline=None)
def test_all_of_the_library_once(
    library: list[Candidate], adventurous: float, batch: int, seed: int
) -> None:
    radio = begun(seed_of(library[0]), adventurous, heard=library[:1])
    chance, nearest = rng(seed), nearest_in(library)
    heard = ["t0"]
    while len(heard) < len(library):
        chosen, radio = following(radio, batch + 1, nearest, chance)
        assert 1 <= len(chosen) <= batch + 1
        heard += [one.track_id for one in chosen]
    assert sorted(heard) == sorted(one.track_id for one in library)
    assert following(radio, 5, nearest, chance)[0] == []
    assert len(following(again(radio), 1, nearest, chance)[0]) == 1


@given(libraries(least=3), st.floats(0.0, 1.0))
@settings(max_examples=50, deadline=None)
def test_spacing_holds_wherever_the_library_allows(
    library: list[Candidate], adventurous: float
) -> None:
    spacing = Spacing(artist=3, album=6)
    radio = begun(seed_of(library[0]), adventurous, library[:1], spacing)
    chosen, _ = following(radio, len(library), nearest_in(library), rng())
    played = [library[0], *chosen]
    for place in range(1, len(played)):
        left = [one for one in library if one not in played[:place]]
        best = min(_tightness(other, played[:place], spacing) for other in left)
        assert _tightness(played[place], played[:place], spacing) == best


def _tightness(one: Candidate, before: list[Candidate], spacing: Spacing) -> int:
    """How often the spaces had to shrink for this track to follow those ``before``."""
    gaps = [(spacing.artist, spacing.album), *((n, n) for n in range(spacing.artist, 0, -1))]
    for level, (artist_gap, album_gap) in enumerate(gaps):
        artists = {other.artist for other in before[-artist_gap:]} - {""}
        albums = {other.album for other in before[-album_gap:]} - {""}
        if one.artist not in artists and one.album not in albums:
            return level
    return len(gaps)


def big_library() -> list[Candidate]:
    return tracks_of(clustered(rng(2), 3_000, 30), [f"artist {i % 200}" for i in range(3_000)])


BIG = big_library()
NEAREST = nearest_in(BIG)


def drift_rad(adventurous: float) -> float:
    radio = begun(seed_of(BIG[0]), adventurous, BIG[:1])
    chosen, _ = following(radio, 40, NEAREST, rng(1))
    return float(np.mean([angle_rad(one.vector, BIG[0].vector) for one in chosen]))


def test_the_more_adventurous_the_further() -> None:
    drifts = [drift_rad(adventurous) for adventurous in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert all(near < far for near, far in pairwise(drifts)), drifts


@pytest.mark.parametrize("adventurous", [0.0, 0.5, 1.0])
def test_it_stays_near_its_seed_however_long(adventurous: float) -> None:
    radio = begun(seed_of(BIG[0]), adventurous, BIG[:1])
    ranks = {one.track_id: rank for rank, one in enumerate(NEAREST(BIG[0].vector, len(BIG)))}
    chance = rng(1)
    for number in range(12):
        chosen, radio = following(radio, 5, NEAREST, chance)
        assert max(ranks[one.track_id] for one in chosen) <= radio.reach + 1 + 5 * number


def test_without_adventure_it_is_the_nearest_in_turn() -> None:
    radio = begun(seed_of(BIG[0]), 0.0, BIG[:1], Spacing(0, 0))
    chosen, _ = following(radio, 10, NEAREST, rng())
    assert chosen == NEAREST(BIG[0].vector, 11)[1:]


def test_the_same_chance_gives_the_same_radio_in_any_batches() -> None:
    start = begun(seed_of(BIG[0]), 0.6, BIG[:1])
    once, _ = following(start, 12, NEAREST, rng(7))
    radio, parts, chance = start, [], rng(7)
    for _ in range(4):
        chosen, radio = following(radio, 3, NEAREST, chance)
        parts += chosen
    assert [one.track_id for one in parts[:3]] == [one.track_id for one in once[:3]]
    assert following(start, 12, NEAREST, rng(7))[0] == once
    assert following(start, 12, NEAREST, rng(8))[0] != once


def test_two_seeds_take_turns() -> None:
    radio = begun(seed_of(BIG[0], BIG[1]), 0.0, BIG[:2])
    chosen, _ = following(radio, 10, NEAREST, rng())
    nearer = [int(np.argmax([seed.vector @ one.vector for seed in BIG[:2]])) for one in chosen]
    assert nearer == [0, 1] * 5


def test_a_heavier_seed_has_more_turns() -> None:
    seed = seed_of(BIG[0], BIG[1])
    radio = begun(replace(seed, weights=np.array([0.75, 0.25], np.float32)), 0.0, BIG[:2])
    chosen, _ = following(radio, 12, NEAREST, rng())
    nearer = [int(np.argmax([seed.vector @ one.vector for seed in BIG[:2]])) for one in chosen]
    assert nearer.count(0) == 9


def test_the_nearer_is_the_likelier() -> None:
    ranks = {one.track_id: rank for rank, one in enumerate(NEAREST(BIG[0].vector, 40))}
    radio = begun(seed_of(BIG[0]), 1.0, BIG[:1], Spacing(0, 0))
    drawn = [following(radio, 1, NEAREST, rng(seed))[0][0] for seed in range(200)]
    places = [ranks[one.track_id] for one in drawn]
    assert max(places) > 20
    assert sum(place <= 12 for place in places) > 120, "equal odds give about 96"


def between(count: int = 80) -> tuple[list[Candidate], Float32]:
    """A library of two clusters, and a place in their middle."""
    one, other = clustered(rng(3), 2, 2)
    noise = 0.5 * rng(4).standard_normal((count, DIM)) / np.sqrt(DIM)
    vectors = np.stack([unit((one, other)[i % 2] + noise[i]) for i in range(count)])
    return tracks_of(vectors), unit(one + other)


def of_first(radio: Radio, library: list[Candidate]) -> int:
    chosen, _ = following(radio, 20, nearest_in(library), rng(5))
    return sum(int(one.track_id[1:]) % 2 == 0 for one in chosen)


def test_what_is_skipped_pushes_and_what_is_liked_pulls() -> None:
    library, middle = between(600)
    start = begun(Pooled(middle[None, :], np.ones(1, dtype=np.float32)), 0.0)
    skipped = liked = played = start
    for one in library[0:6:2]:
        skipped = reacted(skipped, one, "skipped")
        liked = reacted(liked, one, "liked")
        played = reacted(played, one, "played")
    plain = of_first(start, library)
    assert of_first(skipped, library) < plain - 4
    assert of_first(liked, library) > plain + 4
    assert plain < of_first(played, library) <= of_first(liked, library)


def test_a_like_says_more_than_having_listened() -> None:
    library, middle = between(600)
    start = begun(Pooled(middle[None, :], np.ones(1, dtype=np.float32)), 0.0)
    one = library[0]
    cosines = []
    for reaction in ("played", "liked"):
        (following_it,), _ = following(reacted(start, one, reaction), 1, nearest_in(library), rng())
        cosines.append(float(following_it.vector @ one.vector))
    assert cosines[0] < cosines[1]


@pytest.mark.parametrize("reaction", ["liked", "skipped"])
def test_only_the_last_reactions_count(reaction: Reaction) -> None:
    library, middle = between(600)
    late = begun(Pooled(middle[None, :], np.ones(1, dtype=np.float32)), 0.0)
    early = late
    for one in library[0:6:2]:
        early = reacted(early, one, reaction)
    for one in library[1:17:2]:
        early, late = (reacted(radio, one, reaction) for radio in (early, late))
    late = replace(late, heard=early.heard)
    found = [following(radio, 10, nearest_in(library), rng())[0] for radio in (early, late)]
    assert found[0] == found[1]


def test_likes_pull_but_do_not_carry_it_away() -> None:
    one, other = np.eye(DIM, dtype=np.float32)[:2]
    library = tracks_of(np.stack([slerp(one, other, i / 90) for i in range(91)]))
    radio = begun(seed_of(library[0]), 0.0, library[:1])
    for liked in library[-8:]:
        radio = reacted(radio, liked, "liked")
    (first,), _ = following(radio, 1, nearest_in(library), rng())
    assert 20 < int(first.track_id[1:]) < 40


def test_what_was_reacted_to_does_not_come_again() -> None:
    library, middle = between()
    radio = begun(Pooled(middle[None, :], np.ones(1, dtype=np.float32)), 0.0)
    for one in library[:10]:
        radio = reacted(radio, one, "liked")
    chosen, _ = following(radio, 80, nearest_in(library), rng())
    assert {one.track_id for one in chosen} == {one.track_id for one in library[10:]}


def test_a_skip_ends_the_walk_that_led_there() -> None:
    radio = begun(seed_of(BIG[0]), 1.0, BIG[:1])
    (one,), radio = following(radio, 1, NEAREST, rng())
    assert (radio.places == one.vector).all()
    assert (reacted(radio, one, "liked").places == one.vector).all()
    assert (reacted(radio, one, "skipped").places == radio.seeds).all()


def test_a_copy_of_what_was_heard_does_not_follow() -> None:
    library, _ = between()
    copy = replace(library[2], track_id="mp3", audio_id="mp3")
    radio = begun(seed_of(library[0]), 0.0, library[:1])
    chosen, radio = following(radio, 90, nearest_in([*library, copy]), rng())
    assert len(chosen) == 79
    assert not {"t2", "mp3"} <= {one.track_id for one in chosen}
    assert "mp3" in radio.heard


def test_an_empty_library_has_no_radio() -> None:
    radio = begun(seed_of(BIG[0]))
    assert following(radio, 5, lambda _vector, _count: [], rng()) == ([], radio)


def test_silence_has_no_radio() -> None:
    with pytest.raises(ValueError, match="silent"):
        begun(pooled(np.zeros((0, DIM), dtype=np.float32)))
