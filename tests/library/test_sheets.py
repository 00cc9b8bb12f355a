import logging
import os
import unicodedata
from collections.abc import Mapping
from pathlib import Path

import pytest

from traumbox.audio.formats import is_candidate
from traumbox.domain import Cut, FileStat
from traumbox.library.folders import WatchedFolder
from traumbox.library.scan import Walk
from traumbox.library.sheets import Sheets
from traumbox.stores.rows import cut_in, cut_out

TWO = "TRACK 01 AUDIO\nTITLE {0} one\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nINDEX 01 01:00:00\n"
IS_ROOT = os.geteuid() == 0


def sheet(name: str, title: str = "track") -> str:
    return f'FILE "{name}" WAVE\n' + TWO.format(title)


class Album:
    """A folder of audio files that only have names, and of real sheets."""

    def __init__(self, directory: Path, *audio: str | bytes) -> None:
        self.directory = directory
        self.audio = [os.fsencode(name) for name in audio]
        self.sheets: set[bytes] = set()

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.directory / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        self.sheets.add(os.fsencode(name))
        return path

    def cuts(self, sheets: Sheets) -> dict[str, list[str]]:
        """Return title of the first track and number of tracks by file name."""
        found = sheets.cuts(
            os.fsencode(self.directory),
            dict.fromkeys(self.audio, FileStat(1, 1, 1)),
            {name: self.stat(name) for name in self.sheets},
        )
        return {os.fsdecode(name): self.told(cuts) for name, cuts in found.items()}

    def stat(self, name: bytes) -> FileStat:
        stat = (self.directory / os.fsdecode(name)).stat()
        return FileStat(stat.st_size, stat.st_mtime_ns, stat.st_ino)

    @staticmethod
    def told(cuts: tuple[Cut, ...]) -> list[str]:
        return [cut.tags.title for cut in cuts]


BOTH = ["track one", "Track 02"]


@pytest.mark.parametrize("name", [b"a.cue", b"A.CUE", b"a.flac.cue", b"\xff.Cue"])
def test_sheets_are_known_by_their_suffix(name: bytes) -> None:
    assert Sheets().is_sheet(name)


@pytest.mark.parametrize("name", [b".cue", b"cue", b"a.cues", b"a.flac", b"a.cue.part"])
def test_what_is_no_sheet(name: bytes) -> None:
    assert not Sheets().is_sheet(name)


@pytest.mark.parametrize(
    ("named", "lies"),
    [
        ("Album.flac", "Album.flac"),
        ("Album.wav", "Album.flac"),
        ("ALBUM.WAV", "album.ape"),
        ("Album.wav", "album.WV"),
        ("CDImage.wav", "sheet.flac"),  # renamed together with its sheet
        ("D:\\rips\\Album.wav", "Album.tta"),
        (unicodedata.normalize("NFC", "Café.wav"), unicodedata.normalize("NFD", "Café.flac")),
        (unicodedata.normalize("NFD", "Café.wav"), unicodedata.normalize("NFC", "café.wav")),
    ],
)
def test_the_file_that_is_meant(tmp_path: Path, named: str, lies: str) -> None:
    album = Album(tmp_path, lies)
    album.write("sheet.cue", sheet(named))
    assert album.cuts(Sheets()) == {lies: BOTH}


def test_a_name_in_the_sheets_own_encoding(tmp_path: Path) -> None:
    album = Album(tmp_path, b"Caf\xe9.flac", "Other.flac")
    album.write("sheet.cue", sheet("Café.flac").encode("cp1252"))
    assert album.cuts(Sheets()) == {"Caf\udce9.flac": BOTH}


@pytest.mark.parametrize("audio", [("01.flac", "02.flac"), ("01.flac",), ("Album 2.flac",)])
def test_files_that_no_sheet_means_stay_whole(tmp_path: Path, audio: tuple[str, ...]) -> None:
    """As where an album was split into tracks and its sheet was kept."""
    album = Album(tmp_path, *audio)
    album.write("Album.cue", sheet("Album.wav"))
    assert album.cuts(Sheets()) == {}


