"""A small library for the tests of sentences, and short ways to ask."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from traumbox.domain import Understood
from traumbox.domain.names import spellings
from traumbox.search.sentence import understand

NOW = datetime(2026, 7, 15, 14, 30, tzinfo=ZoneInfo("Europe/Berlin"))  # a Wednesday
MINOR = ",".join(
    f"{tonic} minor" for tonic in ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"]
)
MAJOR = MINOR.replace("minor", "major")


class Names:
    """A vocabulary of the names that it was given."""

    def __init__(
        self, genres: Iterable[str] = (), folders: Iterable[str] = (), artists: Iterable[str] = ()
    ) -> None:
        self._genres = _by_spelling(genres)
        self._folders = _by_spelling(folders)
        self._artists = _by_spelling(artists)

    def genres(self) -> dict[str, str]:
        return self._genres

    def has_directory(self, words: str) -> bool:
        """Tell whether there are directories of this name."""
        return words.casefold() in {"roadtrip 2019", "küchenradio"}

    def folders(self) -> dict[str, str]:
        return self._folders

    def artist(self, folded: str) -> str | None:
        return self._artists.get(folded)


def _by_spelling(names: Iterable[str]) -> dict[str, str]:
    return {spelling: name for name in names for spelling in spellings(name)}


LIBRARY = Names(
    genres=("Rock", "Deep House", "Jazz", "Zydeco", "Drum & Bass"),
    folders=("Music", "My Vinyl", "Hörspiele & mehr"),
    artists=("Miles Davis", "Die Ärzte", "Prince", "No Doubt", "AC/DC", "The Who", "Björk"),
)


def ask(text: str, *taken_back: str) -> Understood:
    return understand(text, LIBRARY, NOW, frozenset(taken_back))


def chips(text: str) -> list[str]:
    return [chip.id for chip in ask(text).chips]


def at(*date: int) -> str:
    """Return the POSIX time of a day's beginning where the tests live, as conditions write it."""
    return f"{datetime(*date, tzinfo=NOW.tzinfo).timestamp():.0f}"  # type: ignore[arg-type, misc]
