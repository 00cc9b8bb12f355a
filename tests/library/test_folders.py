from pathlib import Path

from traumbox.domain import Location
from traumbox.library.folders import WatchedFolder, nested


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


def test_each_folder_knows_where_the_others_lie(tmp_path: Path) -> None:
    for name in ("music/new/best", "films", "musical"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "link").symlink_to("music/new")
    names = ("music", "link", "music/new/best", "films", "musical")
    music, new, best, films, musical = nested(WatchedFolder(n, tmp_path / n) for n in names)
    assert music.inner == {b"new", b"new/best"}
    assert new.inner == {b"best"}
    assert best.inner == films.inner == musical.inner == frozenset()
    assert music.elsewhere == {bytes(tmp_path / "films"), bytes(tmp_path / "musical")}
    assert bytes(tmp_path / "music") in new.elsewhere


def test_of_two_at_one_place_the_first_has_it(tmp_path: Path) -> None:
    one, two = nested(WatchedFolder(n, tmp_path) for n in ("one", "two"))
    assert not one.inner
    assert two.inner == {b""}
