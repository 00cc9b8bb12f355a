import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from tests.fakes import MemoryIndex, ToneEmbedder
from tests.search.shelf import EMBEDDER, Shelf, tones
from traumbox.domain import (
    HEAT,
    Changes,
    Condition,
    Embedding,
    Float32,
    Kind,
    ModelCard,
    Query,
    Track,
)
from traumbox.errors import ModelError
from traumbox.ports import IndexEntry, Space, WindowHit
from traumbox.search import Clocks, SearchService
from traumbox.stores.ledger import Ledger


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def test_the_best_window_decides_and_tells_the_moment(shelf: Shelf) -> None:
    shelf.add("low", 110, 110, 110)
    shelf.add("mixed", 110, 110, 880)
    best = shelf.search.search(Query("880 Hz")).hits[0]
    assert best.track.title == "mixed"
    assert best.start_s == 20.0
    assert best.match > 50


def test_a_track_is_listed_once_however_many_windows_match(shelf: Shelf) -> None:
    shelf.add("long", *[440] * 700)
    shelf.add("short", 440)
    assert sorted(shelf.titles("440 Hz")) == ["long", "short"]


def test_limit_and_totals(shelf: Shelf) -> None:
    for number in range(5):
        shelf.add(f"t{number}", 440)
    answer = shelf.search.search(Query("440 Hz", limit=3))
    assert len(answer.hits) == 3
    assert (answer.searched, answer.total) == (5, 5)


def test_copies_of_a_sound_are_one_hit(shelf: Shelf) -> None:
    shelf.add("one", 440, audio_id="same")
    shelf.add("two", 440, audio_id="same")
    (hit,) = shelf.search.search(Query("440 Hz")).hits
    assert [track.title for track in (hit.track, *hit.copies)] == ["one", "two"]


def kind_of(track: Track) -> Kind:
    return "audiobook" if track.title.startswith("book") else "music"


def test_only_the_wanted_kinds_are_found_and_the_limit_is_filled(shelf: Shelf) -> None:
    for number in range(4):
        shelf.add(f"book{number}", 440)
        shelf.add(f"song{number}", 440)

    def titles(*kinds: Kind, limit: int = 3) -> list[str]:
        query = Query("440 Hz", limit=limit, kinds=frozenset(kinds))
        return [hit.track.title for hit in shelf.search.search(query, kind_of).hits]

    assert sorted(titles("music", limit=9)) == ["song0", "song1", "song2", "song3"]
    assert len(titles("audiobook")) == 3
    assert len(titles("audiobook", "music", limit=9)) == 8
    assert titles("podcast") == []
    assert len(titles(limit=9)) == 8, "none named: all"


def test_kinds_can_be_left_out_and_alone_list_what_is_of_them(shelf: Shelf) -> None:
    shelf.add("book", 440)
    shelf.add("song", 440)
    without = Query("440 Hz", conditions=(Condition.parse("-kind:audiobook"),))
    alone = Query(kinds=frozenset({"music"}))
    for query in (without, alone):
        hits = shelf.search.search(query, kind_of).hits
        assert [hit.track.title for hit in hits] == ["song"]


def test_a_kind_is_found_behind_thousands_of_nearer_windows_of_another(shelf: Shelf) -> None:
    shelf.add("book", *[440] * 5_000)
    shelf.add("song", 880)
    query = Query("440 Hz", limit=1, kinds=frozenset({"music"}))
    assert [hit.track.title for hit in shelf.search.search(query, kind_of).hits] == ["song"]


def test_looking_for_a_kind_ends_at_a_bound(shelf: Shelf) -> None:
    asked: list[int] = []

    class Endless(MemoryIndex):
        """As many near windows as anybody asks for, all of one sound."""

        def nearest_windows(
            self, vector: Float32, limit: int, among: Collection[str] | None = None
        ) -> list[WindowHit]:
            asked.append(limit)
            return [WindowHit("book", 0.0, 1.0)] * limit

    shelf.add("book", 440)
    shelf.search.use(Space("endless", EMBEDDER, Endless(EMBEDDER.card)))
    query = Query("440 Hz", kinds=frozenset({"music"}))
    assert shelf.search.search(query, kind_of).hits == ()
    assert asked == [500, 2_000, 8_000, 32_000, 128_000]


def test_likeness_among_a_kind(shelf: Shelf) -> None:
    one = shelf.add("book", 440)
    shelf.add("book2", 440)
    shelf.add("song", 440)
    query = Query(like=(one,), kinds=frozenset({"music"}))
    assert [hit.track.title for hit in shelf.search.search(query, kind_of).hits] == ["song"]


