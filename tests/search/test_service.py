import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from tests.fakes import MemoryIndex, ToneEmbedder
from traumbox.domain import (
    HEAT,
    Changes,
    Embedding,
    FileStat,
    Float32,
    Heard,
    Kind,
    Location,
    Media,
    ModelCard,
    Query,
    Tags,
    Track,
)
from traumbox.errors import ModelError
from traumbox.ports import IndexEntry, Space, WindowHit
from traumbox.search import Clocks, SearchService
from traumbox.stores.ledger import Ledger

EMBEDDER = ToneEmbedder()


@dataclass
class Library:
    """A ledger and an index with tracks whose windows are tones of known pitch."""

    ledger: Ledger
    index: MemoryIndex
    search: SearchService

    def add(self, name: str, *tones_hz: int, audio_id: str | None = None) -> str:
        """Store a track with one 10 s window a tone; return its id."""
        stat = FileStat(1, 1, 0)
        self.ledger.apply(Changes(new={Location("m", name.encode()): stat}), 0.0)
        row = self.ledger.next_pending(0.0)
        assert row is not None
        heard = Heard(
            audio_id or name,
            10.0 * len(tones_hz),
            Media("flac", "flac", 48_000, 2),
            Tags(title=name),
        )
        self.ledger.mark_indexed([(row.track_id, stat, heard, "")], 0.0)
        stored = self.ledger.row(row.track_id)
        assert stored is not None
        starts_s = 10.0 * np.arange(len(tones_hz), dtype=np.float32)
        embedding = Embedding(EMBEDDER.card.id, starts_s, tones(*tones_hz))
        self.index.add([IndexEntry(stored.as_track(), embedding, 0.0)])
        return row.track_id

    def titles(self, text: str, limit: int = 24) -> list[str]:
        return [h.track.title for h in self.search.search(Query(text, limit=limit)).hits]


def tones(*tones_hz: int) -> Float32:
    if not tones_hz:
        return np.empty((0, EMBEDDER.card.dim), dtype=np.float32)
    return EMBEDDER.embed_text([f"{tone_hz} Hz" for tone_hz in tones_hz])


@pytest.fixture
def library(tmp_path: Path) -> Library:
    ledger, index = Ledger(tmp_path / "ledger.db"), MemoryIndex(EMBEDDER.card)
    return Library(ledger, index, SearchService(Space("tones", EMBEDDER, index), ledger))


def test_the_best_window_decides_and_tells_the_moment(library: Library) -> None:
    library.add("low", 110, 110, 110)
    library.add("mixed", 110, 110, 880)
    best = library.search.search(Query("880 Hz")).hits[0]
    assert best.track.title == "mixed"
    assert best.start_s == 20.0
    assert best.match > 50


def test_a_track_is_listed_once_however_many_windows_match(library: Library) -> None:
    library.add("long", *[440] * 700)
    library.add("short", 440)
    assert sorted(library.titles("440 Hz")) == ["long", "short"]


def test_limit_and_totals(library: Library) -> None:
    for number in range(5):
        library.add(f"t{number}", 440)
    answer = library.search.search(Query("440 Hz", limit=3))
    assert len(answer.hits) == 3
    assert (answer.searched, answer.total) == (5, 5)


def test_copies_of_a_sound_are_one_hit(library: Library) -> None:
    library.add("one", 440, audio_id="same")
    library.add("two", 440, audio_id="same")
    (hit,) = library.search.search(Query("440 Hz")).hits
    assert [track.title for track in (hit.track, *hit.copies)] == ["one", "two"]


def kind_of(track: Track) -> Kind:
    return "audiobook" if track.title.startswith("book") else "music"


def test_only_the_wanted_kinds_are_found_and_the_limit_is_filled(library: Library) -> None:
    for number in range(4):
        library.add(f"book{number}", 440)
        library.add(f"song{number}", 440)

    def titles(*kinds: Kind, limit: int = 3) -> list[str]:
        query = Query("440 Hz", limit=limit, kinds=frozenset(kinds))
        return [hit.track.title for hit in library.search.search(query, kind_of).hits]

    assert sorted(titles("music", limit=9)) == ["song0", "song1", "song2", "song3"]
    assert len(titles("audiobook")) == 3
    assert len(titles("audiobook", "music", limit=9)) == 8
    assert titles("podcast") == []
    assert len(titles(limit=9)) == 8, "none named: all"


