from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from tests.fakes import MemoryIndex, ToneEmbedder
from traumbox.domain import (
    Changes,
    Condition,
    Descriptors,
    Embedding,
    FileStat,
    Float32,
    Heard,
    Location,
    Media,
    Query,
    Tags,
)
from traumbox.ports import IndexEntry, Space
from traumbox.search import Clocks, SearchService, Ways
from traumbox.search.asking import ALL_WAYS
from traumbox.stores.ledger import Ledger

TONES_HZ = {"piano": 440, "drums": 880, "saxophone": 2000, "gesang": 110, "singing": 110}
NO_TAGS = Tags()
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


class Band(ToneEmbedder):
    """Knows a few words as tones: a sentence lies between those of its words."""

    def embed_text(self, sentences: Sequence[str]) -> Float32:
        vectors = []
        for sentence in sentences:
            tones = [TONES_HZ[word] for word in sentence.casefold().split() if word in TONES_HZ]
            known = super().embed_text([f"{tone} Hz" for tone in tones] or [sentence])
            vectors.append(known.sum(axis=0) / np.linalg.norm(known.sum(axis=0)))
        return np.stack(vectors)


@dataclass
class House:
    """A ledger and an index in which every window is one instrument."""

    ledger: Ledger
    index: MemoryIndex
    search: SearchService

    def add(
        self,
        title: str,
        *sounds: str,
        tags: Tags = NO_TAGS,
        bpm: float | None = None,
        duration_s: float | None = None,
    ) -> str:
        """Store a track with one window a sound; return its id."""
        stat = FileStat(1, 1, 0)
        self.ledger.apply(Changes(new={Location("m", f"{title}.flac".encode()): stat}), 0.0)
        row = self.ledger.next_pending(0.0)
        assert row is not None
        heard = Heard(
            f"audio of {title}",
            duration_s or 10.0 * len(sounds),
            Media("flac", "flac", 48_000, 2),
            tags,
            Descriptors(bpm=bpm),
        )
        self.ledger.mark_indexed([(row.track_id, stat, heard, "")], NOW.timestamp())
        stored = self.ledger.row(row.track_id)
        assert stored is not None
        starts_s = 10.0 * np.arange(len(sounds), dtype=np.float32)
        embedding = Embedding("tones", starts_s, Band().embed_text(sounds))
        self.index.add([IndexEntry(stored.as_track(), embedding, 0.0)])
        return row.track_id

    def titles(self, text: str, *filters: str, ways: Ways = ALL_WAYS) -> list[str]:
        """Return the titles of the hits that fit."""
        query = Query(text, conditions=tuple(Condition.parse(one) for one in filters))
        return [hit.track.title for hit in self.search.search(query, ways=ways).hits if hit.fits]


@pytest.fixture
def house(tmp_path: Path) -> House:
    embedder = Band(floor=0.3)
    index = MemoryIndex(embedder.card)
    ledger = Ledger(tmp_path / "traumbox.db")
    space = Space("tones", embedder, index)
    return House(ledger, index, SearchService(space, ledger, Clocks(now=lambda: NOW)))


def test_who_is_asked_for_by_name_comes_first_and_says_why(house: House) -> None:
    for number in range(5):
        house.add(f"Etude {number}", "piano")
    house.add("So What", "saxophone", tags=Tags(title="So What", artist="Miles Davis"))
    first = house.search.search(Query("miles davis")).hits[0]
    assert (first.track.title, first.why[0], first.match) == ("So What", "name", 100)


def test_a_name_and_a_sound_in_one_sentence(house: House) -> None:
    miles = Tags(artist="Miles Davis")
    house.add("Quiet", "piano", tags=miles)
    house.add("Loud", "saxophone", tags=miles)
    house.add("Other", "piano")
    assert house.titles("miles davis piano")[0] == "Quiet"
    assert set(house.titles("miles davis piano")[:2]) == {"Quiet", "Loud"}


def test_each_way_of_finding_can_be_turned_off(house: House) -> None:
    house.add("Drums of the deep", "piano")
    house.add("Nocturne", "drums")
    assert house.titles("drums", ways=Ways(words=False)) == ["Nocturne"]
    assert house.titles("drums", ways=Ways(sound=False)) == ["Drums of the deep"]
    assert set(house.titles("drums")) == {"Drums of the deep", "Nocturne"}


def test_filters_are_in_the_sentence_and_beside_it(house: House) -> None:
    house.add("Slow", "piano", bpm=70.0, tags=Tags(year=1975))
    house.add("Quick", "piano", bpm=121.0, tags=Tags(year=1985))
    assert house.titles("piano around 120 bpm") == ["Quick"]
    assert house.titles("piano", "bpm:..80") == ["Slow"]
    assert house.titles("piano from the 70s") == ["Slow"]
    answer = house.search.search(Query("piano around 120 bpm"))
    assert answer.understood is not None
    (chip,) = answer.understood.chips
    assert chip.condition is not None
    assert chip.condition.field == "bpm"
    taken_back = Query("piano around 120 bpm", taken_back=frozenset({chip.id}))
    assert len(house.search.search(taken_back).hits) == 2


