from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import log2

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.search.a_library import DIM, clustered, libraries, nearest_in, tracks_of
from traumbox.domain import Float32, unit
from traumbox.search.candidates import Candidate
from traumbox.search.journey import Evenness, Rules, journey
from traumbox.search.sphere import slerp


def plain(
    start: Candidate, end: Candidate, length: int, library: list[Candidate]
) -> list[Candidate]:
    """What is nearest to each place of the straight way and not yet taken."""
    nearest, way = nearest_in(library), [start]
    for place in range(1, length - 1):
        target = slerp(start.vector, end.vector, place / (length - 1))
        found = nearest(target, length + 2)
        way.append(next(one for one in found if one not in (*way, end)))
    return [*way, end]


@given(libraries(), st.integers(2, 50), st.integers(1, 39))
@settings(max_examples=50, deadline=None)
def test_no_repeats_and_as_long_as_the_library_allows(
    library: list[Candidate], length: int, last: int
) -> None:
    start, end = library[0], library[last % (len(library) - 1) + 1]
    found = journey(start, end, length, nearest_in(library))
    assert (found[0], found[-1]) == (start, end)
    assert len({one.track_id for one in found}) == len(found) == min(length, len(library))


@pytest.mark.parametrize("clusters", [1, 5, 40])
def test_steps_are_more_even_than_those_of_the_plain_way(clusters: int) -> None:
    rng = np.random.default_rng(clusters)
    library = tracks_of(clustered(rng, 800, clusters))
    ours, theirs = [], []
    for number in range(6):
        start, end = library[number], library[400 + 7 * number]
        ours.append(Evenness.of(journey(start, end, 10, nearest_in(library))))
        theirs.append(Evenness.of(plain(start, end, 10, library)))
    for name in ("variation", "largest_to_mean", "largest_rad"):
        mean, other = (np.mean([getattr(one, name) for one in some]) for some in (ours, theirs))
        assert mean < other, name


def test_on_an_evenly_filled_way_the_steps_are_even() -> None:
    one, other = np.eye(DIM, dtype=np.float32)[:2]
    library = tracks_of(np.stack([slerp(one, other, i / 90) for i in range(91)]))
    found = journey(library[0], library[-1], 10, nearest_in(library))
    assert [int(track.track_id[1:]) for track in found] == list(range(0, 91, 10))
    assert Evenness.of(found).variation < 0.01


def test_half_of_the_way_is_half_way() -> None:
    rng = np.random.default_rng(3)
    library = tracks_of(clustered(rng, 400, 8))
    found = journey(library[0], library[1], 12, nearest_in(library))
    ends = np.stack([found[0].vector, found[-1].vector])
    nearer = [bool(np.diff(ends @ one.vector)[0] < 0) for one in found]
    assert 4 <= sum(nearer) <= 8
    assert nearer == sorted(nearer, reverse=True)


@pytest.mark.parametrize("clusters", [5, 6])
def test_artists_are_spaced_where_the_library_allows(clusters: int) -> None:
    # Of six clusters those of the two ends hold no other artist: it has to be looked further.
    rng = np.random.default_rng(4)
    vectors = clustered(rng, 900, clusters)
    library = tracks_of(vectors, ["one" if i % 3 else f"other {i}" for i in range(900)])
    found = journey(library[1], library[2], 10, nearest_in(library), Rules(artist_apart=3))
    artists = [one.artist for one in found]
    for place, artist in enumerate(artists):
        assert artist not in artists[max(0, place - 3) : place]
    unspaced = journey(library[1], library[2], 10, nearest_in(library), Rules(artist_apart=0))
    assert [one.artist for one in unspaced].count("one") > artists.count("one")


@given(st.integers(0, 2**32 - 1))
@example(17)
@settings(max_examples=15, deadline=None)
def test_tempo_changes_are_small_where_the_library_allows(seed: int) -> None:
    rng = np.random.default_rng(seed)
    bpms = [None if i % 5 == 0 else float(b) for i, b in enumerate(rng.uniform(60, 180, 300))]
    library = tracks_of(clustered(rng, 300, 5), bpms=bpms)
    start, end = replace(library[1], bpm=80.0), replace(library[2], bpm=120.0)
    found = journey(start, end, 9, nearest_in([start, end, *library[3:]]), Rules(tempo_share=0.1))
    for one, then in pairwise(found):
        if one.bpm and then.bpm:
            octaves = log2(one.bpm / then.bpm)
            assert abs(octaves - round(octaves)) <= log2(1.1) + 1e-9


