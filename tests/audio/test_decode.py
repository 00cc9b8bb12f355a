import os
import shutil
import struct
from pathlib import Path

import numpy as np
import pytest
import soxr

from tests.audio.files import (
    block_sizes,
    decode,
    dominant_hz,
    encode,
    raw_wav,
    stereo,
    tone,
    truncated,
    video,
    write,
)
from traumbox.audio.decode import MediaDecoder
from traumbox.domain import SAMPLE_RATE_HZ, Media
from traumbox.errors import AudioError

IS_ROOT = os.geteuid() == 0


def reason(path: Path) -> str:
    with pytest.raises(AudioError) as caught:
        decode(path)
    return str(caught.value)


# What is heard


@pytest.mark.parametrize(
    ("name", "media"),
    [
        ("a.wav", Media("wav", "pcm_s16le", 44_100, 2)),
        ("a.aiff", Media("aiff", "pcm_s16be", 44_100, 2)),
        ("a.flac", Media("flac", "flac", 44_100, 2)),
        ("a.ogg", Media("ogg", "vorbis", 44_100, 2)),
        ("a.mp3", Media("mp3", "mp3", 44_100, 2)),
    ],
)
def test_plain_formats(tmp_path: Path, name: str, media: Media) -> None:
    both = stereo(tone(3, rate_hz=44_100), tone(3, rate_hz=44_100))
    samples, found, mark = decode(write(tmp_path / name, both, 44_100))
    assert found == media
    assert mark == ""
    assert len(samples) == pytest.approx(3 * SAMPLE_RATE_HZ, abs=50)
    assert dominant_hz(samples) == pytest.approx(440, abs=1)
    assert np.sqrt(np.mean(samples**2)) == pytest.approx(0.3 / np.sqrt(2), rel=0.03)


@pytest.mark.parametrize(
    ("name", "codec", "container"),
    [
        ("a.m4a", "aac", "mp4"),
        ("lossless.m4a", "alac", "mp4"),
        ("a.mov", "aac", "mov"),
        ("a.aac", "aac", "aac"),
        ("a.opus", "opus", "ogg"),
        ("a.webm", "opus", "webm"),
        ("a.mka", "opus", "matroska"),
        ("a.wma", "wmav2", "asf"),
        ("a.wv", "wavpack", "wv"),
        ("a.tta", "tta", "tta"),
        ("a.ac3", "ac3", "ac3"),
        ("a.mp2", "mp2", "mp3"),
        ("a.avi", "pcm_s16le", "avi"),
        ("a.ts", "aac", "mpegts"),
    ],
)
def test_formats_that_need_ffmpeg(tmp_path: Path, name: str, codec: str, container: str) -> None:
    encoder = "libopus" if codec == "opus" else codec
    both = stereo(tone(3), tone(3))
    samples, media, mark = decode(encode(tmp_path / name, encoder, both))
    assert (media.container, media.codec, media.channels) == (container, codec, 2)
    assert mark == ""
    assert len(samples) == pytest.approx(3 * SAMPLE_RATE_HZ, abs=4096)
    assert dominant_hz(samples) == pytest.approx(440, abs=1)
    assert np.sqrt(np.mean(samples**2)) == pytest.approx(0.3 / np.sqrt(2), rel=0.05)


