"""Windows among chosen sounds, with the vector index at work: nothing is lost on any way there."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from pathlib import Path

import lancedb
import numpy as np
import pytest

from tests.stores.powercut import IdleDisk
from tests.stores.sounds import CARD, entry
from traumbox.domain import Embedding, Float32, unit
from traumbox.stores.lance import LanceIndex
from traumbox.stores.nearest import Effort, Near
from traumbox.stores.schema import window_rows, windows_schema
from traumbox.stores.upkeep import Upkeep

SOUNDS, WINDOWS, GROUPS = 120, 10, 12
CHANCE = np.random.default_rng(7)
CENTRES = CHANCE.standard_normal((GROUPS, CARD.dim))
GROUP_OF = CHANCE.integers(0, GROUPS, SOUNDS)
BESIDE = 0.5
VECTORS = CENTRES[GROUP_OF][:, None] + BESIDE * CHANCE.standard_normal((SOUNDS, WINDOWS, CARD.dim))
VECTORS = (VECTORS / np.linalg.norm(VECTORS, axis=2, keepdims=True)).astype(np.float32)
STARTS_S = 10 * np.arange(WINDOWS, dtype=np.float32)
QUERY = unit(CENTRES[0] + BESIDE * CHANCE.standard_normal(CARD.dim))

EXACT = Effort()
SIFTING = Effort(exact_windows=20)
BY_INDEX = Effort(exact_windows=20, widest=1)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("index")
    upkeep = Upkeep(commits=1, vector_index_rows=500, key_index_rows=50)
    index = LanceIndex(place, CARD, disk=IdleDisk(), upkeep=upkeep)
    index.add([_entry(n) for n in range(SOUNDS - 10)])
    index.maintain()
    index.add([_entry(n) for n in range(SOUNDS - 10, SOUNDS)])  # these are in no index yet
    index.close()
    return place


def _entry(number: int):  # type: ignore[no-untyped-def]
    sound = Embedding(CARD.id, STARTS_S, VECTORS[number])
    return entry(f"t{number}", f"s{number}", sound)


def exact(query: Float32, limit: int, among: Collection[int]) -> list[tuple[str, float]]:
    chosen = sorted(among)
    scores = (VECTORS[chosen].astype(np.float16).astype(np.float32) @ query).ravel()
    best = np.argsort(-scores, kind="stable")[:limit]
    return [(f"s{chosen[n // WINDOWS]}", float(10 * (n % WINDOWS))) for n in best]


def _near() -> list[int]:
    return [n for n in range(SOUNDS) if GROUP_OF[n] == 0]


def _far() -> list[int]:
    nearest = np.argsort(-(CENTRES @ QUERY))[: GROUPS // 2]
    return [n for n in range(SOUNDS) if GROUP_OF[n] not in nearest]


CHOSEN = {
    "all": range(SOUNDS),
    "most": range(10, SOUNDS),
    "some": range(0, SOUNDS, 7),
    "one": [17],
    "what is near": _near(),
    "all but what is near": _far(),
    "what no index knows yet": range(SOUNDS - 10, SOUNDS),
}


@pytest.mark.parametrize("chosen", CHOSEN)
@pytest.mark.parametrize("effort", [EXACT, SIFTING, BY_INDEX])
def test_the_nearest_of_the_chosen_are_found(filled: Path, effort: Effort, chosen: str) -> None:
    index = LanceIndex(filled, CARD, disk=IdleDisk(), effort=effort)
    numbers = CHOSEN[chosen]
    among = {f"s{n}" for n in numbers}
    for limit in (10, 40):
        hits = index.nearest_windows(QUERY, limit, among)
        assert len(hits) == min(limit, WINDOWS * len(numbers))
        assert {hit.audio_id for hit in hits} <= among
        found = {(hit.audio_id, hit.start_s) for hit in hits}
        wanted = exact(QUERY, min(limit, 10), numbers)
        assert len(found & set(wanted)) >= 0.95 * len(wanted)
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_rows_that_are_moved_while_they_are_looked_up_are_found(tmp_path: Path) -> None:
    table = lancedb.connect(tmp_path).create_table("windows", schema=windows_schema(CARD.dim))
    for number in range(SOUNDS):
        table.add(
            window_rows({f"s{number}": Embedding(CARD.id, STARTS_S, VECTORS[number])}, CARD.dim)
        )

    class Moving:
        """The table, compacted just before rows are taken by their numbers."""

        def __getattr__(self, name: str) -> object:
            if name == "take_row_ids":
                table.optimize(cleanup_older_than=timedelta(minutes=10))
            return getattr(table, name)

    near = Near(Moving(), SOUNDS * WINDOWS, SOUNDS, SIFTING)
    hits = near.nearest_among(QUERY, 10, {f"s{number}" for number in range(0, SOUNDS, 2)})
    assert {(hit.audio_id, hit.start_s) for hit in hits} == set(
        exact(QUERY, 10, range(0, SOUNDS, 2))
    )


def test_without_a_choice_a_large_limit_finds_all(filled: Path) -> None:
    index = LanceIndex(filled, CARD, disk=IdleDisk(), effort=Effort(nprobes=1))
    assert len(index.nearest_windows(QUERY, 10_000)) == SOUNDS * WINDOWS


def test_more_is_looked_at_in_larger_tables_and_for_more_windows() -> None:
    effort = Effort()
    assert effort.probes(1_000, 10) in (40, 41)
    assert effort.probes(200_000, 500) == 44
    assert 100 <= effort.probes(2_000_000, 10) <= 102
    assert effort.probes(2_000_000, 10_000) > 2 * effort.probes(2_000_000, 10)
    limits = (1, 10, 500, 1_500, 100_000)
    assert [effort.refine(limit, 1_500) for limit in limits] == [50, 50, 3, 1, 1]