def test_filters_alone_list_the_latest_first(house: House) -> None:
    house.add("Slow", "piano", bpm=70.0)
    house.add("Quick", "drums", bpm=121.0)
    answer = house.search.search(Query(conditions=(Condition.parse("bpm:..200"),)))
    assert {hit.track.title for hit in answer.hits} == {"Slow", "Quick"}
    assert all(hit.why == ("filter",) for hit in answer.hits)


def test_where_filters_leave_nothing_each_is_told_with_what_it_leaves(house: House) -> None:
    house.add("Slow", "piano", bpm=70.0, tags=Tags(year=1975))
    house.add("Quick", "piano", bpm=121.0, tags=Tags(year=1985))
    conditions = tuple(Condition.parse(one) for one in ("bpm:300..", "year:1970..1979"))
    answer = house.search.search(Query("piano", conditions=conditions))
    assert answer.hits == ()
    assert dict(answer.left_by) == {"bpm:300..": 0, "year:1970..1979": 1}


def test_what_must_not_be_heard_is_left_out(house: House) -> None:
    house.add("Trio", "piano", "drums", "drums")
    house.add("Solo", "piano", "piano", "piano")
    assert house.titles("piano without drums") == ["Solo"]
    assert house.titles("no drums") == ["Solo"]


def test_the_part_where_a_sound_comes_in_starts_there(house: House) -> None:
    house.add("Suite", "piano", "piano", "saxophone", "saxophone", "piano")
    hit = house.search.search(Query("the part where the saxophone comes in")).hits[0]
    assert hit.start_s == 20.0


def test_a_hit_by_name_starts_where_it_sounds_most_like_the_sentence(house: House) -> None:
    house.add("Saxophone for two", "piano", "drums", "piano")
    house.add("Blue", "saxophone")
    query = Query("saxophone")
    hits = {hit.track.title: hit for hit in house.search.search(query).hits}
    assert hits["Saxophone for two"].why[0] == "name"
    assert hits["Blue"].why == ("sound",)


def test_like_this_but_with_something(house: House) -> None:
    seed = house.add("Seed", "piano", "piano")
    house.add("Same", "piano", "piano", duration_s=33.0)
    house.add("With sax", "piano", "saxophone")
    house.add("Drums", "drums")
    both = house.search.search(Query("saxophone", like=(seed,)))
    assert both.hits[0].track.title == "With sax"
    alone = house.search.search(Query(like=(seed,)))
    assert alone.hits[0].track.title == "Same"


def test_tracks_minus_tracks(house: House) -> None:
    trio = house.add("Trio", "piano", "drums")
    drums = house.add("Drums", "drums")
    house.add("Piano", "piano")
    house.add("More drums", "drums", duration_s=44.0)
    hits = house.search.search(Query(like=(trio,), unlike=(drums,))).hits
    assert hits[0].track.title == "Piano"
    assert "Drums" not in [hit.track.title for hit in hits]


def test_a_sentence_minus_a_track(house: House) -> None:
    trio = house.add("Trio", "piano", "drums")
    house.add("Quartet", "piano", "drums", "drums")
    house.add("Duo", "piano", "saxophone")
    house.add("Solo", "piano", "piano")
    hits = house.search.search(Query("piano", unlike=(trio,))).hits
    assert {hit.track.title for hit in hits[:2]} == {"Duo", "Solo"}
    assert "Trio" not in [hit.track.title for hit in hits]


def test_similar_is_not_five_of_one_album(house: House) -> None:
    seed = house.add("Seed", "piano", "drums")
    for number in range(6):
        same = Tags(artist="Them", album="One", title=f"Theirs {number}")
        house.add(f"theirs {number}", "piano", "drums", tags=same, duration_s=100.0 + 5 * number)
    for number in range(4):
        sounds = "piano", "piano", "drums", "drums", "saxophone"
        house.add(f"Other {number}", *sounds, duration_s=200.0 + 5 * number)
    hits = house.search.search(Query(like=(seed,), limit=5)).hits
    assert sum(hit.track.tags.album == "One" for hit in hits) <= 2


def test_a_misspelt_name_that_finds_nothing_is_put_right(house: House) -> None:
    house.add("So What", "saxophone", tags=Tags(title="So What", artist="Miles Davis"))
    answer = house.search.search(Query("mlies davsi"))
    assert answer.meant == "miles davis" or answer.hits[0].track.title == "So What"


def test_the_same_question_is_answered_from_memory_until_something_changes(house: House) -> None:
    house.add("One", "piano")
    first = house.search.search(Query("piano")).hits
    assert house.search.search(Query("piano")).hits is first
    house.add("Two", "piano", duration_s=55.0)
    assert len(house.search.search(Query("piano")).hits) == 2
