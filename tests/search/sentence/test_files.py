import pytest

from tests.search.sentence.library import ask, chips

LOSSLESS = "format:flac,alac,wav,aiff,ape,wavpack,wv,tta,dsf,shorten,caf"
FILES = {
    "flac": "format:flac",
    "in FLAC": "format:flac",
    "FLACs": "format:flac",
    "flac files": "format:flac",
    "als FLAC": "format:flac",
    "mp3s": "format:mp3",
    "MP3-Dateien": "format:mp3",
    "no mp3s": "-format:mp3",
    "keine MP3s": "-format:mp3",
    "not mp3": "-format:mp3",
    "flac or wav": "format:flac,wav",
    "m4a": "format:mp4",
    "opus files": "format:opus",
    "in opus": "format:opus",
    "lossless": LOSSLESS,
    "verlustfreie Musik": LOSSLESS,
    "podcasts": "kind:podcast",
    "a podcast": "kind:podcast",
    "audiobooks": "kind:audiobook",
    "Hörbücher": "kind:audiobook",
    "hoerbuch": "kind:audiobook",
    "no podcasts": "-kind:podcast",
    "ohne Hörbücher": "-kind:audiobook",
    "podcasts or audiobooks": "kind:podcast,audiobook",
    "only music": "kind:music",
    "nur Musik": "kind:music",
}
NOT_MEANT = ("Opus 5", "opus", "wave", "The Ape", "flacon", "new wave", "music", "flak", "x.mp3")


@pytest.mark.parametrize(("text", "chip"), FILES.items())
def test_formats_and_kinds(text: str, chip: str) -> None:
    assert chips(text) == [chip]


@pytest.mark.parametrize("text", NOT_MEANT)
def test_words_that_are_no_format(text: str) -> None:
    assert chips(text) == []
    assert ask(text).names == text
