"""Compaction, cleaning and indices: what they do to files, and that answers stay the same."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import numpy as np

from tests.stores.powercut import IdleDisk
from tests.stores.sounds import CARD, entry, noise
from traumbox.domain import ModelCard
from traumbox.stores.lance import LanceIndex
from traumbox.stores.upkeep import Upkeep

EAGER = Upkeep(commits=4, keep=timedelta(milliseconds=1), vector_index_rows=256, key_index_rows=10)
QUERY = noise(99, 1).vectors[0]


def fill(index: LanceIndex, first: int, count: int, card: ModelCard = CARD) -> None:
    for i in range(first, first + count):
        index.add([entry(f"t{i}", f"s{i}", noise(i, card=card))])


def exact(count: int, limit: int) -> list[float]:
    scores = np.concatenate([noise(i).vectors @ QUERY for i in range(count)])
    return sorted((float(score) for score in scores), reverse=True)[:limit]


def found(index: LanceIndex, limit: int) -> list[float]:
    return [hit.score for hit in index.nearest_windows(QUERY, limit)]


def index_files(root: Path) -> set[str]:
    return {path.name for path in root.glob("windows_*/_indices/*")}


def test_it_waits_until_enough_was_committed(tmp_path: Path) -> None:
    index = LanceIndex(tmp_path, CARD, disk=IdleDisk(), upkeep=Upkeep(commits=10))
    fill(index, 0, 3)
    data = set(tmp_path.glob("*.lance/data/*"))
    index.maintain()
    assert set(tmp_path.glob("*.lance/data/*")) == data
    fill(index, 3, 8)
    index.maintain()
    after = set(tmp_path.glob("*.lance/data/*"))
    index.maintain()
    assert after - data
    assert set(tmp_path.glob("*.lance/data/*")) == after


def test_small_commits_do_not_pile_up(tmp_path: Path) -> None:
    index = LanceIndex(
        tmp_path, CARD, disk=IdleDisk(), upkeep=Upkeep(commits=4, keep=timedelta(milliseconds=1))
    )
    for first in range(0, 20, 5):
        fill(index, first, 5)
        index.maintain()
    assert len(list(tmp_path.glob("windows_*/data/*.lance"))) <= 4
    assert len(list(tmp_path.glob("windows_*/_versions/*.manifest"))) <= 8
    assert index.count_windows() == 400
    assert np.allclose(found(index, 50), exact(20, 50), atol=2e-3)


def test_commits_before_a_restart_count(tmp_path: Path) -> None:
    for i in range(4):
        index = LanceIndex(tmp_path, CARD, disk=IdleDisk(), upkeep=Upkeep(commits=10))
        fill(index, 3 * i, 3)
        index.close()
    before = set(tmp_path.glob("windows_*/data/*"))
    LanceIndex(tmp_path, CARD, disk=IdleDisk(), upkeep=Upkeep(commits=10)).maintain()
    assert set(tmp_path.glob("windows_*/data/*")) - before


def test_the_vector_index_is_built_when_large_and_again_when_doubled(tmp_path: Path) -> None:
    index = LanceIndex(tmp_path, CARD, disk=IdleDisk(), upkeep=EAGER)
    fill(index, 0, 12)
    index.maintain()
    assert trained_on(index) == []  # 240 windows
    fill(index, 12, 8)
    index.maintain()
    assert trained_on(index) == [400]
    fill(index, 20, 10)
    index.maintain()
    assert trained_on(index) == [400]
    fill(index, 30, 10)
    index.maintain()
    assert trained_on(index) == [800]
    for i in (0, 25, 39):  # what is stored is found; how well noise ranks noise is chance
        hit = index.nearest_windows(noise(i).vectors[7], 1)[0]
        assert (hit.audio_id, hit.start_s) == (f"s{i}", 70.0)


def test_windows_newer_than_the_vector_index_are_found(tmp_path: Path) -> None:
    index = LanceIndex(tmp_path, CARD, disk=IdleDisk(), upkeep=EAGER)
    fill(index, 0, 20)
    index.maintain()
    for i in range(20, 25):
        index.add([entry(f"t{i}", f"s{i}", noise(i))])
        hit = index.nearest_windows(noise(i).vectors[7], 1)[0]
        assert (hit.audio_id, hit.start_s) == (f"s{i}", 70.0)
    index.remove_tracks(["t24", "t3"])
    assert index.nearest_windows(noise(24).vectors[7], 1)[0].audio_id != "s24"
    assert index.nearest_windows(noise(3).vectors[7], 1)[0].audio_id != "s3"


def test_a_dimension_that_cannot_be_quantised_is_searched_exactly(tmp_path: Path) -> None:
    card = ModelCard("odd", "Odd", 13, "none")
    index = LanceIndex(tmp_path, card, disk=IdleDisk(), upkeep=EAGER)
    fill(index, 0, 20, card)
    index.maintain()
    assert trained_on(index) == []
    hit = index.nearest_windows(noise(5, card=card).vectors[3], 1)[0]
    assert (hit.audio_id, hit.start_s) == ("s5", 30.0)


def test_keys_are_found_through_their_index_too(tmp_path: Path) -> None:
    index = LanceIndex(tmp_path, CARD, disk=IdleDisk(), upkeep=EAGER)
    fill(index, 0, 20)
    index.maintain()
    fill(index, 20, 3)
    assert index.known_audio([f"s{i}" for i in range(30)]) == {f"s{i}" for i in range(23)}
    for i in (0, 19, 22):
        assert np.allclose(index.windows_of(f"s{i}")[1], noise(i).vectors, atol=1e-3)
    index.add([entry("t0", "s1", None)])
    assert index.known_audio(["s0", "s1"]) == {"s1"}
    assert index.count_windows() == 22 * 20


def test_searches_go_on_while_the_writer_adds_and_tidies(tmp_path: Path) -> None:
    index = LanceIndex(
        tmp_path, CARD, disk=IdleDisk(), upkeep=Upkeep(commits=2, vector_index_rows=256)
    )
    fill(index, 0, 3)
    errors: list[BaseException] = []
    done = threading.Event()

    def search() -> None:
        try:
            while not done.is_set():
                hit = index.nearest_windows(noise(2).vectors[5], 1)[0]
                assert (hit.audio_id, hit.start_s) == ("s2", 50.0)
                assert len(index.windows_of("s1")[0]) == 20
                assert index.known_audio(["s0"]) == {"s0"}
        except BaseException as error:  # noqa: BLE001 - a thread's errors are judged below
            errors.append(error)

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for i in range(3, 24):
        fill(index, i, 1)
        index.maintain()
    done.set()
    for thread in threads:
        thread.join()
    assert errors == []
    assert index.count_windows() == 24 * 20


def trained_on(index: LanceIndex) -> list[int]:
    windows, _ = index._tables()
    names = [config.name for config in windows.list_indices()]
    return [int(name.removeprefix("vector_at_")) for name in names if name.startswith("vector")]