def test_a_sheet_is_named_after_the_file_with_its_suffix(tmp_path: Path) -> None:
    album = Album(tmp_path, "b.flac", "b.ape")
    album.write("b.ape.cue", sheet("CDImage.wav"))
    assert album.cuts(Sheets()) == {"b.ape": BOTH}


@pytest.mark.parametrize(
    ("named", "divided"), [("a.mp3", "a.mp3"), ("a.wav", "a.flac"), ("A.APE", "a.ape")]
)
def test_of_two_versions_the_one_that_is_named_else_the_lossless_one(
    tmp_path: Path, named: str, divided: str
) -> None:
    album = Album(tmp_path, "a.mp3", "a.ape", "a.flac")
    album.write("a.cue", sheet(named))
    assert album.cuts(Sheets()) == {divided: BOTH}


def test_of_two_sheets_the_namesake_has_the_say_else_the_first(tmp_path: Path) -> None:
    album = Album(tmp_path, "b.flac")
    album.write("a.cue", sheet("b.flac", "a"))
    album.write("c.cue", sheet("b.flac", "c"))
    sheets = Sheets()
    assert album.cuts(sheets)["b.flac"][0] == "a one"
    album.write("b.cue", sheet("b.wav", "b"))
    assert album.cuts(sheets)["b.flac"][0] == "b one"
    album.write("b.cue", "no sheet at all")
    assert album.cuts(sheets)["b.flac"][0] == "a one", "one that says nothing has no say"


def test_one_sheet_for_several_discs(tmp_path: Path) -> None:
    album = Album(tmp_path, "1.flac", "2.flac", "3.flac")
    whole = 'FILE "3.flac" WAVE\nTRACK 05 AUDIO\nINDEX 01 00:00:00\n'
    album.write("3.cue", sheet("1.wav", "x") + sheet("2.wav", "y") + whole)
    assert album.cuts(Sheets()) == {
        "1.flac": ["x one", "Track 02"],
        "2.flac": ["y one", "Track 02"],
    }


def test_an_unchanged_sheet_is_read_once_and_a_changed_one_again(tmp_path: Path) -> None:
    album = Album(tmp_path, "a.flac")
    path = album.write("a.cue", sheet("a.flac"))
    stat = path.stat()
    sheets = Sheets()
    assert album.cuts(sheets) == {"a.flac": BOTH}
    path.write_text(sheet("a.flac", "TRACK"))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert album.cuts(sheets) == {"a.flac": BOTH}, "nothing tells of the change"
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))
    assert album.cuts(sheets)["a.flac"][0] == "TRACK one"
    album.audio = [b"b.flac"]
    assert album.cuts(sheets) == {}, "what lies there is looked at each time"


def test_what_is_kept_is_bounded(tmp_path: Path) -> None:
    sheets = Sheets(kept_tracks=9)
    albums = []
    for number in range(12):
        (tmp_path / str(number)).mkdir()
        albums.append(Album(tmp_path / str(number), "a.flac"))
        path = albums[-1].write("a.cue", sheet("a.flac"))
        assert albums[-1].cuts(sheets) == {"a.flac": BOTH}
        stat = path.stat()
        path.write_text(sheet("a.flac", "TRACK"))
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    kept = [album.cuts(sheets) == {"a.flac": BOTH} for album in albums]
    assert 2 <= sum(kept) <= 3
    assert kept[:2] == [True, True], "the next scan comes by the first ones first"


