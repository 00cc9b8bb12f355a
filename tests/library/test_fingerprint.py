from pathlib import Path

import pytest

from traumbox.library.fingerprint import END_BYTES, fingerprint


@pytest.mark.parametrize("size", [0, 1, END_BYTES, END_BYTES + 1, 2 * END_BYTES, 5 * END_BYTES])
def test_head_tail_and_size_count(tmp_path: Path, size: int) -> None:
    path = tmp_path / "a"
    path.write_bytes(bytes(size))
    first = fingerprint(path)
    assert len(first) == 32
    assert fingerprint(path) == first
    path.write_bytes(bytes(size + 1))
    seen = {first, fingerprint(path)}
    if size:
        path.write_bytes(b"x" + bytes(size - 1))
        seen.add(fingerprint(path))
        path.write_bytes(bytes(size - 1) + b"y")
        seen.add(fingerprint(path))
        assert len(seen) == 4
    assert len(seen) >= 2


def test_the_middle_of_a_long_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(bytes(4 * END_BYTES))
    before = fingerprint(path)
    with path.open("r+b") as file:
        file.seek(2 * END_BYTES)
        file.write(b"x")
    assert fingerprint(path) == before