def test_half_and_double_tempo_are_the_same() -> None:
    one, other = np.eye(DIM, dtype=np.float32)[:2]
    vectors = [slerp(one, other, i / 8) for i in range(9)]
    beside = [unit(v + 0.3 * np.eye(DIM, dtype=np.float32)[5]) for v in vectors[1:-1]]
    bpms = [80.0, *[160.0, 80.0] * 3, 160.0, 80.0]
    library = tracks_of(np.stack([*vectors, *beside]), bpms=[*bpms, *[80.0] * 7])
    found = journey(library[0], library[8], 9, nearest_in(library))
    assert found == library[:9]


def test_tempo_yields_before_the_artists() -> None:
    # One way to go between: the artist of the start at its tempo, or another at a wrong one.
    one, other, aside = np.eye(DIM, dtype=np.float32)[:3]
    middle = unit(one + other)
    library = tracks_of(
        np.stack([one, other, middle, unit(middle + 0.5 * aside)]),
        ["a", "b", "a", "c"],
        bpms=[100.0, 100.0, 100.0, 140.0],
    )
    found = journey(library[0], library[1], 3, nearest_in(library))
    assert found[1].artist == "c"
    free = journey(library[0], library[1], 3, nearest_in(library), Rules(artist_apart=0))
    assert free[1].artist == "a"


def test_the_largest_step_is_bridged_by_what_lies_between() -> None:
    # Many tracks around the ends hide the few on a detour from what the straight way asks for.
    one, other, aside = np.eye(DIM, dtype=np.float32)[:3]
    rng = np.random.default_rng(6)
    crowd = [
        unit(slerp(one, other, share) + 0.02 * rng.standard_normal(DIM))
        for share in (0.0, 0.04, 0.96, 1.0)
        for _ in range(150)
    ]
    detour = [unit(slerp(one, other, share) + 0.7 * aside) for share in (0.25, 0.5, 0.75)]
    library = tracks_of(np.stack([one, other, *crowd, *detour]).astype(np.float32))
    found = journey(library[0], library[1], 8, nearest_in(library))
    assert {one.track_id for one in library[-3:]} & {one.track_id for one in found}
    assert Evenness.of(found).largest_rad < 1.2


def on_the_way(*shares: float) -> list[Float32]:
    """Places from one end (0) to the other (1)."""
    one, other = np.eye(DIM, dtype=np.float32)[:2]
    return [slerp(one, other, share) for share in shares]


def test_tracks_change_places_where_no_other_is_left() -> None:
    library = tracks_of(np.stack(on_the_way(0, 1, 0.24, 0.10, 0.9)))
    found = journey(library[0], library[1], 5, nearest_in(library))
    assert [one.track_id for one in found] == ["t0", "t3", "t2", "t4", "t1"]
    artists = ["x", "y", "a", "b", "c", "a", "d"]
    library = tracks_of(np.stack(on_the_way(0, 1, *(i / 6 for i in range(1, 6)))), artists)
    found = journey(library[0], library[1], 7, nearest_in(library), Rules(artist_apart=3))
    places = [place for place, one in enumerate(found) if one.artist == "a"]
    assert places[1] - places[0] > 3


def test_a_leap_that_must_be_has_tracks_on_both_its_sides() -> None:
    # Both tracks in the corner of the start would make it as even: the end's lies beside the way.
    aside = np.eye(DIM, dtype=np.float32)[2]
    start, end, near = on_the_way(0, 1, 0.02)
    library = tracks_of(np.stack([start, end, near, near, unit(end + 0.1 * aside)]))
    found = journey(library[0], library[1], 4, nearest_in(library))
    assert found[2].track_id == "t4"


def test_not_all_steps_are_as_large_as_the_largest_must_be() -> None:
    # Between the ends there is a gap; the only tracks that are further apart lie wide of the way.
    for seed in range(3):
        rng = np.random.default_rng(seed)
        shares = *np.linspace(0.02, 0.25, 12), *np.linspace(0.75, 0.98, 12)
        near = [unit(place + 0.03 * rng.standard_normal(DIM)) for place in on_the_way(*shares)]
        wide = [
            unit(place + 0.9 * unit(rng.standard_normal(DIM)))
            for place in on_the_way(*rng.uniform(0, 1, 60))
        ]
        library = tracks_of(np.stack([*on_the_way(0, 1), *near, *wide]).astype(np.float32))
        even = Evenness.of(journey(library[0], library[1], 10, nearest_in(library)))
        assert even.largest_rad < 0.8
        assert even.largest_rad / even.largest_to_mean < 0.35


