"""A small library of the names that searches stumble over, in a real ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.stores.files import MEDIA, at
from traumbox.domain import Changes, FileStat, Heard, Location, Tags
from traumbox.stores.ledger import Ledger
from traumbox.stores.words import Words

_WAHRHEIT = "Das ist nicht die ganze Wahrheit"

NAMED: Mapping[str, Tags] = {
    "Jazz/Miles Davis/01 - So What.flac": Tags(
        "So What", "Miles Davis", "Kind of Blue", "", "Jazz"
    ),
    "Jazz/Miles Davis/02 - Blue in Green.flac": Tags(
        "Blue in Green", "Miles Davis", "Kind of Blue", "", "Jazz", 1959
    ),
    "Pop/Halo.mp3": Tags("Halo", "Beyoncé", "I Am", "", "Pop; R&B"),
    "Pop/funhouse.mp3": Tags("So What", "P!nk", "Funhouse", "", "Pop"),
    "Pop/xxx.mp3": Tags("XXX 88", "MØ feat. Diplo", "Bikini Daze", "", "Pop"),
    "arzte.mp3": Tags(
        "Westerland", "Die Ärzte", "Das ist nicht die ganze Wahrheit", "", "Punk/Rock"
    ),
    "acdc.mp3": Tags("Back in Black", "AC/DC", "Back in Black", "", "Rock"),
    "rem.mp3": Tags("Losing My Religion", "R.E.M.", "Out of Time", "", "Rock"),
    "sakamoto.mp3": Tags("戦場のメリークリスマス", "坂本龍一", "", "", "OST"),
    "kino.mp3": Tags("Группа крови", "Кино", "", "", "Rock"),
    "bjork.mp3": Tags("Jóga", "Björk", "Homogenic", "", "Electronic"),
    "thethe.mp3": Tags("This Is the Day", "The The", "Soul Mining", "", "Rock"),
    "thewho.mp3": Tags("Baba O'Riley", "The Who", "Who's Next", "", "Rock"),
    "chk.mp3": Tags("Me and Giuliani", "!!!", "", "", "Funk"),
    "simon.mp3": Tags("America", "Simon & Garfunkel", "Bookends", "", "Folk"),
    "piano.mp3": Tags("Piano", "Nobody", "Études", "", "Classical", comment="aus dem Nachlass"),
    "nights.mp3": Tags("White Nights", "Ensemble", "Lieder", "", "Classical"),
    "Sampler 3/07_Sommer_am_See.ogg": Tags(),
}
LYRICS = {"Pop/Halo.mp3": "Remember those walls I built\nwell baby, they're tumbling down"}
CREDITS = {"piano.mp3": "Clara Schumann"}


@dataclass(frozen=True, slots=True)
class Library:
    """A ledger, its words, and where each track lies."""

    ledger: Ledger
    words: Words

    def hear(self, tags: Mapping[str, Tags], folder: str = "Music") -> None:
        """New files appear, and are heard at once; each sounds like its path."""
        stats = {at(path, folder): FileStat(1, number, number) for number, path in enumerate(tags)}
        self.ledger.apply(Changes(new=stats), 1.0)
        known = self.ledger.known()
        self.ledger.mark_indexed(
            [
                (known[place].track_id, stat, _heard(path, tags[path]), "")
                for (place, stat), path in zip(stats.items(), tags, strict=True)
            ],
            2.0,
        )

    def places(self) -> dict[str, Location]:
        """Return track id -> location."""
        return {known.track_id: location for location, known in self.ledger.known().items()}

    def track(self, path: str, folder: str = "Music") -> str:
        """Return the track id of a file."""
        return self.ledger.known()[at(path, folder)].track_id

    def found(self, text: str, limit: int = 10, among: Iterable[str] | None = None) -> list[str]:
        """Return the paths of what is found, best first."""
        places = self.places()
        hits = self.words.find(text, limit, None if among is None else list(among))
        return [places[hit.track_id].display for hit in hits]


def _heard(path: str, tags: Tags) -> Heard:
    return Heard(
        *(path, 10.0, MEDIA, tags), credits=CREDITS.get(path, ""), lyrics=LYRICS.get(path, "")
    )
