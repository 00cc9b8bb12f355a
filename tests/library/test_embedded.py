import logging
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile
from mutagen.apev2 import APEBinaryValue, APEv2
from mutagen.flac import FLAC, CueSheet, CueSheetTrack, CueSheetTrackIndex, Picture

from traumbox.library.embedded import can_hold_sheet, embedded_cuts

RATE_HZ = 44_100
SHEET = """\
PERFORMER "Somebody"
TITLE "Night"
FILE "CDImage.wav" WAVE
TRACK 01 AUDIO
  TITLE "Für"
  INDEX 01 00:00:00
TRACK 02 AUDIO
  INDEX 01 00:01:00
"""
SPANS = [(0.0, 1.0), (1.0, None)]


def flac(path: Path, sheet: str | None = SHEET) -> Path:
    soundfile.write(path, np.zeros(3 * RATE_HZ), RATE_HZ, format="FLAC")
    tags = FLAC(path)
    if sheet is not None:
        tags["CUESHEET"] = sheet
    picture = Picture()
    picture.data = bytes(1_000_000)
    tags.add_picture(picture)
    tags.save()
    return path


def block(*tracks: tuple[int, int, int, tuple[tuple[int, int], ...]]) -> CueSheet:
    """Return FLAC's own block: (number, offset, type, indexes) a track."""
    sheet = CueSheet(None)
    for number, offset, kind, indexes in tracks:
        track = CueSheetTrack(number, offset, type_=kind)
        track.indexes = [CueSheetTrackIndex(*index) for index in indexes]
        sheet.tracks.append(track)
    return sheet


def with_block(path: Path, sheet: CueSheet) -> Path:
    tags = FLAC(flac(path, None))
    tags.cuesheet = sheet
    tags.metadata_blocks.append(sheet)
    tags.save()
    return path


def spans(path: Path) -> list[tuple[float, float | None]]:
    found = embedded_cuts(path)
    assert all(cut.embedded for cut in found)
    return [(cut.start_s, cut.end_s) for cut in found]


LEAD_OUT = (170, 3 * RATE_HZ, 0, ())


def test_only_whole_discs_are_looked_into() -> None:
    assert can_hold_sheet(b"a/Album.FLAC", 300 << 20)
    assert can_hold_sheet(b"Album.ape", 16 << 20)
    assert not can_hold_sheet(b"Album.flac", (16 << 20) - 1)
    assert not can_hold_sheet(b"Album.mp3", 300 << 20)
    assert not can_hold_sheet(b"flac", 300 << 20)


def test_a_sheet_in_the_comments(tmp_path: Path) -> None:
    path = flac(tmp_path / "a.flac")
    first, second = embedded_cuts(path)
    assert spans(path) == SPANS
    assert (first.tags.title, first.tags.album, first.tags.artist) == ("Für", "Night", "Somebody")
    assert second.tags.title == "Track 02"


def test_behind_an_id3_tag_that_does_not_belong_there(tmp_path: Path) -> None:
    path = flac(tmp_path / "a.flac")
    path.write_bytes(b"ID3\x04\x00\x00\x00\x00\x01\x00" + bytes(128) + path.read_bytes())
    assert spans(path) == SPANS


@pytest.mark.parametrize("suffix", ["ape", "wv", "tta", "TAK"])
def test_a_sheet_in_ape_tags(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(bytes(1000))
    assert embedded_cuts(path) == ()
    tags = APEv2()
    tags["Cover Art (Front)"] = APEBinaryValue(b"x" * 1000)
    tags["Cuesheet"] = SHEET
    tags.save(path)
    assert spans(path) == SPANS


def test_flacs_own_block(tmp_path: Path) -> None:
    sheet = block(
        (1, 0, 0, ((1, 0),)),
        (2, RATE_HZ, 0, ((0, 0), (1, 588))),
        (3, 2 * RATE_HZ, 0, ((1, 0),)),
        LEAD_OUT,
    )
    path = with_block(tmp_path / "a.flac", sheet)
    at = (RATE_HZ + 588) / RATE_HZ
    assert spans(path) == [(0.0, at), (at, 2.0), (2.0, None)]
    assert [cut.tags.title for cut in embedded_cuts(path)] == ["Track 01", "Track 02", "Track 03"]


def test_data_and_single_tracks_in_flacs_own_block(tmp_path: Path) -> None:
    ends = block((1, 0, 0, ((1, 0),)), (2, RATE_HZ, 0, ((1, 0),)), (3, 2 * RATE_HZ, 1, ((1, 0),)))
    assert spans(with_block(tmp_path / "a.flac", ends)) == [(0.0, 1.0), (1.0, 2.0)]
    single = block((1, 0, 0, ((1, 0),)), LEAD_OUT)
    assert spans(with_block(tmp_path / "b.flac", single)) == []


def test_titles_go_before_numbers(tmp_path: Path) -> None:
    sheet = block((1, 0, 0, ((1, 0),)), (2, 2 * RATE_HZ, 0, ((1, 0),)), LEAD_OUT)
    path = with_block(tmp_path / "a.flac", sheet)
    tags = FLAC(path)
    tags["cuesheet"] = SHEET
    tags.save()
    assert spans(path) == SPANS


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"fLaC",
        b"fLaC\x84\x00\x10\x00\xff\xff\xff\xff",
        b"fLaC\x05\x00\x00\x04abcd" + struct.pack(">B", 0x85),
        b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f",
        b"no audio at all" * 100,
    ],
)
def test_damaged_headers_hold_no_sheet(tmp_path: Path, content: bytes) -> None:
    for name in ("a.flac", "a.ape"):
        (tmp_path / name).write_bytes(content)
        assert embedded_cuts(tmp_path / name) == ()


def test_a_sheet_that_cannot_be_followed_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = flac(tmp_path / "a.flac", SHEET.replace("00:01:00", "later"))
    with caplog.at_level(logging.WARNING):
        assert embedded_cuts(path) == ()
    assert f"The CUE sheet within {path} can't be used: line 8" in caplog.text


def test_pictures_are_not_read(tmp_path: Path) -> None:
    path = flac(tmp_path / "a.flac")
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 900_000)
    # What is cut off lies behind the comments: in the picture, or in the sound behind it.
    assert spans(path) == SPANS


def test_a_file_that_cannot_be_read_is_no_whole_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        embedded_cuts(tmp_path / "a.flac")
    for name in ("b.flac", "b.ape"):
        (tmp_path / name).symlink_to("/proc/self/mem")  # opens, and fails when it is read
        with pytest.raises(OSError, match=r"\[Errno"):
            embedded_cuts(tmp_path / name)
