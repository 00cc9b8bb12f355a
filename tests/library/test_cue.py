from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traumbox.domain import Cut, Tags
from traumbox.library.cue import (
    SHEET_MAX_BYTES,
    SheetFile,
    UnusableSheetError,
    display,
    parse_embedded,
    parse_sheet,
)

ALBUM = """\
REM GENRE "Dream Pop"
REM DATE 1999
REM DISCNUMBER 2
REM COMMENT "ExactAudioCopy v1.3"
CATALOG 0042284294627
PERFORMER "The Sleepers"
TITLE "Night"
FILE "Night.wav" WAVE
  TRACK 01 AUDIO
    TITLE "Falling"
    FLAGS DCP
    ISRC USRC17607839
    INDEX 01 00:00:00
  TRACK 02 AUDIO
    TITLE "Deep"
    PERFORMER "A Guest"
    REM GENRE Drone
    SONGWRITER "Somebody"
    PREGAP 00:02:00
    INDEX 00 03:58:10
    INDEX 01 04:00:37
    INDEX 02 05:00:00
  TRACK 03 AUDIO
    INDEX 01 70:00:74
"""


def sheet(text: str) -> tuple[SheetFile, ...]:
    return parse_sheet(text.encode())


def cuts(text: str) -> tuple[Cut, ...]:
    (file,) = sheet(text)
    return file.cuts


def spans(text: str) -> list[tuple[float, float | None]]:
    return [(cut.start_s, cut.end_s) for cut in cuts(text)]


def tracks(*times: str, head: str = 'FILE "a.wav" WAVE') -> str:
    """Return a sheet whose tracks begin at these times."""
    lines = [
        f"TRACK {number:02d} AUDIO\nINDEX 01 {time}" for number, time in enumerate(times, start=1)
    ]
    return "\n".join([head, *lines])


def test_an_album() -> None:
    (file,) = sheet(ALBUM)
    assert (file.name, file.raw) == ("Night.wav", b"Night.wav")
    first, second, third = file.cuts
    assert [(cut.start_s, cut.end_s) for cut in file.cuts] == [
        (0.0, 240 + 37 / 75),
        (240 + 37 / 75, 4200 + 74 / 75),
        (4200 + 74 / 75, None),
    ]
    of_disc = Tags(
        title="Falling",
        artist="The Sleepers",
        album="Night",
        album_artist="The Sleepers",
        genre="Dream Pop",
        year=1999,
        track_no=1,
        disc_no=2,
    )
    assert first.tags == of_disc
    assert (second.tags.title, second.tags.artist) == ("Deep", "A Guest")
    assert (second.tags.album_artist, second.tags.genre) == ("The Sleepers", "Drone")
    assert (third.tags.title, third.tags.track_no) == ("Track 03", 3)
    assert not any(cut.embedded for cut in file.cuts)


def test_times_are_exact_samples_of_a_cd() -> None:
    (_, second) = cuts(tracks("00:00:00", "79:57:74"))
    assert second.start_s * 44_100 == pytest.approx((79 * 60 + 57) * 44_100 + 74 * 588, abs=1e-6)


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode("utf-8"),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-16-be"),
        lambda text: text.encode("cp1252"),
        lambda text: text.replace("\n", "\r\n").encode("cp1252"),
        lambda text: text.replace("\n", "\r").encode(),
        lambda text: text.lower().replace("für", "Für").encode(),
    ],
)
def test_however_it_was_written(encode: object) -> None:
    text = tracks("0:0:0", "04:00:00").replace("TRACK 01 AUDIO", 'TRACK 01 AUDIO\nTITLE "Für"')
    (file,) = parse_sheet(encode(text))  # type: ignore[operator]
    assert [cut.tags.title for cut in file.cuts] == ["Für", "Track 02"]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ('FILE "My Album.wav" WAVE', "My Album.wav"),
        ("FILE My Album.wav WAVE", "My Album.wav"),
        ("FILE album.ape", "album.ape"),
        ('FILE "The "best" of.wav" WAVE', 'The "best" of.wav'),
        ('FILE "C:\\Rips\\CD 1\\Album.wav" WAVE', "Album.wav"),
        ('FILE "./sub/Album.wav" WAVE', "Album.wav"),
        ('FILE "unclosed.wav', "unclosed.wav"),
    ],
)
def test_names_of_files(line: str, name: str) -> None:
    assert [file.name for file in sheet(tracks("00:00:00", "01:00:00", head=line))] == [name]


def test_the_raw_name_is_in_the_sheets_own_encoding() -> None:
    (file,) = parse_sheet(tracks("0:0:0", "1:0:0", head='FILE "Café.wav" WAVE').encode("cp1252"))
    assert file.raw == b"Caf\xe9.wav"


def test_one_track_a_file_is_nothing_to_cut() -> None:
    text = "".join(
        f'FILE "{n}.wav" WAVE\nTRACK {n:02d} AUDIO\nINDEX 01 00:00:00\n' for n in (1, 2, 3)
    )
    assert [file.cuts for file in sheet(text)] == [(), (), ()]
    assert cuts(tracks("00:00:00")) == ()
    assert sheet("") == ()


def test_a_gap_at_the_end_of_the_file_before_makes_no_track_of_it() -> None:
    text = """
        FILE "1.wav" WAVE
          TRACK 01 AUDIO
            INDEX 01 00:00:00
          TRACK 02 AUDIO
            INDEX 00 04:00:00
        FILE "2.wav" WAVE
            INDEX 01 00:00:00
    """
    assert [file.cuts for file in sheet(text)] == [(), ()]


