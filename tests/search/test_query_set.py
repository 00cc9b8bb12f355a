"""The small part of ``make judge-search``: its library, its labels, its figures, its moments."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bench.queries import moments
from tests.bench.queries.judging import (
    NOTHING,
    QUERIES,
    Asked,
    answerable,
    honesty,
    judge,
    mean,
)
from tests.bench.queries.listening import listen, listen_to_all
from tests.bench.queries.ndcg import dcg, ndcg
from tests.bench.queries.pieces import Piece, draw_library
from tests.bench.queries.shelf import Shelf
from tests.bench.queries.told import ToldEmbedder, tell
from tests.bench.queries.truth import Labelled, bpm, drums, gains_of, in_major, plays
from tests.bench.queries.ways import HYBRID, LEXICAL, PARSED, SOUND, Ask, ways_of
from tests.fakes import MemoryIndex
from traumbox.domain import Answer
from traumbox.embedders.builtin.embedder import BuiltinEmbedder

PIECES = 2000
SMALL = 400
NOW_S = 1_750_000_000.0


@pytest.fixture(scope="module")
def library() -> list[Piece]:
    return draw_library(PIECES)


@pytest.fixture(scope="module")
def asked(library) -> list[Asked]:
    """Every second query, as far as a small library answers them."""
    return answerable(library[:SMALL], QUERIES[::2])


@pytest.fixture(scope="module")
def shelf(library, tmp_path_factory) -> Iterator[Shelf]:
    """Some of the pieces, told and not heard, in a real ledger."""
    embedder = ToldEmbedder()
    shelf = Shelf(tmp_path_factory.mktemp("shelf"), MemoryIndex(embedder.card), embedder, NOW_S)
    pieces = library[:SMALL]
    shelf.store(pieces, [tell(pieces[piece.like]) for piece in pieces])
    yield shelf
    shelf.close()


@pytest.fixture(scope="module")
def ways(shelf, asked) -> dict[str, Ask]:
    """The ways of searching, each asked once for all tests."""
    return {name: cache(ask) for name, ask in ways_of(shelf.search).items()}


def test_the_library_is_the_same_every_time_and_grows_at_its_end(library):
    assert draw_library(60) == library[:60]
    assert draw_library(20, seed=2) != library[:20]


def test_the_library_is_like_one(library):
    assert len({piece.location for piece in library}) == PIECES
    assert len({piece.artist for piece in library}) > 60
    assert any(piece.like != piece.number for piece in library)
    missing = Counter(
        field
        for piece in library
        for field in ("genre", "year", "title", "album")
        if not getattr(piece.tags, field)
    )
    assert all(missing[field] > 50 for field in ("genre", "year", "title", "album"))
    liars = [p for p in library if "Piano" in p.title and "piano" not in p.parts[0].plays]
    assert liars


def test_what_a_copy_sounds_like_is_what_its_original_does(library):
    for piece in library:
        assert piece.sections == library[piece.like].sections
        assert library[piece.like].like == piece.like
        assert piece.seed == library[piece.like].seed


def test_the_queries_are_many_and_half_of_them_german():
    assert len(QUERIES) >= 150
    assert len({query.text for query in QUERIES}) == len(QUERIES)
    languages = Counter(query.language for query in QUERIES)
    assert min(languages.values()) / len(QUERIES) > 0.45
    assert min(Counter(query.kind for query in QUERIES).values()) >= 20


def test_every_query_has_an_answer_that_is_fully_right(library):
    for query in QUERIES:
        gains = gains_of(query, library)
        assert 2 in gains.values(), query.text
        assert len(gains) < PIECES / 2, query.text


def test_no_title_artist_or_album_answers_what_nothing_is_to_answer(library):
    names = {name.casefold() for p in library for name in (p.title, p.artist, p.album)}
    held = [{word for word in name.split() if len(word) > 2} for name in names]
    for text in NOTHING:
        words = set(text.casefold().split())
        # One word in common is a trap that is meant: "Return Zero" is no tax return.
        assert max(len(words & name) for name in held) <= 1, text


def test_gains_are_two_for_all_one_for_the_main_thing_and_none_for_the_forbidden(library):
    query = Labelled("", "en", "mixed", (plays("piano"), bpm(0, 80)), (in_major,), drums)
    seen = set()
    for piece in library[:300]:
        if len(piece.parts) > 1:
            continue
        (part,) = piece.parts
        piano, beaten = "piano" in part.plays, bool({"drums", "percussion"} & part.plays)
        possible = piano and not beaten and part.key.endswith("major")
        expected = 0 if not possible else 2 if part.tempo_bpm <= 80 else 1
        assert query.gain(piece) == expected
        seen.add(expected)
    assert seen == {0, 1, 2}


def test_one_part_has_to_meet_everything(library):
    first = next(p for p in library if len(p.parts) == 1 and "piano" in p.parts[0].plays)
    second = next(p for p in library if len(p.parts) == 1 and "drums" in p.parts[0].plays)
    both = replace(first, parts=(first.parts[0], second.parts[0]))
    wanted = Labelled("", "en", "mixed", (plays("piano"), lambda _, part: part is second.parts[0]))
    assert wanted.gain(both) == (2 if "piano" in second.parts[0].plays else 1)


def test_dcg_of_a_ranking_worked_out_by_hand():
    assert dcg([2, 0, 1]) == pytest.approx(3.0 + 0.0 + 1.0 / math.log2(4))
    assert dcg([0] * 10 + [2]) == 0.0  # the eleventh isn't looked at
    assert ndcg([1, 2], [2, 1]) == pytest.approx((1 + 3 / math.log2(3)) / (3 + 1 / math.log2(3)))
    assert ndcg([], [1]) == 0.0
    with pytest.raises(ValueError, match="worth finding"):
        ndcg([0], [0, 0])


@settings(deadline=None)
@given(st.lists(st.integers(0, 2), min_size=1, max_size=30).filter(any), st.randoms())
def test_no_order_is_better_than_the_best(gains, random):
    shuffled = random.sample(gains, len(gains))
    best = sorted(gains, reverse=True)
    assert 0.0 <= ndcg(shuffled, gains) <= 1.0 + 1e-12
    assert ndcg(best, gains) == pytest.approx(1.0)


def shuffled(ask: Ask) -> Ask:
    """The same answer to every query, in another order: as if the ranking were broken."""
    rng = np.random.default_rng(0)

    def asking(text: str) -> Answer:
        answer = ask(text)
        return replace(
            answer, hits=tuple(answer.hits[i] for i in rng.permutation(len(answer.hits)))
        )

    return asking


def turned_round(ask: Ask, asked: list[Asked]) -> Ask:
    """The answer to another query."""
    texts = [one.query.text for one in asked]
    return lambda text: ask(texts[(texts.index(text) + len(texts) // 3) % len(texts)])


def test_each_way_of_searching_is_better_than_the_one_before(ways, asked, shelf):
    scores = {name: mean(judge(ask, asked, shelf)) for name, ask in ways.items()}
    assert list(scores) == [LEXICAL, SOUND, HYBRID, PARSED]
    for worse, better in pairwise(scores.values()):
        assert better > worse + 0.02, scores


@pytest.mark.parametrize("way", [LEXICAL, SOUND, HYBRID, PARSED])
def test_a_broken_ranking_scores_less(way, ways, asked, shelf):
    right = mean(judge(ways[way], asked, shelf))
    assert mean(judge(shuffled(ways[way]), asked, shelf)) < right - 0.01
    assert mean(judge(turned_round(ways[way], asked), asked, shelf)) < right - 0.2


def test_each_kind_of_query_is_answered_by_what_is_for_it(ways, asked, shelf):
    def score(way: str, kind: str) -> float:
        return mean(judge(ways[way], [one for one in asked if one.query.kind == kind], shelf))

    assert score(LEXICAL, "name") > 0.9
    assert score(HYBRID, "name") > 0.9
    assert score(SOUND, "sound") > 0.6
    assert score(HYBRID, "sound") > score(SOUND, "sound") - 0.03
    assert score(PARSED, "number") > score(HYBRID, "number") + 0.4
    assert score(PARSED, "mixed") > score(HYBRID, "mixed")


@pytest.mark.parametrize("way", [SOUND, PARSED])
def test_nothing_fits_where_nothing_is(way, ways):
    assert honesty(ways[way]) > 0.8


def test_what_was_heard_is_kept_and_is_the_same_again(library, tmp_path):
    pieces = [replace(library[0], number=0, like=0), replace(library[1], number=1, like=0)]
    fresh = listen_to_all(pieces, tmp_path, workers=1)
    files = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    kept = listen_to_all(pieces, tmp_path, workers=1)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == files
    here = listen(pieces[0], BuiltinEmbedder())
    for heard in (*fresh, *kept):  # the second is a copy of the first
        assert heard.descriptors == here.descriptors
        np.testing.assert_allclose(heard.vectors, here.vectors, atol=1e-5)
    assert len(here.starts_s) >= 2


def test_the_moment_lies_in_the_right_passage(tmp_path):
    sounds = [sound for sound in moments.SOUNDS if sound.name in {"piano", "drums", "rain"}]
    tapes = moments.record(sounds, 1, 30.0, seed=3)
    rng = np.random.default_rng(3)
    pieces = [moments.stitch(sounds, tapes, (22.0, 30.0), rng) for _ in range(2)]
    tries = moments.ask_all(pieces, BuiltinEmbedder(), tmp_path)
    asked = [one for one in tries if not one.of_search]
    assert len(asked) == 2 * 3 * 3
    missed = [(one.sentence, one.start_s, one.passage.start_s) for one in asked if not one.hit]
    assert not missed


def test_a_moment_outside_its_passage_is_no_hit():
    passage = moments.Passage(moments.SOUNDS[0], 13.0, 27.0)
    starts_s = (12.9, 13.0, 26.9, 27.0)
    hits = [moments.Try(passage, "piano", start_s).hit for start_s in starts_s]
    assert hits == [False, True, True, False]
    entry = passage.sound.comes_in
    entries = [moments.Try(passage, entry, start_s).hit for start_s in (3.0, 4.0, 22.0, 23.0)]
    assert entries == [False, True, True, False]