def test_kinds_need_somebody_who_knows_them(shelf: Shelf) -> None:
    with pytest.raises(ValueError, match="kinds"):
        shelf.search.search(Query("440 Hz", kinds=frozenset({"music"})))


def test_missing_tracks_are_not_found(shelf: Shelf) -> None:
    track_id = shelf.add("gone", 440)
    shelf.ledger.apply(Changes(gone=frozenset([track_id])), 1.0)
    assert shelf.titles("440 Hz") == []


def test_an_empty_sentence_finds_nothing(shelf: Shelf) -> None:
    shelf.add("a", 440)
    assert shelf.titles("   ") == []


def test_similar_leaves_out_the_track_and_its_copies(shelf: Shelf) -> None:
    one = shelf.add("one", 440, audio_id="same")
    shelf.add("copy", 440, audio_id="same")
    shelf.add("near", 440, 110)
    shelf.add("far", 7000)
    hits = shelf.search.search(Query(like=(one,))).hits
    assert [hit.track.title for hit in hits] == ["near", "far"]
    assert hits[0].match == 100


def test_silence_is_like_nothing(shelf: Shelf) -> None:
    silent = shelf.add("silent")
    shelf.add("a", 440)
    assert shelf.search.similar(silent, 5).hits == ()


def test_an_unknown_track_is_a_key_error(shelf: Shelf) -> None:
    with pytest.raises(KeyError):
        shelf.search.similar("nobody", 5)
    with pytest.raises(KeyError):
        shelf.search.moments("nobody", "440 Hz")


def test_a_sound_from_outside_finds_its_like(shelf: Shelf) -> None:
    shelf.add("a", 440)
    shelf.add("b", 880)
    hits = shelf.search.search_sound(3 * tones(880), limit=1).hits
    assert [hit.track.title for hit in hits] == ["b"]


@dataclass
class Near(ToneEmbedder):
    """Puts every sentence between the tones 440 Hz and 880 Hz, far nearer the first."""

    floor: float

    def __post_init__(self) -> None:
        super().__init__(floor=self.floor)

    def embed_text(self, sentences: Sequence[str]) -> Float32:
        mixed = 0.9 * tones(440) + 0.4 * tones(880)
        return np.repeat(mixed, len(sentences), axis=0)


def served_by(shelf: Shelf, floor: float) -> SearchService:
    shelf.search.use(Space("near", Near(floor), shelf.index))
    return shelf.search


def test_below_the_floor_tracks_are_given_but_do_not_fit(shelf: Shelf) -> None:
    for name, tone_hz in (("far", 2000), ("near", 440), ("between", 880)):
        shelf.add(name, tone_hz)

    def found(floor: float, limit: int = 9) -> tuple[bool, list[tuple[str, bool]]]:
        answer = served_by(shelf, floor).search(Query("warm", limit=limit))
        return answer.nothing_fits, [(hit.track.title, hit.fits) for hit in answer.hits]

    in_order = ("near", "between", "far")
    assert found(0.5) == (False, list(zip(in_order, (True, False, False), strict=True)))
    assert found(0.5, limit=1) == (False, [("near", True)])
    assert found(0.95) == (True, [(title, False) for title in in_order])
    assert found(0.95, limit=1) == (True, [("near", False)])
    assert found(-1.0) == (False, [(title, True) for title in in_order])


def knowing_warm(shelf: Shelf) -> SearchService:
    """Serve by a model that was taught one word; other sentences must come nearer by 0.2."""
    model = Near(0.8)
    model._card = replace(model.card, knows=lambda text: "warm" in text, strange=0.2)
    shelf.search.use(Space("near", model, shelf.index))
    return shelf.search


def test_a_sentence_the_model_knows_no_word_of_must_come_nearer(shelf: Shelf) -> None:
    near = shelf.add("near", 440)
    search = knowing_warm(shelf)
    known, strange = search.search(Query("warm")), search.search(Query("qwertz"))
    assert [hit.score for hit in known.hits] == [hit.score for hit in strange.hits]
    assert (known.nothing_fits, strange.nothing_fits) == (False, True)
    assert known.hits[0].match > strange.hits[0].match
    assert search.search(Query("warm", like=(near,))).hits == ()
    assert [any(search.moments(near, text).heat) for text in ("warm", "qwertz")] == [True, False]


def test_beside_a_likeness_a_strange_sentence_counts_less(shelf: Shelf) -> None:
    one = shelf.add("one", 440, 880)
    shelf.add("other", 440)
    search = knowing_warm(shelf)
    (known,) = search.search(Query("warm", like=(one,))).hits
    (strange,) = search.search(Query("qwertz", like=(one,))).hits
    assert known.match > strange.match


