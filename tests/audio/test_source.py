import errno
from pathlib import Path

import numpy as np
import pytest

from tests.audio.files import RATE_HZ, encode, write
from traumbox.audio.ffmpeg import FfmpegReader
from traumbox.audio.sndfile import SndfileReader
from traumbox.audio.source import Source

NOISE = np.random.default_rng(1).normal(0, 0.1, 20 * RATE_HZ)


class LostShare:
    """A file on a share that goes away after so many bytes."""

    def __init__(self, file: object, left: int) -> None:
        self._file = file
        self._left = left

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)

    def _spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise OSError(errno.EIO, "Input/output error")

    def read(self, size: int) -> bytes:
        self._spend(size)
        return self._file.read(size)

    def readinto(self, buffer: memoryview) -> int:
        self._spend(len(buffer))
        return self._file.readinto(buffer)


@pytest.mark.parametrize("kind", [SndfileReader, FfmpegReader])
@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.ogg"])
def test_a_read_error_is_not_taken_for_the_end(
    tmp_path: Path, name: str, kind: type[SndfileReader | FfmpegReader]
) -> None:
    path = write(tmp_path / name, NOISE)
    with Source(path) as source:
        reader = kind(source)
        source._file = LostShare(source._file, path.stat().st_size // 2)
        with pytest.raises(OSError, match="Input/output error"):
            list(reader.chunks())
        reader.close()


def test_a_read_error_while_opening_is_an_os_error(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.m4a", "aac", NOISE)
    with Source(path) as source:
        source._file = LostShare(source._file, 10)
        with pytest.raises(OSError, match="Input/output error"):
            FfmpegReader(source)


@pytest.mark.parametrize(
    ("name", "told"),
    [("http:x.mp3", "sound.mp3"), ("a.%03d", "sound"), ("a", "sound"), ("a.ä", "sound")],
)
def test_the_libraries_learn_no_more_than_the_suffix(tmp_path: Path, name: str, told: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    with Source(tmp_path / name) as source:
        assert source.name == told
