from pathlib import Path

from tests.library.walks import TwoTracks, bytes_path, is_flac, put, told, walk
from traumbox.library.folders import WatchedFolder, nested
from traumbox.library.links import CIRCLE, OUT
from traumbox.library.scan import Walk


def link(place: Path, target: str | Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(target)


def test_a_link_to_what_is_listed_anyway_adds_nothing(tmp_path: Path) -> None:
    put(tmp_path / "a" / "x.flac")
    link(tmp_path / "b.flac", "a/x.flac")
    link(tmp_path / "again", "a")
    link(tmp_path / "a" / "up", "..")
    link(tmp_path / "root", tmp_path)
    assert walk(tmp_path) == {b"a/x.flac": ""}


def test_a_link_to_a_hidden_place_within_is_the_way_to_it(tmp_path: Path) -> None:
    key = put(tmp_path / ".git" / "annex" / "objects" / "ab" / "SHA256-12.flac", b"sound")
    link(tmp_path / "Artist" / "x.flac", "../.git/annex/objects/ab/SHA256-12.flac")
    link(tmp_path / "twin.flac", ".git/annex/objects/ab/SHA256-12.flac")
    rows = list(Walk(WatchedFolder("m", tmp_path), is_flac))
    assert [row[0] for row in rows] == [b"Artist/x.flac", b"twin.flac"]
    assert {row[2:5] for row in rows} == {(5, key.stat().st_mtime_ns, key.stat().st_ino)}


def test_a_link_whose_target_has_no_telling_name_is_followed(tmp_path: Path) -> None:
    put(tmp_path / "store" / "blob.bin", b"fLaC" + bytes(20))
    put(tmp_path / "store" / "4711", b"fLaC" + bytes(20))
    link(tmp_path / "x.flac", "store/blob.bin")
    link(tmp_path / "y.flac", "store/4711")
    assert walk(tmp_path) == {b"store/4711": "", b"x.flac": ""}


def test_a_hidden_directory_is_walked_through_its_link(tmp_path: Path) -> None:
    put(tmp_path / ".store" / "album" / "x.flac")
    put(tmp_path / ".store" / "album" / ".x.flac")
    link(tmp_path / "Music", ".store")
    assert walk(tmp_path) == {b"Music/album/x.flac": ""}


def test_circles_of_links_end(tmp_path: Path) -> None:
    put(tmp_path / "in" / "a.flac")
    link(tmp_path / "in" / "again", tmp_path)
    link(tmp_path / "loop.flac", "loop.flac")
    link(tmp_path / "loop", "loop")
    put(tmp_path / ".store" / "a" / "x.flac")
    put(tmp_path / ".store" / "b" / "y.flac")
    link(tmp_path / ".store" / "a" / "b", "../b")
    link(tmp_path / ".store" / "b" / "a", "../a")
    link(tmp_path / ".store" / "a" / "up", "..")
    link(tmp_path / "S", ".store/a")
    assert walk(tmp_path) == {
        b"S/b/y.flac": "",
        b"S/x.flac": "",
        b"in/a.flac": "",
        b"loop.flac": CIRCLE,
    }


def test_no_link_is_followed_out_of_the_folder(tmp_path: Path) -> None:
    put(tmp_path / "elsewhere" / "a.flac")
    root = tmp_path / "music"
    link(root / "a.flac", "../elsewhere/a.flac")
    link(root / "dir", tmp_path / "elsewhere")
    link(root / "gone.flac", "../elsewhere/gone.flac")
    link(root / "cover.jpg", "../elsewhere/cover.jpg")
    looked = Walk(WatchedFolder("m", root), is_flac)
    assert told(looked) == {b"a.flac": OUT, b"gone.flac": OUT}
    assert looked.links_out == 1


def test_a_link_that_leads_nowhere_is_not_there(tmp_path: Path) -> None:
    put(tmp_path / "a.flac")
    link(tmp_path / "b.flac", ".annex/gone.flac")
    link(tmp_path / "c", "gone")
    looked = Walk(WatchedFolder("m", tmp_path), is_flac)
    assert told(looked) == {b"a.flac": ""}
    assert looked.covers(b"b.flac")


def test_a_link_into_another_watched_folder_is_that_ones_business(tmp_path: Path) -> None:
    put(tmp_path / "one" / "a.flac")
    put(tmp_path / "one" / "inner" / "b.flac")
    put(tmp_path / "two" / "c.flac")
    link(tmp_path / "one" / "two", tmp_path / "two")
    link(tmp_path / "one" / "c.flac", tmp_path / "two" / "c.flac")
    link(tmp_path / "one" / "b.flac", "inner/b.flac")
    one, *_ = nested(WatchedFolder(name, tmp_path / name) for name in ("one", "two", "one/inner"))
    looked = Walk(one, is_flac)
    assert told(looked) == {b"a.flac": ""}
    assert looked.links_out == 0


def test_a_root_that_is_a_link_is_walked(tmp_path: Path) -> None:
    put(tmp_path / "real" / "a.flac")
    link(tmp_path / "real" / "b.flac", "a.flac")
    link(tmp_path / "root", "real")
    assert walk(tmp_path / "root") == {b"a.flac": ""}


def test_a_sheet_may_be_a_link_as_its_file_may(tmp_path: Path) -> None:
    put(tmp_path / ".annex" / "1.flac")
    put(tmp_path / ".annex" / "1.cue")
    link(tmp_path / "a.flac", ".annex/1.flac")
    link(tmp_path / "a.cue", ".annex/1.cue")
    assert list(walk(tmp_path, sheets=TwoTracks())) == [b"a.flac#1", b"a.flac#2"]


def test_rules_hold_for_links_too(tmp_path: Path) -> None:
    put(tmp_path / ".store" / "x.flac")
    link(tmp_path / "S", ".store")
    link(tmp_path / "y.flac", ".store/x.flac")
    put(tmp_path / ".traumboxignore", b"S/\n")
    seen = walk(tmp_path)
    assert "S/" in seen[b"S/x.flac"]
    assert seen[b"y.flac"] == ""


def test_names_of_links_that_are_not_utf8(tmp_path: Path) -> None:
    put(tmp_path / ".store" / "x.flac")
    bytes_path(tmp_path, b"caf\xe9").symlink_to(".store")
    assert list(walk(tmp_path)) == [b"caf\xe9/x.flac"]
