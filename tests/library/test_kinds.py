import unicodedata

import pytest

from traumbox.domain import Kind, Location, Tags
from traumbox.library.kinds import FolderKind, KindRule, Rules

RULES = Rules(
    KindRule(
        ("*.m4b", "Audiobooks/", "Hörbücher/", "/Kids/Stories", "Mixed/*spoken*"),
        ("audiobook", "hörspiel", "Spoken Word"),
    ),
    KindRule(("Podcasts/", "!Podcasts/Jingles/"), ("podcast", "audiobook")),
)


def kind(path: str, genre: str = "", folder: FolderKind = "auto") -> Kind:
    return RULES.kind_of(Location("Music", path.encode()), Tags(genre=genre), folder)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.m4b", "audiobook"),
        ("deep/down/A.M4B", "audiobook"),
        ("Audiobooks/Somebody/1.mp3", "audiobook"),
        ("x/audiobooks/1.mp3", "audiobook"),
        (unicodedata.normalize("NFD", "Hörbücher/1.mp3"), "audiobook"),
        ("HÖRBÜCHER/1.mp3", "audiobook"),
        ("Kids/Stories/1.mp3", "audiobook"),
        ("x/Kids/Stories/1.mp3", "music"),
        ("Mixed/some Spoken text.mp3", "audiobook"),
        ("Podcasts/1.mp3", "podcast"),
        ("Podcasts/Jingles/1.mp3", "music"),
        ("Audiobooks.mp3", "music"),
        ("a.mp3", "music"),
        (" a.m4b", "audiobook"),
    ],
)
def test_paths(path: str, expected: Kind) -> None:
    assert kind(path) == expected


@pytest.mark.parametrize(
    ("genre", "expected"),
    [
        ("Audiobook", "audiobook"),
        ("Fantasy; Audiobook", "audiobook"),
        ("Krimi/HÖRSPIEL", "audiobook"),
        ("Comedy,spoken word", "audiobook"),
        (unicodedata.normalize("NFD", "Hörspiel"), "audiobook"),
        ("Podcast", "podcast"),
        ("Podcasters' choice", "music"),
        ("Spoken", "music"),
        ("", "music"),
    ],
)
def test_genres(genre: str, expected: Kind) -> None:
    assert kind("a.mp3", genre) == expected


def test_who_has_the_say() -> None:
    assert kind("a.m4b", "Podcast", "music") == "music"
    assert kind("a.mp3", folder="podcast") == "podcast"
    assert kind("Podcasts/a.mp3", "Audiobook") == "podcast"
    assert kind("Podcasts/a.m4b") == "audiobook"
    assert kind("a.mp3", "audiobook") == "audiobook", "the first of two that claim a genre"


def test_a_name_that_is_no_unicode() -> None:
    assert RULES.kind_of(Location("Music", b"Audiobooks/\xff.mp3"), Tags()) == "audiobook"
    assert RULES.kind_of(Location("Music", b"\xff.mp3"), Tags()) == "music"


def test_without_rules_all_is_music() -> None:
    nothing = Rules(KindRule(), KindRule())
    assert nothing.kind_of(Location("Music", b"a.m4b"), Tags(genre="Podcast")) == "music"


def test_a_broken_pattern_is_told() -> None:
    with pytest.raises(ValueError, match="!"):
        Rules(KindRule(("!",)), KindRule())