def test_a_sheet_that_is_gone_or_forbidden_leaves_its_file_whole(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    album = Album(tmp_path, "a.flac")
    path = album.write("a.cue", sheet("a.flac"))
    known = {b"a.cue": album.stat(b"a.cue")}
    path.unlink()
    names = {b"a.flac": FileStat(1, 1, 1)}
    assert Sheets().cuts(os.fsencode(tmp_path), names, known) == {}
    assert not caplog.records


@pytest.mark.skipif(IS_ROOT, reason="root may read everything")
def test_a_sheet_without_permission_is_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    album = Album(tmp_path, "a.flac")
    album.write("a.cue", sheet("a.flac")).chmod(0)
    sheets = Sheets()
    for _ in range(2):
        assert album.cuts(sheets) == {}
    assert len(caplog.records) == 1
    assert "permission" in caplog.text


def test_a_sheet_that_the_disk_does_not_give_is_no_reason_to_take_files_for_whole(
    tmp_path: Path,
) -> None:
    album = Album(tmp_path, "a.flac")
    (tmp_path / "a.cue").mkdir()  # reading it fails as a disk might
    album.sheets.add(b"a.cue")
    with pytest.raises(IsADirectoryError):
        album.cuts(Sheets())


def test_a_broken_sheet_is_told_once_a_version(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    album = Album(tmp_path, "a.flac")
    sheets = Sheets()
    with caplog.at_level(logging.WARNING):
        path = album.write("a.cue", sheet("a.flac").replace("01:00:00", "x"))
        for _ in range(3):
            assert album.cuts(sheets) == {}
        path.write_text("TRACK no\n")
        for _ in range(3):
            assert album.cuts(sheets) == {}
    assert [record.getMessage() for record in caplog.records] == [
        f"The CUE sheet {path} can't be used: line 6: “x” is no time (minutes:seconds:frames)",
        f"The CUE sheet {path} can't be used: line 1: “no” is no track number",
    ]


# With the real scan


def walked(folder: WatchedFolder, sheets: Sheets) -> dict[tuple[str, int], Cut | None]:
    walk = Walk(folder, is_candidate, sheets=sheets)
    found = {(os.fsdecode(row[0]), row[1]): row[5] for row in walk}
    assert walk.offline == ""
    return found


def test_a_scan_finds_the_tracks_of_an_album_and_the_same_ones_again(tmp_path: Path) -> None:
    (tmp_path / "CD 1").mkdir()
    for name in ("CD 1/Album.flac", "CD 1/bonus.mp3", "single.flac"):
        (tmp_path / name).write_bytes(b"fLaC")
    sheet_at = tmp_path / "CD 1" / "Album.cue"
    sheet_at.write_bytes(sheet("Album.wav", "Für").encode("cp1252"))
    folder = WatchedFolder("Music", tmp_path)
    found = walked(folder, Sheets())
    assert [*found] == [
        ("CD 1/Album.flac", 1),
        ("CD 1/Album.flac", 2),
        ("CD 1/bonus.mp3", 0),
        ("single.flac", 0),
    ]
    part = found["CD 1/Album.flac", 1]
    assert part is not None
    assert (part.tags.title, part.start_s, part.end_s) == ("Für one", 0.0, 60.0)
    assert walked(folder, Sheets()) == found
    assert cut_out(cut_in(part)) == part, "what the ledger keeps of it is no other version"
    sheet_at.unlink()
    assert next(iter(walked(folder, Sheets()))) == ("CD 1/Album.flac", 0)


def test_a_sheet_that_the_disk_does_not_give_takes_the_folder_offline(tmp_path: Path) -> None:
    (tmp_path / "a.flac").write_bytes(b"fLaC")
    (tmp_path / "a.cue").symlink_to("/proc/self/mem")

    class Ill(Sheets):
        """As if the sheet were a file like any other: links out of the folder aren't followed."""

        def cuts(
            self,
            directory: bytes,
            names: Mapping[bytes, FileStat],
            sheets: Mapping[bytes, FileStat],
        ) -> Mapping[bytes, tuple[Cut, ...]]:
            return super().cuts(directory, names, {b"a.cue": FileStat(100, 1, 1)})

    (tmp_path / "b.cue").write_text(sheet("b.flac"))
    walk = Walk(WatchedFolder("Music", tmp_path), is_candidate, sheets=Ill())
    assert not [row for row in walk if row[0] == b"a.flac"]
    assert "Input/output error" in walk.offline
