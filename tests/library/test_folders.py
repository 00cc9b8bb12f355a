from pathlib import Path

from traumbox.domain import Location
from traumbox.library.folders import WatchedFolder


def test_a_location_resolves_to_its_file(tmp_path: Path) -> None:
    (tmp_path / "a.flac").touch()
    folder = WatchedFolder("m", tmp_path)
    assert folder.resolve(Location("m", b"a.flac")) == (tmp_path / "a.flac").resolve()


def test_nothing_outside_the_folder_is_ever_reached(tmp_path: Path) -> None:
    (tmp_path / "secret").touch()
    root = tmp_path / "music"
    root.mkdir()
    (root / "out.flac").symlink_to(tmp_path / "secret")
    (root / "loop.flac").symlink_to(root / "loop.flac")
    folder = WatchedFolder("m", root)
    for path in (b"out.flac", b"../secret", b"/etc/passwd", b"loop.flac", b"a\0b", b"gone.flac"):
        assert folder.resolve(Location("m", path)) is None


def test_a_link_inside_the_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "a.flac").touch()
    (tmp_path / "b.flac").symlink_to("a.flac")
    assert WatchedFolder("m", tmp_path).resolve(Location("m", b"b.flac")) is not None


def test_another_folder_s_location_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.flac").touch()
    assert WatchedFolder("m", tmp_path).resolve(Location("other", b"a.flac")) is None
