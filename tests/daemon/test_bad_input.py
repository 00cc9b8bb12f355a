"""A folder of everything that goes wrong: the daemon lives, and each file has its reason."""

import os
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.house import DaemonHouse

pytestmark = pytest.mark.process

RATE_HZ = 48_000
NOISE = np.random.default_rng(1).normal(0, 0.1, RATE_HZ * 12).astype(np.float32)


def pour_bad_input(folder: Path) -> dict[str, str]:
    """Fill ``folder``; return what should become of each file, by display path.

    An empty file is one that somebody is about to write: it isn't known yet.
    """
    (folder / "empty.flac").touch()
    (folder / "text.mp3").write_text("This is a shopping list.\n" * 50)
    soundfile.write(folder / "whole.flac", NOISE, RATE_HZ)
    whole = (folder / "whole.flac").read_bytes()
    (folder / "truncated.flac").write_bytes(whole[: len(whole) // 2])
    soundfile.write(folder / "zero seconds.wav", NOISE[:0], RATE_HZ)
    soundfile.write(folder / "one sample.wav", NOISE[:1], RATE_HZ)
    eight = np.tile(NOISE[:, None], (1, 8))
    soundfile.write(folder / "192 kHz.wav", eight, 192_000)
    mad = NOISE.copy()
    mad[::7] = np.nan
    mad[1::7] = np.inf
    soundfile.write(folder / "nan.wav", mad, RATE_HZ, subtype="FLOAT")
    soundfile.write(folder / "silence.wav", np.zeros_like(NOISE), RATE_HZ)
    lying = bytearray((folder / "silence.wav").read_bytes())
    lying[40:44] = struct.pack("<I", 0xFFFFFFF0)  # a data chunk that claims four gigabytes
    (folder / "lying.wav").write_bytes(lying)
    (folder / os.fsdecode(b"caf\xe9.flac")).write_bytes(whole)
    (folder / "circle.flac").symlink_to("circle.flac")
    (folder / "way out.flac").symlink_to("/etc/hostname")
    (folder / "round").symlink_to(folder)
    soundfile.write(folder / "shut.flac", NOISE[::-1], RATE_HZ)
    (folder / "shut.flac").chmod(0)
    shut = "indexed" if os.geteuid() == 0 else "failed"  # root may read everything
    return {
        "text.mp3": "failed",
        "whole.flac": "indexed",
        "truncated.flac": "indexed",
        "zero seconds.wav": "failed",
        "one sample.wav": "failed",
        "192 kHz.wav": "indexed",
        "nan.wav": "indexed",
        "silence.wav": "indexed",
        "lying.wav": "indexed",
        "caf\\xe9.flac": "indexed",
        "circle.flac": "excluded",
        "way out.flac": "excluded",
        "shut.flac": shut,
    }


def test_each_file_is_indexed_or_has_a_reason(tmp_path: Path) -> None:
    house = DaemonHouse(tmp_path)
    fate = pour_bad_input(house.music)
    with house:
        counts = house.wait_until_heard(len(fate))
        files = {item["path"]: item for item in house.files()}
        assert {path: item["state"] for path, item in files.items()} == fate
        assert sum(counts.values()) == len(fate)
        for item in files.values():
            if item["state"] in {"failed", "excluded"}:
                assert item["reason"], item
                assert "Traceback" not in item["reason"]
        assert "cut short" in files["truncated.flac"]["reason"]
        assert house.search("noise"), "what could be heard is found"
        assert house.get(f"/stream/{files['way out.flac']['id']}")[0] == 404
    assert "Traceback" not in house.tail()
