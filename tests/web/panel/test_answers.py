from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from tests.fakes import TONES_HZ, ToneEmbedder
from tests.web.appliance import Appliance
from traumbox.domain import Condition, Float32, IndexStatus, Kind, Query, Tags, Track
from traumbox.errors import ModelError
from traumbox.ports import Space
from traumbox.search import SearchService
from traumbox.web.panel.pages.answers import (
    RECENT_SHOWN,
    find,
    find_choices,
    find_detail,
    find_recent,
)
from traumbox.web.panel.state import SearchState
from traumbox.web.panel.texts import ENGLISH
from traumbox.web.services import Readiness

WORDS = ENGLISH["messages"]


def test_hits_come_with_their_moment_and_the_numbers(appliance: Appliance) -> None:
    track_id = appliance.add(b"a.flac", 220.0, 440.0)
    found = find(appliance.services(), WORDS, SearchState(text="440 Hz"))
    assert [(hit["track"]["id"], hit["start_s"]) for hit in found.hits] == [(track_id, 10.0)]
    assert found.numbers is not None
    assert (found.numbers["searched"], found.numbers["total"]) == (1, 1)
    assert not found.is_partial
    assert found.message == ""


def test_an_answer_while_music_waits_is_partial(appliance: Appliance) -> None:
    appliance.add(b"a.flac", 440.0)
    appliance.drop(appliance.write(b"b.flac", np.zeros(4800, np.float32)))
    assert find(appliance.services(), WORDS, SearchState(text="440 Hz")).is_partial


def test_likeness_names_the_track(appliance: Appliance) -> None:
    track_id = appliance.add(b"Slow Tides.flac", 220.0)
    other = appliance.add(b"b.flac", 220.0)
    found = find(appliance.services(), WORDS, SearchState(like=(track_id,)))
    assert found.titles == {track_id: "Slow Tides"}
    assert [hit["track"]["id"] for hit in found.hits] == [other]


@pytest.mark.parametrize(
    ("state", "message"),
    [
        (SearchState(text="440 Hz"), "no_music"),
        (SearchState(like=("0123456789abcdef",)), "like_gone"),
    ],
)
def test_without_music_it_says_so(appliance: Appliance, state: SearchState, message: str) -> None:
    found = find(appliance.services(), WORDS, state)
    assert found.message == WORDS[message]
    assert found.hint


def test_what_it_should_be_unlike_may_be_gone(appliance: Appliance) -> None:
    like, other = (appliance.add(name, 220.0) for name in (b"a.flac", b"b.flac"))
    found = find(appliance.services(), WORDS, SearchState(like=(like,), unlike=("gone",)))
    assert [hit["track"]["id"] for hit in found.hits] == [other]
    assert found.titles == {like: "a"}


def test_what_was_understood_comes_as_chips(appliance: Appliance) -> None:
    appliance.add(b"a.flac", 440.0)  # of 90 BPM
    found = find(appliance.services(), WORDS, SearchState(text="440 Hz 85 to 95 bpm"))
    assert [chip["filter"] for chip in found.chips] == ["bpm:85..95"]
    assert len(found.hits) == 1
    back = SearchState(text="440 Hz 85 to 95 bpm", back=("bpm:85..95",))
    assert find(appliance.services(), WORDS, back).chips == []


def test_where_filters_leave_nothing_each_says_what_it_leaves(appliance: Appliance) -> None:
    appliance.add(b"a.flac", 440.0)
    filters = (Condition("bpm", 85.0, 95.0), Condition("year", 1980.0, 1980.0))
    found = find(appliance.services(), WORDS, SearchState(text="440 Hz", filters=filters))
    assert found.hits == []
    assert found.message == WORDS["none_left"]
    assert [(one["filter"], one["tracks"]) for one in found.left_by] == [
        ("bpm:85..95", 1),
        ("year:1980", 0),
    ]


def test_what_is_only_filtered_for_has_no_moment_and_no_match(appliance: Appliance) -> None:
    track_id = appliance.add(b"a.flac", 440.0)
    state = SearchState(filters=(Condition("bpm", 85.0, 95.0),))
    (hit,) = find(appliance.services(), WORDS, state).hits
    assert (hit["track"]["id"], hit["start_s"], hit["match"]) == (track_id, None, None)
    by_kind = SearchState(filters=(Condition("kind", values=("podcast",)),))
    assert find(appliance.services(), WORDS, by_kind).message == WORDS["none_left"]


def test_filters_that_are_none_are_said(appliance: Appliance) -> None:
    appliance.add(b"a.flac", 440.0)
    found = find(appliance.services(), WORDS, SearchState(text="440 Hz", unread=("bpm:\x1bfast",)))
    assert "“bpm: fast”" in found.note
    assert len(found.hits) == 1