def test_dsd_at_2_8_mhz_is_heard(tmp_path: Path) -> None:
    rate_hz, block, blocks = 2_822_400, 4096, 100
    bits = block * 8 * blocks
    size = 28 + 52 + 12 + block * blocks
    head = b"DSD " + struct.pack("<QQQ", 28, size, 0)
    fields = (1, 0, 1, 1, rate_hz, 1, bits, block, 0)
    form = b"fmt " + struct.pack("<QIIIIIIQII", 52, *fields)
    data = b"data" + struct.pack("<Q", 12 + block * blocks) + b"\x69" * (block * blocks)
    path = tmp_path / "a.dsf"
    path.write_bytes(head + form + data)
    samples, media, mark = decode(path)
    assert media == Media("dsf", "dsd_lsbf_planar", rate_hz // 8, 1)
    assert len(samples) / SAMPLE_RATE_HZ == pytest.approx(bits / rate_hz, abs=0.01)
    assert np.abs(samples[2000:]).max() < 0.05
    assert mark == ""


@pytest.mark.parametrize("name", ["a.wav", "a.m4a"])
def test_channels_are_averaged_and_not_summed(tmp_path: Path, name: str) -> None:
    both = stereo(tone(1, level=0.5), np.zeros(SAMPLE_RATE_HZ))
    path = tmp_path / name
    write(path, both) if name == "a.wav" else encode(path, "alac", both)
    assert np.abs(decode(path)[0]).max() == pytest.approx(0.25, abs=0.01)


def test_content_counts_and_not_the_suffix(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.m4a", "aac", tone(1))
    assert decode(path.rename(tmp_path / "a.mp3"))[1].codec == "aac"


def test_flac_behind_an_id3_tag_is_heard(tmp_path: Path) -> None:
    flac = write(tmp_path / "a.flac", tone(1)).read_bytes()
    path = tmp_path / "b.flac"
    path.write_bytes(b"ID3\x04\x00\x00\x00\x00\x00\x10" + bytes(16) + flac)
    assert decode(path)[1].codec == "flac"


def test_192_khz_with_8_channels_comes_in_small_blocks(tmp_path: Path) -> None:
    loud = np.zeros((192_000 * 8, 8))
    loud[:, 3] = tone(8, level=0.8, rate_hz=192_000)
    path = write(tmp_path / "a.wav", loud, 192_000)
    samples, media, _ = decode(path)
    assert media == Media("wav", "pcm_s16le", 192_000, 8)
    assert np.abs(samples).max() == pytest.approx(0.1, abs=0.01)
    assert len(samples) == pytest.approx(8 * SAMPLE_RATE_HZ, abs=50)
    assert max(block_sizes(path)) <= 5 * SAMPLE_RATE_HZ


def test_very_low_rates_come_in_small_blocks(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", tone(40, rate_hz=2000), 2000)
    assert max(block_sizes(path)) <= 5 * SAMPLE_RATE_HZ


def test_resampling_does_not_depend_on_the_way_it_is_cut(tmp_path: Path) -> None:
    wave = tone(7, hz=1234.5, rate_hz=44_100)
    samples, _, _ = decode(write(tmp_path / "a.wav", wave, 44_100, "FLOAT"))
    whole = soxr.resample(wave.astype(np.float32), 44_100, SAMPLE_RATE_HZ, quality="HQ")
    assert len(samples) == len(whole)
    np.testing.assert_allclose(samples, whole, atol=1e-6)


def test_nan_and_infinity_become_silence_without_spreading(tmp_path: Path) -> None:
    wave = tone(2, rate_hz=44_100)
    wave[1000:1010] = np.nan
    wave[50_000], wave[60_000] = np.inf, -np.inf
    samples, _, _ = decode(write(tmp_path / "a.wav", wave, 44_100, "FLOAT"))
    assert np.isfinite(samples).all()
    middle = samples[len(samples) // 4 : len(samples) // 2]
    assert np.abs(middle).max() == pytest.approx(0.3, abs=0.01)


def test_overshoot_is_clipped(tmp_path: Path) -> None:
    samples, _, _ = decode(write(tmp_path / "a.wav", tone(1, level=4.0), subtype="FLOAT"))
    assert np.abs(samples).max() == 1.0


def test_silence_is_sound_too(tmp_path: Path) -> None:
    samples, _, mark = decode(write(tmp_path / "a.flac", np.zeros(SAMPLE_RATE_HZ)))
    assert len(samples) == SAMPLE_RATE_HZ
    assert not samples.any()
    assert mark == ""


def test_the_sound_of_a_video_is_heard(tmp_path: Path) -> None:
    pictures = video(tmp_path / "silent.mkv")
    assert reason(pictures) == "a video without sound"


@pytest.mark.parametrize(
    "name", [b"concat:a|b.flac", b"http:x.flac", b"caf\xe9 \xff.flac", b"-i.flac", b"%03d.flac"]
)
def test_names_mean_nothing(tmp_path: Path, name: bytes) -> None:
    flac = write(tmp_path / "a.flac", tone(1))
    m4a = encode(tmp_path / "a.m4a", "aac", tone(1))
    path = tmp_path / os.fsdecode(name)
    for source in (flac, m4a):
        shutil.copy(source, path)
        assert len(decode(path)[0]) > 0


# What is cut short


@pytest.mark.parametrize("name", ["a.flac", "a.wav", "a.aiff", "a.ogg", "a.mp3"])
def test_truncated_is_heard_as_far_as_it_goes(tmp_path: Path, name: str) -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, 20 * SAMPLE_RATE_HZ)
    path = truncated(write(tmp_path / name, noise))
    samples, _, mark = decode(path)
    heard_s = len(samples) / SAMPLE_RATE_HZ
    assert heard_s == pytest.approx(10, abs=1.5)
    assert mark.startswith(f"cut short: heard {heard_s:.1f} s")
    if name != "a.ogg":
        assert mark.endswith(" of 20.0 s")


@pytest.mark.parametrize(("codec", "name"), [("aac", "a.m4a"), ("alac", "b.m4a")])
def test_truncated_mp4_with_its_index_in_front(tmp_path: Path, codec: str, name: str) -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, 20 * SAMPLE_RATE_HZ)
    path = encode(tmp_path / name, codec, noise, options={"movflags": "+faststart"})
    samples, _, mark = decode(truncated(path))
    assert len(samples) / SAMPLE_RATE_HZ == pytest.approx(10, abs=1.5)
    assert mark.startswith("cut short: heard ")
    assert mark.endswith(" of 20.0 s")


def test_truncated_mp4_with_its_index_at_the_end(tmp_path: Path) -> None:
    path = truncated(encode(tmp_path / "a.m4a", "aac", tone(5)))
    assert reason(path).startswith("incomplete: this MP4 file keeps its table of contents")


def test_recording_of_unknown_length_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(raw_wav(data=bytes(96_000), declared=0xFFFFFFFF))
    samples, _, mark = decode(path)
    assert (len(samples), mark) == (48_000, "")


def test_damage_in_the_middle_is_stepped_over(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, 20 * SAMPLE_RATE_HZ)
    path = write(tmp_path / "a.mp3", noise)
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 5000] = bytes(5000)
    path.write_bytes(data)
    assert len(decode(path)[0]) / SAMPLE_RATE_HZ > 18


# What can't be heard


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.mp3", b"", "the file is empty"),
        ("a.mp3", b"just some words\n" * 500, "not audio: it is text"),
        ("a.mp3", "Grüße\n".encode() * 2000, "not audio: it is text"),
        (
            "a.flac",
            b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(range(256)) * 40,
            "not audio: it is a JPEG picture",
        ),
        ("a.wav", b"PK\x03\x04" + bytes(range(256)) * 40, "a ZIP archive"),
        ("a.mp3", b"#EXTM3U\n#EXT-X-VERSION:3\nhttp://127.0.0.1:9/a.ts\n", "a playlist"),
        ("a.mp3", b"<!DOCTYPE html><html><body>404</body></html>", "a web page"),
        ("a.ogg", bytes(100_000), "nothing but zero bytes"),
        ("a.flac", b"fLaC" + bytes(1000), "damaged: it begins like a FLAC file, but"),
        ("a.wav", raw_wav(), "there is no sound in it: 0 samples"),
        ("a.wav", raw_wav(data=b"\0\x40"), "too short: 0.0208 ms of sound"),
        ("a.wav", raw_wav(channels=0, data=bytes(10_000)), "damaged"),
        ("a.wav", raw_wav(rate_hz=1, data=bytes(10_000)), "sample rate of 1 Hz"),
        ("a.wav", raw_wav(rate_hz=10_000_000, data=bytes(10_000)), "rate of 10000000 Hz"),
        ("a.m4a", b"\0\0\0\x20ftypaax \0\0\0\0" + bytes(2000), "copy-protected"),
    ],
)
def test_reasons_are_for_people(tmp_path: Path, name: str, content: bytes, why: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert why in reason(path)


def test_random_bytes_are_not_sound(tmp_path: Path) -> None:
    for seed in range(5):
        path = tmp_path / f"{seed}.mp3"
        path.write_bytes(np.random.default_rng(seed).bytes(300_000))
        assert reason(path).startswith(("not audio", "too short"))


def test_an_absurd_length_costs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(raw_wav(data=bytes(96_000), declared=0x7000_0000))
    samples, _, mark = decode(path)
    assert len(samples) == 48_000
    assert mark == "cut short: heard 1.0 s of 19573.4 s"


def test_a_playlist_is_never_followed(tmp_path: Path) -> None:
    target = encode(tmp_path / "target.ts", "aac", tone(2))
    for header in ("#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n", "ffconcat version 1.0\nfile "):
        path = tmp_path / "a.mp3"
        path.write_text(f"{header}{target}\n#EXT-X-ENDLIST\n")
        assert "not audio" in reason(path)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), MediaDecoder().open(tmp_path / "none.flac"):
        pass


@pytest.mark.skipif(IS_ROOT, reason="root may read everything")
def test_file_without_permission(tmp_path: Path) -> None:
    path = write(tmp_path / "a.flac", tone(1))
    path.chmod(0)
    with pytest.raises(PermissionError), MediaDecoder().open(path):
        pass


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    os.mkfifo(path)
    assert reason(path).startswith("not a file")
