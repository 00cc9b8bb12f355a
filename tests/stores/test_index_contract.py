"""What every Index must do: the fake and the real one pass the same suite."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.fakes import MemoryIndex
from tests.stores.powercut import IdleDisk
from tests.stores.sounds import CARD, embedding, entry, noise, track, unit
from traumbox.domain import Embedding, Tags
from traumbox.errors import StoreError
from traumbox.ports import Index, IndexEntry
from traumbox.stores.lance import LanceIndex

A, B, C = unit((0, 1.0)), unit((1, 1.0)), unit((0, 1.0), (1, 1.0))


@pytest.fixture(params=["memory", "lance"])
def reopened(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Index]:
    """Give the index; at each further call the same one, as after a restart."""
    opened: list[Index] = []

    def give() -> Index:
        if request.param == "memory":
            if not opened:
                opened.append(MemoryIndex(CARD))
        else:
            for before in opened:
                before.close()
            opened.append(LanceIndex(tmp_path / "index", CARD, disk=IdleDisk()))
        return opened[-1]

    return give


@pytest.fixture
def index(reopened: Callable[[], Index]) -> Index:
    return reopened()


def test_an_empty_index_answers(index: Index) -> None:
    assert index.count_windows() == 0
    assert index.known_tracks() == {}
    assert index.known_audio(["x"]) == set()
    assert index.known_audio([]) == set()
    assert index.nearest_windows(A, 10) == []
    starts_s, vectors = index.windows_of("x")
    assert starts_s.shape == (0,)
    assert vectors.shape == (0, CARD.dim)
    assert index.nearest_windows(A, 10, ["x"]) == []
    assert index.windows_among(["x"]) == {}
    assert index.means_of(["x"])[1].shape == (0, CARD.dim)
    assert [ids for ids, _ in index.means() if ids] == []
    index.remove_tracks(["x"])
    index.remove_tracks([])
    index.add([])
    index.maintain()


def test_what_was_added_is_found_best_first_with_its_cosine(index: Index) -> None:
    index.add([entry("t1", "s1", embedding(B, A)), entry("t2", "s2", embedding(C))])
    hits = index.nearest_windows(A, 10)
    assert [(hit.audio_id, hit.start_s) for hit in hits] == [
        ("s1", 10.0),
        ("s2", 0.0),
        ("s1", 0.0),
    ]
    assert [hit.score for hit in hits] == pytest.approx([1.0, 2**-0.5, 0.0], abs=2e-3)


def test_negative_cosines_come_last(index: Index) -> None:
    index.add([entry("t1", "s1", embedding(-A, A))])
    assert [hit.score for hit in index.nearest_windows(A, 10)] == pytest.approx(
        [1.0, -1.0], abs=2e-3
    )


def test_no_more_than_the_limit(index: Index) -> None:
    index.add([entry("t1", "s1", embedding(A, B, C))])
    assert len(index.nearest_windows(A, 2)) == 2
    assert index.nearest_windows(A, 0) == []


def test_the_order_is_that_of_numpy(index: Index) -> None:
    sounds = {f"s{i}": noise(i) for i in range(20)}
    index.add([entry(f"t{i}", f"s{i}", sounds[f"s{i}"]) for i in range(20)])
    query = noise(99, 1).vectors[0]
    hits = index.nearest_windows(query, 30)
    scores = np.concatenate([sound.vectors @ query for sound in sounds.values()])
    assert [hit.score for hit in hits] == pytest.approx(np.sort(scores)[::-1][:30], abs=2e-3)
    for hit in hits:
        exact = sounds[hit.audio_id].vectors[round(hit.start_s / 10)] @ query
        assert hit.score == pytest.approx(exact, abs=2e-3)


def test_among_some_sounds_the_order_is_that_of_numpy_too(index: Index) -> None:
    sounds = {f"s{i}": noise(i) for i in range(20)}
    index.add([entry(f"t{i}", f"s{i}", sounds[f"s{i}"]) for i in range(20)])
    query = noise(99, 1).vectors[0]
    best = index.nearest_windows(query, 1)[0].audio_id
    among = {f"s{i}" for i in range(0, 20, 3)} - {best} | {"never-there"}
    for limit in (5, 30, 1000):
        hits = index.nearest_windows(query, limit, among)
        scores = np.concatenate([sounds[name].vectors @ query for name in among & sounds.keys()])
        wanted = np.sort(scores)[::-1][:limit]
        assert [hit.score for hit in hits] == pytest.approx(wanted, abs=2e-3)
        assert {hit.audio_id for hit in hits} <= among


def test_among_no_sounds_there_is_nothing(index: Index) -> None:
    index.add([entry("t1", "s1", embedding(A))])
    assert index.nearest_windows(A, 10, []) == []
    assert index.nearest_windows(A, 10, ["s2"]) == []
    assert index.nearest_windows(A, 0, ["s1"]) == []
    assert len(index.nearest_windows(A, 10, ["s1"])) == 1


def test_windows_of_several_sounds_come_as_those_of_each(index: Index) -> None:
    sound = Embedding(CARD.id, np.array([20, 0, 10], np.float32), np.stack([C, A, B]))
    index.add([entry("t1", "s1", sound), entry("t2", "s2", embedding(A))])
    index.add([entry("t3", "s3", embedding(B)), entry("t4", "silence", embedding())])
    found = index.windows_among(["s2", "s1", "silence", "never-there"])
    assert found.keys() == {"s1", "s2"}
    for audio_id, (starts_s, vectors) in found.items():
        alone = index.windows_of(audio_id)
        np.testing.assert_array_equal(starts_s, alone[0])
        np.testing.assert_array_equal(vectors, alone[1])
        assert starts_s.dtype == vectors.dtype == np.float32
    assert index.windows_among([]) == {}


def test_means_are_unit_directions_each_sound_once(index: Index) -> None:
    index.add([entry("t1", "s1", embedding(A, B)), entry("t2", "s1", None)])
    index.add([entry("t3", "s2", embedding(A)), entry("t4", "silence", embedding())])
    index.add([entry("t5", "s1", None), entry("t6", "nowhere", embedding(A, -A))])
    means: dict[str, np.ndarray] = {}
    for audio_ids, vectors in index.means():
        assert vectors.dtype == np.float32
        assert not means.keys() & set(audio_ids)
        means |= zip(audio_ids, vectors, strict=True)
    assert means.keys() == {"s1", "s2"}
    np.testing.assert_allclose(means["s1"], C, atol=1e-3)
    np.testing.assert_allclose(means["s2"], A, atol=1e-3)
    audio_ids, vectors = index.means_of(["s2", "never-there", "silence"])
    assert audio_ids == ["s2"]
    np.testing.assert_allclose(vectors, [A], atol=1e-3)
    assert index.means_of([])[0] == []


def test_changes_are_counted(index: Index) -> None:
    seen = [index.changes]
    index.add([entry("t1", "s1", embedding(A))])
    seen.append(index.changes)
    index.nearest_windows(A, 1)
    assert index.changes == seen[-1]
    index.remove_tracks(["t1"])
    seen.append(index.changes)
    assert seen[0] < seen[1] < seen[2]


def test_adding_twice_changes_nothing(index: Index) -> None:
    for _ in range(2):
        index.add([entry("t1", "s1", embedding(A, B))])
    assert index.count_windows() == 2
    assert index.known_tracks() == {"t1": "s1"}


def test_two_copies_of_a_sound_in_one_batch_store_it_once(index: Index) -> None:
    index.add(
        [
            entry("t1", "s1", embedding(A, B)),
            entry("t2", "s1", embedding(A, B)),
            entry("t3", "s1", None),
        ]
    )
    assert index.count_windows() == 2
    assert index.known_tracks() == {"t1": "s1", "t2": "s1", "t3": "s1"}


def test_the_same_track_twice_in_one_batch_is_one(index: Index) -> None:
    index.add([entry("t1", "s1", embedding(A)), entry("t1", "s1", embedding(A))])
    assert index.count_windows() == 1
    assert index.known_tracks() == {"t1": "s1"}


def test_a_known_sound_needs_no_embedding(index: Index) -> None:
    index.add([entry("t1", "s1", embedding(A, B))])
    index.add([entry("t2", "s1", None)])
    assert index.known_tracks() == {"t1": "s1", "t2": "s1"}
    assert index.count_windows() == 2


def test_an_unknown_sound_without_embedding_is_refused_with_its_batch(index: Index) -> None:
    with pytest.raises(StoreError):
        index.add([entry("t1", "s1", embedding(A)), entry("t2", "s2", None)])
    assert index.known_tracks() == {}
    index.add([entry("t1", "s1", embedding(A)), entry("t2", "s2", embedding(B))])
    assert index.count_windows() == 2


def test_another_models_vectors_are_refused(index: Index) -> None:
    sound = embedding(A)
    with pytest.raises(StoreError):
        index.add([entry("t1", "s1", Embedding("other", sound.start_s, sound.vectors))])


def test_a_track_that_sounds_different_now_leaves_no_windows_behind(index: Index) -> None:
    index.add([entry("t1", "s1", embedding(A, B))])
    index.add([entry("t1", "s2", embedding(C))])
    assert index.known_tracks() == {"t1": "s2"}
    assert index.known_audio(["s1", "s2"]) == {"s2"}
    assert index.count_windows() == 1


def test_a_sound_stays_as_long_as_one_track_has_it(index: Index) -> None:
    index.add([entry("t1", "s1", embedding(A)), entry("t2", "s1", None)])
    index.remove_tracks(["t1", "never-there"])
    assert index.known_audio(["s1"]) == {"s1"}
    assert index.count_windows() == 1
    index.remove_tracks(["t2"])
    assert index.known_audio(["s1"]) == set()
    assert index.count_windows() == 0
    assert index.nearest_windows(A, 5) == []


def test_silence_is_known_although_it_has_no_windows(index: Index) -> None:
    index.add([entry("t1", "silence", embedding())])
    assert index.known_audio(["silence"]) == {"silence"}
    assert index.known_tracks() == {"t1": "silence"}
    assert index.windows_of("silence")[1].shape == (0, CARD.dim)
    index.add([entry("t2", "silence", None)])
    index.remove_tracks(["t1", "t2"])
    assert index.known_audio(["silence"]) == set()


def test_windows_of_a_sound_come_by_start(index: Index) -> None:
    sound = Embedding(CARD.id, np.array([20, 0, 10], np.float32), np.stack([C, A, B]))
    index.add([entry("t1", "s1", sound), entry("t2", "s2", embedding(A))])
    starts_s, vectors = index.windows_of("s1")
    assert starts_s.tolist() == [0.0, 10.0, 20.0]
    assert starts_s.dtype == vectors.dtype == np.float32
    np.testing.assert_allclose(vectors, np.stack([A, B, C]), atol=1e-3)


def test_a_window_that_is_no_number_is_never_found(index: Index) -> None:
    index.add([entry("t1", "s1", embedding(A, np.full(CARD.dim, np.nan, np.float32)))])
    assert [hit.start_s for hit in index.nearest_windows(A, 10)] == [0.0]
    assert index.known_audio(["s1"]) == {"s1"}


@pytest.mark.parametrize("name", ["it's", 'a"b', "' OR 'a'='a", "x\\", "日本", "a;--"])
def test_ids_may_hold_any_letters(index: Index, name: str) -> None:
    index.add([entry(f"t{name}", f"s{name}", embedding(A)), entry("t", "s", embedding(B))])
    assert index.known_audio([f"s{name}"]) == {f"s{name}"}
    assert index.windows_of(f"s{name}")[0].tolist() == [0.0]
    index.remove_tracks([f"t{name}"])
    assert index.known_tracks() == {"t": "s"}
    assert index.count_windows() == 1


def test_names_and_tags_that_are_no_unicode_are_stored(index: Index) -> None:
    odd = track("t1", "s1", b'K\xf6ln\'s "best"\n.mp3', Tags(title="half \ud83d", year=-5))
    index.add([IndexEntry(odd, embedding(A), 1.0)])
    assert index.known_tracks() == {"t1": "s1"}


def test_everything_is_there_after_a_restart(reopened: Callable[[], Index]) -> None:
    index = reopened()
    index.add([entry(f"t{i}", f"s{i}", noise(i)) for i in range(5)])
    index.add([entry("quiet", "silence", embedding())])
    index.remove_tracks(["t4"])
    before = index.nearest_windows(A, 7)
    again = reopened()
    assert again.known_tracks() == {**{f"t{i}": f"s{i}" for i in range(4)}, "quiet": "silence"}
    assert again.count_windows() == 80
    assert again.nearest_windows(A, 7) == before
    again.add([entry("t5", "s5", noise(5))])
    assert again.count_windows() == 100