def test_several_files_are_divided_each_by_its_own_times() -> None:
    text = tracks("00:00:00", "01:00:00") + "\n" + tracks("00:00:00", "02:00:00")
    first, second = sheet(text)
    assert [cut.start_s for cut in first.cuts] == [0.0, 60.0]
    assert [cut.start_s for cut in second.cuts] == [0.0, 120.0]


def test_the_pause_ahead_of_the_first_track_is_left_out_but_a_hidden_track_is_heard() -> None:
    assert spans(tracks("00:02:00", "04:00:00"))[0] == (2.0, 240.0)
    assert spans(tracks("03:10:00", "07:00:00"))[0] == (0.0, 420.0)


def test_data_tracks_are_no_sound() -> None:
    text = tracks("00:00:00", "01:00:00") + (
        "\nTRACK 03 MODE1/2352\nINDEX 00 02:00:00\nINDEX 01 02:02:00"
    )
    assert spans(text) == [(0.0, 60.0), (60.0, 120.0)]
    ahead = text.replace("TRACK 01 AUDIO", "TRACK 01 MODE1/2352")
    assert cuts(ahead) == ()
    between = tracks("00:00:00", "01:00:00", "02:00:00").replace("02 AUDIO", "02 MODE2/2336")
    assert spans(between) == [(0.0, 60.0), (120.0, None)]


def test_tracks_out_of_order_and_of_no_length() -> None:
    assert spans(tracks("04:00:00", "00:00:00", "02:00:00")) == [
        (0.0, 120.0),
        (120.0, 240.0),
        (240.0, None),
    ]
    assert [cut.tags.track_no for cut in cuts(tracks("04:00:00", "00:00:00"))] == [2, 1]
    twice = cuts(tracks("00:00:00", "01:00:00", "01:00:00"))
    assert [(cut.start_s, cut.tags.track_no) for cut in twice] == [(0.0, 1), (60.0, 3)]


def test_ninety_nine_tracks_and_hours_of_minutes() -> None:
    many = spans(tracks(*(f"{minute:02d}:00:00" for minute in range(1, 298, 3))))
    assert len(many) == 99
    assert many[-1] == (295 * 60.0, None)


def test_a_track_with_a_gap_only_begins_there() -> None:
    text = tracks("00:00:00", "01:00:00").replace("INDEX 01 01", "INDEX 00 01")
    assert spans(text) == [(0.0, 60.0), (60.0, None)]


def test_hundredths_in_the_place_of_frames_are_near_enough() -> None:
    assert spans(tracks("00:00:00", "01:00:99"))[1] == (60 + 74 / 75, None)
    assert spans(tracks("00:00", "01:30"))[1] == (90.0, None)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (tracks("00:00:00", "01:60:00"), "line 5: “01:60:00” is no time"),
        (tracks("00:00:00", "soon"), "line 5: “soon” is no time"),
        ('FILE "a.wav" WAVE\nINDEX 01 00:00:00', "line 2: an INDEX outside"),
        ("TRACK 01 AUDIO\nINDEX 01 00:00:00", "line 2: an INDEX outside"),
        (tracks("00:00:00").replace("01 AUDIO", "one AUDIO"), "“one” is no track number"),
        (tracks("00:00:00").replace("01 AUDIO", "9" * 5000), "line 2: “99999"),
        (tracks("00:00:00").replace("INDEX 01", "INDEX x"), "“x” is no index number"),
        ("\n".join(["TRACK 01 AUDIO"] * 1000), "more than 999 tracks"),
        (" " * (SHEET_MAX_BYTES + 1), "which no CUE sheet has"),
    ],
)
def test_what_cannot_be_followed_says_where(text: str, why: str) -> None:
    with pytest.raises(UnusableSheetError, match=why) as caught:
        sheet(text)
    assert len(str(caught.value)) < 150


@given(st.binary(max_size=400))
def test_nothing_that_lies_in_a_folder_raises_anything_else(data: bytes) -> None:
    for content in (data, ALBUM.encode()[:300] + data, data.join([b"TRACK ", b"INDEX ", b"FILE "])):
        with suppress(UnusableSheetError):
            parse_sheet(content)


@given(
    st.lists(st.integers(0, 75 * 60 * 99), min_size=2, max_size=99, unique=True),
    st.lists(st.booleans(), min_size=99, max_size=99),
)
def test_neighbours_meet_and_the_last_goes_to_the_end(frames: list[int], gaps: list[bool]) -> None:
    lines = ['FILE "a.wav" WAVE']
    for number, (at, has_gap) in enumerate(zip(sorted(frames), gaps, strict=False), start=1):
        minutes, rest = divmod(at, 75 * 60)
        time = f"{minutes:02d}:{rest // 75:02d}:{rest % 75:02d}"
        gap = [f"INDEX 00 {time}"] if has_gap else []
        lines += [f"TRACK {number:02d} AUDIO", *gap, f"INDEX 01 {time}"]
    found = cuts("\n".join(lines))
    assert len(found) == len(frames)
    assert [cut.end_s for cut in found[:-1]] == [cut.start_s for cut in found[1:]]
    assert found[-1].end_s is None
    assert [cut.start_s * 75 for cut in found[1:]] == pytest.approx(sorted(frames)[1:])


def test_an_embedded_sheet_says_that_it_is() -> None:
    found = parse_embedded(ALBUM)
    assert [cut.tags.title for cut in found] == ["Falling", "Deep", "Track 03"]
    assert all(cut.embedded for cut in found)
    assert parse_embedded(tracks("0:0:0", "1:0:0") + "\n" + tracks("0:0:0", "1:0:0")) == ()


def test_a_path_in_the_log_is_one_valid_line() -> None:
    assert display(Path("/m/a\nb\udcff.cue")) == "/m/a b\\xff.cue"
