import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import ToneEmbedder
from tests.search.shelf import Shelf, between
from traumbox.domain import Changes, Float32
from traumbox.errors import ModelError
from traumbox.search.phrases import FIRST, PHRASES, SENTENCES
from traumbox.search.sentence import translated, understand
from traumbox.search.starters import DAY_S, GROWING_S, Held, Known, Starters, chosen
from traumbox.stores.words import Vocabulary

NOW_S = 1_800_000_000.0
PIANO, ORGAN, RAIN = "calm piano", "church organ", "rain"
HELD_HZ = {PIANO: 220.0, ORGAN: 440.0, RAIN: 880.0}


class Musical(ToneEmbedder):
    """Takes three phrases for tones, and all others for what nothing sounds like."""

    def __init__(self) -> None:
        super().__init__(floor=0.3)
        self.asked: list[int] = []

    def embed_text(self, sentences: Sequence[str]) -> Float32:
        self.asked.append(len(sentences))
        return super().embed_text([f"{HELD_HZ.get(one, '')} Hz" for one in sentences])


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    shelf = Shelf(tmp_path, Musical())
    for number in range(3):
        shelf.add(f"piano {number}", vectors=between(220, 110, 0.35 * number))
        shelf.add(f"organ {number}", 440)
    shelf.add("rain", 880)
    for number in range(24):
        shelf.add(f"hum {number}", 3520)
    return shelf


def going_on() -> bool:
    return False


def test_phrases_are_held_that_several_tracks_fit(shelf: Shelf) -> None:
    assert shelf.search.starters() == tuple(phrase.en for phrase in FIRST)
    assert shelf.starters.refresh(shelf.space, NOW_S, going_on)
    held = {one.en: one for one in shelf.starters.held("tones")}
    assert held.keys() == {PIANO, ORGAN}, "one track of rain is chance"
    assert held[ORGAN].tracks == 3
    assert held[ORGAN].match > held[PIANO].match > 0
    assert set(shelf.search.starters()) == {PIANO, ORGAN}
    assert set(shelf.search.starters("de")) == {"ruhiges Klavier", "Kirchenorgel"}


def test_a_phrase_the_model_was_not_taught_must_come_nearer(shelf: Shelf) -> None:
    card = shelf.embedder.card
    shelf.embedder._card = replace(card, knows=lambda text: text != PIANO, strange=0.69)
    assert shelf.starters.refresh(shelf.space, NOW_S, going_on)
    held = {one.en for one in shelf.starters.held("tones")}
    assert held == {ORGAN}, "it sounds just so; pianos only nearly"


def test_in_a_library_of_one_track_one_is_enough(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, Musical())
    assert not shelf.starters.refresh(shelf.space, NOW_S, going_on), "nothing was heard yet"
    shelf.add("rain", 880)
    assert shelf.starters.refresh(shelf.space, NOW_S, going_on)
    assert shelf.search.starters() == (RAIN,)


def test_what_is_gone_holds_no_phrase(shelf: Shelf) -> None:
    row = next(row for row in shelf.ledger.page(100)[0] if row.tags.title == "organ 0")
    shelf.ledger.apply(Changes(gone=frozenset([row.track_id])), 1.0)
    shelf.starters.refresh(shelf.space, NOW_S, going_on)
    assert [one.en for one in shelf.starters.held("tones")] == [PIANO]


def test_what_is_known_survives_a_restart_without_the_text_tower(
    shelf: Shelf, tmp_path: Path
) -> None:
    shelf.starters.refresh(shelf.space, NOW_S, going_on)
    fresh = Starters(shelf.ledger, tmp_path / "probes")
    assert fresh.held("tones") == shelf.starters.held("tones")
    assert not fresh.refresh(shelf.space, NOW_S + 1.0, going_on)
    shelf.embedder.asked.clear()  # type: ignore[attr-defined]
    shelf.add("more rain", 880)
    assert fresh.refresh(shelf.space, NOW_S + DAY_S, going_on)
    assert shelf.embedder.asked == []  # type: ignore[attr-defined]
    assert fresh.held("another model") == ()


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"held": 1}', '{"held": [{}]}', "null", "\xff"])
def test_a_damaged_file_is_made_anew(shelf: Shelf, tmp_path: Path, damage: str) -> None:
    path = tmp_path / "probes" / "starters.json"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(damage.encode("latin-1"))
    fresh = Starters(shelf.ledger, tmp_path / "probes")
    assert fresh.held("tones") == ()
    assert fresh.refresh(shelf.space, NOW_S, going_on)
    assert json.loads(path.read_text())["model_id"] == "tones"


