from pathlib import Path

import numpy as np
import pytest
import soundfile

from traumbox.audio.formats import is_candidate
from traumbox.library.sniff import NEVER_SOUND, Sniffer, is_sound


def mpeg_frame(second: int, third: int, length: int) -> bytes:
    return bytes((0xFF, second, third, 0)) + bytes(length - 4)


@pytest.mark.parametrize("form", ["FLAC", "OGG", "WAV", "AIFF", "CAF", "AU", "RF64", "W64", "MP3"])
def test_what_a_library_wrote_is_known_by_its_first_bytes(tmp_path: Path, form: str) -> None:
    if form not in soundfile.available_formats():
        pytest.skip(f"this libsndfile doesn't write {form}")
    path = tmp_path / "sound"
    soundfile.write(path, np.zeros(48_000, dtype=np.float32), 48_000, format=form)
    assert is_sound(path.read_bytes()[:4096])


@pytest.mark.parametrize(
    "head",
    [
        b"\0\0\0\x20ftypM4A \0\0\0\0",
        b"ID3\x04\0\0\0\0\x02\x01TIT2",
        b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9",
        b"wvpk\0\0\0\0",
        b"MAC \x96\x0f",
        b"DSD \x1c\0",
        b"FRM8\0\0\0\0\0\0\0\x10DSD ",
        mpeg_frame(0xFB, 0x90, 417) + b"\xff\xfb\x90\x00",  # MPEG-1 layer III, 128 kbit/s
        mpeg_frame(0xFD, 0xA4, 576) + b"\xff\xfd\xa4\x00",  # layer II, 192 kbit/s, 48 kHz
        bytes((0xFF, 0xF1, 0x50, 0x80, 0x02, 0x1F, 0xFC)) + bytes(9)
        + bytes((0xFF, 0xF1, 0x50, 0x80, 0x02, 0x1F, 0xFC)),
    ],
)  # fmt: skip
def test_formats_are_known_by_their_marks(head: bytes) -> None:
    assert is_sound(head)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"hello, world",
        b"ID3 is a tag format, says this text",
        b"\xff\xfeh\0e\0l\0l\0o\0",  # UTF-16
        b"\xff\xd8\xff\xe0\0\x10JFIF",
        b"\xff\xfb\x90\x00" + bytes(4000),
        b"\x7fELF",
        b"%PDF-1.7",
        b"RIFF\x24\0\0\0WEBPVP8 ",
        b"FORM\0\0\0\x10ILBM",
        b"\0\0\0\x18ftypheic",
        b"\0\0\0\x1cftypavif",
        b"PK\x03\x04",
    ],
)
def test_other_things_are_not_sound(head: bytes) -> None:
    assert not is_sound(head)


def test_no_suffix_of_sound_is_on_the_list_of_other_things() -> None:
    assert not [suffix for suffix in NEVER_SOUND if is_candidate(b"x." + suffix)]


def test_a_version_is_read_once_unless_nothing_tells_it_from_others(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"fLaC")
    sniffer = Sniffer()
    assert sniffer.is_sound(bytes(path), (4, 1, 7))
    assert sniffer.is_sound(bytes(path), (4, 1, 7))
    assert sniffer.read == 1
    assert sniffer.is_sound(bytes(path), (4, 1, 0))
    assert sniffer.is_sound(bytes(path), (4, 1, 0))
    assert sniffer.read == 3
