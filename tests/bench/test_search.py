"""The bench of searches, tiny: it runs, tells all rows, and what it compares with is right."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.bench import search
from tests.bench.search_library import Sentences, Size, library, windows_of

SIZE = Size(60, windows=4, dim=64)


def test_a_tiny_run_tells_everything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    search.bench_search((60,), tmp_path, searches=3, windows=4, dim=64)
    told = capsys.readouterr().out
    for what in (*search.CHOICES, "by a track", "moments of one track", "after, RSS", "tower"):
        assert what in told
    _, recalls = told.split("recall@10")
    for what in search.CHOICES:
        assert f"| {what} | 1.000 |" in recalls


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