def test_it_ends_soon_when_the_house_stops(shelf: Shelf) -> None:
    calls = iter(range(10_000))
    assert not shelf.starters.refresh(shelf.space, NOW_S, lambda: next(calls) > 3)
    assert shelf.embedder.asked == [8] * 4  # type: ignore[attr-defined]
    assert shelf.starters.held("tones") == ()
    assert shelf.starters.refresh(shelf.space, NOW_S, going_on)


def test_without_a_text_tower_the_fixed_ones_are_given(tmp_path: Path) -> None:
    class Mute(ToneEmbedder):
        def embed_text(self, sentences: Sequence[str]) -> Float32:
            raise ModelError("The text tower is damaged.")

    shelf = Shelf(tmp_path, Mute())
    shelf.add("a", 440)
    assert not shelf.starters.refresh(shelf.space, NOW_S, going_on)
    assert shelf.search.starters() == tuple(phrase.en for phrase in FIRST)


def test_it_is_found_out_anew_when_the_library_has_changed() -> None:
    known = Known("tones", 100, NOW_S)
    assert not known.is_due("tones", 100, NOW_S + 100 * DAY_S)
    assert not known.is_due("tones", 101, NOW_S + DAY_S - 1.0)
    assert known.is_due("tones", 101, NOW_S + DAY_S)
    assert not known.is_due("tones", 150, NOW_S + GROWING_S - 1.0)
    assert known.is_due("tones", 150, NOW_S + GROWING_S)
    assert known.is_due("tones", 50, NOW_S + GROWING_S)
    assert known.is_due("clap", 100, NOW_S)
    assert not known.is_due("clap", 0, NOW_S)
    assert known.is_due("tones", 100, NOW_S - 1.0)


def many(groups: int = 12) -> list[Held]:
    names = sorted({phrase.group for phrase in PHRASES})[:groups]
    return [
        Held(phrase.en, 70 + i % 20, 5, f"track {i}")
        for i, phrase in enumerate(PHRASES)
        if phrase.group in names
    ]


def test_six_of_different_groups_and_tracks_others_another_day() -> None:
    group_of = {phrase.en: phrase.group for phrase in PHRASES}
    days = [chosen(many(), day) for day in range(20)]
    for six in days:
        assert len(six) == len({group_of[one] for one in six}) == 6
    assert len(set(days)) > 10
    assert days == [chosen(many(), day) for day in range(20)]
    few = chosen(many(groups=2), 1)
    assert len(few) == len(set(few)) == 6, "of two groups still six"


def test_one_track_does_not_stand_for_several_while_there_are_others() -> None:
    held = many()
    same = [replace(one, top="hub", match=100) for one in held[:60]]
    assert sum(one in {other.en for other in same} for one in chosen(same + held[60:], 1)) == 1
    assert len(chosen(same[:6], 1)) == 6


def test_what_matches_poorly_goes_last() -> None:
    poor = [replace(one, match=40) for one in many()]
    good = [replace(one, match=60) for one in many()[:3]]
    six = chosen([*good, *poor[3:]], 5)
    assert six[0] in {one.en for one in good}


@given(st.lists(st.builds(Held, st.sampled_from((*SENTENCES, "?")), st.integers(0, 100))))
def test_there_is_always_something_to_begin_with(held: list[Held]) -> None:
    six = chosen(held, 7)
    assert 1 <= len(six) <= 6
    assert len(set(six)) == len(six)


def test_the_phrases_are_plain_descriptions_in_both_languages(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    assert len(PHRASES) >= 120
    for said in ([phrase.en for phrase in PHRASES], [phrase.de for phrase in PHRASES]):
        assert len(set(said)) == len(PHRASES)
        for phrase in said:
            taken = understand(phrase, Vocabulary(shelf.ledger.database), datetime.now(UTC))
            assert (taken.chips, taken.sound) == ((), phrase), phrase
    # What is German through and through reaches the text tower in English.
    assert translated("ruhiges Klavier") == "calm piano"
    left = [phrase.de for phrase in PHRASES if translated(phrase.de) == phrase.de != phrase.en]
    assert all(len(phrase.split()) == 1 or phrase.isascii() for phrase in left), left


def test_vectors_are_unit_rows_in_the_order_of_the_phrases(shelf: Shelf) -> None:
    vectors = shelf.embedder.embed_text(SENTENCES)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0)
