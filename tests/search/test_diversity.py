from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.search.a_library import clustered, libraries, tracks_of
from traumbox.domain import unit
from traumbox.search.candidates import Candidate
from traumbox.search.diversity import Caps, Pick, collapsed, diversified


def scored(library: list[Candidate], scores: list[float]) -> list[Candidate]:
    return [replace(one, score=score) for one, score in zip(library, scores, strict=True)]


def ids(picks: list[Pick]) -> list[str]:
    return [pick.candidate.track_id for pick in picks]


@st.composite
def found(draw: st.DrawFn) -> list[Candidate]:
    library = draw(libraries(least=1))
    scores = st.floats(0.0, 1.0, allow_nan=False)
    return scored(library, draw(st.lists(scores, min_size=len(library), max_size=len(library))))


@given(found(), st.integers(0, 50))
@settings(max_examples=60, deadline=None)
def test_no_repeats_and_no_fewer_than_there_are(candidates: list[Candidate], count: int) -> None:
    picks = diversified(candidates, count)
    assert len(set(ids(picks))) == len(picks) == min(count, len(candidates))


@given(found(), st.integers(1, 20))
@settings(max_examples=60, deadline=None)
def test_each_place_keeps_its_share_of_the_plain_ranking(
    candidates: list[Candidate], count: int
) -> None:
    plain = sorted((one.score for one in candidates), reverse=True)[:count]
    picks = diversified(candidates, count, keep=0.8)
    assert picks[0].candidate.score == plain[0]
    for pick, score in zip(picks, plain, strict=True):
        assert pick.candidate.score >= 0.8 * score - 1e-9


@given(found())
@settings(max_examples=60, deadline=None)
def test_caps_hold_wherever_a_track_within_reach_meets_them(candidates: list[Candidate]) -> None:
    caps = Caps(album=1, artist=2, within=5)
    chosen = [pick.candidate for pick in diversified(candidates, 12, caps=caps, keep=0.0)]
    for place, one in enumerate(chosen):
        before = chosen[max(0, place - 4) : place]
        left = [other for other in candidates if other not in chosen[:place]]
        assert _level(one, before, caps) == min(_level(other, before, caps) for other in left)


def _level(one: Candidate, before: list[Candidate], caps: Caps) -> int:
    """0 within both caps, 1 within the album's, 2 within neither."""
    albums = sum(bool(one.album) and one.album == other.album for other in before)
    artists = sum(bool(one.artist) and one.artist == other.artist for other in before)
    if albums >= caps.album:
        return 2
    return int(artists >= caps.artist)


def test_no_five_of_one_album() -> None:
    rng = np.random.default_rng(5)
    library = tracks_of(
        clustered(rng, 60, 3),
        [f"artist {i // 15}" for i in range(60)],
        [f"album {i // 5}" for i in range(60)],
    )
    found = scored(library, [0.9 - 0.002 * i for i in range(60)])
    first = [pick.candidate for pick in diversified(found, 10)]
    assert max(Counter(one.album for one in first).values()) == 2
    assert max(Counter(one.artist for one in first).values()) == 3
    assert sum(one.score for one in first) >= 0.9 * sum(one.score for one in found[:10])


def test_somebody_who_asks_for_an_artist_gets_the_artist() -> None:
    vectors = clustered(np.random.default_rng(5), 12, 3)
    library = tracks_of(vectors, ["miles davis"] * 12, ["kind of blue"] * 12)
    found = scored(library, [0.9 - 0.05 * i for i in range(12)])
    assert len(diversified(found, 12)) == 12
    assert ids(diversified(found, 12, trade=1.0, caps=None)) == [one.track_id for one in found]


def test_rubbish_is_no_way_to_keep_the_caps() -> None:
    library = tracks_of(clustered(np.random.default_rng(5), 12, 3), ["a"] * 6 + [""] * 6)
    found = scored(library, [0.9] * 6 + [0.2] * 6)
    assert {pick.candidate.artist for pick in diversified(found, 6)} == {"a"}


def test_what_differs_comes_before_more_of_the_same() -> None:
    same, other = clustered(np.random.default_rng(2), 2, 2)
    near = unit(same + 0.1 * other)
    found = scored(tracks_of(np.stack([same, near, other])), [0.90, 0.89, 0.80])
    assert ids(diversified(found, 2, trade=0.5)) == ["t0", "t2"]
    assert ids(diversified(found, 2, trade=1.0)) == ["t0", "t1"]


def test_tracks_without_names_are_not_one_album() -> None:
    library = tracks_of(clustered(np.random.default_rng(5), 12, 3))
    found = scored(library, [0.9 - 0.01 * i for i in range(12)])
    assert ids(diversified(found, 12, trade=1.0)) == [one.track_id for one in found]


def test_a_recording_comes_once_with_its_copies() -> None:
    library = tracks_of(clustered(np.random.default_rng(3), 4, 4))
    mp3 = replace(library[0], track_id="mp3", audio_id="mp3", duration_s=60.5, score=0.4)
    moved = replace(library[0], track_id="moved", score=0.6)
    found = [replace(library[0], score=0.5), mp3, moved, replace(library[1], score=0.1)]
    picks = collapsed(found)
    assert ids(picks) == ["moved", "t1"]
    assert [copy.track_id for copy in picks[0].copies] == ["t0", "mp3"]
    assert collapsed([]) == diversified([], 3) == []


@pytest.mark.parametrize("scale", [1.0, 100.0, 0.001])
def test_the_scale_of_scores_does_not_matter(scale: float) -> None:
    library = tracks_of(clustered(np.random.default_rng(7), 30, 4))
    scores = list(np.random.default_rng(8).uniform(0.2, 0.9, 30))
    expected = ids(diversified(scored(library, scores), 10))
    assert ids(diversified(scored(library, [scale * s for s in scores]), 10)) == expected
