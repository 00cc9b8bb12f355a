"""Opening an index that was damaged, or that can't work where it lies."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.stores.sounds import CARD, embedding, entry, noise
from traumbox.domain import ModelCard
from traumbox.errors import StoreError
from traumbox.stores import durability
from traumbox.stores.lance import LanceIndex
from traumbox.stores.repair import explained
from traumbox.stores.upkeep import Upkeep

QUERY = noise(99, 1).vectors[0]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An index of three tracks, each in a commit of its own, at rest."""
    directory = tmp_path / "index"
    index = LanceIndex(directory, CARD)
    for i in range(3):
        index.add([entry(f"t{i}", f"s{i}", noise(i))])
    index.close()
    return directory


def latest(path: Path, pattern: str) -> Path:
    return max(path.glob(pattern), key=lambda found: found.stat().st_mtime_ns)


def snapshot(directory: Path) -> dict[Path, bytes]:
    return {
        path: path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file() and path.name != "latest_version_hint.json"
    }


@pytest.mark.parametrize("table", ["tracks", "windows"])
@pytest.mark.parametrize("content", [b"", b"\0" * 400, b"nonsense"])
def test_a_damaged_newest_manifest_costs_that_commit_alone(
    root: Path, table: str, content: bytes
) -> None:
    manifest = min(root.glob(f"{table}_*.lance/_versions/*.manifest"))
    manifest.write_bytes(content)
    index = LanceIndex(root, CARD)
    assert index.known_tracks() == {"t0": "s0", "t1": "s1"}
    assert index.count_windows() == 40
    assert [p.read_bytes() for p in (root / "set-aside").iterdir()] == [content]
    index.add([entry("t2", "s2", noise(2))])
    index.close()
    assert LanceIndex(root, CARD).known_tracks() == {f"t{i}": f"s{i}" for i in range(3)}


@pytest.mark.parametrize("table", ["tracks", "windows"])
@pytest.mark.parametrize("content", [b"", b"\0" * 400])
def test_damaged_newest_data_costs_that_commit_alone(
    root: Path, table: str, content: bytes
) -> None:
    latest(root, f"{table}_*.lance/data/*.lance").write_bytes(content)
    index = LanceIndex(root, CARD)
    assert index.known_tracks() == {"t0": "s0", "t1": "s1"}
    assert index.count_windows() == 40
    assert len(index.nearest_windows(QUERY, 100)) == 40


@pytest.mark.parametrize("content", [b"", b"{", b'{"version": 1}', b'{"version": 99}'])
def test_the_hint_at_the_newest_version_may_be_torn_or_wrong(root: Path, content: bytes) -> None:
    for hint in root.glob("*.lance/_versions/latest_version_hint.json"):
        hint.write_bytes(content)
    index = LanceIndex(root, CARD)
    assert index.known_tracks() == {f"t{i}": f"s{i}" for i in range(3)}
    index.add([entry("t3", "s3", noise(3))])
    index.close()
    assert LanceIndex(root, CARD).count_windows() == 80


def test_a_table_whose_making_was_cut_short_is_made_anew(root: Path) -> None:
    tracks = next(root.glob("tracks_*.lance"))
    for path in [*tracks.glob("_versions/*"), *tracks.glob("data/*")]:
        path.unlink()
    (tracks / "_versions" / f"{2**64 - 2}.manifest").touch()
    index = LanceIndex(root, CARD)
    assert index.known_tracks() == {}
    assert index.count_windows() == 0
    index.add([entry("t0", "s0", noise(0))])
    assert index.known_audio(["s0"]) == {"s0"}


def test_what_nothing_can_be_read_of_is_left_as_it_was(root: Path) -> None:
    for manifest in root.glob("tracks_*.lance/_versions/*.manifest"):
        manifest.write_bytes(b"")
    before = snapshot(root)
    with pytest.raises(StoreError, match="move that folder away") as raised:
        LanceIndex(root, CARD)
    assert str(root) in str(raised.value)
    assert snapshot(root) == before


def test_old_data_that_every_version_needs_is_an_error_not_an_empty_index(root: Path) -> None:
    index = LanceIndex(root, CARD, upkeep=Upkeep(commits=1, keep=timedelta(milliseconds=1)))
    index.maintain()
    index.close()
    for path in root.glob("windows_*.lance/data/*.lance"):
        path.write_bytes(b"")
    before = snapshot(root)
    with pytest.raises(StoreError, match="move that folder away"):
        LanceIndex(root, CARD)
    assert snapshot(root) == before


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            RuntimeError("lance error: No space left on device (os error 28), x.rs:1"),
            "disk is full",
        ),
        (RuntimeError("lance error: Permission denied (os error 13), x.rs:1"), "no permission"),
        (OSError(30, "Read-only file system"), "read-only"),
        (RuntimeError("lance error: Too many open files (os error 24)"), "ulimit"),
        (RuntimeError("something else\nand its stack"), "something else. Restart"),
        (Exception("rust future panicked: unknown error"), "panicked: unknown error. Restart"),
        (OSError(), "OSError. Restart"),
    ],
)
def test_what_lancedb_says_is_put_in_words(error: Exception, words: str) -> None:
    with pytest.raises(StoreError) as raised, explained(Path("/data/index")):
        raise error
    assert words in str(raised.value)
    assert "/data/index" in str(raised.value)
    assert "stack" not in str(raised.value)