def test_one_can_choose_from_the_genres_and_folders_there_are(appliance: Appliance) -> None:
    appliance.add(b"a.flac", 220.0, tags=Tags(genre="jazz"))
    appliance.add(b"b.flac", 220.0, tags=Tags(genre="Ambient"))
    assert find_choices(appliance.services()) == {
        "genres": ["Ambient", "jazz"],
        "folders": ["Music"],
    }


def test_nothing_alike_is_said(appliance: Appliance) -> None:
    track_id = appliance.add(b"a.flac", 220.0)
    found = find(appliance.services(), WORDS, SearchState(like=(track_id,)))
    assert found.message == WORDS["none_alike"]


def test_an_appliance_that_is_not_ready_gives_its_reason(appliance: Appliance) -> None:
    appliance.add(b"a.flac", 440.0)
    appliance.readiness = Readiness(ready=False, reason="The model is still loading.")
    found = find(appliance.services(), WORDS, SearchState(text="440 Hz"))
    assert (found.message, found.hint) == (WORDS["not_ready"], "The model is still loading.")
    assert found.hits == []


def test_an_error_for_people_is_shown(appliance: Appliance) -> None:
    class Broken(SearchService):
        def search(  # type: ignore[override]
            self, query: Query, kind_of: Callable[[Track], Kind] | None = None
        ) -> None:
            raise ModelError("The model's file is damaged; install traumbox again.")

    services = appliance.services()
    broken = Broken(Space("tones", appliance.embedder, appliance.index), appliance.ledger)
    found = find(replace(services, search=broken), WORDS, SearchState(text="piano"))
    assert found.message == WORDS["failed"]
    assert "install traumbox again" in found.hint


def test_details_hold_clear_moments_and_what_is_alike(appliance: Appliance) -> None:
    track_id = appliance.add(b"a.flac", 220.0, 220.0, 440.0)
    other = appliance.add(b"b.flac", 220.0)
    detail = find_detail(appliance.services(), SearchState(text="440 Hz"), track_id)
    assert detail is not None
    assert [moment["start_s"] for moment in detail["moments"]] == [20.0]
    assert detail["heat"]
    assert [hit["track"]["id"] for hit in detail["similar"]] == [other]


class Vague(ToneEmbedder):
    """Puts every sentence a little nearer to 220 Hz than to any other sound: cosine 0.43."""

    def embed_text(self, sentences: Sequence[str]) -> Float32:
        vectors = np.ones((len(sentences), self.card.dim), np.float32)
        vectors[:, TONES_HZ.index(220.0)] = 4.0
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_what_does_not_fit_has_no_clear_moment(appliance: Appliance) -> None:
    track_id = appliance.add(b"a.flac", 220.0)
    state = SearchState(text="something")
    for floor, is_clear in ((0.4, True), (0.5, False)):
        appliance.embedder = Vague(floor=floor)
        services = appliance.services()
        found = find(services, WORDS, state)
        assert [hit["fits"] for hit in found.hits] == [is_clear]
        assert found.message == "", "what is said above the nearest is the list's to say"
        detail = find_detail(services, state, track_id)
        assert detail is not None
        assert (bool(detail["moments"]), bool(detail["heat"])) == (is_clear, is_clear)


def test_details_without_a_sentence_show_no_moments(appliance: Appliance) -> None:
    track_id = appliance.add(b"a.flac", 220.0)
    detail = find_detail(appliance.services(), SearchState(), track_id)
    assert detail is not None
    assert (detail["similar"], detail["moments"], detail["heat"]) == ([], [], "")
    assert (detail["hit"]["track"]["id"], detail["hit"]["start_s"]) == (track_id, None)


def test_details_of_a_track_that_is_gone_are_none(appliance: Appliance) -> None:
    assert find_detail(appliance.services(), SearchState(text="440 Hz"), "0123456789abcdef") is None


def test_recent_tracks_have_no_moment_and_are_not_too_many(appliance: Appliance) -> None:
    for i in range(RECENT_SHOWN + 1):
        appliance.add(f"{i}.flac".encode(), 220.0)
    recent = find_recent(appliance.services())
    assert len(recent) == RECENT_SHOWN
    assert all(hit["start_s"] is None and hit["match"] is None for hit in recent)


def test_numbers_know_what_waits(appliance: Appliance) -> None:
    appliance.add(b"a.flac", 440.0)
    services = replace(appliance.services(), status=lambda: IndexStatus(indexed=1, pending=7))
    found = find(services, WORDS, SearchState(text="440 Hz"))
    assert found.numbers is not None
    assert found.numbers["pending"] == 7