def test_an_artist_with_hundreds_of_tracks_leaves_room_for_others() -> None:
    rng = np.random.default_rng(3)
    crowd = [
        unit(place + 0.01 * rng.standard_normal(DIM))
        for place in on_the_way(*np.linspace(0.01, 0.99, 700))
    ]
    others = [
        unit(place + 0.5 * unit(rng.standard_normal(DIM)))
        for place in on_the_way(*np.linspace(0.05, 0.95, 40))
    ]
    vectors = np.stack([*on_the_way(0, 1), *crowd, *others]).astype(np.float32)
    library = tracks_of(vectors, ["x", "y", *["one"] * 700, *(f"other {i}" for i in range(40))])
    found = journey(library[0], library[1], 10, nearest_in(library), Rules(artist_apart=3))
    places = [place for place, one in enumerate(found) if one.artist == "one"]
    assert all(then - one > 3 for one, then in pairwise(places))


def test_a_recording_comes_once() -> None:
    library = tracks_of(clustered(np.random.default_rng(9), 30, 3))
    copies = [replace(one, track_id=f"c{i}", audio_id=f"c{i}") for i, one in enumerate(library)]
    found = journey(library[0], library[1], 40, nearest_in([*library, *copies]))
    assert len({one.duration_s for one in found}) == len(found) == 30


def test_the_way_back_is_as_even() -> None:
    library = tracks_of(clustered(np.random.default_rng(9), 200, 5))
    there, back = (
        Evenness.of(journey(library[a], library[b], 10, nearest_in(library)))
        for a, b in ((0, 1), (1, 0))
    )
    assert there.largest_rad == pytest.approx(back.largest_rad, rel=0.15)


def test_the_same_ends_give_the_same_way() -> None:
    library = tracks_of(clustered(np.random.default_rng(9), 200, 5))
    ways = [journey(library[0], library[1], 10, nearest_in(library)) for _ in range(2)]
    assert ways[0] == ways[1]


def test_a_large_library_is_asked_and_not_read() -> None:
    library = tracks_of(clustered(np.random.default_rng(9), 600, 5))
    nearest, asked = nearest_in(library), []

    def counting(vector: Float32, count: int) -> list[Candidate]:
        asked.append(count)
        return nearest(vector, count)

    journey(library[0], library[1], 20, counting)
    assert len(asked) <= 15
    assert max(asked) <= 96


def test_opposite_ends_have_a_way() -> None:
    vectors = clustered(np.random.default_rng(9), 50, 5)
    library = tracks_of(np.vstack([vectors, -vectors[:1]]))
    assert len(journey(library[0], library[-1], 8, nearest_in(library))) == 8


def test_two_ends_alone_are_a_journey() -> None:
    library = tracks_of(clustered(np.random.default_rng(9), 5, 5))
    assert journey(library[0], library[1], 2, nearest_in(library)) == library[:2]


def test_a_journey_needs_two_ends_and_a_way() -> None:
    library = tracks_of(clustered(np.random.default_rng(9), 5, 5))
    with pytest.raises(ValueError, match="2 or more"):
        journey(library[0], library[1], 1, nearest_in(library))
    with pytest.raises(ValueError, match="different recordings"):
        journey(library[0], library[0], 4, nearest_in(library))
    with pytest.raises(ValueError, match="different recordings"):
        journey(library[0], replace(library[0], track_id="moved"), 4, nearest_in(library))


def test_evenness_of_equal_steps() -> None:
    x, y = np.eye(4, dtype=np.float32)[:2]
    even = Evenness.of(tracks_of(np.stack([x, slerp(x, y, 0.5), y])))
    assert (even.variation, even.largest_to_mean) == pytest.approx((0.0, 1.0), abs=1e-3)
    uneven = Evenness.of(tracks_of(np.stack([x, slerp(x, y, 0.25), y])))
    assert (uneven.variation, uneven.largest_to_mean) == pytest.approx((0.5, 1.5), abs=1e-3)
    assert Evenness.of(tracks_of(np.stack([x, x]))) == Evenness(0.0, 1.0, 0.0)