def test_a_kind_is_found_behind_thousands_of_nearer_windows_of_another(library: Library) -> None:
    library.add("book", *[440] * 5_000)
    library.add("song", 880)
    query = Query("440 Hz", limit=1, kinds=frozenset({"music"}))
    assert [hit.track.title for hit in library.search.search(query, kind_of).hits] == ["song"]


def test_looking_for_a_kind_ends_at_a_bound(library: Library) -> None:
    asked: list[int] = []

    class Endless(MemoryIndex):
        """As many near windows as anybody asks for, all of one sound."""

        def nearest_windows(
            self, vector: Float32, limit: int, among: Collection[str] | None = None
        ) -> list[WindowHit]:
            asked.append(limit)
            return [WindowHit("book", 0.0, 1.0)] * limit

    library.add("book", 440)
    library.search.use(Space("endless", EMBEDDER, Endless(EMBEDDER.card)))
    query = Query("440 Hz", kinds=frozenset({"music"}))
    assert library.search.search(query, kind_of).hits == ()
    assert asked == [500, 2_000, 8_000, 32_000, 128_000]


def test_likeness_among_a_kind(library: Library) -> None:
    one = library.add("book", 440)
    library.add("book2", 440)
    library.add("song", 440)
    query = Query(like=(one,), kinds=frozenset({"music"}))
    assert [hit.track.title for hit in library.search.search(query, kind_of).hits] == ["song"]


def test_kinds_need_somebody_who_knows_them(library: Library) -> None:
    with pytest.raises(ValueError, match="kinds"):
        library.search.search(Query("440 Hz", kinds=frozenset({"music"})))


def test_missing_tracks_are_not_found(library: Library) -> None:
    track_id = library.add("gone", 440)
    library.ledger.apply(Changes(gone=frozenset([track_id])), 1.0)
    assert library.titles("440 Hz") == []


def test_an_empty_sentence_finds_nothing(library: Library) -> None:
    library.add("a", 440)
    assert library.titles("   ") == []


def test_similar_leaves_out_the_track_and_its_copies(library: Library) -> None:
    one = library.add("one", 440, audio_id="same")
    library.add("copy", 440, audio_id="same")
    library.add("near", 440, 110)
    library.add("far", 7000)
    hits = library.search.search(Query(like=(one,))).hits
    assert [hit.track.title for hit in hits] == ["near", "far"]
    assert hits[0].match == 100


def test_silence_is_like_nothing(library: Library) -> None:
    silent = library.add("silent")
    library.add("a", 440)
    assert library.search.similar(silent, 5).hits == ()


def test_an_unknown_track_is_a_key_error(library: Library) -> None:
    with pytest.raises(KeyError):
        library.search.similar("nobody", 5)
    with pytest.raises(KeyError):
        library.search.moments("nobody", "440 Hz")


def test_a_sound_from_outside_finds_its_like(library: Library) -> None:
    library.add("a", 440)
    library.add("b", 880)
    hits = library.search.search_sound(3 * tones(880), limit=1).hits
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


def served_by(library: Library, floor: float) -> SearchService:
    library.search.use(Space("near", Near(floor), library.index))
    return library.search


def test_below_the_floor_tracks_are_given_but_do_not_fit(library: Library) -> None:
    for name, tone_hz in (("far", 2000), ("near", 440), ("between", 880)):
        library.add(name, tone_hz)

    def found(floor: float, limit: int = 9) -> tuple[bool, list[tuple[str, bool]]]:
        answer = served_by(library, floor).search(Query("warm", limit=limit))
        return answer.nothing_fits, [(hit.track.title, hit.fits) for hit in answer.hits]

    in_order = ("near", "between", "far")
    assert found(0.5) == (False, list(zip(in_order, (True, False, False), strict=True)))
    assert found(0.5, limit=1) == (False, [("near", True)])
    assert found(0.95) == (True, [(title, False) for title in in_order])
    assert found(0.95, limit=1) == (True, [("near", False)])
    assert found(-1.0) == (False, [(title, True) for title in in_order])


