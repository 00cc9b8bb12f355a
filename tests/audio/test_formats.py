import pytest

from traumbox.audio.formats import browser_plays, content_type, is_candidate
from traumbox.domain import Media


@pytest.mark.parametrize(
    "name",
    [
        b"a.mp3",
        b"A.FLAC",
        b"x.y.M4a",
        b"caf\xe9\xff.ogg",
        b"film.mkv",
        b"a.dsf",
        b"a.wv",
        b"a.opus",
    ],
)
def test_candidates(name: bytes) -> None:
    assert is_candidate(name)


@pytest.mark.parametrize(
    "name",
    [b"", b"mp3", b".mp3", b"a.mp3.part", b"cover.jpg", b"a.m3u8", b"a.cue", b"a.txt", b"flac"],
)
def test_others(name: bytes) -> None:
    assert not is_candidate(name)


@pytest.mark.parametrize(
    ("container", "codec", "plays"),
    [
        ("mp3", "mp3", True),
        ("mp3", "mp2", False),
        ("flac", "flac", True),
        ("wav", "pcm_s16le", True),
        ("wav", "pcm_s24le", True),
        ("wav", "pcm_f32le", False),
        ("wav", "pcm_s32le", False),
        ("wav", "adpcm_ms", False),
        ("ogg", "vorbis", True),
        ("ogg", "opus", True),
        ("ogg", "speex", False),
        ("mp4", "aac", True),
        ("mp4", "alac", False),
        ("mov", "aac", False),
        ("aac", "aac", True),
        ("webm", "opus", True),
        ("matroska", "opus", False),
        ("aiff", "pcm_s16be", False),
        ("asf", "wmav2", False),
        ("wv", "wavpack", False),
        ("ape", "ape", False),
        ("dsf", "dsd_lsbf_planar", False),
        ("unheard-of", "unheard-of", False),
    ],
)
def test_what_browsers_play(container: str, codec: str, plays: bool) -> None:
    assert browser_plays(Media(container, codec, 44_100, 2)) is plays


def test_browsers_play_no_surround_wav_and_no_absurd_rates() -> None:
    assert not browser_plays(Media("wav", "pcm_s16le", 48_000, 8))
    assert not browser_plays(Media("flac", "flac", 655_350, 2))
    assert browser_plays(Media("flac", "flac", 96_000, 6))


def test_content_types() -> None:
    assert content_type(Media("mp4", "aac", 44_100, 2)) == "audio/mp4"
    assert content_type(Media("ogg", "opus", 48_000, 2)) == "audio/ogg"
    assert content_type(Media("x", "y", 1, 1)) == "application/octet-stream"
