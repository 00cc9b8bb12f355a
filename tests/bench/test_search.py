"""The bench of searches, tiny: it runs, tells all rows, and what it compares with is right."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from tests.bench import search
from tests.bench.search_library import (
    Sentences,
    Size,
    library,
    open_index,
    open_ledger,
    windows_of,
)

SIZE = Size(60, windows=4, dim=64)


def test_a_tiny_run_tells_everything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    search.bench_search((60,), tmp_path, searches=3, windows=4, dim=64)
    told = capsys.readouterr().out
    for what in (*search.CHOICES, "by a track", "moments of one track", "after, RSS", "tower"):
        assert what in told
    _, recalls = told.split("recall@10")
    for what in search.CHOICES:
        assert re.search(rf"\| {re.escape(what)} \| [01]\.\d{{3}} \|", recalls)


def test_what_an_exact_index_finds_is_all_that_is_nearest(tmp_path: Path) -> None:
    home = library(tmp_path, SIZE)
    index, ledger, words = open_index(home, SIZE), open_ledger(home), Sentences(SIZE)
    sentences = [f"sentence {number}" for number in range(3)]
    found = {
        what: [search._nearest(index, ledger, words, written, one) for one in sentences]
        for what, written in search.CHOICES.items()
    }
    assert search._recalls(home, SIZE, found) == dict.fromkeys(search.CHOICES, 1.0)
    found["all"][0] = found["all"][1]
    assert search._recalls(home, SIZE, found)["all"] < 1.0
    index.close()
    ledger.close()


def test_the_library_is_built_once_and_is_what_it_says(tmp_path: Path) -> None:
    home = library(tmp_path, SIZE)
    written = (home / "windows.f16").stat().st_mtime_ns
    assert library(tmp_path, SIZE) == home
    assert (home / "windows.f16").stat().st_mtime_ns == written
    windows = windows_of(home, SIZE).astype(np.float32).reshape(60, 4, 64)
    within = np.einsum("tid,tjd->tij", windows, windows)[:, 0, 1]
    assert 0.76 < within.mean() < 0.86
    vectors = Sentences(SIZE).embed_text(["a", "a", "b"])
    np.testing.assert_array_equal(vectors[0], vectors[1])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