def test_where_there_is_nothing_nothing_is_near(library: Library) -> None:
    assert not served_by(library, 0.5).search(Query("warm")).nothing_fits
    assert not served_by(library, 0.5).search(Query("  ")).nothing_fits


def test_likeness_knows_no_floor(library: Library) -> None:
    one = library.add("one", 440)
    library.add("other", 7000)
    search = served_by(library, 0.5)
    alike, by_sound = search.similar(one, 5), search.search_sound(tones(110), 5)
    assert [(hit.score, hit.fits) for hit in alike.hits] == [(0.0, True)]
    assert [hit.fits for hit in by_sound.hits] == [True, True]
    assert not alike.nothing_fits


def test_moments_below_the_floor_are_none_and_leave_the_heat_cold(library: Library) -> None:
    track_id = library.add("a", 440, 440, 2000, 2000, 880)
    loose = served_by(library, 0.3).moments(track_id, "warm")
    assert [(moment.start_s, moment.fits) for moment in loose.best] == [(0.0, True), (40.0, True)]
    assert np.frombuffer(loose.heat, np.uint8)[-1] > 0
    strict = served_by(library, 0.5).moments(track_id, "warm")
    assert [(moment.start_s, moment.fits) for moment in strict.best] == [(0.0, True)]
    assert np.frombuffer(strict.heat, np.uint8)[[0, -1]].tolist() == [252, 0]
    nothing = served_by(library, 0.95).moments(track_id, "warm")
    assert [(moment.start_s, moment.fits) for moment in nothing.best] == [(0.0, False)]
    assert not any(nothing.heat)


def test_moments_lie_apart_and_the_heat_covers_the_track(library: Library) -> None:
    track_id = library.add("a", 440, 440, 110, 110, 440, 110)
    moments = library.search.moments(track_id, "440 Hz")
    assert len(moments.best) == 2
    assert {moment.start_s for moment in moments.best} <= {0.0, 10.0, 40.0}
    starts_s = sorted(moment.start_s for moment in moments.best)
    assert all(b - a > 10.0 for a, b in itertools.pairwise(starts_s))
    heat = np.frombuffer(moments.heat, dtype=np.uint8)
    assert len(heat) == HEAT
    assert heat[: HEAT // 3].min() > heat[HEAT // 2 - 2]


def test_another_space_answers_from_the_switch_on(library: Library) -> None:
    library.add("a", 440)
    fresh = ToneEmbedder("other tones")
    index = MemoryIndex(fresh.card)
    row = next(iter(library.ledger.rows_by_audio(["a"])["a"]))
    embedding = Embedding(fresh.card.id, np.zeros(1, np.float32), tones(880))
    index.add([IndexEntry(row.as_track(), embedding, 0.0)])
    before = library.search.search(Query("880 Hz")).hits[0]
    library.search.use(Space("other", fresh, index))
    after = library.search.search(Query("880 Hz")).hits[0]
    assert (before.match < 50, after.match > 50) == (True, True)
    assert library.search.card.id == "other tones"
    assert library.search.space.model == "other"


def test_a_query_ends_in_the_space_it_began_in(library: Library) -> None:
    """The switch comes while the sentence is being embedded: vector and index still agree."""
    library.add("a", 440)
    small = ModelCard("small", "Small", 4, "none")

    class Switching(ToneEmbedder):
        def embed_text(self, sentences: Sequence[str]) -> Float32:
            library.search.use(Space("small", ToneEmbedder("small"), MemoryIndex(small)))
            return super().embed_text(sentences)

    library.search.use(Space("tones", Switching(), library.index))
    assert library.titles("440 Hz") == ["a"]
    assert library.search.space.model == "small"


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


def test_a_vector_of_another_dimension_is_refused(library: Library) -> None:
    library.add("a", 440)
    with pytest.raises(ModelError, match="another model"):
        library.search.search_sound(np.ones((1, 3), np.float32), limit=1)