def test_lost_permission_is_no_damage(root: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    versions = next(root.glob("tracks_*.lance/_versions"))
    versions.chmod(0)
    try:
        with pytest.raises(StoreError, match="permission"):
            LanceIndex(root, CARD)
    finally:
        versions.chmod(0o755)
    assert len(LanceIndex(root, CARD).known_tracks()) == 3


def test_damaged_indices_are_dropped_and_the_rows_kept(tmp_path: Path) -> None:
    upkeep = Upkeep(commits=1, vector_index_rows=256, key_index_rows=1)
    index = LanceIndex(tmp_path, CARD, upkeep=upkeep)
    index.add([entry(f"t{i}", f"s{i}", noise(i)) for i in range(20)])
    index.maintain()
    index.close()
    files = [path for path in tmp_path.glob("*.lance/_indices/*/*") if path.is_file()]
    assert len(files) >= 4
    for path in files:
        path.write_bytes(b"")
    again = LanceIndex(tmp_path, CARD, upkeep=upkeep)
    assert again.count_windows() == 400
    assert len(again.nearest_windows(QUERY, 30)) == 30
    assert len(again.windows_of("s3")[0]) == 20
    again.maintain()
    assert len(again.nearest_windows(QUERY, 30)) == 30


@pytest.mark.parametrize("content", [b"", b"nonsense"])
def test_a_torn_old_version_does_not_stop_the_cleaning(root: Path, content: bytes) -> None:
    for table in ("tracks", "windows"):
        sorted(root.glob(f"{table}_*.lance/_versions/*.manifest"))[1].write_bytes(content)
    upkeep = Upkeep(commits=1, keep=timedelta(milliseconds=1))
    index = LanceIndex(root, CARD, upkeep=upkeep)
    assert len(list((root / "set-aside").iterdir())) == 2
    index.maintain()
    assert index.known_tracks() == {f"t{i}": f"s{i}" for i in range(3)}
    assert index.count_windows() == 60
    assert len(list(root.glob("windows_*.lance/_versions/*.manifest"))) <= 2


@pytest.mark.parametrize("name", ["page_data.lance", "page_lookup.lance", "auxiliary.idx"])
def test_one_damaged_index_file_is_found_out_at_once(tmp_path: Path, name: str) -> None:
    upkeep = Upkeep(commits=1, vector_index_rows=256, key_index_rows=1)
    index = LanceIndex(tmp_path, CARD, upkeep=upkeep)
    index.add([entry(f"t{i}", f"s{i}", noise(i)) for i in range(20)])
    index.maintain()
    index.close()
    for path in tmp_path.glob(f"*.lance/_indices/*/{name}"):
        path.write_bytes(b"")
    again = LanceIndex(tmp_path, CARD, upkeep=upkeep)
    again.add([entry("t3", "s4", None), entry("t20", "s20", noise(20))])
    assert again.known_audio(["s3", "s4", "s20"]) == {"s4", "s20"}
    assert again.count_windows() == 400
    again.maintain()
    assert len(again.windows_of("s20")[0]) == 20


def test_a_table_of_another_size_is_refused_by_name(root: Path) -> None:
    other = ModelCard(CARD.id, CARD.name, CARD.dim * 2, "none")
    before = snapshot(root)
    with pytest.raises(StoreError, match=r"differs in: vector"):
        LanceIndex(root, other)
    assert snapshot(root) == before


def test_each_model_has_its_own_tables(root: Path) -> None:
    other = ModelCard("laion/clap:630k", "Other", 16, "none")
    index = LanceIndex(root, other)
    assert index.known_tracks() == {}
    index.add([entry("t0", "s0", embedding(noise(0, 1, other).vectors[0], card=other))])
    index.close()
    assert LanceIndex(root, CARD).count_windows() == 60
    assert LanceIndex(root, other).count_windows() == 1


def test_without_hard_links_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(source: Path, target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(durability.os, "link", refuse)  # as exFAT does; needs root to be real
    with pytest.raises(StoreError, match=r"no hard links.*ext4"):
        LanceIndex(tmp_path / "index", CARD)
    assert list((tmp_path / "index").iterdir()) == []


def test_a_folder_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="file"):
        LanceIndex(tmp_path / "file" / "index", CARD)


def test_nothing_is_stored_when_the_disk_is_nearly_full(tmp_path: Path) -> None:
    free = [10 << 20]
    lookup: Callable[[Path], int] = lambda _: free[0]  # noqa: E731
    index = LanceIndex(tmp_path, CARD, free=lookup)
    with pytest.raises(StoreError, match="10 MB left"):
        index.add([entry("t0", "s0", noise(0))])
    assert index.known_tracks() == {}
    free[0] = 10 << 30
    index.add([entry("t0", "s0", noise(0))])
    assert index.known_tracks() == {"t0": "s0"}


def test_after_close_it_says_so(tmp_path: Path) -> None:
    index = LanceIndex(tmp_path, CARD)
    index.close()
    index.close()
    with pytest.raises(StoreError, match="closed"):
        index.nearest_windows(QUERY, 1)
    with pytest.raises(StoreError, match="closed"):
        index.add([entry("t0", "s0", noise(0))])