def test_where_there_is_nothing_nothing_is_near(shelf: Shelf) -> None:
    assert not served_by(shelf, 0.5).search(Query("warm")).nothing_fits
    assert not served_by(shelf, 0.5).search(Query("  ")).nothing_fits


def test_likeness_knows_no_floor(shelf: Shelf) -> None:
    one = shelf.add("one", 440)
    shelf.add("other", 7000)
    search = served_by(shelf, 0.5)
    alike, by_sound = search.similar(one, 5), search.search_sound(tones(110), 5)
    assert [(hit.score, hit.fits) for hit in alike.hits] == [(0.0, True)]
    assert [hit.fits for hit in by_sound.hits] == [True, True]
    assert not alike.nothing_fits


def test_moments_below_the_floor_are_none_and_leave_the_heat_cold(shelf: Shelf) -> None:
    track_id = shelf.add("a", 440, 440, 2000, 2000, 880)
    loose = served_by(shelf, 0.3).moments(track_id, "warm")
    assert [(moment.start_s, moment.fits) for moment in loose.best] == [(0.0, True), (40.0, True)]
    assert np.frombuffer(loose.heat, np.uint8)[-1] > 0
    strict = served_by(shelf, 0.5).moments(track_id, "warm")
    assert [(moment.start_s, moment.fits) for moment in strict.best] == [(0.0, True)]
    assert np.frombuffer(strict.heat, np.uint8)[[0, -1]].tolist() == [252, 0]
    nothing = served_by(shelf, 0.95).moments(track_id, "warm")
    assert [(moment.start_s, moment.fits) for moment in nothing.best] == [(0.0, False)]
    assert not any(nothing.heat)


def test_moments_lie_apart_and_the_heat_covers_the_track(shelf: Shelf) -> None:
    track_id = shelf.add("a", 440, 440, 110, 110, 440, 110)
    moments = shelf.search.moments(track_id, "440 Hz")
    assert len(moments.best) == 2
    assert {moment.start_s for moment in moments.best} <= {0.0, 10.0, 40.0}
    starts_s = sorted(moment.start_s for moment in moments.best)
    assert all(b - a > 10.0 for a, b in itertools.pairwise(starts_s))
    heat = np.frombuffer(moments.heat, dtype=np.uint8)
    assert len(heat) == HEAT
    assert heat[: HEAT // 3].min() > heat[HEAT // 2 - 2]


def test_another_space_answers_from_the_switch_on(shelf: Shelf) -> None:
    shelf.add("a", 440, audio_id="same")
    fresh = ToneEmbedder("other tones")
    index = MemoryIndex(fresh.card)
    row = next(iter(shelf.ledger.rows_by_audio(["same"])["same"]))
    embedding = Embedding(fresh.card.id, np.zeros(1, np.float32), tones(880))
    index.add([IndexEntry(row.as_track(), embedding, 0.0)])
    before = shelf.search.search(Query("880 Hz")).hits[0]
    shelf.search.use(Space("other", fresh, index))
    after = shelf.search.search(Query("880 Hz")).hits[0]
    assert (before.match < 50, after.match > 50) == (True, True)
    assert shelf.search.card.id == "other tones"
    assert shelf.search.space.model == "other"


def test_a_query_ends_in_the_space_it_began_in(shelf: Shelf) -> None:
    """The switch comes while the sentence is being embedded: vector and index still agree."""
    shelf.add("a", 440)
    small = ModelCard("small", "Small", 4, "none")

    class Switching(ToneEmbedder):
        def embed_text(self, sentences: Sequence[str]) -> Float32:
            shelf.search.use(Space("small", ToneEmbedder("small"), MemoryIndex(small)))
            return super().embed_text(sentences)

    shelf.search.use(Space("tones", Switching(), shelf.index))
    assert shelf.titles("440 Hz") == ["a"]
    assert shelf.search.space.model == "small"


def test_idling_gives_the_text_tower_back(tmp_path: Path) -> None:
    embedder, times_s = ToneEmbedder(), [0.0]
    search = SearchService(
        Space("tones", embedder, MemoryIndex(embedder.card)),
        Ledger(tmp_path / "ledger.db"),
        Clocks(steady_s=lambda: times_s[-1]),
        idle_s=60.0,
    )
    search.search(Query("440 Hz"))
    times_s.append(59.0)
    assert not search.rest()
    times_s.append(60.0)
    assert search.rest()
    assert embedder.released == 1


def test_a_vector_of_another_dimension_is_refused(shelf: Shelf) -> None:
    shelf.add("a", 440)
    with pytest.raises(ModelError, match="another model"):
        shelf.search.search_sound(np.ones((1, 3), np.float32), limit=1)
