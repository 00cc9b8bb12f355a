import pytest

from tests.search.sentence.library import ask, chips

TAGGED = {
    "by Miles Davis": ("artist:Miles Davis", ""),
    "songs by Prince": ("artist:Prince", ""),
    "1999 by Prince": ("artist:Prince", "1999"),
    "slow ballad by miles davis": ("artist:Miles Davis", "ballad"),
    "by AC/DC": ("artist:AC/DC", ""),
    "by acdc": ("artist:AC/DC", ""),
    "von Die Ärzte": ("artist:Die %C3%84rzte", ""),
    "von den Ärzten": ("artist:Die %C3%84rzte", ""),
    "von den Aerzten": ("artist:Die %C3%84rzte", ""),
    "Lieder von Ärzte": ("artist:Die %C3%84rzte", ""),
    "by who": ("artist:The Who", ""),
    "by bjoerk": ("artist:Bj%C3%B6rk", ""),
    "artist Miles Davis": ("artist:Miles Davis", ""),
    "Künstler: Prince": ("artist:Prince", ""),
    'by "Miles Davis"': ("artist:Miles Davis", ""),
    "genre rock": ("genre:Rock", ""),
    "genre deep house, calm": ("genre:Deep House", "calm"),
    "im Genre Jazz": ("genre:Jazz", ""),
    "tagged as jazz": ("genre:Jazz", ""),
    "in the deep house genre": ("genre:Deep House", ""),
    "genre drum & bass": ("genre:Drum %26 Bass", ""),
    "in folder Music": ("folder:Music", ""),
    "in the folder my vinyl": ("folder:My Vinyl", ""),
    "from the my vinyl folder": ("folder:My Vinyl", ""),
    "aus dem Ordner Music": ("folder:Music", ""),
    "im Ordner Hörspiele & mehr": ("folder:H%C3%B6rspiele & mehr", ""),
    'ordner "My Vinyl"': ("folder:My Vinyl", ""),
    "in the folder Roadtrip 2019": ("folder:Roadtrip 2019", ""),
    "Klavier aus dem Ordner Küchenradio": ("folder:K%C3%BCchenradio", "Klavier"),
}
NOT_MEANT = (
    *("Rock", "jazz piano", "genre bending", "by night", "Stand by Me", "von gestern", "Music"),
    *(
        "genre",
        "folder",
        "by",
        "Killed by Death",
        "von",
        "in folder Nowhere",
        "Prince",
        "by the way",
    ),
)


@pytest.mark.parametrize(("text", "expected"), TAGGED.items())
def test_what_is_said_to_be_a_tag(text: str, expected: tuple[str, str]) -> None:
    understood = ask(text)
    assert expected[0].replace("%26", "&") in [chip.id for chip in understood.chips]
    assert understood.names == expected[1]


@pytest.mark.parametrize("text", NOT_MEANT)
def test_names_alone_are_no_filter(text: str) -> None:
    assert chips(text) == []
    assert ask(text).names == text
