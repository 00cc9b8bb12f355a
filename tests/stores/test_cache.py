from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from traumbox.stores.cache import MediaCache


def test_peaks_and_covers_come_back(tmp_path: Path) -> None:
    cache = MediaCache(tmp_path / "cache")
    cache.put_peaks("ab12", b"\x01\x02")
    cache.put_cover("cd34", b"jpeg")
    assert cache.peaks("ab12") == b"\x01\x02"
    path = cache.cover_path("cd34")
    assert path is not None
    assert path.read_bytes() == b"jpeg"
    cache.put_peaks("ab12", b"\x03")
    assert MediaCache(tmp_path / "cache").peaks("ab12") == b"\x03"


def test_what_is_not_there_is_none(tmp_path: Path) -> None:
    cache = MediaCache(tmp_path / "cache")
    assert cache.peaks("ab12") is None
    assert cache.cover_path("ab12") is None
    cache.put_cover("ab12", None)


def test_a_cover_goes_with_none(tmp_path: Path) -> None:
    cache = MediaCache(tmp_path)
    cache.put_cover("ab12", b"jpeg")
    cache.put_cover("ab12", None)
    assert cache.cover_path("ab12") is None


def test_the_folder_may_be_deleted_at_any_time(tmp_path: Path) -> None:
    cache = MediaCache(tmp_path / "cache")
    cache.put_peaks("ab12", b"1")
    shutil.rmtree(tmp_path / "cache")
    assert cache.peaks("ab12") is None
    cache.put_peaks("ab12", b"2")
    assert cache.peaks("ab12") == b"2"


def test_files_without_content_count_as_absent(tmp_path: Path) -> None:
    cache = MediaCache(tmp_path)
    cache.put_cover("ab12", b"jpeg")
    cache.put_peaks("ab12", b"1")
    for path in tmp_path.rglob("ab12.*"):
        path.write_bytes(b"")
    assert cache.cover_path("ab12") is None
    assert cache.peaks("ab12") is None


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..", "a/b", "", "a", "ab\0", "ab\n", "ab.jpg", "x" * 200, "ab%2e"]
)
def test_a_made_up_id_never_becomes_a_path(tmp_path: Path, name: str) -> None:
    cache = MediaCache(tmp_path / "cache")
    assert cache.peaks(name) is None
    assert cache.cover_path(name) is None
    with pytest.raises(ValueError, match="no id"):
        cache.put_peaks(name, b"1")
    assert list(tmp_path.rglob("*")) == []


def test_a_cache_that_cannot_be_written_costs_only_the_picture(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "cache").touch()
    cache = MediaCache(tmp_path / "cache")
    cache.put_peaks("ab12", b"1")
    cache.put_cover("ab12", b"1")
    cache.put_cover("ab12", None)
    assert cache.peaks("ab12") is None
    assert "can't be written" in caplog.text


def test_no_unfinished_files_are_left(tmp_path: Path) -> None:
    cache = MediaCache(tmp_path)
    for i in range(5):
        cache.put_peaks(f"ab{i}", b"1")
        (tmp_path / "peaks" / "cd" / f"cd{i}.u8").mkdir(parents=True)
        cache.put_peaks(f"cd{i}", b"1")  # can't replace a folder
    assert sorted(p.name for p in tmp_path.rglob("*") if p.is_file()) == [
        f"ab{i}.u8" for i in range(5)
    ]
